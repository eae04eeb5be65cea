// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "base/text.h"
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::set<std::uint32_t> told;
  for (const Socket& socket : host.sockets) {
    if ((socket.protocol != "raw" && socket.protocol != "packet") || socket.pid == 0 || !told.insert(socket.pid).second)
      continue;
    const auto process = std::ranges::find(host.processes, socket.pid, &Process::pid);
    if (process == host.processes.end()) continue;
    Finding& finding =
        out.add(process_subject(*process), fmt::format("{} holds a {} socket", process->exe, socket.protocol));
    const bool strange =
        !host.packages->system().empty() && !host.packages->owns(process->exe) && process->container.empty();
    finding.severity = strange ? Severity::suspicious : Severity::note;
    fill_process(host, *process, strange ? "bot" : "", finding);
  }
}

constexpr Example kExamples[] = {
    {"a client of DHCP",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/708/status\nName:\tdh\nPPid:\t1\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/708/cmdline cut\ndhclient\0\n--- /proc/708/exe -> /usr/sbin/dhclient\n--- /proc/708/fd/3 -> "
         "socket:[9003]\n--- /proc/708/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- /proc/1/net/packet\nsk "
         "RefCnt Type Proto Iface R Rmem User Inode\nffff 3 3 0003 2 1 0 0 9003\n",
         sizeof("--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
                "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/"
                "nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n--- "
                "/proc/708/status\nName:\tdh\nPPid:\t1\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/708/cmdline cut\ndhclient\0\n--- /proc/708/exe -> /usr/sbin/dhclient\n--- /proc/708/fd/3 -> "
                "socket:[9003]\n--- /proc/708/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- "
                "/proc/1/net/packet\nsk RefCnt Type Proto Iface R Rmem User Inode\nffff 3 3 0003 2 1 0 0 9003\n") -
             1},
     1},
    {"none",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/708/status\nName:\tdh\nPPid:\t1\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/708/cmdline cut\ndhclient\0\n--- /proc/708/exe -> /usr/sbin/dhclient\n",
         sizeof("--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
                "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/"
                "nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n--- "
                "/proc/708/status\nName:\tdh\nPPid:\t1\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/708/cmdline cut\ndhclient\0\n--- /proc/708/exe -> /usr/sbin/dhclient\n") -
             1},
     0}};

}  // namespace

extern const Detector raw_socket_holder_detector;
constinit const Detector raw_socket_holder_detector{
    .id = "raw_socket_holder",
    .area = Area::processes,
    .severity = Severity::suspicious,
    .title = "A program sees all packets",
    .explain =
        R"TEXT(Raw and packet sockets let a program see and forge what goes over the network. DHCP clients, monitors and firewalls have them; so do flooders and back doors that wait for a magic packet.
It is called suspicious where the program belongs to no package.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
