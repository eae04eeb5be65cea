// SPDX-License-Identifier: Apache-2.0
#include "remedy/edit.h"
#include "remedy/measure.h"

namespace abate::remedy {

extern const Measure watching_measure;

namespace {

constexpr const char* kUnits = "/etc/systemd/system";
constexpr const char* kWants = "/etc/systemd/system/timers.target.wants";
constexpr const char* kCron = "/etc/cron.d/abate-watch";

// Where this program lies, so that it is still there tomorrow; "" where it is not.
std::string program_of(const sweep::Host& host) {
  if (host.live)
    if (const Result<std::string> own = host.tree->link_target("/proc/self/exe"))
      for (const std::string_view folder : {"/usr/", "/opt/", "/srv/"})
        if (own->starts_with(folder) && own->find_first_of(" %\"'\\") == std::string::npos) return *own;
  for (const std::string_view path :
       {"/usr/local/bin/abate", "/usr/local/sbin/abate", "/usr/bin/abate", "/usr/sbin/abate"})
    if (sweep::exists(*host.tree, path)) return std::string{path};
  return "";
}

bool uses_systemd(const sweep::Host& host) {
  return has_systemd(host) || (!host.live && sweep::exists(*host.tree, "/lib/systemd/systemd"));
}

constexpr const char* kCopy =
    "Copy abate to a place that stays: install -m 755 abate /usr/local/bin/; then run it from there.";

void look(const Ground& ground, Advised& out) {
  const sweep::Host& host = ground.host;
  if (sweep::exists(*host.tree, fmt::format("{}/abate-watch.timer", kWants)) || sweep::exists(*host.tree, kCron))
    return out.already("abate watch looks every quarter of an hour");
  if (!sweep::exists(*host.tree, "/etc/passwd")) return;
  Subject subject;
  subject.kind = SubjectKind::unit;
  subject.name = "abate-watch.timer";
  constexpr const char* kWhy = "Nobody would notice when somebody gets in again";
  if (program_of(host).empty()) return out.by_hand(subject, kWhy, kCopy);
  Action& action = out.advise(subject, kWhy);
  action.effect =
      "Every quarter of an hour it looks for new log-ins, accounts, keys, scripts, listeners and mail in bulk, and "
      "writes a "
      "mail to root when there is news";
  action.undo = "abate watch --remove, or abate undo";
}

Result<Work> work(const Action&, const sweep::Host& host) {
  const std::string program = program_of(host);
  if (program.empty()) return Work{.by_hand = kCopy};
  Work work;
  if (!uses_systemd(host)) {
    if (!sweep::exists(*host.tree, "/etc/cron.d"))
      return Work{.by_hand = fmt::format("Let your own timer run {} watch --once every quarter of an hour.", program)};
    work.changes.push_back(write_change(
        kCron,
        fmt::format(
            "# Written by abate; abate watch --remove takes it away.\n*/15 * * * * root {} watch --once --quiet\n",
            program),
        fmt::format("{}: looks every quarter of an hour", kCron)));
    return work;
  }
  const std::string service = fmt::format("{}/abate-watch.service", kUnits);
  const std::string timer = fmt::format("{}/abate-watch.timer", kUnits);
  work.changes.push_back(write_change(
      service,
      fmt::format(
          "# Written by abate; abate watch --remove takes it away.\n[Unit]\nDescription=abate looks for news\n\n"
          "[Service]\nType=oneshot\nExecStart={} watch --once --quiet\nSuccessExitStatus=1 3\nNice=19\n"
          "IOSchedulingClass=idle\nMemoryMax=256M\nTimeoutStartSec=10min\n",
          program),
      service + ": what looks"));
  work.changes.push_back(write_change(
      timer,
      "# Written by abate; abate watch --remove takes it away.\n[Unit]\nDescription=abate looks for news\n\n[Timer]\n"
      "OnBootSec=5min\nOnUnitActiveSec=15min\nRandomizedDelaySec=60\n\n[Install]\nWantedBy=timers.target\n",
      timer + ": every quarter of an hour"));
  work.changes.push_back(folder_change(kWants));
  work.changes.push_back(
      link_change(fmt::format("{}/abate-watch.timer", kWants), timer, "abate-watch.timer is enabled"));
  if (has_systemd(host)) {
    work.afterwards = {{"systemctl", "daemon-reload"}, {"systemctl", "start", "abate-watch.timer"}};
    work.undo_afterwards = {{"systemctl", "daemon-reload"}, {"systemctl", "stop", "abate-watch.timer"}};
  }
  return work;
}

constexpr MeasureExample kExamples[] = {{"systemd", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /usr/local/bin/abate mode=0755
x
--- /lib/systemd/systemd
x
--- /etc/systemd/system/
)x",
                                         Standing::advised},
                                        {"cron", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
--- /usr/local/bin/abate mode=0755
x
--- /etc/cron.d/
)x",
                                         Standing::advised},
                                        {"no place that stays", R"x(--- /etc/passwd
root:x:0:0::/root:/bin/bash
)x",
                                         Standing::by_hand},
                                        {"it watches", R"x(--- /etc/cron.d/abate-watch
*/15 * * * * root /usr/local/bin/abate watch --once --quiet
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure watching_measure{
    .name = "watching",
    .requirement = "R31",
    .title = "Somebody looks for news",
    .explain =
        R"TEXT(Lets abate watch look every quarter of an hour (a timer of systemd, or a line of cron): log-ins from new networks, new accounts and SSH keys, changed scripts in docroots, new listeners, autostarts and programs of web users, mail in bulk. What is new is told once, by mail to root or into the ticket (abate watch --install --ticket LINK). Names only, never contents of files. It runs when nothing else wants the processor, with 256 MB and ten minutes at most.
Undo: abate watch --remove, or abate undo.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
