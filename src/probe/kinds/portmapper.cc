// SPDX-License-Identifier: Apache-2.0
// probe/kinds/portmapper.cc — portmapper towards the world.
#include "probe/probe_kind.h"

namespace abate::probe {
namespace {

std::vector<ProbeSeen> run(const ProbeTask& task, const Means& means) {
  return ask_services({"portmapper"}, task, means);
}

}  // namespace

extern const Kind portmapper_kind;
constinit const Kind portmapper_kind{.name = "portmapper",
                                     .explain = R"(Asks for the list of programs by UDP. Live when a list comes back.)",
                                     .run = run};

}  // namespace abate::probe
