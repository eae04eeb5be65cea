// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/host/code/command_signs.h"
#include "sweep/host/code/places.h"
#include "sweep/host/inventory/inventory.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const Autostart& start : host.autostarts) {
    if (start.kind != AutostartKind::pam || start.packaged) continue;
    const std::size_t at = start.command.find("pam_exec.so");
    if (at == std::string::npos) continue;
    Autostart run = start;
    run.command = start.command.substr(at + 11);
    run.programs = programs_of(run.command);
    if (run.programs.empty()) continue;
    const std::string& program = run.programs.front();
    const CommandSigns said = command_signs(run.command);
    const CommandSigns does = script_signs(*host.tree, run);
    const bool takes_passwords = run.command.find("expose_authtok") != std::string::npos;
    const bool bad = said.bad() || does.bad() || is_open_place(program) || said.hidden_program;
    Subject subject = file_subject(start.path, start.line);
    subject.kind = SubjectKind::config;
    Finding& finding = out.add(std::move(subject), fmt::format("{} is run at every log-in{}", program,
                                                               takes_passwords ? ", and is given the password" : ""));
    finding.severity = bad                                                ? Severity::malicious
                       : takes_passwords && !host.packages->owns(program) ? Severity::suspicious
                       : host.packages->owns(program) || !takes_passwords ? Severity::note
                                                                          : Severity::suspicious;
    finding.at = start.modified;
    finding.paths = run.programs;
    finding.evidence.push_back(fmt::format("{}:{}: {}", start.path, start.line, start.command));
    finding.role = "backdoor";
  }
}

constexpr Example kExamples[] = {{"passwords go to a hidden program", R"TREE(--- /etc/pam.d/common-auth
auth optional pam_exec.so quiet expose_authtok /var/tmp/.p/log
auth [success=1 default=ignore] pam_unix.so
)TREE",
                                  1},
                                 {"no pam_exec", R"TREE(--- /etc/pam.d/common-auth
auth [success=1 default=ignore] pam_unix.so
)TREE",
                                  0}};

}  // namespace

extern const Detector pam_runs_program_detector;
constinit const Detector pam_runs_program_detector{
    .id = "pam_runs_program",
    .area = Area::accounts,
    .severity = Severity::malicious,
    .title = "A log-in stack runs a program",
    .explain =
        R"TEXT(pam_exec runs a program at every log-in, and with expose_authtok hands it the password. Administrators use it to be told of log-ins; intruders to keep passwords and to come back. It is called malicious where the program does what an intruder's does or lies where anybody can write, suspicious where it is given passwords or belongs to no package.
What to do: read the program; ask who put it there.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
