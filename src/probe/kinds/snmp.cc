// SPDX-License-Identifier: Apache-2.0
// probe/kinds/snmp.cc — SNMP that knows "public".
#include "probe/probe_kind.h"

namespace abate::probe {
namespace {

std::vector<ProbeSeen> run(const ProbeTask& task, const Means& means) { return ask_services({"snmp"}, task, means); }

}  // namespace

extern const Kind snmp_kind;
constinit const Kind snmp_kind{
    .name = "snmp",
    .explain = R"(Asks for the system's description with the community "public". Live when it answers.)",
    .run = run};

}  // namespace abate::probe
