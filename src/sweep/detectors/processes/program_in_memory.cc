// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const Process& process : host.processes) {
    if (process.kernel_thread) continue;
    if (!process.exe_in_memory) continue;
    constexpr std::string_view kKnown[] = {"runc", "crun", "conmon", "snap-exec"};
    if (std::ranges::any_of(kKnown, [&](std::string_view name) { return process.exe.find(name) != std::string::npos; }))
      continue;
    Finding& finding = out.add(process_subject(process), "A program runs from memory and never was a file");
    if (!is_out_of_place(host, process)) finding.severity = Severity::suspicious;
    fill_process(host, process, "malware", finding);
  }
}

constexpr Example kExamples[] = {
    {"from memory",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/702/status\nName:\tkworker\nPPid:\t1\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/702/cmdline cut\n[kworker]\0\n--- /proc/702/exe -> /memfd:k (deleted)\n",
         sizeof("--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
                "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/"
                "nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n--- "
                "/proc/702/status\nName:\tkworker\nPPid:\t1\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/702/cmdline cut\n[kworker]\0\n--- /proc/702/exe -> /memfd:k (deleted)\n") -
             1},
     1},
    {"a run-time",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/702/status\nName:\trunc\nPPid:\t1\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/702/cmdline cut\nrunc\0init\0\n--- /proc/702/exe -> /memfd:runc_cloned:/proc/self/exe (deleted)\n",
         sizeof("--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
                "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/"
                "nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n--- "
                "/proc/702/status\nName:\trunc\nPPid:\t1\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/702/cmdline cut\nrunc\0init\0\n--- /proc/702/exe -> /memfd:runc_cloned:/proc/self/exe "
                "(deleted)\n") -
             1},
     0}};

}  // namespace

extern const Detector program_in_memory_detector;
constinit const Detector program_in_memory_detector{
    .id = "program_in_memory",
    .area = Area::processes,
    .severity = Severity::malicious,
    .title = "A program runs that never was a file",
    .explain =
        R"TEXT(A program started from memory (memfd) leaves nothing on the disk. Intruders do that on purpose. A few well-known programs do as well: container run-times for a moment at start, some browsers' helpers; those are left alone. It is called malicious where it runs for a service or a site, was started by one, lies about its name, or is connected to somebody outside; else suspicious.
What to do: keep a copy from /proc/PID/exe, end it, find what started it.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
