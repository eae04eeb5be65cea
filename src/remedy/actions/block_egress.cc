// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "remedy/action_kind.h"
#include "remedy/edit.h"

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
  action.undo = "The rule is taken out again";
  action.proof = "A connection to port 25 by another account is refused; the mail server's is not";
  action.is_default = false;
  actions.push_back(std::move(action));
}

Result<Work> work(const Action&, const sweep::Host&) {
  return Work{.by_hand =
                  "nft add table inet mailguard; nft add chain inet mailguard out '{ type filter hook output priority "
                  "0; }'; nft add rule inet mailguard out tcp dport 25 meta skuid != postfix reject"};
}

}  // namespace

constinit const ActionKind block_egress_action{
    .name = "block_egress",
    .requirement = "R29",
    .explain =
        R"TEXT(Lets only the mail server's account open connections to port 25, by nftables: a script on this machine can then no longer send past it.)TEXT",
    .propose = propose,
    .work = work};

}  // namespace abate::remedy
