// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/host/code/places.h"
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

// Java, .NET and JavaScript programs unpack libraries there, and write code into memory files of their own.
bool unpacks(const Process& process) {
  for (const std::string_view name : {"java", "dotnet", "node", "beam.smp", "mono", "php", "qemu", "chrome", "firefox"})
    if (file_name(process.exe).starts_with(name)) return true;
  return false;
}

void look(const Host& host, Findings& out) {
  for (const Process& process : host.processes) {
    if (unpacks(process) || process.exe.empty() || is_open_place(process.exe)) continue;
    for (const std::string& map : process.maps) {
      const std::string_view path = std::string_view{map}.substr(0, map.find(" (deleted)"));
      if (!is_open_place(path) || path == process.exe) continue;
      const bool hidden = path.find("/.") != std::string_view::npos;
      const bool gone = path.size() != map.size();
      Finding& finding = out.add(process_subject(process), fmt::format("{} runs code from {}{}", process.exe, path,
                                                                       gone ? ", a file that was deleted" : ""));
      if (!(hidden && gone)) finding.severity = Severity::suspicious;
      fill_process(host, process, "backdoor", finding);
      finding.paths.emplace_back(path);
      break;
    }
  }
}

constexpr Example kExamples[] = {{"a server that was given a library", R"TREE(--- /proc/1/status
Name:	systemd
--- /proc/1/exe -> /usr/lib/systemd/systemd
--- /proc/77/status
Name:	sshd
PPid:	1
Uid:	0	0
Gid:	0	0
--- /proc/77/exe -> /usr/sbin/sshd
--- /proc/77/maps
7f0000000000-7f0000001000 r-xp 00000000 08:01 11 /usr/lib/x86_64-linux-gnu/libc.so.6
7f0000002000-7f0000003000 r-xp 00000000 00:17 12 /dev/shm/.l/s.so (deleted)
)TREE",
                                  1},
                                 {"Java unpacks its own", R"TREE(--- /proc/1/status
Name:	systemd
--- /proc/1/exe -> /usr/lib/systemd/systemd
--- /proc/78/status
Name:	java
PPid:	1
Uid:	1000	1000
Gid:	1000	1000
--- /proc/78/exe -> /usr/lib/jvm/java-17-openjdk-amd64/bin/java
--- /proc/78/maps
7f0000002000-7f0000003000 r-xp 00000000 08:01 12 /tmp/jna-3155/jna8.tmp (deleted)
)TREE",
                                  0}};

}  // namespace

extern const Detector library_from_open_place_detector;
constinit const Detector library_from_open_place_detector{
    .id = "library_from_open_place",
    .area = Area::processes,
    .severity = Severity::malicious,
    .title = "A program runs code from a folder that anybody can write to",
    .explain =
        R"TEXT(The program itself is in its place, and part of what it runs comes from /tmp, /var/tmp or /dev/shm: a library that was put into it from outside. It is called malicious where that file has a hidden name and was deleted after it was loaded; else suspicious.
False alarms: programs that unpack libraries for themselves. Java, .NET, Node and Erlang are left alone.
What to do: look at who started it and where the file came from; start the program anew.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
