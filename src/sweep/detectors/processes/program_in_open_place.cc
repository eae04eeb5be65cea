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
    if (!is_open_place(process.exe)) continue;
    Finding& finding = out.add(process_subject(process), fmt::format("A program runs from {}", folder_of(process.exe)));
    if (!is_out_of_place(host, process)) finding.severity = Severity::suspicious;
    fill_process(host, process, "malware", finding);
  }
}

constexpr Example kExamples[] = {
    {"from /dev/shm",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/700/status\nName:\tkd\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
         "/proc/700/cmdline cut\n/usr/sbin/httpd\0\n--- /proc/700/exe -> /dev/shm/.x/kd\n",
         sizeof("--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
                "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/"
                "nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n--- "
                "/proc/700/status\nName:\tkd\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
                "/proc/700/cmdline cut\n/usr/sbin/httpd\0\n--- /proc/700/exe -> /dev/shm/.x/kd\n") -
             1},
     1},
    {"from its place",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/700/status\nName:\tbash\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
         "/proc/700/cmdline cut\n-bash\0\n--- /proc/700/exe -> /usr/bin/bash\n",
         sizeof("--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
                "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/"
                "nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n--- "
                "/proc/700/"
                "status\nName:\tbash\nPPid:\t1\nUid:\t1000\t1000\nGid:\t1000\t1000\nCapEff:\t0000000000000000\n--- "
                "/proc/700/cmdline cut\n-bash\0\n--- /proc/700/exe -> /usr/bin/bash\n") -
             1},
     0}};

}  // namespace

extern const Detector program_in_open_place_detector;
constinit const Detector program_in_open_place_detector{
    .id = "program_in_open_place",
    .area = Area::processes,
    .severity = Severity::malicious,
    .title = "A program runs from a folder that anybody can write to",
    .explain =
        R"TEXT(Programs belong into folders for programs. What runs from /tmp, /var/tmp or /dev/shm was most often brought in through a hole. Installers run from there for a moment, and what people build and try. It is called malicious where it runs for a service or a site, was started by one, has a hidden name or a deleted file, or is connected to somebody outside; else suspicious.
What to do: freeze it, keep a copy of its program, end it together with what starts it again.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
