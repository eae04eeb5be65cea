// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "remedy/edit.h"
#include "remedy/measure.h"
#include "sweep/host/config/config_text.h"

namespace abate::remedy {

extern const Measure lasting_logs_measure;

namespace {

constexpr const char* kFolder = "/etc/systemd/journald.conf.d";
constexpr const char* kFile = "/etc/systemd/journald.conf.d/99-abate.conf";
constexpr const char* kJournal = "/var/log/journal";

// journald.conf(5): the main file, then drop-ins of all three folders by name; the last value wins.
std::string storage(const sweep::Tree& tree) {
  std::string value = "auto";
  const auto read = [&](std::string_view path) {
    const auto settings = sweep::ini_settings(tree, path);
    if (const sweep::Setting* one = sweep::last_of(settings, "storage", "journal")) value = to_lower(one->value);
  };
  read("/etc/systemd/journald.conf");
  for (const std::string_view folder : {"/usr/lib/systemd/journald.conf.d", "/run/systemd/journald.conf.d", kFolder})
    for (const std::string& path : sweep::glob(tree, sweep::join_path(folder, "*.conf"))) read(path);
  return value;
}

bool has_syslog(const sweep::Tree& tree) {
  for (const std::string_view unit : {"rsyslog.service", "syslog-ng.service", "syslog.service"})
    if (!sweep::glob(tree, fmt::format("/etc/systemd/system/*.wants/{}", unit)).empty()) return true;
  return !sweep::glob(tree, "/etc/rc?.d/S*rsyslog").empty();
}

void look(const Ground& ground, Advised& out) {
  const sweep::Tree& tree = *ground.host.tree;
  if (has_syslog(tree)) return out.already("logs are kept in /var/log by a syslog server");
  if (!sweep::exists(tree, "/etc/systemd"))
    return out.by_hand(file_subject("/var/log"), "Nothing here writes logs that last",
                       "Install a syslog server: apt-get install rsyslog");
  const std::string kept = storage(tree);
  if (kept == "persistent" || (kept == "auto" && sweep::exists(tree, kJournal)))
    return out.already("the journal is kept over a restart");
  Subject subject = file_subject(kJournal);
  subject.kind = SubjectKind::log;
  Action& action = out.advise(subject, "Logs are gone after a restart: nobody could say what happened before");
  action.effect = "The journal is kept in /var/log/journal; systemd bounds it to a tenth of the disk";
  action.undo = "The setting goes; what was logged meanwhile stays in /var/log/journal";
}

Result<Work> work(const Action&, const sweep::Host& host) {
  Work work;
  const std::string kept = storage(*host.tree);
  if (kept != "persistent" && kept != "auto") {
    work.changes.push_back(folder_change(kFolder));
    work.changes.push_back(
        write_change(kFile, "[Journal]\nStorage=persistent\n", fmt::format("{}: Storage=persistent", kFile)));
  }
  work.changes.push_back(folder_change(kJournal, 02755));
  if (has_systemd(host)) {
    work.afterwards = {{"systemd-tmpfiles", "--create", "--prefix", kJournal},
                       {"systemctl", "restart", "systemd-journald.service"},
                       {"journalctl", "--flush"}};
    work.undo_afterwards = {{"systemctl", "restart", "systemd-journald.service"}};
  }
  return work;
}

constexpr MeasureExample kExamples[] = {{"in memory only", R"x(--- /etc/systemd/journald.conf
[Journal]
Storage=volatile
--- /var/log/
)x",
                                         Standing::advised},
                                        {"no folder", R"x(--- /etc/systemd/journald.conf
[Journal]
#Storage=auto
--- /var/log/
)x",
                                         Standing::advised},
                                        {"kept", R"x(--- /etc/systemd/journald.conf
[Journal]
--- /var/log/journal/
)x",
                                         Standing::already},
                                        {"a syslog server", R"x(--- /lib/systemd/system/rsyslog.service
x
--- /etc/systemd/system/multi-user.target.wants/rsyslog.service -> /lib/systemd/system/rsyslog.service
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure lasting_logs_measure{
    .name = "lasting_logs",
    .requirement = "R31",
    .title = "Logs outlast a restart",
    .explain =
        R"TEXT(Lets systemd's journal be kept on the disk (/var/log/journal, Storage=persistent in a drop-in where something else was set), so that one can still see after a restart what happened before. With a syslog server, logs last already.
Undo: abate undo takes the setting away; the logs of meanwhile stay.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
