// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/guide_person.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <termios.h>
#include <unistd.h>

#include "apps/abate/sweep_run.h"
#include "apps/abate/tell.h"
#include "base/text.h"
#include "base/whole_io.h"

namespace abate::apps {
namespace {

constexpr std::size_t kPastedBytesMax = std::size_t{8} << 20;
constexpr char kCtrlD = 4;

// Without the kernel's editing of lines, which cuts a line at 4095 bytes, and without an echo of what may be long.
class RawInput {
 public:
  RawInput() {
    known_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    termios now = before_;
    now.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    if (known_) ::tcsetattr(STDIN_FILENO, TCSANOW, &now);
  }
  ~RawInput() {
    if (known_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  RawInput(const RawInput&) = delete;
  RawInput& operator=(const RawInput&) = delete;

 private:
  termios before_{};
  bool known_ = false;
};

}  // namespace

bool GuidePerson::is_there() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

void GuidePerson::say(std::string_view text) {
  std::fflush(stdout);
  static_cast<void>(write_all(STDOUT_FILENO, text));
}

std::optional<std::string> GuidePerson::ask(std::string_view prompt) {
  if (gone_ || is_interrupted()) return std::nullopt;
  ::tcflush(STDIN_FILENO, TCIFLUSH);
  say(prompt);
  std::string line;
  char block[4096];
  while (!line.ends_with('\n')) {
    const ssize_t got = ::read(STDIN_FILENO, block, sizeof block);
    if (got < 0 && errno == EINTR && !is_interrupted()) continue;
    if (got <= 0) {
      gone_ = true;
      say("\n");
      return std::nullopt;
    }
    line.append(block, static_cast<std::size_t>(got));
  }
  line.pop_back();
  return line;
}

std::optional<std::string> GuidePerson::paste() {
  const RawInput raw;
  std::string text;
  char block[4096];
  while (text.size() < kPastedBytesMax) {
    const ssize_t got = ::read(STDIN_FILENO, block, sizeof block);
    if (got < 0 && errno == EINTR && !is_interrupted()) continue;
    if (got <= 0) {
      gone_ = true;
      return std::nullopt;
    }
    text.append(block, static_cast<std::size_t>(got));
    if (const std::size_t end = text.find(kCtrlD); end != std::string::npos) {
      text.resize(end);
      break;
    }
    if (text.starts_with(".\n")) text.clear();
    const std::size_t dot = text.find("\n.\n");
    if (text.empty() || dot != std::string::npos) {
      text.resize(text.empty() ? 0 : dot + 1);
      break;
    }
  }
  say(fmt::format("  {} lines read.\n", std::ranges::count(text, '\n')));
  return text;
}

report::TerminalLook GuidePerson::look() const { return look_of(ask_, STDOUT_FILENO); }

}  // namespace abate::apps
