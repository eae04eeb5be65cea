// SPDX-License-Identifier: Apache-2.0
// probe/kinds/open_resolver.cc — a name server that looks names up for strangers.
#include "probe/probe_kind.h"
#include "talk/resolver.h"

namespace abate::probe {
namespace {

constexpr const char* kForeignName = "www.example.com";  // RFC 2606: nobody's own zone

std::vector<ProbeSeen> run(const ProbeTask& task, const Means& means) {
  return {seen_of(talk::try_resolver(peer_of(task, means), kForeignName, means.bounds))};
}

}  // namespace

extern const Kind open_resolver_kind;
constinit const Kind open_resolver_kind{
    .name = "open_resolver",
    .explain =
        R"(Asks the name server for www.example.com with "recursion desired". Live when recursion is offered and the name was looked up; REFUSED, no recursion, or silence is gone. Do not probe from an address that the server serves.)",
    .run = run};

}  // namespace abate::probe
