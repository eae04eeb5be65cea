// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "base/text.h"
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::set<std::pair<std::uint32_t, std::uint16_t>> told;
  for (const Socket& socket : host.sockets) {
    if (!socket.is_open_to_the_world() || socket.pid == 0 || socket.protocol != "tcp") continue;
    const auto process = std::ranges::find(host.processes, socket.pid, &Process::pid);
    if (process == host.processes.end() || process->uid >= 1000 || process->uid == 0 || !host.is_web_user(process->uid))
      continue;
    const std::string_view file = file_name(process->exe);
    if (file.starts_with("apache2") || file.starts_with("nginx") || file.starts_with("httpd") ||
        file.starts_with("caddy") || file.starts_with("lshttpd") || file.starts_with("litespeed") ||
        file.starts_with("php-fpm"))
      continue;
    if (!told.emplace(socket.pid, socket.local_port).second) continue;
    Subject subject = process_subject(*process);
    subject.port = socket.local_port;
    subject.protocol = "tcp";
    Finding& finding = out.add(std::move(subject), fmt::format("{} of the web server's account waits at port {}",
                                                               process->exe, socket.local_port));
    fill_process(host, *process, "backdoor", finding);
  }
}

constexpr Example kExamples[] = {
    {"a back door",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/710/status\nName:\tp\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
         "/proc/710/cmdline cut\nperl\0x\0\n--- /proc/710/exe -> /usr/bin/perl\n--- /proc/710/fd/3 -> "
         "socket:[9004]\n--- /proc/710/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- /proc/1/net/tcp\n  sl  "
         "x\n   0: 00000000:115C 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 9004 1\n",
         sizeof("--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
                "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/"
                "nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n--- "
                "/proc/710/status\nName:\tp\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
                "/proc/710/cmdline cut\nperl\0x\0\n--- /proc/710/exe -> /usr/bin/perl\n--- /proc/710/fd/3 -> "
                "socket:[9004]\n--- /proc/710/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- /proc/1/net/tcp\n  "
                "sl  x\n   0: 00000000:115C 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 "
                "9004 1\n") -
             1},
     1},
    {"nginx",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/710/status\nName:\tnginx\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
         "/proc/710/cmdline cut\nnginx\0\n--- /proc/710/exe -> /usr/sbin/nginx\n--- /proc/710/fd/3 -> "
         "socket:[9004]\n--- /proc/710/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- /proc/1/net/tcp\n  sl  "
         "x\n   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 9004 1\n",
         sizeof("--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
                "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/"
                "nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n--- "
                "/proc/710/status\nName:\tnginx\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
                "/proc/710/cmdline cut\nnginx\0\n--- /proc/710/exe -> /usr/sbin/nginx\n--- /proc/710/fd/3 -> "
                "socket:[9004]\n--- /proc/710/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- /proc/1/net/tcp\n  "
                "sl  x\n   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 "
                "9004 1\n") -
             1},
     0}};

}  // namespace

extern const Detector listener_of_web_user_detector;
constinit const Detector listener_of_web_user_detector{
    .id = "listener_of_web_user",
    .area = Area::processes,
    .severity = Severity::suspicious,
    .title = "The web server's account listens at a port of its own",
    .explain =
        R"TEXT(A web server listens at its ports as root and hands on to its own account. Another program of that account that waits for connections from outside is most often a back door or a proxy.
What to do: look at its program; end it when nobody knows it.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
