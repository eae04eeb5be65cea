// SPDX-License-Identifier: Apache-2.0
// probe/kinds/ntp.cc — NTP that tells more than the time.
#include "probe/probe_kind.h"

namespace abate::probe {
namespace {

std::vector<ProbeSeen> run(const ProbeTask& task, const Means& means) {
  return ask_services({"ntp_readvar", "ntp_monlist"}, task, means);
}

}  // namespace

extern const Kind ntp_kind;
constinit const Kind ntp_kind{
    .name = "ntp",
    .explain =
        R"(Asks a time server for its variables (mode 6) and its list of clients (mode 7). Live when it answers either: both multiply floods. Telling the time is fine.)",
    .run = run};

}  // namespace abate::probe
