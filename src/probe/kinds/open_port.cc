// SPDX-License-Identifier: Apache-2.0
// probe/kinds/open_port.cc — a port that should not answer strangers.
#include "probe/probe_kind.h"
#include "talk/open_service.h"

namespace abate::probe {
namespace {

std::vector<ProbeSeen> run(const ProbeTask& task, const Means& means) {
  return {seen_of(talk::try_port(peer_of(task, means), means.bounds))};
}

}  // namespace

extern const Kind open_port_kind;
constinit const Kind open_port_kind{
    .name = "open_port",
    .explain =
        R"(Connects to the reported port by TCP and says nothing. Live when a connection comes about: for an open service whose protocol no other probe speaks.)",
    .run = run};

}  // namespace abate::probe
