// SPDX-License-Identifier: Apache-2.0
// remedy/executor/rows.h — a run's journal, understood. Internal to the executor.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "base/result.h"
#include "remedy/executor/executor.h"
#include "remedy/executor/put_back.h"

namespace abate::remedy {

struct Rows {
  enum class End : std::uint8_t { cut_off, done, failed, undone };
  struct OfAction {
    std::string id;
    std::string kind;
    std::string subject;
    std::string at;
    std::string why;
    End end = End::cut_off;
    std::vector<boost::json::object> changes;  // not taken back yet, in their order
  };
  std::string plan_hash;
  std::string root;
  std::string ticket;
  bool finished = false;
  std::uint64_t last_change = 0;
  std::vector<OfAction> actions;
};

Result<Rows> read_rows(const std::string& state_folder, const std::string& run);
// Takes back, in reverse order, all that `action` changed and that was not taken back yet.
Result<void> take_back(const Where& where, const std::string& run, const Rows& rows, const std::string& action,
                       const Seal& seal, Care care);

}  // namespace abate::remedy
