// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/kernel_sockets.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/open_beneath.h"
#include "sweep/host/inventory/inventory.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kSocketsMax = 100'000;
constexpr std::size_t kReplyBytes = std::size_t{64} << 10;
constexpr time_t kAnswerSecondsMax = 2;
constexpr int kRounds = 3;
// States as the kernel numbers them; those between (TIME_WAIT and its like) belong to nobody.
constexpr unsigned kEstablished = 1, kSynSent = 2, kClose = 7, kCloseWait = 8, kListen = 10;

using SocketKey = std::pair<std::string, std::uint64_t>;
// Netlink tells 32 bits of the inode's number.
SocketKey key_of(const Socket& socket) { return {socket.protocol, socket.inode & 0xffffffffU}; }

// Both tell of these for as long as they are there.
bool is_lasting(const Socket& socket) {
  if (socket.inode == 0) return false;
  if (socket.protocol == "udp") return true;
  return socket.protocol == "tcp" && (socket.state == "listen" || socket.state == "established" ||
                                      socket.state == "syn_sent" || socket.state == "close_wait");
}

std::string_view state_name(std::uint8_t protocol, unsigned state) {
  if (protocol == IPPROTO_UDP) return state == kClose ? "listen" : "established";
  switch (state) {
    case kEstablished: return "established";
    case kSynSent: return "syn_sent";
    case kCloseWait: return "close_wait";
    default: return "listen";
  }
}

IpAddress address_of(std::uint8_t family, const __be32 (&words)[4]) {
  if (family == AF_INET) return IpAddress::v4(ntohl(words[0]));
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), words, bytes.size());
  return IpAddress::from_bytes(bytes);
}

// One kind of socket. unavailable: this kernel does not answer.
Result<void> ask(int netlink, std::uint8_t family, std::uint8_t protocol, std::vector<Socket>& sockets) {
  struct {
    nlmsghdr head;
    inet_diag_req_v2 ask;
  } request{};
  request.head = {
      .nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP};
  request.ask.sdiag_family = family;
  request.ask.sdiag_protocol = protocol;
  request.ask.idiag_states = protocol == IPPROTO_UDP
                                 ? 1U << kClose | 1U << kEstablished
                                 : 1U << kEstablished | 1U << kSynSent | 1U << kCloseWait | 1U << kListen;
  if (::send(netlink, &request, sizeof request, 0) != static_cast<ssize_t>(sizeof request))
    return failure(Fault::unavailable, "the kernel takes no question by netlink: {}", ::strerrordesc_np(errno));
  alignas(nlmsghdr) std::array<char, kReplyBytes> reply{};
  for (;;) {
    const ssize_t got = ::recv(netlink, reply.data(), reply.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return failure(Fault::unavailable, "the kernel gives no answer by netlink");
    std::size_t left = static_cast<std::size_t>(got);
    for (const char* at = reply.data(); left >= sizeof(nlmsghdr);) {
      nlmsghdr head{};
      std::memcpy(&head, at, sizeof head);
      if (head.nlmsg_len < sizeof head || head.nlmsg_len > left) break;
      if (head.nlmsg_type == NLMSG_DONE) return {};
      if (head.nlmsg_type == NLMSG_ERROR) return failure(Fault::unavailable, "this kernel tells no sockets by netlink");
      if (head.nlmsg_type == SOCK_DIAG_BY_FAMILY && head.nlmsg_len >= sizeof head + sizeof(inet_diag_msg) &&
          sockets.size() < kSocketsMax) {
        inet_diag_msg told{};
        std::memcpy(&told, at + sizeof head, sizeof told);
        sockets.push_back({.protocol = protocol == IPPROTO_UDP ? "udp" : "tcp",
                           .state = std::string{state_name(protocol, told.idiag_state)},
                           .local = address_of(told.idiag_family, told.id.idiag_src),
                           .local_port = ntohs(told.id.idiag_sport),
                           .remote = address_of(told.idiag_family, told.id.idiag_dst),
                           .remote_port = ntohs(told.id.idiag_dport),
                           .uid = told.idiag_uid,
                           .inode = told.idiag_inode});
      }
      const std::size_t step = std::min<std::size_t>(NLMSG_ALIGN(head.nlmsg_len), left);
      at += step;
      left -= step;
    }
  }
}

Result<std::map<SocketKey, Socket>> lasting_of(const SocketsSource& source) {
  TRY_ASSIGN(std::vector<Socket> sockets, source());
  std::map<SocketKey, Socket> kept;
  for (Socket& socket : sockets)
    if (is_lasting(socket)) kept.emplace(key_of(socket), std::move(socket));
  return kept;
}

std::uint32_t owner_of(const Tree& tree, const std::vector<Process>& processes, std::uint64_t inode) {
  const std::string wanted = fmt::format("socket:[{}]", inode);
  for (const Process& process : processes) {
    const std::string folder = fmt::format("/proc/{}/fd", process.pid);
    if (const Result<std::vector<Name>> names = tree.list(folder))
      for (const Name& name : *names)
        if (tree.link_target(join_path(folder, name.name)).value_or("") == wanted) return process.pid;
  }
  return 0;
}

}  // namespace

