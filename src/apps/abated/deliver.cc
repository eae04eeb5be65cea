// SPDX-License-Identifier: Apache-2.0
// `abated deliver`: one message on standard input, from a pipe of any mail server. 0 only after the commit.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <unistd.h>

#include "apps/abated/commands.h"
#include "apps/abated/setup.h"
#include "desk/accept.h"

namespace abate::apps {
namespace {

Result<std::string> read_all(int descriptor, std::size_t bytes_max) {
  std::string out;
  std::array<char, 65536> chunk;
  for (;;) {
    const ssize_t got = read(descriptor, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(Fault::unavailable, "standard input: {}", std::strerror(errno));
    if (got == 0) return out;
    out.append(chunk.data(), static_cast<std::size_t>(got));
    if (out.size() > bytes_max)
      return failure(Fault::too_big, "the message is larger than message_max ({} bytes)", bytes_max);
  }
}

}  // namespace

int deliver(const std::string& config_file, const std::string& from, const std::string& to) {
  // A mail server may limit the size of files (Postfix's local does, by mailbox_size_limit) and may not wait for our
  // word: what was not kept must end in 75, and what was kept in 0, not in a signal.
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  const Result<Setup> setup = set_up(config_file, StoreFolder::must_be_there);
  if (!setup) {
    complain(setup.error());
    return kTryAgain;  // a mail server keeps the message until the configuration is mended
  }
  Result<std::string> bytes = read_all(STDIN_FILENO, setup->config.message_max_bytes);
  if (!bytes) {
    complain(bytes.error());
    return bytes.error().fault == Fault::too_big ? kTooBig : kTryAgain;
  }
  const SystemClock clock;
  desk::Bell bell;
  desk::Intake intake{*setup->store, clock, bell, node_of(setup->config) + "/deliver"};
  desk::NewArrival arrival;
  arrival.channel = Channel::stdin_pipe;
  arrival.bytes = std::move(*bytes);
  arrival.envelope_from = from;
  arrival.envelope_to = to;
  const Result<desk::Kept> kept = intake.accept_and_wait(std::move(arrival));
  if (!kept) {
    complain(kept.error());
    return kTryAgain;
  }
  fmt::print("{}\n", kept->report_id);
  return kOk;
}

}  // namespace abate::apps
