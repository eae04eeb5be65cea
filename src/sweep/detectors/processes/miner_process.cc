// SPDX-License-Identifier: Apache-2.0

#include "base/text.h"
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const Process& process : host.processes) {
    if (process.kernel_thread) continue;
    const std::string command = join(process.arguments, " ");
    bool mines = false;
    for (const std::string_view mark : {"stratum+tcp", "stratum+ssl", "xmrig", "--donate-level", "minerd", "cpuminer",
                                        "nbminer", "t-rex ", "--algo rx", "--coin monero"})
      mines |= command.find(mark) != std::string::npos;
    if (!mines) continue;
    fill_process(host, process, "miner", out.add(process_subject(process), "A program mines for somebody"));
  }
}

constexpr Example kExamples[] = {
    {"a pool",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/707/status\nName:\tk\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
         "/proc/707/cmdline cut\nk\0-o\0stratum+tcp://pool.example.test:3333\0\n--- /proc/707/exe -> /home/anna/k\n",
         sizeof(
             "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
             "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
             "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
             "home/anna:/bin/bash\n--- "
             "/proc/707/status\nName:\tk\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
             "/proc/707/cmdline cut\nk\0-o\0stratum+tcp://pool.example.test:3333\0\n--- /proc/707/exe -> "
             "/home/anna/k\n") -
             1},
     1},
    {"an editor",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/707/status\nName:\tvi\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
         "/proc/707/cmdline cut\nvi\0a\0\n--- /proc/707/exe -> /usr/bin/vi\n",
         sizeof("--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
                "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/"
                "nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n--- "
                "/proc/707/"
                "status\nName:\tvi\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
                "/proc/707/cmdline cut\nvi\0a\0\n--- /proc/707/exe -> /usr/bin/vi\n") -
             1},
     0}};

}  // namespace

extern const Detector miner_process_detector;
constinit const Detector miner_process_detector{
    .id = "miner_process",
    .area = Area::processes,
    .severity = Severity::malicious,
    .title = "A program mines for somebody",
    .explain =
        R"TEXT(The command line names a mining pool or a miner. Somebody lets this processor work for them. Category: other.
What to do: end it together with what starts it; find how it came in.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
