// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/embedded.h"
#include "base/text.h"
#include "remedy/edit.h"
#include "remedy/measure.h"
#include "sweep/host/config/config_text.h"

namespace abate::remedy {

extern const Measure unneeded_services_measure;
std::span<const EmbeddedFile> service_rules();  // made by cmake/Embed.cmake of rules/unneeded_services.tsv

namespace {

struct Unneeded {
  std::string_view unit;
  std::string_view what;
  std::vector<std::string_view> needed_where;  // "pattern" or "pattern:text"
};

std::vector<Unneeded> known_services() {
  std::vector<Unneeded> all;
  for (const EmbeddedFile& file : service_rules())
    for (const std::string_view line : split(file.bytes, '\n')) {
      const auto fields = split(line, '\t');
      if (fields.size() == 3 && !line.starts_with('#')) all.push_back({fields[0], fields[1], split(fields[2], '|')});
    }
  return all;
}

bool holds(const sweep::Tree& tree, const std::string& path, std::string_view text) {
  return std::ranges::any_of(sweep::config_lines(tree, path), [&](const sweep::ConfigLine& line) {
    return !line.text.starts_with(';') && contains_ignoring_case(line.text, text);
  });
}

// "" or the file that shows it.
std::string needed_by(const sweep::Tree& tree, const Unneeded& service) {
  for (const std::string_view place : service.needed_where) {
    if (place.empty()) continue;
    const std::size_t colon = place.find(':');
    for (const std::string& path : sweep::glob(tree, place.substr(0, colon)))
      if (colon == std::string_view::npos || holds(tree, path, place.substr(colon + 1))) return path;
  }
  return "";
}

bool is_enabled(const sweep::Tree& tree, std::string_view unit) {
  const Result<std::string> target = tree.link_target(fmt::format("/etc/systemd/system/{}", unit));
  if (target && *target == "/dev/null") return false;
  return !sweep::glob(tree, fmt::format("/etc/systemd/system/*.wants/{}", unit)).empty();
}

bool runs(const sweep::Host& host, std::string_view unit) {
  return std::ranges::any_of(host.processes, [&](const sweep::Process& one) { return one.unit == unit; });
}

std::string listens(const sweep::Host& host, std::string_view unit) {
  for (const sweep::Socket& socket : host.sockets)
    for (const sweep::Process& process : host.processes)
      if (process.pid == socket.pid && process.unit == unit && socket.is_open_to_the_world())
        return fmt::format("; it listens to everybody on {} port {}", socket.protocol, socket.local_port);
  return "";
}

void look(const Ground& ground, Advised& out) {
  const sweep::Host& host = ground.host;
  std::size_t seen = 0;
  for (const Unneeded& service : known_services()) {
    if (!is_enabled(*host.tree, service.unit) && !runs(host, service.unit)) continue;
    ++seen;
    const std::string user = needed_by(*host.tree, service);
    if (!user.empty()) {
      out.already(fmt::format("{} is used: {}", service.unit, user));
      continue;
    }
    Subject subject;
    subject.kind = SubjectKind::unit;
    subject.name = service.unit;
    Action& action = out.advise(subject, fmt::format("{} is on ({}), and nothing here shows that it is used{}",
                                                     service.unit, service.what, listens(host, service.unit)));
    action.effect = fmt::format("{} is off, also after a restart", service.unit);
    action.risk = "Somebody may use it in a way that no file here tells";
    action.undo = "The unit may start again: abate undo, then systemctl start";
  }
  if (seen == 0) out.already("none of the services that servers rarely need is on");
}

Result<Work> work(const Action& action, const sweep::Host& host) { return mask_unit(host, action.subject); }

constexpr MeasureExample kExamples[] = {{"a print server without a printer", R"x(--- /lib/systemd/system/cups.service
x
--- /etc/systemd/system/multi-user.target.wants/cups.service -> /lib/systemd/system/cups.service
)x",
                                         Standing::advised},
                                        {"NFS is used", R"x(--- /etc/exports
/srv/data 10.0.0.0/8(ro)
--- /lib/systemd/system/rpcbind.service
x
--- /etc/systemd/system/multi-user.target.wants/rpcbind.service -> /lib/systemd/system/rpcbind.service
)x",
                                         Standing::already},
                                        {"nothing of that kind", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure unneeded_services_measure{
    .name = "unneeded_services",
    .requirement = "R30",
    .title = "Services that nobody needs are off",
    .explain =
        R"TEXT(Stops and masks services that few servers need (rpcbind, cups, avahi, telnet, tftp, …; rules/unneeded_services.tsv holds the list) where nothing on this server shows that they are used: an export of NFS, a printer, a share.
What can go wrong: a use that no file tells. Undo: abate undo takes the mask away; then systemctl start UNIT.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
