// SPDX-License-Identifier: Apache-2.0
#include "remedy/measure.h"

namespace abate::remedy {

extern const Measure log_rotation_measure;

namespace {

void look(const Ground& ground, Advised& out) {
  const sweep::Tree& tree = *ground.host.tree;
  if (!sweep::exists(tree, "/var/log")) return;
  const bool timer = sweep::exists(tree, "/etc/systemd/system/timers.target.wants/logrotate.timer");
  const bool cron = sweep::exists(tree, "/etc/cron.daily/logrotate");
  const bool text_logs = sweep::exists(tree, "/var/log/syslog") || sweep::exists(tree, "/var/log/messages") ||
                         !sweep::glob(tree, "/var/log/*/*access*log").empty();
  if (!sweep::exists(tree, "/usr/sbin/auditd"))
    out.said("auditd is not installed: it would also log who ran which program",
             "apt-get install auditd, if you want it");
  if (timer || cron) return out.already("old logs are packed and deleted in turn (logrotate)");
  if (!text_logs) return out.already("systemd bounds its journal by itself");
  Subject subject = file_subject("/var/log");
  subject.kind = SubjectKind::log;
  out.by_hand(subject, "Logs grow until the disk is full, and then nothing is logged any more",
              "apt-get install logrotate (or dnf install logrotate)");
}

constexpr MeasureExample kExamples[] = {{"nothing turns them", "--- /var/log/syslog\nx\n", Standing::by_hand},
                                        {"by cron",
                                         "--- /var/log/syslog\nx\n--- /etc/cron.daily/logrotate\nx\n--- "
                                         "/usr/sbin/auditd\nx\n",
                                         Standing::already},
                                        {"the journal only", "--- /var/log/journal/\n", Standing::said}};

}  // namespace

constinit const Measure log_rotation_measure{
    .name = "log_rotation",
    .requirement = "R31",
    .title = "Logs do not fill the disk",
    .explain =
        R"TEXT(Looks whether old logs are packed and deleted in turn (logrotate by timer or cron; the journal bounds itself). Abate installs no packages: it says what to run. auditd is named as a possibility, not as a weakness.)TEXT",
    .look = look,
    .examples = kExamples};

}  // namespace abate::remedy
