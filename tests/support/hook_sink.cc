// SPDX-License-Identifier: Apache-2.0
#include "support/hook_sink.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace abate::test {
namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

HookCall parse_head(const std::string& head) {
  HookCall call;
  call.method = head.substr(0, head.find(' '));
  const auto path = head.find(' ') + 1;
  call.path = head.substr(path, head.find(' ', path) - path);
  for (auto at = head.find("\r\n") + 2; at < head.size();) {
    const auto end = head.find("\r\n", at);
    const std::string line = head.substr(at, end - at);
    if (const auto colon = line.find(": "); colon != std::string::npos)
      call.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
    at = end == std::string::npos ? head.size() : end + 2;
  }
  return call;
}

}  // namespace

std::string HookCall::header(std::string name) const {
  const auto found = headers.find(lower(std::move(name)));
  return found == headers.end() ? "" : found->second;
}

HookSink::HookSink() {
  answer(200);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&at), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) != 0)
    throw std::runtime_error("the hook sink cannot listen");
  port_ = ntohs(at.sin_port);
  accepter_ = std::thread([this] { accept_all(); });
}

HookSink::~HookSink() {
  {
    const std::lock_guard lock{mutex_};
    ending_ = true;
  }
  ::shutdown(listener_, SHUT_RDWR);
  accepter_.join();
  {
    const std::lock_guard lock{mutex_};
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
}

void HookSink::answer(int status, std::string body, std::string headers) {
  const std::lock_guard lock{mutex_};
  answer_ = "HTTP/1.1 " + std::to_string(status) +
            " Told\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" +
            body;
}

void HookSink::hang() {
  const std::lock_guard lock{mutex_};
  answer_.clear();
}

void HookSink::accept_all() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock{mutex_};
    if (ending_ || fd < 0) {
      if (fd >= 0) ::close(fd);
      return;
    }
    open_.insert(fd);
    threads_.emplace_back([this, fd] {
      serve(fd);
      const std::lock_guard again{mutex_};
      open_.erase(fd);
      ::close(fd);
    });
  }
}

void HookSink::serve(int fd) {
  std::string got;
  std::array<char, 16384> some{};
  const auto fill = [&] {
    const ssize_t count = ::recv(fd, some.data(), some.size(), 0);
    if (count > 0) got.append(some.data(), static_cast<std::size_t>(count));
    return count > 0;
  };
  while (got.find("\r\n\r\n") == std::string::npos)
    if (!fill()) return;
  const auto head_end = got.find("\r\n\r\n");
  HookCall call = parse_head(got.substr(0, head_end));
  const std::string length = call.header("Content-Length");
  const std::size_t size = length.empty() ? 0 : std::stoul(length);
  while (got.size() < head_end + 4 + size)
    if (!fill()) return;
  call.body = got.substr(head_end + 4, size);
  std::string answer;
  {
    const std::lock_guard lock{mutex_};
    calls_.push_back(std::move(call));
    answer = answer_;
    came_.notify_all();
  }
  if (answer.empty()) {
    while (fill()) got.clear();
    return;
  }
  for (std::size_t sent = 0; sent < answer.size();) {
    const ssize_t count = ::send(fd, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

bool HookSink::wait_for(std::size_t calls) const {
  std::unique_lock lock{mutex_};
  return came_.wait_for(lock, std::chrono::seconds{20}, [&] { return calls_.size() >= calls; });
}

std::vector<HookCall> HookSink::calls() const {
  const std::lock_guard lock{mutex_};
  return calls_;
}

}  // namespace abate::test
