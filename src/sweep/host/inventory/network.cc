// SPDX-License-Identifier: Apache-2.0
// The server's own addresses as its configuration gives them: ifupdown, systemd-networkd, netplan, NetworkManager,
// RHEL's ifcfg, cloud-init; and when it was first started.
#include <algorithm>

#include "base/text.h"
#include "sweep/host/inventory/inventory.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kAddressesMax = 512;

struct Place {
  std::string_view pattern;
  std::string_view key;  // the address follows it
};
constexpr Place kPlaces[] = {
    {"/etc/network/interfaces", "address"},
    {"/etc/network/interfaces.d/*", "address"},
    {"/etc/systemd/network/*.network", "Address="},
    {"/etc/netplan/*.yaml", "-"},
    {"/etc/NetworkManager/system-connections/*", "address"},
    {"/etc/sysconfig/network-scripts/ifcfg-*", "IPADDR"},
    {"/etc/sysconfig/network-scripts/ifcfg-*", "IPV6ADDR"},
    {"/run/systemd/netif/leases/*", "ADDRESS="},
};

void add(Host& host, std::string_view text) {
  text = text.substr(0, text.find_first_of("/, \t\"']#"));
  const Result<IpAddress> address = parse_ip(text);
  if (!address || host.addresses.size() >= kAddressesMax) return;
  if (address->is_v4() && ((address->v4_value() >> 24) == 127 || address->v4_value() == 0)) return;
  if (std::ranges::find(host.addresses, *address) == host.addresses.end()) host.addresses.push_back(*address);
}

}  // namespace

void load_network(Host& host, Notes&) {
  for (const Place& place : kPlaces)
    for (const std::string& path : glob(*host.tree, place.pattern))
      for (std::string_view line : lines_of(*host.tree, path)) {
        line = trim(line);
        if (!line.starts_with(place.key)) continue;
        line.remove_prefix(place.key.size());
        // "1=192.0.2.1/24" of NetworkManager, "0=\"…\"" of ifcfg, "- \"192.0.2.1/24\"" of netplan
        while (!line.empty() &&
               (line[0] == ' ' || line[0] == '\t' || line[0] == '=' || line[0] == '"' || line[0] == '\''))
          line.remove_prefix(1);
        if (const std::size_t equals = line.find('='); equals < 3) line.remove_prefix(equals + 1);
        add(host, line);
      }
}

void load_first_boot(Host& host) {
  // Made once, when the machine is first started: the earliest of them that is there.
  std::optional<Instant> first;
  for (const std::string_view path : {"/etc/machine-id", "/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_rsa_key",
                                      "/var/lib/cloud/instance/boot-finished"}) {
    const Result<Stat> stat = host.tree->stat_through_links(path);
    if (stat && stat->size > 0 && (!first || stat->modified < *first)) first = stat->modified;
  }
  host.first_boot_at = first;
}

}  // namespace abate::sweep
