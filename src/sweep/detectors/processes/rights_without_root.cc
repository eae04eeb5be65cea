// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

// dac_override, dac_read_search, setgid, setuid, sys_module, sys_ptrace, sys_admin
constexpr std::uint64_t kStrong = 1U << 1U | 1U << 2U | 1U << 6U | 1U << 7U | 1U << 16U | 1U << 19U | 1U << 21U;

void look(const Host& host, Findings& out) {
  for (const Process& process : host.processes) {
    if (process.uid == 0 || process.exe.empty() || (process.capabilities & kStrong) == 0) continue;
    if (!process.container.empty() || host.packages->owns(process.exe) || host.packages->system().empty()) continue;
    Finding& finding = out.add(process_subject(process),
                               fmt::format("{} runs as account {} with rights of root", process.exe, process.uid));
    fill_process(host, process, "backdoor", finding);
    finding.evidence.push_back(fmt::format("/proc/{}/status: CapEff {:016x}", process.pid, process.capabilities));
  }
}

constexpr Example kExamples[] = {{"a shell of the web server", R"TREE(--- /var/lib/dpkg/status
Package: base-files
Status: install ok installed
Version: 1
--- /proc/1/status
Name:	systemd
--- /proc/1/ns/user -> user:[1]
--- /proc/1/exe -> /usr/lib/systemd/systemd
--- /proc/90/status
Name:	sh
PPid:	1
Uid:	33	33
Gid:	33	33
CapEff:	00000000002000c0
--- /proc/90/exe -> /var/www/.x/sh
--- /proc/90/ns/user -> user:[1]
)TREE",
                                  1},
                                 {"in a container of its own", R"TREE(--- /var/lib/dpkg/status
Package: base-files
Status: install ok installed
Version: 1
--- /proc/1/status
Name:	systemd
--- /proc/1/ns/user -> user:[1]
--- /proc/1/exe -> /usr/lib/systemd/systemd
--- /proc/90/status
Name:	sh
PPid:	1
Uid:	1000	1000
Gid:	1000	1000
CapEff:	00000000002000c0
--- /proc/90/exe -> /home/anna/.local/share/containers/x/bin/sh
--- /proc/90/ns/user -> user:[4026532001]
)TREE",
                                  0}};

}  // namespace

extern const Detector rights_without_root_detector;
constinit const Detector rights_without_root_detector{
    .id = "rights_without_root",
    .area = Area::processes,
    .severity = Severity::suspicious,
    .title = "A program of an ordinary account has rights of root",
    .explain =
        R"TEXT(The kernel lets this process do what only root may: become another account, read or write everything, load kernel code. Its account is not root, and its program belongs to no package that would need that. So back doors work that leave no setuid bit.
Containers with accounts of their own give such rights inside the container only, and are left alone.
What to do: look at the program (getcap) and who started it.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
