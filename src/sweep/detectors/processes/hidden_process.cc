// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/code/process_words.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const Process& process : host.processes) {
    if (!process.hidden) continue;
    const bool seen = !process.comm.empty();
    Finding& finding = out.add(process_subject(process),
                               seen ? fmt::format("The process {} ({}) runs, and the list of processes leaves it out",
                                                  process.comm, process.pid)
                                    : fmt::format("The control group {} holds process {}, and nothing else knows of it",
                                                  process.cgroup, process.pid));
    if (!seen) finding.severity = Severity::suspicious;
    fill_process(host, process, "rootkit", finding);
  }
}

constexpr Example kExamples[] = {{"known to its control group only", R"TREE(--- /proc/1/status
Name:	systemd
Tgid:	1
PPid:	0
Uid:	0	0
Gid:	0	0
--- /proc/1/cmdline cut
/sbin/init
--- /proc/1/exe -> /usr/lib/systemd/systemd
--- /sys/fs/cgroup/init.scope/cgroup.procs
1
--- /sys/fs/cgroup/system.slice/cron.service/cgroup.procs
0
4711
)TREE",
                                  1},
                                 {"each is listed", R"TREE(--- /proc/1/status
Name:	systemd
Tgid:	1
PPid:	0
Uid:	0	0
Gid:	0	0
--- /proc/1/cmdline cut
/sbin/init
--- /proc/1/exe -> /usr/lib/systemd/systemd
--- /proc/loadavg
0.00 0.01 0.05 1/117 900
--- /sys/fs/cgroup/init.scope/cgroup.procs
1
)TREE",
                                  0}};

}  // namespace

extern const Detector hidden_process_detector;
constinit const Detector hidden_process_detector{
    .id = "hidden_process",
    .area = Area::processes,
    .severity = Severity::malicious,
    .title = "A process is hidden",
    .explain =
        R"TEXT(The list of processes (/proc) was held against the lists of the control groups and against asking for each number by itself, several times. A process that is there and is never listed is hidden by a rootkit in the kernel: nothing else does that.
Where only a control group knows it, it is called suspicious: some kinds of virtual machines count processes there that belong to a neighbour.
What to do: nothing that this server says about itself can be believed any more. Save what you need, read its disk on another machine (--root), and set it up anew.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
