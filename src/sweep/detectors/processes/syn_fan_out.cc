// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  constexpr std::size_t kKnocksMin = 30;
  std::map<std::pair<std::uint32_t, std::uint16_t>, std::set<IpAddress>> knocks;  // by program and remote port
  for (const Socket& socket : host.sockets)
    if (socket.protocol == "tcp" && socket.state == "syn_sent" && socket.pid != 0)
      knocks[{socket.pid, socket.remote_port}].insert(socket.remote);
  for (const auto& [who, addresses] : knocks) {
    if (addresses.size() < kKnocksMin) continue;
    const auto process = std::ranges::find(host.processes, who.first, &Process::pid);
    if (process == host.processes.end()) continue;
    Finding& finding = out.add(process_subject(*process), fmt::format("{} knocks at port {} of {} addresses at once",
                                                                      process->exe, who.second, addresses.size()));
    fill_process(host, *process, "scanner", finding);
  }
}

constexpr Example kExamples[] = {
    {"a scan",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/706/status\nName:\ts\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
         "/proc/706/cmdline cut\ns\0\n--- /proc/706/exe -> /home/anna/s\n--- /proc/706/fd/0 -> socket:[9100]\n--- "
         "/proc/706/fd/1 -> socket:[9101]\n--- /proc/706/fd/2 -> socket:[9102]\n--- /proc/706/fd/3 -> "
         "socket:[9103]\n--- /proc/706/fd/4 -> socket:[9104]\n--- /proc/706/fd/5 -> socket:[9105]\n--- /proc/706/fd/6 "
         "-> socket:[9106]\n--- /proc/706/fd/7 -> socket:[9107]\n--- /proc/706/fd/8 -> socket:[9108]\n--- "
         "/proc/706/fd/9 -> socket:[9109]\n--- /proc/706/fd/10 -> socket:[9110]\n--- /proc/706/fd/11 -> "
         "socket:[9111]\n--- /proc/706/fd/12 -> socket:[9112]\n--- /proc/706/fd/13 -> socket:[9113]\n--- "
         "/proc/706/fd/14 -> socket:[9114]\n--- /proc/706/fd/15 -> socket:[9115]\n--- /proc/706/fd/16 -> "
         "socket:[9116]\n--- /proc/706/fd/17 -> socket:[9117]\n--- /proc/706/fd/18 -> socket:[9118]\n--- "
         "/proc/706/fd/19 -> socket:[9119]\n--- /proc/706/fd/20 -> socket:[9120]\n--- /proc/706/fd/21 -> "
         "socket:[9121]\n--- /proc/706/fd/22 -> socket:[9122]\n--- /proc/706/fd/23 -> socket:[9123]\n--- "
         "/proc/706/fd/24 -> socket:[9124]\n--- /proc/706/fd/25 -> socket:[9125]\n--- /proc/706/fd/26 -> "
         "socket:[9126]\n--- /proc/706/fd/27 -> socket:[9127]\n--- /proc/706/fd/28 -> socket:[9128]\n--- "
         "/proc/706/fd/29 -> socket:[9129]\n--- /proc/706/fd/30 -> socket:[9130]\n--- /proc/706/fd/31 -> "
         "socket:[9131]\n--- /proc/706/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- /proc/1/net/tcp\n  sl  "
         "x\n   0: 0A7100CB:9C40 010200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9100 1\n   "
         "1: 0A7100CB:9C40 020200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9101 1\n   2: "
         "0A7100CB:9C40 030200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9102 1\n   3: "
         "0A7100CB:9C40 040200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9103 1\n   4: "
         "0A7100CB:9C40 050200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9104 1\n   5: "
         "0A7100CB:9C40 060200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9105 1\n   6: "
         "0A7100CB:9C40 070200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9106 1\n   7: "
         "0A7100CB:9C40 080200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9107 1\n   8: "
         "0A7100CB:9C40 090200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9108 1\n   9: "
         "0A7100CB:9C40 0A0200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9109 1\n   10: "
         "0A7100CB:9C40 0B0200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9110 1\n   11: "
         "0A7100CB:9C40 0C0200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9111 1\n   12: "
         "0A7100CB:9C40 0D0200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9112 1\n   13: "
         "0A7100CB:9C40 0E0200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9113 1\n   14: "
         "0A7100CB:9C40 0F0200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9114 1\n   15: "
         "0A7100CB:9C40 100200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9115 1\n   16: "
         "0A7100CB:9C40 110200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9116 1\n   17: "
         "0A7100CB:9C40 120200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9117 1\n   18: "
         "0A7100CB:9C40 130200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9118 1\n   19: "
         "0A7100CB:9C40 140200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9119 1\n   20: "
         "0A7100CB:9C40 150200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9120 1\n   21: "
         "0A7100CB:9C40 160200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9121 1\n   22: "
         "0A7100CB:9C40 170200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9122 1\n   23: "
         "0A7100CB:9C40 180200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9123 1\n   24: "
         "0A7100CB:9C40 190200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9124 1\n   25: "
         "0A7100CB:9C40 1A0200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9125 1\n   26: "
         "0A7100CB:9C40 1B0200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9126 1\n   27: "
         "0A7100CB:9C40 1C0200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9127 1\n   28: "
         "0A7100CB:9C40 1D0200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9128 1\n   29: "
         "0A7100CB:9C40 1E0200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9129 1\n   30: "
         "0A7100CB:9C40 1F0200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9130 1\n   31: "
         "0A7100CB:9C40 200200C0:0016 02 00000000:00000000 00:00000000 00000000    1000        0 9131 1\n",
         sizeof(
             "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
             "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
             "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
             "home/anna:/bin/bash\n--- "
             "/proc/706/status\nName:\ts\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
             "/proc/706/cmdline cut\ns\0\n--- /proc/706/exe -> /home/anna/s\n--- /proc/706/fd/0 -> socket:[9100]\n--- "
             "/proc/706/fd/1 -> socket:[9101]\n--- /proc/706/fd/2 -> socket:[9102]\n--- /proc/706/fd/3 -> "
             "socket:[9103]\n--- /proc/706/fd/4 -> socket:[9104]\n--- /proc/706/fd/5 -> socket:[9105]\n--- "
             "/proc/706/fd/6 -> socket:[9106]\n--- /proc/706/fd/7 -> socket:[9107]\n--- /proc/706/fd/8 -> "
             "socket:[9108]\n--- /proc/706/fd/9 -> socket:[9109]\n--- /proc/706/fd/10 -> socket:[9110]\n--- "
             "/proc/706/fd/11 -> socket:[9111]\n--- /proc/706/fd/12 -> socket:[9112]\n--- /proc/706/fd/13 -> "
             "socket:[9113]\n--- /proc/706/fd/14 -> socket:[9114]\n--- /proc/706/fd/15 -> socket:[9115]\n--- "
             "/proc/706/fd/16 -> socket:[9116]\n--- /proc/706/fd/17 -> socket:[9117]\n--- /proc/706/fd/18 -> "
             "socket:[9118]\n--- /proc/706/fd/19 -> socket:[9119]\n--- /proc/706/fd/20 -> socket:[9120]\n--- "
             "/proc/706/fd/21 -> socket:[9121]\n--- /proc/706/fd/22 -> socket:[9122]\n--- /proc/706/fd/23 -> "
             "socket:[9123]\n--- /proc/706/fd/24 -> socket:[9124]\n--- /proc/706/fd/25 -> socket:[9125]\n--- "
             "/proc/706/fd/26 -> socket:[9126]\n--- /proc/706/fd/27 -> socket:[9127]\n--- /proc/706/fd/28 -> "
             "socket:[9128]\n--- /proc/706/fd/29 -> socket:[9129]\n--- /proc/706/fd/30 -> socket:[9130]\n--- "
             "/proc/706/fd/31 -> socket:[9131]\n--- /proc/706/ns/net -> net:[1]\n--- /proc/1/ns/net -> net:[1]\n--- "
             "/proc/1/net/tcp\n  sl  x\n   0: 0A7100CB:9C40 010200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9100 1\n   1: 0A7100CB:9C40 020200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9101 1\n   2: 0A7100CB:9C40 030200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9102 1\n   3: 0A7100CB:9C40 040200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9103 1\n   4: 0A7100CB:9C40 050200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9104 1\n   5: 0A7100CB:9C40 060200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9105 1\n   6: 0A7100CB:9C40 070200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9106 1\n   7: 0A7100CB:9C40 080200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9107 1\n   8: 0A7100CB:9C40 090200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9108 1\n   9: 0A7100CB:9C40 0A0200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9109 1\n   10: 0A7100CB:9C40 0B0200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9110 1\n   11: 0A7100CB:9C40 0C0200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9111 1\n   12: 0A7100CB:9C40 0D0200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9112 1\n   13: 0A7100CB:9C40 0E0200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9113 1\n   14: 0A7100CB:9C40 0F0200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9114 1\n   15: 0A7100CB:9C40 100200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9115 1\n   16: 0A7100CB:9C40 110200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9116 1\n   17: 0A7100CB:9C40 120200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9117 1\n   18: 0A7100CB:9C40 130200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9118 1\n   19: 0A7100CB:9C40 140200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9119 1\n   20: 0A7100CB:9C40 150200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9120 1\n   21: 0A7100CB:9C40 160200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9121 1\n   22: 0A7100CB:9C40 170200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9122 1\n   23: 0A7100CB:9C40 180200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9123 1\n   24: 0A7100CB:9C40 190200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9124 1\n   25: 0A7100CB:9C40 1A0200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9125 1\n   26: 0A7100CB:9C40 1B0200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9126 1\n   27: 0A7100CB:9C40 1C0200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9127 1\n   28: 0A7100CB:9C40 1D0200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9128 1\n   29: 0A7100CB:9C40 1E0200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9129 1\n   30: 0A7100CB:9C40 1F0200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9130 1\n   31: 0A7100CB:9C40 200200C0:0016 02 00000000:00000000 00:00000000 00000000    "
             "1000        0 9131 1\n") -
             1},
     1},
    {"a browser",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/706/status\nName:\ts\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
         "/proc/706/cmdline cut\ns\0\n--- /proc/706/exe -> /usr/bin/s\n",
         sizeof(
             "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
             "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
             "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
             "home/anna:/bin/bash\n--- "
             "/proc/706/status\nName:\ts\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
             "/proc/706/cmdline cut\ns\0\n--- /proc/706/exe -> /usr/bin/s\n") -
             1},
     0}};

}  // namespace

extern const Detector syn_fan_out_detector;
constinit const Detector syn_fan_out_detector{
    .id = "syn_fan_out",
    .area = Area::processes,
    .severity = Severity::malicious,
    .title = "A program knocks at many doors",
    .explain =
        R"TEXT(Dozens of connections to different addresses that all just begin are a scan, a flood or guessing of passwords. Mail servers and crawlers have many connections as well, but to one kind of door after a name was asked for; what counts here is how many are not answered.
What to do: end it, keep a copy of its program, find how it came in.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
