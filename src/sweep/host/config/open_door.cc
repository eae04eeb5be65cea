// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

#include <algorithm>

#include "base/text.h"

namespace abate::sweep {

bool is_installed(const Host& host, const DoorService& service) {
  for (const std::string& program : parts_of(service.programs, " "))
    if (exists(*host.tree, program)) return true;
  if (service.unit.empty()) return false;
  for (const std::string_view folder : {"/lib/systemd/system", "/usr/lib/systemd/system", "/etc/systemd/system"})
    if (exists(*host.tree, join_path(folder, service.unit))) return true;
  const std::string_view package = service.unit.substr(0, service.unit.find('.'));
  return host.packages->has(package);
}

Finding& report_door(const Host& host, Findings& out, const DoorService& service, const ConfigLine& at,
                     std::string why) {
  Subject subject{.kind = SubjectKind::config, .path = at.path, .name = std::string{service.unit}, .line = at.line};
  subject.port = service.port;
  if (service.port != 0) subject.protocol = service.protocol;
  Finding& finding = out.add(std::move(subject), std::move(why));
  finding.role = service.role;
  if (const Result<Stat> stat = host.tree->stat_through_links(at.path)) finding.at = stat->modified;
  finding.evidence.push_back(at.origin());
  if (!is_installed(host, service)) {
    finding.severity = Severity::note;
    finding.why += " (the service itself is not installed)";
    return finding;
  }
  bool listens = false;
  bool near = false;  // to this server's own programs only
  for (const Socket& socket : host.sockets) {
    if (socket.local_port != service.port || socket.protocol != service.protocol || socket.state != "listen") continue;
    near = true;
    if (!socket.is_open_to_the_world()) continue;
    listens = true;
    finding.evidence.push_back(fmt::format("listens now on {} port {} ({}), process {}", socket.local.to_string(),
                                           socket.local_port, socket.protocol, socket.pid));
    break;
  }
  const std::string drop = service.port == 0 ? "" : firewall_drops(host, service.port, service.protocol);
  if (!drop.empty()) {
    finding.severity = Severity::note;
    finding.why += "; the server's firewall keeps strangers from that port";
    finding.evidence.push_back(drop);
  } else if (host.live && !listens && near) {
    finding.severity = Severity::note;
    finding.why += "; at the moment it listens to this server's own programs only";
  } else if (host.live && !listens && service.port != 0 && !host.sockets.empty()) {
    finding.why += "; nothing listens there at the moment";
  }
  return finding;
}

}  // namespace abate::sweep
