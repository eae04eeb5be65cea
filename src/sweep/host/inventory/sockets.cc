// SPDX-License-Identifier: Apache-2.0
// Open connections and listening services: /proc/PID/net/* of one process of each network namespace.
#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"
#include "sweep/host/inventory/inventory.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kSocketsMax = 100'000;
constexpr std::size_t kTableBytesMax = std::size_t{16} << 20;

template <class T>
T hex(std::string_view text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return value;
}

// Groups of four bytes in the machine's own order (little-endian on what we run on).
std::optional<IpAddress> address_of(std::string_view digits) {
  if (digits.size() == 8) {
    const auto raw = hex<std::uint32_t>(digits);
    return IpAddress::v4(__builtin_bswap32(raw));
  }
  if (digits.size() != 32) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t group = 0; group < 4; ++group) {
    const auto raw = hex<std::uint32_t>(digits.substr(group * 8, 8));
    for (std::size_t i = 0; i < 4; ++i) bytes[group * 4 + i] = static_cast<std::uint8_t>(raw >> (8 * i));
  }
  return IpAddress::from_bytes(bytes);
}

std::string_view state_of(std::string_view protocol, unsigned state) {
  constexpr std::string_view kTcp[] = {"",          "established", "syn_sent",   "syn_recv", "fin_wait1", "fin_wait2",
                                       "time_wait", "close",       "close_wait", "last_ack", "listen",    "closing"};
  if (protocol == "tcp") return state < std::size(kTcp) ? kTcp[state] : "";
  return state == 7 ? "listen" : "established";  // UDP and raw: unconnected ones take what comes
}

void table(std::string_view text, std::string_view protocol, std::vector<Socket>& sockets) {
  for (const std::string_view line : split(text, '\n')) {
    std::vector<std::string_view> words;
    for (const std::string_view word : split(line, ' '))
      if (!word.empty()) words.push_back(word);
    if (words.size() < 10 || !words[0].ends_with(':') || sockets.size() >= kSocketsMax) continue;
    const std::size_t local = words[1].find(':');
    const std::size_t remote = words[2].find(':');
    if (local == std::string_view::npos || remote == std::string_view::npos) continue;
    const std::optional<IpAddress> here = address_of(words[1].substr(0, local));
    const std::optional<IpAddress> there = address_of(words[2].substr(0, remote));
    if (!here || !there) continue;
    Socket socket{.protocol = std::string{protocol},
                  .state = std::string{state_of(protocol, hex<unsigned>(words[3]))},
                  .local = *here,
                  .local_port = hex<std::uint16_t>(words[1].substr(local + 1)),
                  .remote = *there,
                  .remote_port = hex<std::uint16_t>(words[2].substr(remote + 1))};
    std::from_chars(words[7].data(), words[7].data() + words[7].size(), socket.uid);
    std::from_chars(words[9].data(), words[9].data() + words[9].size(), socket.inode);
    sockets.push_back(std::move(socket));
  }
}

// sk RefCnt Type Proto Iface R Rmem User Inode
void packet_table(std::string_view text, std::vector<Socket>& sockets) {
  bool head = true;
  for (const std::string_view line : split(text, '\n')) {
    std::vector<std::string_view> words;
    for (const std::string_view word : split(line, ' '))
      if (!word.empty()) words.push_back(word);
    if (std::exchange(head, false) || words.size() < 9) continue;
    Socket socket{.protocol = "packet", .state = "listen"};
    std::from_chars(words[7].data(), words[7].data() + words[7].size(), socket.uid);
    std::from_chars(words[8].data(), words[8].data() + words[8].size(), socket.inode);
    sockets.push_back(std::move(socket));
  }
}

}  // namespace

Result<std::vector<Socket>> proc_sockets(const Tree& tree, std::uint32_t pid) {
  std::vector<Socket> sockets;
  bool any = false;
  const std::string folder = fmt::format("/proc/{}/net/", pid);
  for (const std::string_view protocol : {"tcp", "udp", "raw"})
    for (const std::string_view family : {"", "6"}) {
      const Result<std::string> text =
          read_whole(tree, fmt::format("{}{}{}", folder, protocol, family), kTableBytesMax);
      if (!text) continue;
      any = true;
      table(*text, protocol, sockets);
    }
  packet_table(read_or_nothing(tree, folder + "packet", kTableBytesMax), sockets);
  if (!any && sockets.empty()) return failure(Fault::unavailable, "the kernel's tables could not be read");
  return sockets;
}

void load_sockets(Host& host, const SocketOwners& owners, Notes& notes) {
  const Tree& tree = *host.tree;
  std::set<std::string> namespaces;
  bool any = false;
  for (const Process& process : host.processes) {
    const Result<std::string> space = tree.link_target(fmt::format("/proc/{}/ns/net", process.pid));
    if (!namespaces.insert(space.value_or("")).second) continue;
    Result<std::vector<Socket>> sockets = proc_sockets(tree, process.pid);
    any |= sockets.has_value();
    for (Socket& socket : sockets.value_or(std::vector<Socket>{})) {
      if (host.sockets.size() >= kSocketsMax) break;
      if (const auto owner = owners.find(socket.inode); owner != owners.end()) socket.pid = owner->second;
      host.sockets.push_back(std::move(socket));
    }
  }
  if (!any) notes.add("open connections", "the kernel's tables could not be read");
}

}  // namespace abate::sweep
