// SPDX-License-Identifier: Apache-2.0
// enforce/kinds/command.cc — runs a program of the provider's: argv, never a shell.
//
// SECURITY: the service's id comes from the provider's own ledger, and still is one argument of argv, never part of a
// command line. The child gets a clean environment, none of our open files, the ticket's JSON on standard input, and a
// process group that is ended when it takes too long. What it leaves in the background is its own affair.
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "enforce/enforcer_kind.h"

namespace abate::enforce {
namespace {

constexpr std::size_t kOutputBytesMax = 4 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_{fd} {}
  ~Descriptor() { end(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  void end() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  void take(int fd) {
    end();
    fd_ = fd;
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

struct Pipes {
  Descriptor in_read, in_write, out_read, out_write;

  bool open() {
    std::array<int, 2> in{}, out{};
    if (pipe2(in.data(), O_CLOEXEC) != 0) return false;
    in_read.take(in[0]);
    in_write.take(in[1]);
    if (pipe2(out.data(), O_CLOEXEC) != 0) return false;
    out_read.take(out[0]);
    out_write.take(out[1]);
    return fcntl(in[1], F_SETFL, O_NONBLOCK) == 0 && fcntl(out[0], F_SETFL, O_NONBLOCK) == 0;
  }
};

// Only calls that are safe between fork and exec in a program with threads.
[[noreturn]] void become(const Pipes& pipes, char* const* argv) {
  static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  static char* environment[] = {path, nullptr};
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_DFL);
  dup2(pipes.in_read.get(), STDIN_FILENO);
  dup2(pipes.out_write.get(), STDOUT_FILENO);
  dup2(pipes.out_write.get(), STDERR_FILENO);
  close_range(STDERR_FILENO + 1, ~0U, 0);  // libraries leave sockets open over exec
  execve(argv[0], argv, environment);
  _exit(127);
}

// A child that does not read must not end the desk. Only this thread is touched; a signal that came meanwhile is eaten.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutSigpipe() {
    const timespec at_once{};
    if (sigismember(&before_, SIGPIPE) == 0) sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  sigset_t pipe_{}, before_{};
};

void feed(Pipes& pipes, std::string_view& input) {
  const WithoutSigpipe quiet;
  const ssize_t put = write(pipes.in_write.get(), input.data(), input.size());
  if (put > 0) input.remove_prefix(static_cast<std::size_t>(put));
  if (put < 0 && errno != EAGAIN && errno != EINTR) input = {};  // it does not want to read: its own choice
}

// Keeps the head of what there is to read. False at its end.
bool hear(const Pipes& pipes, std::string& output) {
  for (;;) {
    std::array<char, 4096> chunk;
    const ssize_t got = read(pipes.out_read.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN;
    if (got == 0) return false;
    output.append(chunk.data(), std::min(static_cast<std::size_t>(got), kOutputBytesMax - output.size()));
    if (static_cast<std::size_t>(got) < chunk.size()) return true;
  }
}

// Feeds the child and hears it until it has ended (true) or time is over. Not until its output ends: what it left in
// the background may hold that open for ever, and it may close it long before it is done.
bool converse(Pipes& pipes, int child, std::string_view input, std::chrono::milliseconds time_max,
              std::string& output) {
  const auto end = std::chrono::steady_clock::now() + time_max;
  bool speaks = true;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    if (input.empty()) pipes.in_write.end();
    std::array<pollfd, 3> waits{pollfd{child, POLLIN, 0}, pollfd{speaks ? pipes.out_read.get() : -1, POLLIN, 0},
                                pollfd{pipes.in_write.get(), POLLOUT, 0}};
    if (poll(waits.data(), waits.size(), static_cast<int>(left.count())) < 0 && errno != EINTR) return false;
    if (waits[2].revents != 0) feed(pipes, input);
    if (waits[1].revents != 0) speaks = hear(pipes, output);
    if (waits[0].revents == 0) continue;
    if (speaks) hear(pipes, output);
    return true;
  }
}

class Command final : public desk::Enforcer {
 public:
  explicit Command(const EnforcerConfig& config) : name_{config.name}, run_{config.run}, time_max_{config.time_max} {}

  [[nodiscard]] std::string_view name() const override { return name_; }

  Result<void> carry_out(const desk::Order& order) override {
    std::vector<std::string> words = run_;
    words.emplace_back(measure_name(order.measure));
    words.emplace_back(order.on ? "on" : "off");
    words.push_back(order.service_id);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    Pipes pipes;
    if (!pipes.open()) return failure(Fault::unavailable, "{}: no pipe: {}", run_[0], std::strerror(errno));
    const pid_t child = fork();
    if (child < 0) return failure(Fault::unavailable, "{}: cannot be started: {}", run_[0], std::strerror(errno));
    if (child == 0) become(pipes, argv.data());
    setpgid(child, child);  // as the child does itself: whoever comes first
    const Descriptor handle{static_cast<int>(syscall(SYS_pidfd_open, child, 0))};
    pipes.in_read.end();
    pipes.out_write.end();
    std::string output;
    const bool in_time = handle.get() >= 0 && converse(pipes, handle.get(), order.ticket_json, time_max_, output);
    if (!in_time) kill(-child, SIGKILL);
    return verdict(child, in_time, output);
  }

 private:
  Result<void> verdict(pid_t child, bool in_time, const std::string& output) const {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!in_time)
      return failure(Fault::unavailable, "{} took longer than {} ms and was ended", run_[0], time_max_.count());
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    const std::string said = shorten(make_valid_utf8(trim(output)), 300);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127 && said.empty())
      return failure(Fault::unavailable, "{} cannot be run: is it there, and executable?", run_[0]);
    if (WIFEXITED(status))
      return failure(Fault::unavailable, "{} exited with {}: {}", run_[0], WEXITSTATUS(status), said);
    return failure(Fault::unavailable, "{} was ended by signal {}: {}", run_[0], WTERMSIG(status), said);
  }

  std::string name_;
  std::vector<std::string> run_;
  std::chrono::milliseconds time_max_;
};

Result<std::unique_ptr<desk::Enforcer>> make(const EnforcerConfig& config) {
  if (config.run.empty() || !config.run[0].starts_with('/'))
    return failure(Fault::malformed,
                   "enforcer '{}': run must name a program by its whole path, as in "
                   "run = [\"/usr/local/sbin/vps-measure\"]",
                   config.name);
  return std::make_unique<Command>(config);
}

}  // namespace

extern const Kind command_kind;
constinit const Kind command_kind{
    .name = "command",
    .explain =
        "Runs `run` with three more arguments: measure, on or off, service id; the ticket's JSON on standard "
        "input. Exit 0 is done; everything else is tried again.",
    .make = make};

}  // namespace abate::enforce
