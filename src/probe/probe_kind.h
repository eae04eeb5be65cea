// SPDX-License-Identifier: Apache-2.0
// probe/probe_kind.h — what a kind of probe is. One file in probe/kinds is one kind; CMake finds it.
//
// A newcomer writes kinds/NAME.cc with
//
//   namespace abate::probe {
//   extern const Kind NAME_kind;
//   constinit const Kind NAME_kind{.name = "NAME", .explain = ..., .run = run};
//   }
//
// and lets model/probe.cc say which incidents it fits. What is spoken stands in the room `talk`: here is only what it
// means. `run` never fails: an error is an answer.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/probe.h"
#include "talk/line.h"
#include "talk/trial.h"

namespace abate::probe {

struct Means {                        // how we speak
  std::optional<IpAddress> source;    // our own address to speak from; else the system's choice
  std::optional<IpAddress> listener;  // our own address that a proxy is told to reach; without one, none is tried
  std::optional<IpAddress> listener_seen_as;  // the same as others see it, behind NAT
  std::uint16_t listener_port = 0;            // 0: any
  talk::Bounds bounds;
};

struct Kind {
  std::string_view name;
  std::string_view explain;
  std::vector<ProbeSeen> (*run)(const ProbeTask& task, const Means& means);
};

std::span<const Kind* const> kinds();  // made by CMake

talk::Peer peer_of(const ProbeTask& task, const Means& means);
ProbeSeen seen_of(talk::Trial trial);  // open is live, closed is gone
ProbeSeen not_probed(std::string why);
// Of a row of talk/open_service.h.
std::vector<ProbeSeen> ask_services(std::initializer_list<std::string_view> names, const ProbeTask& task,
                                    const Means& means);

}  // namespace abate::probe
