// SPDX-License-Identifier: Apache-2.0
// probe/kinds/cldap.cc — LDAP by UDP towards the world.
#include "probe/probe_kind.h"

namespace abate::probe {
namespace {

std::vector<ProbeSeen> run(const ProbeTask& task, const Means& means) { return ask_services({"cldap"}, task, means); }

}  // namespace

extern const Kind cldap_kind;
constinit const Kind cldap_kind{
    .name = "cldap", .explain = R"(Asks for the root entry by UDP. Live when a result comes back.)", .run = run};

}  // namespace abate::probe
