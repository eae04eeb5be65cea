// SPDX-License-Identifier: Apache-2.0

#include "base/text.h"
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

// "[kworker/0:1]", "/usr/sbin/httpd": what it says; the file is what is true.
bool pretends(const Process& process) {
  if (process.exe.empty()) return false;
  // A kernel thread has no file, whatever the list of processes shows it as.
  constexpr std::string_view kThreads[] = {
      "kworker/",  "ksoftirqd/", "kthreadd", "migration/", "rcu_sched", "rcu_preempt", "kswapd",    "khugepaged",
      "kdevtmpfs", "kcompactd",  "kauditd",  "jbd2/",      "scsi_eh_",  "cpuhp/",      "watchdog/", "khelper"};
  for (const std::string_view thread : kThreads)
    if (process.comm.starts_with(thread)) return true;
  if (process.arguments.empty()) return false;
  const std::string& says = process.arguments.front();
  if (says.starts_with('[') && says.ends_with(']')) return true;  // a kernel thread has no file
  constexpr std::string_view kServers[] = {
      "/usr/sbin/httpd",         "/usr/sbin/apache2", "/usr/local/apache/bin/httpd",
      "/sbin/syslogd",           "/usr/sbin/sshd",    "/usr/sbin/cron",
      "/usr/sbin/crond",         "/usr/sbin/named",   "/sbin/init",
      "/usr/sbin/acpid",         "/usr/bin/sshd",     "/usr/sbin/proftpd",
      "/usr/lib/systemd/systemd"};
  for (const std::string_view server : kServers)
    if (says.starts_with(server) && (says.size() == server.size() || says[server.size()] == ' ')) {
      const std::string_view file = file_name(process.exe);
      return file.starts_with("perl") || file.starts_with("python") || file.starts_with("php") ||
             file.starts_with("ruby") || process.exe.starts_with("/tmp") || process.exe.starts_with("/var/tmp") ||
             process.exe.starts_with("/dev/shm") || process.exe.starts_with("/home");
    }
  return false;
}

void look(const Host& host, Findings& out) {
  for (const Process& process : host.processes) {
    if (process.kernel_thread) continue;
    if (!pretends(process)) continue;
    fill_process(
        host, process, "bot",
        out.add(process_subject(process),
                fmt::format("A program calls itself {} and is {}",
                            process.arguments.empty() ? process.comm : process.arguments.front(), process.exe)));
  }
}

constexpr Example kExamples[] = {
    {"named like a part of the kernel, its arguments wiped",
     "--- /proc/1/status\nName:\tsystemd\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
     "/proc/703/status\nName:\tkworker/u4:2\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\n--- /proc/703/exe -> "
     "/var/lib/x/k\n",
     1},
    {"perl as a web server",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/703/status\nName:\thttpd\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
         "/proc/703/cmdline cut\n/usr/sbin/httpd\0\n--- /proc/703/exe -> /usr/bin/perl\n",
         sizeof("--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
                "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
                "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/"
                "nologin\nanna:x:1000:1000::/home/anna:/bin/bash\n--- "
                "/proc/703/status\nName:\thttpd\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
                "/proc/703/cmdline cut\n/usr/sbin/httpd\0\n--- /proc/703/exe -> /usr/bin/perl\n") -
             1},
     1},
    {"a web server",
     std::string_view{
         "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
         "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
         "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
         "home/anna:/bin/bash\n--- "
         "/proc/703/status\nName:\tapache2\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
         "/proc/703/cmdline cut\n/usr/sbin/apache2\0-k\0start\0\n--- /proc/703/exe -> /usr/sbin/apache2\n",
         sizeof(
             "--- /proc/1/status\nName:\tsystemd\nPPid:\t0\nUid:\t0\t0\nGid:\t0\t0\nCapEff:\t0000000000000000\n--- "
             "/proc/1/cmdline cut\n/sbin/init\n--- /proc/1/exe -> /usr/lib/systemd/systemd\n--- "
             "/etc/passwd\nroot:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000::/"
             "home/anna:/bin/bash\n--- "
             "/proc/703/status\nName:\tapache2\nPPid:\t1\nUid:\t33\t33\nGid:\t33\t33\nCapEff:\t0000000000000000\n--- "
             "/proc/703/cmdline cut\n/usr/sbin/apache2\0-k\0start\0\n--- /proc/703/exe -> /usr/sbin/apache2\n") -
             1},
     0}};

}  // namespace

extern const Detector lying_name_detector;
constinit const Detector lying_name_detector{
    .id = "lying_name",
    .area = Area::processes,
    .severity = Severity::malicious,
    .title = "A program calls itself what it is not",
    .explain =
        R"TEXT(What a process list shows is what the program says of itself. Here it says that it is a web server, a mail server or a part of the kernel, and its file is an interpreter or lies elsewhere.
Perl and Python programs that name themselves after their own script are left alone.
What to do: look at its file and where it came from; end it.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