Result<std::vector<Socket>> kernel_sockets() {
  const Descriptor netlink{::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)};
  if (!netlink)
    return failure(Fault::unavailable, "the kernel takes no question by netlink: {}", ::strerrordesc_np(errno));
  const timeval patience{.tv_sec = kAnswerSecondsMax, .tv_usec = 0};
  static_cast<void>(::setsockopt(netlink.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience));
  std::vector<Socket> sockets;
  for (const int family : {AF_INET, AF_INET6})
    for (const int protocol : {IPPROTO_TCP, IPPROTO_UDP})
      TRY(ask(netlink.get(), static_cast<std::uint8_t>(family), static_cast<std::uint8_t>(protocol), sockets));
  return sockets;
}

Result<std::vector<Socket>> only_in_one(const SocketsSource& kernel, const SocketsSource& proc) {
  std::map<SocketKey, Socket> suspects;
  for (int round = 0; round < kRounds; ++round) {
    TRY_ASSIGN(const auto before, lasting_of(proc));
    TRY_ASSIGN(const auto told, lasting_of(kernel));
    TRY_ASSIGN(const auto after, lasting_of(proc));
    std::map<SocketKey, Socket> now;
    for (const auto& [key, socket] : told)
      if (!before.contains(key) && !after.contains(key)) now.emplace(key, socket);
    for (const auto& [key, socket] : before)
      if (after.contains(key) && !told.contains(key)) now.emplace(key, socket);
    if (round == 0)
      suspects = std::move(now);
    else
      std::erase_if(suspects, [&](const auto& one) { return !now.contains(one.first); });
    if (suspects.empty()) break;
  }
  std::vector<Socket> found;
  for (auto& [key, socket] : suspects) {
    socket.hidden = true;
    found.push_back(std::move(socket));
  }
  return found;
}

void find_hidden_sockets(const Tree& tree, Running& running, Notes& notes) {
  const auto ours = static_cast<std::uint32_t>(::getpid());
  const Result<std::vector<Socket>> hidden = only_in_one(kernel_sockets, [&] { return proc_sockets(tree, ours); });
  if (!hidden) return notes.add("hidden connections", hidden.error().what);
  for (Socket socket : *hidden) {
    const auto known =
        std::ranges::find_if(running.sockets, [&](const Socket& one) { return key_of(one) == key_of(socket); });
    if (known != running.sockets.end()) {
      known->hidden = true;
      continue;
    }
    socket.pid = owner_of(tree, running.processes, socket.inode);
    running.sockets.push_back(std::move(socket));
  }
}

}  // namespace abate::sweep
