// SPDX-License-Identifier: Apache-2.0
// A simple reading of the saved rules of nftables, iptables, ufw and firewalld: only "everything is dropped, and
// nothing names this port" counts as dropped. Anything harder to read counts as open.
#include <algorithm>

#include "base/text.h"
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

bool unit_enabled(const Host& host, std::string_view unit) {
  return !glob(*host.tree, fmt::format("/etc/systemd/system/*.wants/{}", unit)).empty() ||
         !glob(*host.tree, fmt::format("/etc/rc?.d/S*{}", unit.substr(0, unit.find('.')))).empty();
}

// Does a rule's text let this port in? Ranges, sets and service names count.
bool names_port(std::string_view text, std::uint16_t port) {
  for (const std::string& word : parts_of(text, " ,{}")) {
    const std::size_t dash = word.find_first_of("-:");
    if (dash != std::string::npos) {
      const std::uint16_t low = port_of(word.substr(0, dash), 0);
      const std::uint16_t high = port_of(word.substr(dash + 1), 0);
      if (low != 0 && high != 0 && low <= port && port <= high) return true;
    } else if (port_of(word, 0) == port) {
      return true;
    }
  }
  static constexpr std::pair<std::string_view, std::uint16_t> kNames[] = {
      {"smtp", 25},    {"domain", 53}, {"dns", 53},    {"ntp", 123},        {"snmp", 161},        {"ldap", 389},
      {"mysql", 3306}, {"ftp", 21},    {"telnet", 23}, {"submission", 587}, {"postgresql", 5432}, {"http", 80},
      {"squid", 3128}, {"tftp", 69},   {"samba", 445}, {"nfs", 2049},       {"redis", 6379},      {"ipp", 631}};
  return std::ranges::any_of(
      kNames, [&](const auto& known) { return known.second == port && contains_ignoring_case(text, known.first); });
}

// Those of `abate harden`, once they were confirmed.
constexpr std::string_view kOwnFile = "/etc/abate-firewall.nft";
bool own_is_kept(const Host& host) {
  return exists(*host.tree, kOwnFile) && exists(*host.tree, "/var/lib/abate/firewall-kept");
}

std::string rules_drop(const Host& host, std::string_view path, std::uint16_t port) {
  std::string drops;
  bool in_input = false;
  bool jumps = false;
  for (const ConfigLine& line : config_lines_with_includes(*host.tree, path, "include", "/etc")) {
    if (line.text.starts_with("chain ")) in_input = false;
    if (line.text.find("hook input") != std::string::npos) {
      in_input = true;
      if (line.text.find("policy drop") != std::string::npos) drops = line.origin();
    }
    if (!in_input) continue;
    jumps |= line.text.find("jump") != std::string::npos || line.text.find("goto") != std::string::npos ||
             line.text.find('@') != std::string::npos || line.text.find('$') != std::string::npos;
    if (line.text.find("accept") == std::string::npos || line.text.find("policy") != std::string::npos) continue;
    if (line.text == "accept" || names_port(line.text, port)) return {};
  }
  return jumps ? "" : drops;
}

std::string nftables_drop(const Host& host, std::uint16_t port) {
  if (own_is_kept(host))
    if (std::string drops = rules_drop(host, kOwnFile, port); !drops.empty()) return drops;
  return unit_enabled(host, "nftables.service") ? rules_drop(host, "/etc/nftables.conf", port) : "";
}

std::string iptables_drop(const Host& host, std::uint16_t port) {
  for (const std::string_view path : {"/etc/iptables/rules.v4", "/etc/sysconfig/iptables"}) {
    std::string drops;
    for (const ConfigLine& line : config_lines(*host.tree, path)) {
      if (line.text.starts_with(":INPUT DROP") || line.text.starts_with(":INPUT REJECT")) drops = line.origin();
      if (line.text.starts_with("-A INPUT -j DROP") || line.text.starts_with("-A INPUT -j REJECT")) {
        drops = line.origin();
        break;
      }
      if (!line.text.starts_with("-A INPUT")) continue;
      const auto words = words_of(line.text);
      const bool accepts = line.text.find("-j ACCEPT") != std::string::npos;
      const bool jumps = !accepts && line.text.find("-j DROP") == std::string::npos &&
                         line.text.find("-j REJECT") == std::string::npos &&
                         line.text.find("-j LOG") == std::string::npos;
      if (jumps || words.size() <= 4) return {};
      const bool limited = line.text.find("-i lo") != std::string::npos ||
                           line.text.find("state") != std::string::npos ||
                           line.text.find("-p icmp") != std::string::npos;
      if (accepts && !limited && (line.text.find("port") == std::string::npos || names_port(line.text, port)))
        return {};
    }
    if (!drops.empty()) return drops;
  }
  return {};
}

