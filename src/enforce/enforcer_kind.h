// SPDX-License-Identifier: Apache-2.0
// enforce/enforcer_kind.h — what a kind of enforcer is. One file in enforce/kinds is one kind; CMake finds it.
//
// A newcomer writes kinds/NAME.cc with
//
//   namespace abate::enforce {
//   extern const Kind NAME_kind;
//   constinit const Kind NAME_kind{.name = "NAME", .explain = ..., .make = make};
//   }
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "desk/ports/enforcer.h"

namespace abate::enforce {

struct EnforcerConfig {
  std::string name;
  std::string kind;
  std::string url;
  std::string secret_file;
  std::vector<std::string> run;
  std::chrono::milliseconds time_max{60'000};  // command: then it is ended; shorter than the courier's lease
};

struct Kind {
  std::string_view name;
  std::string_view explain;
  Result<std::unique_ptr<desk::Enforcer>> (*make)(const EnforcerConfig& config);
};

std::span<const Kind* const> kinds();  // made by CMake

// malformed: an unknown kind (the known ones are named), or what the kind misses in its section.
Result<std::unique_ptr<desk::Enforcer>> make_enforcer(const EnforcerConfig& config);

}  // namespace abate::enforce
