// SPDX-License-Identifier: Apache-2.0
// probe/kinds/ssdp.cc — SSDP towards the world.
#include "probe/probe_kind.h"

namespace abate::probe {
namespace {

std::vector<ProbeSeen> run(const ProbeTask& task, const Means& means) { return ask_services({"ssdp"}, task, means); }

}  // namespace

extern const Kind ssdp_kind;
constinit const Kind ssdp_kind{
    .name = "ssdp", .explain = R"(Asks for root devices by UDP. Live when one answers.)", .run = run};

}  // namespace abate::probe
