// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/send_mail.h"

#include <algorithm>
#include <csignal>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/text.h"
#include "base/whole_io.h"

namespace abate::apps {
namespace {

constexpr const char* kPrograms[] = {"/usr/sbin/sendmail", "/usr/lib/sendmail"};
constexpr std::size_t kSubjectBytesMax = 120;

bool is_address(const std::string& to) {
  return !to.empty() && to.size() <= 254 && std::ranges::all_of(to, [](unsigned char c) {
    return (c < 128 && std::isalnum(c) != 0) || c == '@' || c == '.' || c == '-' || c == '_' || c == '+';
  });
}

}  // namespace

Result<void> send_mail(const std::string& to, const std::string& subject, const std::string& text) {
  if (!is_address(to)) return failure(Fault::malformed, "{}: is no mail address", escape_terminal(to));
  const auto* const program =
      std::ranges::find_if(kPrograms, [](const char* path) { return ::access(path, X_OK) == 0; });
  if (program == std::end(kPrograms))
    return failure(Fault::unavailable, "no sendmail is here: install a mail server, or say --ticket LINK");
  std::string line = shorten(subject, kSubjectBytesMax);
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) > 126) c = '?';
  const std::string mail = fmt::format(
      "To: {}\nSubject: {}\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: text/plain; "
      "charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}",
      to, line, text);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failure(Fault::unavailable, "no pipe is to be had");
  const Descriptor out{ends[0]};
  Descriptor in{ends[1]};
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, out.get(), 0);
  ::posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  std::string words[] = {*program, "-i", "--", to};
  char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  char* environment[] = {path.data(), nullptr};
  pid_t pid = 0;
  const bool started = ::posix_spawn(&pid, *program, &files, nullptr, arguments, environment) == 0;
  ::posix_spawn_file_actions_destroy(&files);
  if (!started) return failure(Fault::unavailable, "{}: cannot be started", *program);
  std::signal(SIGPIPE, SIG_IGN);
  const bool whole = write_all(in.get(), mail);
  in = Descriptor{};
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (!whole || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return failure(Fault::unavailable, "{}: did not take the letter; it waits for the next look", *program);
  return {};
}

}  // namespace abate::apps
