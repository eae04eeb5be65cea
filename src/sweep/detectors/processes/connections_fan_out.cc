// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <map>
#include <set>

#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kTableBytesMax = std::size_t{16} << 20;
constexpr std::size_t kUnansweredMin = 200;

std::string_view value_of(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(key);
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + key.size());
  return line.substr(0, line.find(' '));
}

// "ipv4 2 tcp 6 119 SYN_SENT src=… dst=… sport=… dport=23 [UNREPLIED] src=…": of one direction, the first is ours.
void look(const Host& host, Findings& out) {
  const std::string text = read_or_nothing(*host.tree, "/proc/1/net/nf_conntrack", kTableBytesMax);
  std::map<std::pair<std::string, std::string>, std::set<std::string_view>> far;  // protocol and port -> addresses
  std::map<std::pair<std::string, std::string>, std::string_view> first;
  for (const std::string_view line : split(text, '\n')) {
    if (line.find("[UNREPLIED]") == std::string_view::npos) continue;
    const bool tcp = line.find(" tcp ") != std::string_view::npos;
    if (tcp ? line.find("SYN_SENT") == std::string_view::npos : line.find(" udp ") == std::string_view::npos) continue;
    const Result<IpAddress> from = parse_ip(value_of(line, " src="));
    if (!from || !host.is_own_address(*from)) continue;
    const std::pair<std::string, std::string> key{tcp ? "tcp" : "udp", value_of(line, " dport=")};
    far[key].insert(value_of(line, " dst="));
    first.emplace(key, line);
  }
  for (const auto& [key, addresses] : far) {
    const auto& [protocol, digits] = key;
    if (addresses.size() < kUnansweredMin || (protocol == "udp" && (digits == "53" || digits == "123"))) continue;
    Subject subject{.kind = SubjectKind::port};
    std::from_chars(digits.data(), digits.data() + digits.size(), subject.port);
    subject.protocol = protocol;
    Finding& finding = out.add(
        std::move(subject), fmt::format("This server knocked at port {} ({}) of {} addresses without an answer, within "
                                        "minutes",
                                        digits, protocol, addresses.size()));
    finding.evidence.emplace_back(first[key]);
    finding.role = "scanner";
  }
}

// 200 lines of text as a table: one address each.
constexpr auto kScan = [] {
  constexpr std::string_view kHead =
      "--- /etc/network/interfaces\naddress 203.0.113.10\n--- /proc/1/status\nName:\tinit\n"
      "--- /proc/1/net/nf_conntrack\n";
  constexpr std::string_view kLine =
      "ipv4 2 tcp 6 119 SYN_SENT src=203.0.113.10 dst=198.51.100.000 sport=1 dport=23 [UNREPLIED] src=198.51.100.1\n";
  std::array<char, kHead.size() + kLine.size() * 210> text{};
  std::size_t at = 0;
  for (const char c : kHead) text[at++] = c;
  for (int n = 10; n < 220; ++n) {
    const std::size_t digits = at + kLine.find("000");
    for (const char c : kLine) text[at++] = c;
    text[digits] = static_cast<char>('0' + n / 100);
    text[digits + 1] = static_cast<char>('0' + n / 10 % 10);
    text[digits + 2] = static_cast<char>('0' + n % 10);
  }
  return text;
}();

constexpr Example kExamples[] = {{"a scan for telnet", {kScan.data(), kScan.size()}, 1},
                                 {"a visitor of ours", R"TREE(--- /etc/network/interfaces
address 203.0.113.10
--- /proc/1/status
Name:	init
--- /proc/1/net/nf_conntrack
ipv4 2 tcp 6 119 SYN_SENT src=198.51.100.7 dst=203.0.113.10 sport=1 dport=23 [UNREPLIED] src=203.0.113.10
)TREE",
                                  0}};

}  // namespace

extern const Detector connections_fan_out_detector;
constinit const Detector connections_fan_out_detector{
    .id = "connections_fan_out",
    .area = Area::processes,
    .severity = Severity::suspicious,
    .title = "Many addresses were called and did not answer",
    .explain =
        R"TEXT(The firewall's table of connections remembers for some minutes whom this server called. Here it called one port of hundreds of addresses that never answered: that is how a scan looks, also after its program has ended. Raw sockets do not show in a list of sockets, and show here.
False alarms: monitoring of a large network, a mail server whose partners are down.
What to do: find the program (the findings about processes), and close the way out for it.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
