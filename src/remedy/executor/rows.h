// SPDX-License-Identifier: Apache-2.0
// remedy/executor/rows.h — the lines of a run's journal: the one place that writes and reads their form. Internal to
// the executor.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "base/result.h"
#include "base/time.h"
#include "remedy/change.h"
#include "remedy/executor/node_state.h"

namespace abate::remedy {

struct MadeChange {  // announced by the journal, and made unless a crash came in between
  std::uint64_t number = 0;
  ChangeKind kind = ChangeKind::write;
  std::string path;
  NodeState before;  // of a file, link or folder
  NodeState after;
  timespec folder_accessed{};  // of the folder that holds it, before
  timespec folder_modified{};
  std::vector<std::string> undo_argv;  // of a program
  // Were a file's bytes looked at when it was made? Then they are again, to see whether it stands.
  [[nodiscard]] Bytes bytes() const {
    const bool is_file = before.kind == NodeKind::file || after.kind == NodeKind::file;
    return is_file && before.sha256.empty() && after.sha256.empty() ? Bytes::unread : Bytes::read;
  }
  [[nodiscard]] bool is_of_files() const { return kind != ChangeKind::run && kind != ChangeKind::end_process; }
};

struct RunRows {
  enum class End : std::uint8_t { cut_off, done, failed, undone };
  struct OfAction {
    std::string id;
    std::string kind;
    std::string subject;
    std::optional<Instant> at;
    std::string why;
    End end = End::cut_off;
    std::vector<MadeChange> changes;  // not taken back yet, in their order
    std::vector<std::vector<std::string>> undo_afterwards;
  };
  std::string plan_hash;
  std::string root;
  bool live = false;  // programs of the server were started
  std::string ticket;
  bool finished = false;
  std::uint64_t last_change = 0;
  std::vector<OfAction> actions;
  [[nodiscard]] OfAction* action(const std::string& id);
};

// not_found; malformed for a journal that this version cannot read: then nothing is changed by it.
Result<RunRows> read_rows(const std::string& state_folder, const std::string& run);

boost::json::object run_row(const std::string& root, bool live, const std::string& plan_hash, const std::string& ticket,
                            Instant now);
boost::json::object action_row(const std::string& id, const std::string& kind, const std::string& subject,
                               const std::vector<std::vector<std::string>>& undo_afterwards, Instant now);
boost::json::object change_row(const std::string& action, const MadeChange& change,
                               const std::vector<std::string>& argv);
boost::json::object end_row(const std::string& action, bool changed);  // done; not changed: it was so already
boost::json::object failed_row(const std::string& action, const std::string& why);
boost::json::object taken_back_row(const std::string& action, std::uint64_t change);
boost::json::object undone_row(const std::string& action, Instant now);
boost::json::object finished_row(Instant now);

}  // namespace abate::remedy
