// SPDX-License-Identifier: Apache-2.0

#include "base/text.h"
#include "sweep/host/code/places.h"
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const Process& process : host.processes) {
    if (process.kernel_thread) continue;
    if (!process.exe_deleted || process.exe_in_memory) continue;
    Finding& finding =
        out.add(process_subject(process), fmt::format("The file of the running program {} was deleted", process.exe));
    const bool updated = host.packages->owns(process.exe) || exists(*host.tree, process.exe);
    finding.severity = updated ? Severity::note
                       : is_open_place(process.exe) || process.exe.find("/.") != std::string::npos
                           ? Severity::malicious
                           : Severity::suspicious;
    fill_process(host, process, updated ? "" : "malware", finding);
  }
}

constexpr Example kExamples[] = {
    {"deleted after its start",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/701/status\nName:\tx\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
         "/proc/701/cmdline cut\nx\0\n--- /proc/701/exe -> /var/tmp/.k/x (deleted)\n",
         sizeof("--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
                "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/"
                "nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n--- "
                "/proc/701/status\nName:\tx\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
                "/proc/701/cmdline cut\nx\0\n--- /proc/701/exe -> /var/tmp/.k/x (deleted)\n") -
             1},
     1},
    {"there",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/701/status\nName:\tx\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
         "/proc/701/cmdline cut\nx\0\n--- /proc/701/exe -> /usr/bin/x\n",
         sizeof(
             "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
             "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
             "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
             "home/anna:/bin/bash\n--- "
             "/proc/701/status\nName:\tx\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
             "/proc/701/cmdline cut\nx\0\n--- /proc/701/exe -> /usr/bin/x\n") -
             1},
     0}};

}  // namespace

extern const Detector deleted_program_detector;
constinit const Detector deleted_program_detector{
    .id = "deleted_program",
    .area = Area::processes,
    .severity = Severity::malicious,
    .title = "A program runs whose file is gone",
    .explain =
        R"TEXT(Intruders delete their program after starting it, so that nobody finds the file. After an update the same is true of ordinary services until they are started anew: where a package's program stands at that path again, it is a note.
What to do: keep a copy (/proc/PID/exe still has it) and end it; or restart the service.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
