// SPDX-License-Identifier: Apache-2.0
// apps/abate/tell.h — what a person sees of a sweep: the report on the terminal, the page of --html, the line of
// progress.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "apps/abate/commands.h"
#include "apps/abate/sweep_run.h"
#include "report/outcome.h"
#include "report/terminal.h"

namespace abate::apps {

report::Outcome outcome_of(const SweepRun& run);

// How wide `descriptor`'s terminal is, whether it takes colours (--color, NO_COLOR, TERM) and UTF-8 (the locale).
// invalid_argument words of --color are refused by the command line.
report::TerminalLook look_of(const SweepAsk& ask, int descriptor);

// The page of --html, and the report on standard output unless --json or --html took it ("-").
Result<void> tell(const report::Outcome& outcome, const SweepAsk& ask);

// For LookOptions::progress: a line on standard error while it is a terminal, erased when the last copy goes.
std::function<void(std::string_view what, std::uint64_t done)> progress_on_terminal(const SweepAsk& ask);

}  // namespace abate::apps
