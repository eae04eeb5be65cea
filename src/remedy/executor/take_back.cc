// SPDX-License-Identifier: Apache-2.0
#include "remedy/executor/take_back.h"

#include <ranges>

#include "base/text.h"
#include "remedy/executor/program.h"
#include "remedy/executor/put_back.h"

namespace abate::remedy {
namespace {

// A process that was ended cannot be started again as it was; its action said so.
Result<void> undo_program(const Where& where, const MadeChange& change) {
  if (change.undo_argv.empty() || !where.live) return {};
  const ProgramEnd end = run_program(change.undo_argv);
  if (!end.good())
    return failure(Fault::unavailable, "{}: {}", escape_terminal(join(change.undo_argv, " ")),
                   shorten(escape_terminal(end.output), 300));
  return {};
}

}  // namespace

Result<void> take_back(const Where& where, const std::string& run, const RunRows::OfAction& action, Journal& journal,
                       const Seal& seal) {
  for (const MadeChange& change : action.changes | std::views::reverse) {
    if (change.is_of_files()) {
      TRY(put_back(where.root, run, change, seal, journal.sealed_path(change.number)));
    } else {
      TRY(undo_program(where, change));
    }
    if (where.at_step) where.at_step();
    TRY(journal.write(taken_back_row(action.id, change.number)));
  }
  return {};
}

}  // namespace abate::remedy
