// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/editor.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <vector>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

namespace abate::apps {
namespace {

std::vector<std::string> words_of(const char* variable) {
  const char* value = std::getenv(variable);
  std::vector<std::string> words;
  for (const std::string_view word : split(value == nullptr ? "" : value, ' '))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

class HeldSignals {  // a signal that the keyboard sends is the editor's, not ours
 public:
  HeldSignals() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGINT, &ignore, &interrupt_);
    ::sigaction(SIGQUIT, &ignore, &quit_);
  }
  ~HeldSignals() {
    ::sigaction(SIGINT, &interrupt_, nullptr);
    ::sigaction(SIGQUIT, &quit_, nullptr);
  }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

 private:
  struct sigaction interrupt_ {};
  struct sigaction quit_ {};
};

// -1: not started.
int run_to_end(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawnattr_t how;
  ::posix_spawnattr_init(&how);
  sigset_t usual;
  ::sigemptyset(&usual);
  ::sigaddset(&usual, SIGINT);
  ::sigaddset(&usual, SIGQUIT);
  ::posix_spawnattr_setsigdefault(&how, &usual);
  ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF);
  const HeldSignals held;
  pid_t child = 0;
  const int wrong = ::posix_spawnp(&child, arguments[0], nullptr, &how, arguments.data(), environ);
  ::posix_spawnattr_destroy(&how);
  if (wrong != 0) return -1;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

}  // namespace

Result<void> edit_file(const std::string& path) {
  std::vector<std::vector<std::string>> editors{words_of("VISUAL"), words_of("EDITOR"), {"sensible-editor"},
                                                {"editor"},         {"nano"},           {"vi"}};
  for (std::vector<std::string>& words : editors) {
    if (words.empty()) continue;
    words.push_back(path);
    const int status = run_to_end(words);
    if (status == -1 || status == 127) continue;
    if (status == 0) return {};
    return failure(Fault::unavailable, "{} ended with status {}; the text is as it was before",
                   escape_terminal(words[0]), status);
  }
  return failure(Fault::unavailable, "No editor was found. Set EDITOR, or edit the file that is saved.");
}

}  // namespace abate::apps
