// SPDX-License-Identifier: Apache-2.0
#include "support/dns_server.h"

#include <array>
#include <cctype>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace abate::testing {
namespace {

constexpr std::size_t kHeadBytes = 12;

std::string two(std::size_t value) { return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)}; }

}  // namespace

DnsServer::DnsServer(std::map<std::string, std::string> zone) : zone_{std::move(zone)} {
  socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  bind(socket_, reinterpret_cast<sockaddr*>(&at), size);
  getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
  port_ = ntohs(at.sin_port);
  thread_ = std::thread{[this] { run(); }};
}

DnsServer::~DnsServer() {
  over_ = true;
  thread_.join();
  close(socket_);
}

std::string DnsServer::address() const { return "127.0.0.1:" + std::to_string(port_); }

// The question again, and one TXT record in strings of 200 bytes; or NXDOMAIN.
std::string DnsServer::answer(const std::string& question) const {
  std::string name;
  std::size_t at = kHeadBytes;
  while (at < question.size() && question[at] != 0) {
    const auto length = static_cast<unsigned char>(question[at]);
    if (!name.empty()) name += '.';
    for (std::size_t i = 1; i <= length && at + i < question.size(); ++i)
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(question[at + i])));
    at += length + 1U;
  }
  const std::string asked = question.substr(kHeadBytes, at + 5 - kHeadBytes);
  const auto found = zone_.find(name);
  const bool there = found != zone_.end();
  std::string out =
      question.substr(0, 2) + (there ? "\x81\x80" : "\x81\x83") + two(1) + two(there ? 1 : 0) + two(0) + two(0);
  out += asked;
  if (!there) return out;
  std::string data;
  for (std::size_t i = 0; i < found->second.size(); i += 200) {
    const std::string piece = found->second.substr(i, 200);
    data += static_cast<char>(piece.size()) + piece;
  }
  return out + "\xc0\x0c" + two(16) + two(1) + two(0) + two(300) + two(data.size()) + data;
}

void DnsServer::run() {
  while (!over_) {
    pollfd wait{socket_, POLLIN, 0};
    if (poll(&wait, 1, 20) <= 0) continue;
    std::array<char, 2048> bytes{};
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t got = recvfrom(socket_, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (got < static_cast<ssize_t>(kHeadBytes) + 5) continue;
    ++asked_;
    if (mute_) continue;
    const std::string reply = answer({bytes.data(), static_cast<std::size_t>(got)});
    sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
  }
}

}  // namespace abate::testing
