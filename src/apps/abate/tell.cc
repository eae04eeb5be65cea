// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/tell.h"

#include <cstdlib>

#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/text.h"
#include "report/html.h"
#include "report/progress.h"

namespace abate::apps {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const std::string_view locale = environment(name); !locale.empty())
      return contains_ignoring_case(locale, "utf-8") || contains_ignoring_case(locale, "utf8");
  return false;
}

unsigned columns_of(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const std::string columns{environment("COLUMNS")};
  const long asked = std::strtol(columns.c_str(), nullptr, 10);
  return asked > 0 && asked < 1000 ? static_cast<unsigned>(asked) : 80;
}

bool takes_colours(const std::string& color, int descriptor) {
  if (color == "always") return true;
  if (color == "never") return false;
  return ::isatty(descriptor) == 1 && environment("NO_COLOR").empty() && environment("TERM") != "dumb";
}

// Files in use, as the file system of the root counts them; 0 where it does not.
std::uint64_t files_in_use(const std::string& root) {
  struct statvfs about{};
  if (::statvfs(root.c_str(), &about) != 0 || about.f_files <= about.f_ffree) return 0;
  return about.f_files - about.f_ffree;
}

struct Shown {
  explicit Shown(const SweepAsk& ask) : line{look_of(ask, STDERR_FILENO), files_in_use(ask.root)} {}
  ~Shown() { put(line.erase()); }
  Shown(const Shown&) = delete;
  Shown& operator=(const Shown&) = delete;
  static void put(const std::string& text) {
    if (!text.empty()) std::fwrite(text.data(), 1, text.size(), stderr);
  }
  report::ProgressLine line;
};

}  // namespace

report::Outcome outcome_of(const SweepRun& run) {
  const wire::SweepForm form = form_of(run);
  report::Outcome outcome;
  outcome.host_name = run.opened->host.hostname;
  outcome.os = form.os;
  outcome.root = form.root;
  outcome.live = form.live;
  outcome.ticket = run.opened->host.ticket.ticket;
  outcome.started_at = form.started_at;
  outcome.finished_at = form.finished_at;
  outcome.ended_early = run.result.ended_early;
  outcome.seen_enough = status_of(run) != kNotEnoughSeen;
  outcome.findings = form.findings;
  outcome.not_examined = form.not_examined;
  outcome.files = form.files;
  outcome.bytes = form.bytes;
  outcome.log_lines = form.log_lines;
  outcome.wall_seconds = form.wall_seconds;
  outcome.peak_memory_bytes = form.peak_memory_bytes;
  for (const sweep::Detector* detector : sweep::detectors())
    outcome.manuals[std::string{detector->id}] = {std::string{detector->title}, std::string{detector->explain}};
  return outcome;
}

report::TerminalLook look_of(const SweepAsk& ask, int descriptor) {
  return {.columns = columns_of(descriptor),
          .color = takes_colours(ask.color, descriptor),
          .utf8 = locale_is_utf8(),
          .verbose = ask.verbose};
}

Result<void> tell(const report::Outcome& outcome, const SweepAsk& ask) {
  if (!ask.html.empty()) TRY(write_out(ask.html, report::html_page(outcome)));
  if (ask.json == "-" || ask.html == "-") return {};
  return write_out("-", report::terminal_text(outcome, look_of(ask, STDOUT_FILENO)));
}

std::function<void(std::string_view, std::uint64_t)> progress_on_terminal(const SweepAsk& ask) {
  if (::isatty(STDERR_FILENO) != 1 || environment("TERM") == "dumb") return [](std::string_view, std::uint64_t) {};
  return [shown = std::make_shared<Shown>(ask)](std::string_view what, std::uint64_t done) {
    Shown::put(shown->line.show(what, done, std::chrono::steady_clock::now()));
  };
}

}  // namespace abate::apps