std::string ufw_drop(const Host& host, std::uint16_t port) {
  const auto on = ini_settings(*host.tree, "/etc/ufw/ufw.conf");
  if (!is_yes(value_of(on, "enabled"))) return {};
  const auto defaults = ini_settings(*host.tree, "/etc/default/ufw");
  const Setting* policy = last_of(defaults, "default_input_policy");
  if (policy == nullptr || (policy->value != "DROP" && policy->value != "REJECT")) return {};
  for (const std::string_view path : {"/etc/ufw/user.rules", "/lib/ufw/user.rules"})
    for (const ConfigLine& line : config_lines(*host.tree, path)) {
      const bool accepts =
          line.text.find("-j ACCEPT") != std::string::npos || line.text.find("limit-accept") != std::string::npos;
      const bool input = line.text.starts_with("-A ufw-user-input");
      if (input && accepts && (line.text.find("port") == std::string::npos || names_port(line.text, port))) return {};
    }
  return policy->at.origin();
}

std::string firewalld_drop(const Host& host, std::uint16_t port) {
  if (!unit_enabled(host, "firewalld.service")) return {};
  const auto settings = ini_settings(*host.tree, "/etc/firewalld/firewalld.conf");
  const std::string zone = value_of(settings, "defaultzone", "public");
  if (zone.find('/') != std::string::npos || zone == "trusted") return {};
  std::string path = fmt::format("/etc/firewalld/zones/{}.xml", zone);
  if (!exists(*host.tree, path)) path = fmt::format("/usr/lib/firewalld/zones/{}.xml", zone);
  const auto lines = config_lines(*host.tree, path, "");
  for (const ConfigLine& line : lines) {
    if (line.text.find("target=\"ACCEPT\"") != std::string::npos) return {};
    const auto words = parts_of(line.text, " \"<>/=");
    const bool opens =
        line.text.starts_with("<port") || line.text.starts_with("<service") || line.text.starts_with("<rule");
    if (opens && (line.text.starts_with("<rule") ||
                  std::ranges::any_of(words, [&](const std::string& word) { return names_port(word, port); })))
      return {};
  }
  return lines.empty() ? "" : fmt::format("{}: the zone does not name port {}", path, port);
}

}  // namespace

std::string firewall_drops(const Host& host, std::uint16_t port, std::string_view /*protocol*/) {
  for (const auto reader : {nftables_drop, iptables_drop, ufw_drop, firewalld_drop})
    if (std::string drop = reader(host, port); !drop.empty()) return drop;
  return {};
}

std::string firewall_seen(const Host& host) {
  if (own_is_kept(host)) return std::string{kOwnFile};
  for (const std::string_view path : {"/etc/nftables.conf", "/etc/sysconfig/nftables.conf"})
    if (unit_enabled(host, "nftables.service"))
      for (const ConfigLine& line : config_lines(*host.tree, path))
        if (line.text.find("drop") != std::string::npos || line.text.find("reject") != std::string::npos ||
            line.text.starts_with("include"))
          return std::string{path};
  for (const std::string_view path : {"/etc/iptables/rules.v4", "/etc/sysconfig/iptables"})
    for (const ConfigLine& line : config_lines(*host.tree, path))
      if (line.text.find("DROP") != std::string::npos || line.text.find("REJECT") != std::string::npos)
        return std::string{path};
  if (is_yes(value_of(ini_settings(*host.tree, "/etc/ufw/ufw.conf"), "enabled"))) return "/etc/ufw/ufw.conf";
  for (const std::string_view unit : {"firewalld.service", "shorewall.service", "csf.service", "ferm.service"})
    if (unit_enabled(host, unit)) return std::string{unit};
  return {};
}

}  // namespace abate::sweep
