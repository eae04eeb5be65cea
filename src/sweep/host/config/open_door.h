// SPDX-License-Identifier: Apache-2.0
// sweep/host/config/open_door.h — how every detector of an open service says so: one form, one way to weigh it.
//
// What a configuration opens is `weak`. It is a note where the service is not installed, or where the server's own
// firewall plainly drops the port, or, live, where the port's socket listens on loopback only; a socket that strangers
// reach is named as evidence. Reads through host.tree only.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sweep/host/config/config_text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {

struct DoorService {
  std::string_view unit;      // "squid.service"
  std::string_view programs;  // absolute paths, by blanks: any of them means that it is installed
  std::uint16_t port = 0;
  std::string_view protocol = "tcp";
  std::string_view role = "exposed_service";
};

bool is_installed(const Host& host, const DoorService& service);
// "" where strangers reach the port, else what drops it: "/etc/nftables.conf:7: …".
std::string firewall_drops(const Host& host, std::uint16_t port, std::string_view protocol);
// Does the server filter at all? "" or the file that says so.
std::string firewall_seen(const Host& host);

Finding& report_door(const Host& host, Findings& out, const DoorService& service, const ConfigLine& at,
                     std::string why);

}  // namespace abate::sweep
