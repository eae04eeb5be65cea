// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "base/text.h"
#include "sweep/host/code/places.h"
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  constexpr std::string_view kServers[] = {"postfix",  "smtp",         "master",    "exim",   "exim4",
                                           "sendmail", "qmail-remote", "opensmtpd", "smtpd",  "courier",
                                           "msmtp",    "nullmailer",   "dma",       "haraka", "stalwart"};
  std::set<std::uint32_t> told;
  for (const Socket& socket : host.sockets) {
    if (socket.protocol != "tcp" || socket.remote_port != 25 ||
        (socket.state != "established" && socket.state != "syn_sent") || socket.pid == 0 ||
        host.is_own_address(socket.remote))
      continue;
    const auto process = std::ranges::find(host.processes, socket.pid, &Process::pid);
    if (process == host.processes.end() || !told.insert(socket.pid).second) continue;
    const std::string_view file = file_name(process->exe);
    if (std::ranges::any_of(kServers, [&](std::string_view name) { return file.starts_with(name); }) ||
        process->exe.starts_with("/usr/lib/postfix") || process->exe.starts_with("/usr/libexec/postfix"))
      continue;
    Finding& finding = out.add(process_subject(*process),
                               fmt::format("{} talks to port 25 of {}", process->exe, socket.remote.to_string()));
    const bool interpreter = file.starts_with("perl") || file.starts_with("python") || file.starts_with("php");
    finding.severity =
        interpreter || is_open_place(process->exe) || (host.is_web_user(process->uid) && process->uid < 1000)
            ? Severity::malicious
            : Severity::suspicious;
    fill_process(host, *process, "mailer", finding);
    finding.addresses.push_back(socket.remote.to_string());
  }
}

constexpr Example kExamples[] = {
    {"perl",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/705/status\nName:\tperl\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
         "/proc/705/cmdline cut\nperl\0m.pl\0\n--- /proc/705/exe -> /usr/bin/perl\n--- /proc/705/fd/3 -> "
         "socket:[9002]\n--- /proc/705/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- /proc/1/net/tcp\n  sl  "
         "x\n   0: 0A7100CB:9C40 F70200C0:0019 01 00000000:00000000 00:00000000 00000000    33        0 9002 1\n",
         sizeof("--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
                "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/"
                "nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n--- "
                "/proc/705/status\nName:\tperl\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
                "/proc/705/cmdline cut\nperl\0m.pl\0\n--- /proc/705/exe -> /usr/bin/perl\n--- /proc/705/fd/3 -> "
                "socket:[9002]\n--- /proc/705/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- /proc/1/net/tcp\n  "
                "sl  x\n   0: 0A7100CB:9C40 F70200C0:0019 01 00000000:00000000 00:00000000 00000000    33        0 "
                "9002 1\n") -
             1},
     1},
    {"Postfix",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/705/status\nName:\tsmtp\nPPid:\t1\nUid:\t106\t106\nGid:\t106\t106\nCapEff:\t0000000000000000\n--- "
         "/proc/705/cmdline cut\nsmtp\0-t\0unix\0\n--- /proc/705/exe -> /usr/lib/postfix/sbin/smtp\n--- /proc/705/fd/3 "
         "-> socket:[9002]\n--- /proc/705/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- /proc/1/net/tcp\n  sl  "
         "x\n   0: 0A7100CB:9C40 F70200C0:0019 01 00000000:00000000 00:00000000 00000000    106        0 9002 1\n",
         sizeof(
             "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
             "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
             "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
             "home/anna:/bin/bash\n--- "
             "/proc/705/status\nName:\tsmtp\nPPid:\t1\nUid:\t106\t106\nGid:\t106\t106\nCapEff:\t0000000000000000\n--- "
             "/proc/705/cmdline cut\nsmtp\0-t\0unix\0\n--- /proc/705/exe -> /usr/lib/postfix/sbin/smtp\n--- "
             "/proc/705/fd/3 -> socket:[9002]\n--- /proc/705/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- "
             "/proc/1/net/tcp\n  sl  x\n   0: 0A7100CB:9C40 F70200C0:0019 01 00000000:00000000 00:00000000 00000000    "
             "106        0 9002 1\n") -
             1},
     0}};

}  // namespace

extern const Detector port_25_outside_mta_detector;
constinit const Detector port_25_outside_mta_detector{
    .id = "port_25_outside_mta",
    .area = Area::processes,
    .severity = Severity::malicious,
    .title = "A program sends mail past the mail server",
    .explain =
        R"TEXT(Connections to port 25 of other servers are the mail server's work. Another program that has them sends mail on its own, and no mail log tells of it.
It is called malicious when the program is an interpreter or lies where anybody can write, or when it belongs to the web server's account.
What to do: end it, keep a copy; let only the mail server's account open port 25.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
