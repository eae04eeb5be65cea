// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  struct Known {
    std::string_view pattern;
    std::string_view name;
    std::string_view role;
  };
  constexpr Known kKnown[] = {
      {"/etc/wireguard/*.conf", "WireGuard", "vpn"},        {"/etc/openvpn/server/*.conf", "OpenVPN", "vpn"},
      {"/etc/openvpn/server.conf", "OpenVPN", "vpn"},       {"/etc/shadowsocks*/config.json", "Shadowsocks", "vpn"},
      {"/usr/local/etc/xray/config.json", "Xray", "vpn"},   {"/etc/xray/config.json", "Xray", "vpn"},
      {"/usr/local/etc/v2ray/config.json", "V2Ray", "vpn"}, {"/etc/v2ray/config.json", "V2Ray", "vpn"},
      {"/etc/hysteria/config.yaml", "Hysteria", "vpn"},     {"/etc/sing-box/config.json", "sing-box", "vpn"}};
  for (const Known& known : kKnown)
    for (const std::string& path : glob(*host.tree, known.pattern)) {
      const auto stat = host.tree->stat_through_links(path);
      if (!stat) continue;
      Finding& finding =
          out.add({.kind = SubjectKind::config, .path = path, .name = std::string{known.name}},
                  fmt::format("{} is set up: others' traffic may leave under this server's address", known.name));
      finding.role = known.role;
      finding.at = stat->modified;
      finding.uid = stat->uid;
    }
}

constexpr Example kExamples[] = {
    {"WireGuard",
     R"x(--- /etc/wireguard/wg0.conf
[Interface]
ListenPort = 51820
)x",
     1},
    {"nothing set up",
     R"x(--- /etc/hostname
x
)x",
     0},
};
}  // namespace
extern const Detector proxy_server_configured_detector;
constinit const Detector proxy_server_configured_detector{
    .id = "proxy_server_configured",
    .area = Area::mail_network,
    .severity = Severity::note,
    .title = "A proxy or VPN for somebody's traffic",
    .explain =
        R"(A VPN or tunnel server lets other computers use this server's address. Usually it is the owner's own; complaints
about traffic may then be about one of its users. Intruders set one up too: compare when the file was written
with when you were at work. False alarms: your own VPN. What to do: nothing if it is yours; otherwise stop it
and look for how it came.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
