// SPDX-License-Identifier: Apache-2.0
// report/outcome.h — all that a person is told about one sweep, as data: what terminal.h and html.h print.
//
// SECURITY: names and excerpts in here are the server's own bytes and hostile. They are made safe where they are
// written: by Canvas (layout.h) for a terminal, by HtmlPage (html_page.h) for a page. Nothing else writes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/diagnosis.h"
#include "model/finding.h"
#include "model/plan.h"

namespace abate::report {

struct Manual {         // of a detector, action or probe: what `abate explain` prints
  std::string title;    // "PHP runs a decoded blob"
  std::string explain;  // plain paragraphs
};

struct Outcome {
  std::string host_name;  // "web1", or ""
  std::string os;         // "Debian 12"
  std::string root = "/";
  bool live = false;
  std::string ticket;  // "T-2026-000123", or ""
  Instant started_at;
  Instant finished_at;
  bool ended_early = false;  // by Ctrl-C: what follows is a part
  bool seen_enough = true;   // false: silence does not mean "clean" (exit code 3)

  std::vector<Finding> findings;
  std::vector<std::pair<std::string, std::string>> not_examined;  // what, why
  std::map<std::string, Manual, std::less<>> manuals;             // by detector id

  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t log_lines = 0;
  double wall_seconds = 0;
  std::uint64_t peak_memory_bytes = 0;

  std::optional<Diagnosis> diagnosis;
  std::optional<Plan> plan;
};

}  // namespace abate::report
