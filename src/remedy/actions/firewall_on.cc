// SPDX-License-Identifier: Apache-2.0
#include "remedy/action_kind.h"
#include "remedy/firewall.h"

namespace abate::remedy {

extern const ActionKind firewall_on_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  for (const Finding& finding : need.findings) {
    if (finding.detector != "firewall_off") continue;
    Subject subject;
    subject.kind = SubjectKind::config;
    subject.path = kFirewallFile;
    Action action = action_about(firewall_on_action, std::move(subject), {finding.id});
    action.why = finding.why;
    action.effect = fmt::format("Reached from outside are {} only", says_ports(reach_of(need.host).open));
    action.risk = "What is reached in a way that no socket shows is shut; you confirm that you still get in";
    action.undo = "The table inet abate and what loads it are taken away";
    action.proof = "A port that is not named does not answer from outside";
    action.is_default = false;
    actions.push_back(std::move(action));
    return;
  }
}

Result<Work> work(const Action&, const sweep::Host& host) { return firewall_work(host); }

}  // namespace

constinit const ActionKind firewall_on_action{
    .name = "firewall_on",
    .requirement = "R29",
    .explain =
        R"TEXT(Switches a firewall on, made from what really listens: sshd's ports first (its configuration, its sockets, the sessions that are open now), then whatever else listens to everybody; databases, file shares and what a web user or a program in /tmp opened are shut. Everything else that comes in is dropped, over IPv4 and IPv6; what goes out, answers, ICMP and DHCP pass; containers' forwarded ports are not filtered.
It never locks you out: at first the rules are on for 120 seconds, and the kernel itself forgets them then, whatever became of your session. Open a NEW session; if you get in, type keep, or run abate confirm there. Only then are they loaded again at the start of the server.
A firewall that filters here already (ufw, firewalld, iptables, csf) is left alone: abate says what to type for it. The rules stand in a table of their own (nftables, inet abate; /etc/abate-firewall.nft). Undo: abate undo takes table, file and unit away.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
