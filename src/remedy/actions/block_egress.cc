// SPDX-License-Identifier: Apache-2.0
#include "remedy/action_kind.h"
#include "remedy/firewall.h"

namespace abate::remedy {

extern const ActionKind block_egress_action;

namespace {

void propose(const Need& need, std::vector<Action>& actions) {
  if (need.host.ticket.category != Category::spam || need.diagnosis.cause.empty()) return;
  std::vector<std::string> ids;
  for (const CauseStep& step : need.diagnosis.cause)
    if (step.step == Step::harm && !step.finding.empty()) ids.push_back(step.finding);
  Subject subject;
  subject.kind = SubjectKind::port;
  subject.port = 25;
  subject.protocol = "tcp";
  Action action = action_about(block_egress_action, std::move(subject), std::move(ids));
  action.why = "Mail should leave through the mail server only";
  action.effect = "Programs that send mail past the mail server are refused";
  action.undo = "The table inet abate_egress and what loads it are taken away";
  action.proof = "A connection to port 25 by another account is refused; the mail server's is not";
  action.is_default = false;
  actions.push_back(std::move(action));
}

Result<Work> work(const Action&, const sweep::Host& host) { return egress_work(host); }

}  // namespace

constinit const ActionKind block_egress_action{
    .name = "block_egress",
    .requirement = "R29",
    .explain =
        R"TEXT(Lets only the mail server's account open connections to port 25 elsewhere, over IPv4 and IPv6: a script on this machine can then no longer send past it. The rules stand in a table of their own (nftables, inet abate_egress; /etc/abate-egress.nft), are looked through by nft before they count, and are loaded again at the start of the server. Other ports, and mail handed to the mail server here, are not touched.
What can go wrong: a program that is meant to send by itself to port 25 elsewhere must use the mail server. Undo: abate undo takes table, file and unit away.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
