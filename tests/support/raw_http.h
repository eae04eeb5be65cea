// SPDX-License-Identifier: Apache-2.0
// tests/support/raw_http.h — a client that sends exactly the bytes that it is given. Each wait is bounded.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"

namespace abate::test {

struct RawAnswer {
  int status = 0;    // 0: none came
  std::string head;  // with its last empty line
  std::string body;

  [[nodiscard]] std::string header(std::string_view name) const {
    for (std::string_view line : split(head, '\n')) {
      const auto colon = line.find(':');
      if (colon != std::string_view::npos && equals_ignoring_case(line.substr(0, colon), name))
        return std::string{trim(line.substr(colon + 1))};
    }
    return {};
  }
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) throw std::runtime_error("connect");
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // One answer; `head_only` for HEAD. A body without Content-Length is read to the end of the connection.
  RawAnswer receive(bool head_only = false, std::chrono::milliseconds within = std::chrono::seconds{15}) {
    until_ = std::chrono::steady_clock::now() + within;
    RawAnswer answer;
    std::size_t end = 0;
    while ((end = held_.find("\r\n\r\n")) == std::string::npos)
      if (!more()) return answer;
    answer.head = held_.substr(0, end + 4);
    held_.erase(0, end + 4);
    answer.status = std::atoi(answer.head.substr(9, 3).c_str());
    if (head_only || answer.status == 100 || answer.status == 204 || answer.status == 304) return answer;
    const std::string length = answer.header("content-length");
    const std::size_t wanted = length.empty() ? std::string::npos : std::stoul(length);
    while (held_.size() < wanted && more()) {
    }
    answer.body = held_.substr(0, wanted);
    held_.erase(0, answer.body.size());
    return answer;
  }

  RawAnswer ask(std::string_view bytes, bool head_only = false) {
    send(bytes);
    return receive(head_only);
  }

  // Everything up to and with `mark`; what came, when it never does.
  std::string receive_until(std::string_view mark, std::chrono::milliseconds within = std::chrono::seconds{15}) {
    until_ = std::chrono::steady_clock::now() + within;
    while (held_.find(mark) == std::string::npos)
      if (!more()) return std::exchange(held_, {});
    const std::size_t end = held_.find(mark) + mark.size();
    std::string out = held_.substr(0, end);
    held_.erase(0, end);
    return out;
  }

  // Does the other side close within that time? Bytes that come before are thrown away.
  bool closed(std::chrono::milliseconds within = std::chrono::seconds{10}) {
    until_ = std::chrono::steady_clock::now() + within;
    while (more()) held_.clear();
    return ended_;
  }

 private:
  bool more() {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until_ - std::chrono::steady_clock::now());
    pollfd wait{socket_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0) return false;
    char bytes[16384];
    const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
    ended_ = got <= 0;
    if (got > 0) held_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
  }

  int socket_;
  bool ended_ = false;
  std::string held_;
  std::chrono::steady_clock::time_point until_;
};

}  // namespace abate::test
