// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kPlaces[] = {
    "/etc/iptables/rules.v4", "/etc/iptables/rules.v6", "/etc/sysconfig/iptables",      "/etc/nftables.conf",
    "/etc/nftables/*.nft",    "/etc/nftables.d/*",      "/etc/sysconfig/nftables.conf", "/etc/ufw/before.rules",
    "/etc/ufw/after.rules",   "/etc/rc.local",          "/etc/network/if-pre-up.d/*",   "/etc/csf/csf.redirect"};

bool is_near(const Host& host, const IpAddress& address) {
  if (host.is_own_address(address)) return true;
  if (!address.is_v4()) return (address.bytes()[0] & 0xfeU) == 0xfc || (address.bytes()[0] == 0xfe);
  const std::uint32_t value = address.v4_value();
  return value >> 24U == 10 || value >> 20U == 0xac1 || value >> 16U == 0xc0a8 || value >> 16U == 0xa9fe ||
         value >> 22U == 0x191;  // 100.64.0.0/10
}

// "… -j DNAT --to-destination 198.51.100.9:443", "… dnat to 198.51.100.9:443", "… dnat ip to …"
std::string_view target_of(std::string_view line) {
  for (const std::string_view mark : {"--to-destination ", "--to ", "dnat to ", "dnat ip to ", "dnat ip6 to "}) {
    const std::size_t at = line.find(mark);
    if (at == std::string_view::npos || line.find(mark[0] == '-' ? "DNAT" : "dnat") == std::string_view::npos) continue;
    const std::string_view rest = line.substr(at + mark.size());
    return rest.substr(0, rest.find_first_of(" \t;}"));
  }
  return {};
}

void look(const Host& host, Findings& out) {
  for (const std::string_view pattern : kPlaces)
    for (const std::string& path : glob(*host.tree, pattern)) {
      std::uint32_t number = 0;
      for (std::string_view line : lines_of(*host.tree, path)) {
        ++number;
        line = trim(line);
        if (line.starts_with('#')) continue;
        std::string_view target = target_of(line);
        if (target.empty()) continue;
        const bool bracket = target.starts_with('[');
        const std::string_view bare =
            bracket ? target.substr(1, target.find(']') - 1) : target.substr(0, target.find_first_of(":-"));
        const Result<IpAddress> address = parse_ip(bare);
        if (!address || is_near(host, *address)) continue;
        Subject subject = file_subject(path, number);
        subject.kind = SubjectKind::config;
        Finding& finding = out.add(std::move(subject),
                                   fmt::format("Connections to this server are passed on to {}", address->to_string()));
        if (const Result<Stat> stat = host.tree->stat_through_links(path)) finding.at = stat->modified;
        finding.evidence.push_back(fmt::format("{}:{}: {}", path, number, line.substr(0, 300)));
        finding.addresses.push_back(address->to_string());
        finding.role = "proxy";
      }
    }
}

constexpr Example kExamples[] = {{"to a stranger", R"TREE(--- /etc/iptables/rules.v4
*nat
-A PREROUTING -p tcp --dport 443 -j DNAT --to-destination 198.51.100.9:8443
COMMIT
--- /etc/nftables.conf
table ip nat {
  chain prerouting { type nat hook prerouting priority -100; tcp dport 80 dnat to 198.51.100.9:80; }
}
)TREE",
                                  2},
                                 {"to a container", R"TREE(--- /etc/iptables/rules.v4
*nat
-A DOCKER ! -i docker0 -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
-A POSTROUTING -o eth0 -j MASQUERADE
COMMIT
)TREE",
                                  0}};

}  // namespace

extern const Detector traffic_redirected_detector;
constinit const Detector traffic_redirected_detector{
    .id = "traffic_redirected",
    .area = Area::mail_network,
    .severity = Severity::suspicious,
    .title = "The firewall sends what comes in to somewhere else",
    .explain =
        R"TEXT(A rule of the packet filter changes where connections lead: whoever calls this server is passed on to another machine on the Internet. So intruders hide where a phishing page or a command server really is. Rules towards private addresses, as containers and virtual machines have them, are left alone.
What to do: ask who wrote the rule; take it out and load the rules anew.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
