// SPDX-License-Identifier: Apache-2.0
// remedy/executor/journal.h — what a run intends and has done, written before it acts (law 8).
//
//   STATE/runs/RUN/journal   one JSON object a line, each synced before the change that it announces
//   STATE/runs/RUN/sealed/N  the sealed copy of what change N replaces
//   STATE/runs/RUN/plan.json the plan as it was applied
//
// A last line without its end was cut by a crash: it announces a change that was not begun, and is passed over.
// One program at a time: STATE/lock is held while anything is changed. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "base/descriptor.h"
#include "base/result.h"

namespace abate::remedy {

class Journal {
 public:
  // Makes or continues the run's journal; syncs the folders above it.
  static Result<Journal> open(const std::string& state_folder, const std::string& run);
  static Result<std::vector<boost::json::object>> read(const std::string& state_folder, const std::string& run);
  // Oldest first.
  static std::vector<std::string> runs(const std::string& state_folder);

  // On the disk when it returns.
  Result<void> write(const boost::json::object& row);
  // The plan as it was applied, byte for byte; "" where a run holds none.
  Result<void> keep_plan(std::string_view text) const;
  static std::string plan_text(const std::string& state_folder, const std::string& run);
  [[nodiscard]] std::string sealed_path(std::uint64_t change) const;
  static std::string sealed_path(const std::string& state_folder, const std::string& run, std::uint64_t change);

 private:
  Journal(Descriptor file, std::string folder) : file_{std::move(file)}, folder_{std::move(folder)} {}
  Descriptor file_;
  std::string folder_;
};

// Held until it goes. conflict: another abate changes this server now.
Result<Descriptor> lock_state(const std::string& state_folder);

}  // namespace abate::remedy
