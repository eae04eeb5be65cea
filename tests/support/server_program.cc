// SPDX-License-Identifier: Apache-2.0
#include "support/server_program.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace abate::test {
namespace {

constexpr std::chrono::seconds kStartMax{30};
constexpr std::chrono::seconds kEndMax{10};
constexpr std::chrono::milliseconds kPause{20};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int bound(int type, std::uint16_t port) {
  const int socket = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  ::close(socket);
  return -1;
}

std::uint16_t port_of(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

bool connects(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool done = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return done;
}

}  // namespace

std::string unpacked(const std::vector<std::string>& packages) {
  const std::string folder = ABATE_BIN_DIR "/../servers";
  std::string command = "flock '" + folder + ".lock' " ABATE_SOURCE_DIR "/packaging/unpack '" + folder + "'";
  for (const std::string& package : packages) command += " " + package;
  if (std::system(command.c_str()) != 0) throw std::runtime_error("these packages cannot be had: " + command);
  return folder;
}

std::uint16_t free_port() {
  for (int i = 0; i < 100; ++i) {
    const int tcp = bound(SOCK_STREAM, 0);
    const std::uint16_t port = port_of(tcp);
    const int udp = bound(SOCK_DGRAM, port);
    ::close(tcp);
    if (udp < 0) continue;
    ::close(udp);
    return port;
  }
  throw std::runtime_error("no port is free");
}

ServerProgram::ServerProgram(const std::vector<std::string>& argv, const std::string& library_root) {
  std::string log = "/tmp/abate-test-server-XXXXXX";
  const int out = ::mkostemp(log.data(), O_CLOEXEC);
  if (out < 0) throw std::runtime_error("no temporary file can be made");
  log_ = log;
  std::vector<char*> words;
  words.reserve(argv.size() + 1);
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const std::string libraries =
      library_root + "/usr/lib/x86_64-linux-gnu:" + library_root + "/lib/x86_64-linux-gnu:" + library_root + "/usr/lib";
  program_ = ::fork();
  if (program_ == 0) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that dies leaves no server behind
    ::signal(SIGPIPE, SIG_DFL);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    if (!library_root.empty()) ::setenv("LD_LIBRARY_PATH", libraries.c_str(), 1);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  ::close(out);
}

ServerProgram::~ServerProgram() {
  const auto until = std::chrono::steady_clock::now() + kEndMax;
  ::kill(-program_, SIGTERM);
  while (::waitpid(program_, nullptr, WNOHANG) == 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(kPause);
  ::kill(-program_, SIGKILL);
  ::waitpid(program_, nullptr, 0);
  ::unlink(log_.c_str());
}

bool ServerProgram::runs() const {
  siginfo_t ended{};
  return ::waitid(P_PID, static_cast<id_t>(program_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0;
}

bool ServerProgram::comes_about(const std::function<bool()>& what) const {
  for (const auto until = std::chrono::steady_clock::now() + kStartMax; std::chrono::steady_clock::now() < until;) {
    if (what()) return true;
    if (!runs()) return false;
    std::this_thread::sleep_for(kPause);
  }
  return false;
}

bool ServerProgram::listens(std::uint16_t port) const {
  return comes_about([port] { return connects(port); });
}

std::string ServerProgram::said() const {
  std::ifstream file{log_};
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

Liar::Liar(std::function<void(int)> speak)
    : listener_{bound(SOCK_STREAM, 0)}, port_{port_of(listener_)}, speak_{std::move(speak)} {
  ::listen(listener_, 8);
  thread_ = std::thread{[this] {
    for (int guest = 0; (guest = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      speak_(guest);
      ::close(guest);
    }
  }};
}

Liar::~Liar() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void say_without_end(int socket, const std::string& begin, char then) {
  std::string bytes = begin;
  do bytes.resize(65536, then);
  while (::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0);
}

void say_slowly(int socket, const std::string& what) {
  for (std::size_t i = 0;; i = (i + 1) % what.size()) {
    if (::send(socket, &what[i], 1, MSG_NOSIGNAL) <= 0) return;
    pollfd one{.fd = socket, .events = POLLRDHUP, .revents = 0};
    if (::poll(&one, 1, 20) > 0) return;  // the other side had enough
  }
}

}  // namespace abate::test
