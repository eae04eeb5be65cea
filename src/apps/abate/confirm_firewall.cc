// SPDX-License-Identifier: Apache-2.0
// `abate confirm`, and the question after a firewall went on.
#include "apps/abate/confirm_firewall.h"

#include <chrono>
#include <cstdio>

#include <poll.h>
#include <unistd.h>

#include "apps/abate/commands.h"
#include "apps/abate/sweep_run.h"
#include "base/text.h"
#include "remedy/executor/keep_firewall.h"
#include "remedy/firewall.h"

namespace abate::apps {
namespace {

constexpr int kMarginSeconds = 5;  // before the kernel forgets the rules
constexpr int kLookMs = 500;       // for a confirmation from another session

// A line, or nothing when the time is over or another session confirmed.
std::string answer_until(std::chrono::steady_clock::time_point deadline) {
  std::string line;
  while (std::chrono::steady_clock::now() < deadline && !remedy::is_kept() && !is_interrupted()) {
    pollfd ready{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, kLookMs) <= 0) continue;
    char letter = 0;
    if (::read(STDIN_FILENO, &letter, 1) <= 0 || letter == '\n') return line;
    if (line.size() < 64) line += letter;
  }
  return "";
}

}  // namespace

bool confirm_firewall(bool asks) {
  fmt::print(
      "   The firewall is on, for {} seconds; then the kernel itself opens everything again.\n"
      "   Open a NEW session to this server now. If you get in, {}run there: abate confirm\n",
      remedy::kTrialSeconds, asks ? "type keep here, or " : "");
  std::fflush(stdout);
  if (!asks) return false;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{remedy::kTrialSeconds - kMarginSeconds};
  while (std::chrono::steady_clock::now() < deadline) {
    fmt::print("   keep or open: ");
    std::fflush(stdout);
    const std::string word = to_lower(trim(answer_until(deadline)));
    if (remedy::is_kept()) return true;
    if (word == "open" || word.empty()) break;
    if (word != "keep") continue;
    const Result<void> kept = remedy::keep_firewall();
    if (kept) fmt::print("   It lasts. To take it back: abate undo\n");
    if (!kept) complain(kept.error());
    return kept.has_value();
  }
  fmt::print("\n   Not confirmed: the firewall is taken back.\n");
  return false;
}

void take_firewall_back(const remedy::Where& where, const std::string& action) {
  const Result<std::vector<remedy::Undone>> undone = remedy::undo(where, action, wall_clock());
  if (!undone) {
    complain(undone.error());
    return;
  }
  for (const remedy::Undone& one : *undone)
    if (one.outcome.end != remedy::Outcome::End::done)
      fmt::print("{}: {}\n", one.action, shown_text(one.outcome.says, 2000));
}

int confirm_command() {
  const Result<void> kept = remedy::keep_firewall();
  if (!kept) return complain(kept.error());
  fmt::print("The firewall lasts. abate history shows the action, abate undo takes it back.\n");
  return kNothingFound;
}

}  // namespace abate::apps
