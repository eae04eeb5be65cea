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
    for (const auto& [name, value] : process.environment) {
      if (name != "LD_PRELOAD" || value.empty()) continue;
      const std::string path = value.substr(0, value.find_first_of(": "));
      if (host.packages->owns(path) || path.find('/') == std::string::npos) continue;
      Finding& finding =
          out.add(process_subject(process), fmt::format("{} was started with the library {}", process.exe, path));
      if (is_open_place(path) || path.find("/.") != std::string::npos) finding.severity = Severity::malicious;
      fill_process(host, process, "backdoor", finding);
    }
  }
}

constexpr Example kExamples[] = {
    {"from /tmp",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/709/status\nName:\tphp-fpm\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
         "/proc/709/cmdline cut\nphp-fpm\0\n--- /proc/709/exe -> /usr/sbin/php-fpm8.2\n--- /proc/709/environ "
         "cut\nPATH=/bin\0LD_PRELOAD=/tmp/.l.so\0\n",
         sizeof(
             "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
             "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
             "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
             "home/anna:/bin/bash\n--- "
             "/proc/709/status\nName:\tphp-fpm\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
             "/proc/709/cmdline cut\nphp-fpm\0\n--- /proc/709/exe -> /usr/sbin/php-fpm8.2\n--- /proc/709/environ "
             "cut\nPATH=/bin\0LD_PRELOAD=/tmp/.l.so\0\n") -
             1},
     1},
    {"none",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/709/status\nName:\tphp-fpm\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
         "/proc/709/cmdline cut\nphp-fpm\0\n--- /proc/709/exe -> /usr/sbin/php-fpm8.2\n--- /proc/709/environ "
         "cut\nPATH=/bin\0\n",
         sizeof(
             "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
             "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
             "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
             "home/anna:/bin/bash\n--- "
             "/proc/709/status\nName:\tphp-fpm\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
             "/proc/709/cmdline cut\nphp-fpm\0\n--- /proc/709/exe -> /usr/sbin/php-fpm8.2\n--- /proc/709/environ "
             "cut\nPATH=/bin\0\n") -
             1},
     0}};

}  // namespace

extern const Detector preload_in_environment_detector;
constinit const Detector preload_in_environment_detector{
    .id = "preload_in_environment",
    .area = Area::processes,
    .severity = Severity::malicious,
    .title = "A program was started with a foreign library in it",
    .explain =
        R"TEXT(LD_PRELOAD puts a library into a program as it starts. Tools for tests and some services do that with libraries of packages; intruders use it to hide and to listen.
It is called malicious when the library lies where anybody can write, or is hidden.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
