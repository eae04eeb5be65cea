// SPDX-License-Identifier: Apache-2.0
#include "worker/process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

namespace abate::worker {
namespace {

constexpr std::size_t kReceiveBytes = 256 * 1024;
constexpr int kSocketBufferBytes = 1 << 20;  // the kernel may give less

struct Spawning {  // what posix_spawn needs to be told, released at the end
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  Spawning() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~Spawning() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;
};

void prepare(Spawning& spawning, int socket) {
  posix_spawn_file_actions_adddup2(&spawning.actions, socket, 0);
  posix_spawn_file_actions_adddup2(&spawning.actions, socket, 1);
  posix_spawn_file_actions_addclosefrom_np(&spawning.actions, 3);
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&spawning.attributes, &all);
  posix_spawnattr_setsigmask(&spawning.attributes, &none);
  posix_spawnattr_setflags(&spawning.attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

}  // namespace

Result<Process> Process::start(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return failure(Fault::unavailable, "No socket for a reader: {}", std::strerror(errno));
  for (const int end : ends) setsockopt(end, SOL_SOCKET, SO_SNDBUF, &kSocketBufferBytes, sizeof kSocketBufferBytes);
  Spawning spawning;
  prepare(spawning, ends[1]);
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  std::string locale = "LC_ALL=C.UTF-8";
  std::string zone = "TZ=UTC";
  std::array<char*, 3> environment{locale.data(), zone.data(), nullptr};
  pid_t pid = -1;
  const int error = posix_spawn(&pid, command.front().c_str(), &spawning.actions, &spawning.attributes, argv.data(),
                                environment.data());
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    return failure(Fault::unavailable, "{} cannot be started: {}", command.front(), std::strerror(error));
  }
  return Process(pid, ends[0]);
}

Process::~Process() {
  if (pid_ <= 0) return;
  kill();
  end();
}

Process::Process(Process&& other) noexcept
    : pid_{std::exchange(other.pid_, -1)}, socket_{std::exchange(other.socket_, -1)} {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(socket_, other.socket_);
  return *this;
}

Process::Ready Process::wait(bool wants_to_send, std::chrono::milliseconds time_max) const {
  pollfd asked{.fd = socket_, .events = static_cast<short>(POLLIN | (wants_to_send ? POLLOUT : 0)), .revents = 0};
  const auto millis = std::max<std::int64_t>(time_max.count(), 0);
  const int ready = poll(&asked, 1, static_cast<int>(std::min<std::int64_t>(millis + 1, 3'600'000)));
  if (ready <= 0) return {};
  return {.to_send = (asked.revents & POLLOUT) != 0, .to_receive = (asked.revents & (POLLIN | POLLHUP | POLLERR)) != 0};
}

std::optional<std::size_t> Process::send(const std::vector<std::string_view>& pieces) const {
  std::vector<iovec> vectors;
  for (const std::string_view piece : pieces)
    if (!piece.empty()) vectors.push_back({const_cast<char*>(piece.data()), piece.size()});
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = vectors.size();
  const ssize_t sent = sendmsg(socket_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (errno == EAGAIN || errno == EINTR || errno == ENOBUFS) return 0;
  return std::nullopt;
}

bool Process::receive(Inbox& inbox) const {
  ssize_t got = 0;
  int error = 0;
  inbox.append(kReceiveBytes, [&](char* data, std::size_t size_max) {
    got = recv(socket_, data, size_max, MSG_DONTWAIT);
    error = errno;
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  });
  return got > 0 || (got < 0 && (error == EAGAIN || error == EINTR));
}

void Process::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

Process::End Process::end() {
  if (socket_ >= 0) close(std::exchange(socket_, -1));
  const pid_t pid = std::exchange(pid_, -1);
  if (pid <= 0) return {};
  int status = 0;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return {};
  if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status), .status = 0};
  return {.signal = 0, .status = WEXITSTATUS(status)};
}

}  // namespace abate::worker
