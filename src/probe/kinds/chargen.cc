// SPDX-License-Identifier: Apache-2.0
// probe/kinds/chargen.cc — chargen.
#include "probe/probe_kind.h"

namespace abate::probe {
namespace {

std::vector<ProbeSeen> run(const ProbeTask& task, const Means& means) { return ask_services({"chargen"}, task, means); }

}  // namespace

extern const Kind chargen_kind;
constinit const Kind chargen_kind{
    .name = "chargen", .explain = R"(Sends a line by UDP. Live when characters come back.)", .run = run};

}  // namespace abate::probe
