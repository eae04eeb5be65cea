// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  constexpr std::string_view kShells[] = {"sh", "bash", "dash", "zsh", "ash", "ksh", "busybox"};
  for (const Socket& socket : host.sockets) {
    if (socket.pid == 0 || socket.protocol != "tcp" || socket.state != "established") continue;
    const auto process = std::ranges::find(host.processes, socket.pid, &Process::pid);
    if (process == host.processes.end() || std::ranges::find(kShells, file_name(process->exe)) == std::end(kShells))
      continue;
    if (host.is_own_address(socket.remote)) continue;
    Finding& finding = out.add(process_subject(*process), fmt::format("A shell is connected to {} port {}",
                                                                      socket.remote.to_string(), socket.remote_port));
    fill_process(host, *process, "backdoor", finding);
    finding.addresses.push_back(socket.remote.to_string());
  }
}

constexpr Example kExamples[] = {
    {"connected to somebody",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/704/status\nName:\tsh\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
         "/proc/704/cmdline cut\nsh\0-i\0\n--- /proc/704/exe -> /usr/bin/dash\n--- /proc/704/fd/0 -> "
         "socket:[9001]\n--- /proc/704/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- /proc/1/net/tcp\n  sl  "
         "local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   0: "
         "0A7100CB:9C40 F70200C0:115C 01 00000000:00000000 00:00000000 00000000    33        0 9001 1\n",
         sizeof("--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
                "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/"
                "nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n--- "
                "/proc/704/status\nName:\tsh\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
                "/proc/704/cmdline cut\nsh\0-i\0\n--- /proc/704/exe -> /usr/bin/dash\n--- /proc/704/fd/0 -> "
                "socket:[9001]\n--- /proc/704/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- /proc/1/net/tcp\n  "
                "sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   0: "
                "0A7100CB:9C40 F70200C0:115C 01 00000000:00000000 00:00000000 00000000    33        0 9001 1\n") -
             1},
     1},
    {"at a terminal",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/704/status\nName:\tbash\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
         "/proc/704/cmdline cut\n-bash\0\n--- /proc/704/exe -> /usr/bin/bash\n--- /proc/704/fd/0 -> /dev/pts/0\n",
         sizeof(
             "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
             "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
             "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
             "home/anna:/bin/bash\n--- "
             "/proc/704/"
             "status\nName:\tbash\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
             "/proc/704/cmdline cut\n-bash\0\n--- /proc/704/exe -> /usr/bin/bash\n--- /proc/704/fd/0 -> /dev/pts/0\n") -
             1},
     0}};

}  // namespace

extern const Detector shell_with_socket_detector;
constinit const Detector shell_with_socket_detector{
    .id = "shell_with_socket",
    .area = Area::processes,
    .severity = Severity::malicious,
    .title = "A shell talks to the network instead of a person",
    .explain =
        R"TEXT(The input of a shell is a connection to somebody outside: a reverse shell. Remote log-ins come through sshd, which gives the shell a terminal.
What to do: end it at once; what its account can reach is known to a stranger.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
