// SPDX-License-Identifier: Apache-2.0
#include "apps/abate/child_answer.h"

#include <cstdio>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/whole_io.h"

namespace abate::apps {

Result<std::string> answer_of_child(std::size_t bytes_max, const std::function<Result<std::string>()>& does) {
  int ends[2];
  std::fflush(stdout);
  if (::pipe2(ends, O_CLOEXEC) != 0) return failure(Fault::unavailable, "no pipe is to be had");
  const Descriptor out{ends[0]};
  Descriptor in{ends[1]};
  const pid_t child = ::fork();
  if (child < 0) return failure(Fault::unavailable, "no process is to be had");
  if (child == 0) {
    const Result<std::string> answer = does();
    const std::string_view text = answer ? *answer : answer.error().what;
    const bool whole = write_all(in.get(), text);
    std::fflush(stdout);
    ::_exit(!whole ? 3 : answer ? 0 : 1);
  }
  in = Descriptor{};
  std::string answer;
  std::vector<char> piece(std::size_t{1} << 16);
  bool fits = true;
  for (ssize_t got = 0; (got = ::read(out.get(), piece.data(), piece.size())) > 0;) {
    fits = fits && answer.size() + static_cast<std::size_t>(got) <= bytes_max;
    if (fits) answer.append(piece.data(), static_cast<std::size_t>(got));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!fits) return failure(Fault::too_big, "the answer is larger than {} bytes", bytes_max);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return answer;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 1) return failure(Fault::unavailable, std::move(answer));
  return failure(Fault::unavailable, "the part of this program that reads the server ended before it was done");
}

}  // namespace abate::apps
