// SPDX-License-Identifier: Apache-2.0
#include "remedy/firewall.h"
#include "remedy/measure.h"

namespace abate::remedy {

extern const Measure firewall_on_measure;

namespace {

void look(const Ground& ground, Advised& out) {
  const sweep::Host& host = ground.host;
  if (is_firewall_kept(host)) return out.already("abate's own firewall is on");
  const std::string other = other_firewall(host);
  if (!other.empty()) return out.already(fmt::format("a firewall is on ({})", other));
  Subject subject;
  subject.kind = SubjectKind::config;
  subject.path = kFirewallFile;
  const std::string why = "No firewall is on: whatever any program opens is reached by everybody";
  const Result<Work> work = firewall_work(host);
  if (work && !work->by_hand.empty() && work->changes.empty()) return out.by_hand(subject, why, work->by_hand);
  const Reach reach = reach_of(host);
  Action& action = out.advise(subject, why);
  action.effect =
      fmt::format("Reached from outside are {} only. Shut are {}", says_ports(reach.open), says_ports(reach.shut));
  action.risk = fmt::format(
      "What is reached in a way that no socket shows is shut; within {} seconds you confirm that you "
      "still get in, else it opens again by itself",
      kTrialSeconds);
  action.undo = "The table inet abate and what loads it are taken away";
  action.is_default = !reach.open.empty();
}

Result<Work> work(const Action&, const sweep::Host& host) { return firewall_work(host); }

constexpr MeasureExample kExamples[] = {{"a mounted disk without one", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
)x",
                                         Standing::by_hand},
                                        {"ufw is on", R"x(--- /etc/ufw/ufw.conf
ENABLED=yes
)x",
                                         Standing::already},
                                        {"our own was confirmed", R"x(--- /etc/abate-firewall.nft
table inet abate { }
--- /var/lib/abate/firewall-kept
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure firewall_on_measure{
    .name = "firewall_on",
    .requirement = "R29",
    .title = "A firewall is on",
    .explain =
        R"TEXT(Switches a firewall on, made from what really listens; see the action of a plan with the same name, which does the same.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
