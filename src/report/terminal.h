// SPDX-License-Identifier: Apache-2.0
// report/terminal.h — a sweep as text for a terminal or a log file.
//
//   fputs(terminal_text(outcome, {.columns = 80, .color = true}).c_str(), stdout);
//
// In this order: the verdict in a sentence; with a diagnosis, what happened as a short story with times; with a plan,
// its actions; the findings by area, the worst first; what was not examined; the figures; what to do next. With a
// diagnosis or a plan the findings are told in a line each, and notes are only counted, unless `verbose`. A clean
// server fits on a screen of 24 lines. Pure; whatever the server's names hold, no byte of them steers the terminal
// (layout.h).
#pragma once

#include <string>

#include "report/layout.h"
#include "report/outcome.h"

namespace abate::report {

std::string terminal_text(const Outcome& outcome, const TerminalLook& look);

}  // namespace abate::report
