// SPDX-License-Identifier: Apache-2.0
// probe/kinds/redis.cc — redis without a password.
#include "probe/probe_kind.h"

namespace abate::probe {
namespace {

std::vector<ProbeSeen> run(const ProbeTask& task, const Means& means) { return ask_services({"redis"}, task, means); }

}  // namespace

extern const Kind redis_kind;
constinit const Kind redis_kind{
    .name = "redis",
    .explain =
        R"(Says PING. Live when redis answers PONG; asking for a password first, or refusing in protected mode, is gone.)",
    .run = run};

}  // namespace abate::probe
