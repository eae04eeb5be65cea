// SPDX-License-Identifier: Apache-2.0
// probe/kinds/open_relay.cc — a mail server that carries strangers' mail.
#include "probe/probe_kind.h"
#include "talk/relay.h"

namespace abate::probe {
namespace {

std::vector<ProbeSeen> run(const ProbeTask& task, const Means& means) {
  return {seen_of(talk::try_relay(peer_of(task, means), means.bounds))};
}

}  // namespace

extern const Kind open_relay_kind;
constinit const Kind open_relay_kind{
    .name = "open_relay",
    .explain =
        R"(Asks the mail server to take mail from an address at example.org for one at example.com, and leaves before DATA: no mail goes anywhere. Live when it says yes; "Relay access denied" (5xx or 4xx) or a password first is gone. A refusal for another reason, such as a block list or greylisting, tells nothing. Do not probe from an address that the server trusts.)",
    .run = run};

}  // namespace abate::probe
