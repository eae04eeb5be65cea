// SPDX-License-Identifier: Apache-2.0
// probe/kinds/memcached.cc — memcached that answers anybody, by TCP and by UDP.
#include "probe/probe_kind.h"

namespace abate::probe {
namespace {

std::vector<ProbeSeen> run(const ProbeTask& task, const Means& means) {
  return ask_services({"memcached", "memcached_udp"}, task, means);
}

}  // namespace

extern const Kind memcached_kind;
constinit const Kind memcached_kind{
    .name = "memcached",
    .explain =
        R"(Asks memcached for its version, by TCP and by UDP. Live when it answers: without a password it gives away what it holds, and by UDP it multiplies floods.)",
    .run = run};

}  // namespace abate::probe
