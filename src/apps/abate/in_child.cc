// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/in_child.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/whole_io.h"

namespace abate::apps {
namespace {

// One byte for the fault, 0 for none, then the text.
constexpr char kGood = 0;

[[noreturn]] void work_and_end(int way, const std::function<Result<std::string>()>& work, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  const Result<std::string> result = work();
  const char head = result ? kGood : static_cast<char>(1 + static_cast<int>(result.error().fault));
  const bool whole = write_all(way, {&head, 1}) && write_all(way, result ? *result : result.error().what);
  std::fflush(nullptr);
  ::_exit(whole ? 0 : 1);
}

std::string read_to_end(int way, std::size_t bytes_max) {
  std::string bytes;
  char block[65536];
  while (bytes.size() <= bytes_max) {
    const ssize_t got = ::read(way, block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    bytes.append(block, static_cast<std::size_t>(got));
  }
  return bytes;
}

}  // namespace

Result<std::string> in_child(const std::function<Result<std::string>()>& work, std::size_t bytes_max) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return failure(Fault::unavailable, "no way to a child: {}", ::strerrordesc_np(errno));
  const Descriptor out{ends[0]};
  Descriptor in{ends[1]};
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return failure(Fault::unavailable, "no child: {}", ::strerrordesc_np(errno));
  if (child == 0) work_and_end(in.get(), work, parent);
  in = Descriptor{};
  std::string bytes = read_to_end(out.get(), bytes_max);
  const bool too_big = bytes.size() > bytes_max;
  if (too_big) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (too_big) return failure(Fault::too_big, "the part of abate that looks found too much to be told");
  if (bytes.empty() || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return failure(Fault::unavailable, "the part of abate that does this ended before it was done; try it again");
  const char head = bytes[0];
  bytes.erase(0, 1);
  if (head != kGood) return std::unexpected{Error{static_cast<Fault>(head - 1), std::move(bytes)}};
  return bytes;
}

}  // namespace abate::apps
