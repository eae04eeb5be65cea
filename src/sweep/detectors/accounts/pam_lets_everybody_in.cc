// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kDoors[] = {"sshd",   "login",       "su",          "su-l",          "sudo",
                                       "sudo-i", "common-auth", "system-auth", "password-auth", "common-account",
                                       "remote", "vsftpd",      "proftpd",     "dovecot",       "smtp",
                                       "imap",   "pop3",        "cockpit",     "runuser"};

// "sufficient", "[success=done …]", "[default=done]": a yes of this module ends the asking.
bool is_enough(std::string_view control) {
  return control == "sufficient" || control.find("success=done") != std::string_view::npos ||
         control.find("success=end") != std::string_view::npos;
}

void look(const Host& host, Findings& out) {
  std::string asked;  // the file in which a module that asks came before
  for (const Autostart& start : host.autostarts) {
    if (start.kind != AutostartKind::pam || start.packaged) continue;
    std::string_view line = start.command;
    if (line.starts_with('-')) line.remove_prefix(1);
    if (!line.starts_with("auth")) continue;
    line = trim(line.substr(4));
    std::size_t end = line.find_first_of(" \t");
    if (line.starts_with('[')) end = line.find(']') == std::string_view::npos ? end : line.find(']') + 1;
    const std::string_view control = line.substr(0, end);
    const std::string_view module = end == std::string_view::npos ? std::string_view{} : trim(line.substr(end));
    if (module.find("pam_unix") != std::string_view::npos || module.find("pam_sss") != std::string_view::npos ||
        module.find("pam_ldap") != std::string_view::npos || module.find("pam_deny") != std::string_view::npos)
      asked = start.path;
    if (module.find("pam_permit.so") == std::string_view::npos || !is_enough(control) || asked == start.path) continue;
    if (std::ranges::find(kDoors, file_name(start.path)) == std::end(kDoors)) continue;
    Subject subject = file_subject(start.path, start.line);
    subject.kind = SubjectKind::config;
    Finding& finding = out.add(std::move(subject), fmt::format("Any password is right for {}", file_name(start.path)));
    finding.at = start.modified;
    finding.evidence.push_back(fmt::format("{}:{}: {}", start.path, start.line, start.command));
    finding.role = "backdoor";
  }
}

constexpr Example kExamples[] = {{"every password is right", R"TREE(--- /etc/pam.d/sshd
auth sufficient pam_permit.so
@include common-auth
--- /etc/pam.d/common-auth
auth [success=1 default=ignore] pam_unix.so nullok
auth requisite pam_deny.so
auth required pam_permit.so
)TREE",
                                  1},
                                 {"as Debian has it", R"TREE(--- /etc/pam.d/common-auth
auth [success=1 default=ignore] pam_unix.so nullok
auth requisite pam_deny.so
auth required pam_permit.so
--- /etc/pam.d/su
auth sufficient pam_rootok.so
@include common-auth
)TREE",
                                  0}};

}  // namespace

extern const Detector pam_lets_everybody_in_detector;
constinit const Detector pam_lets_everybody_in_detector{
    .id = "pam_lets_everybody_in",
    .area = Area::accounts,
    .severity = Severity::malicious,
    .title = "A log-in stack lets everybody in",
    .explain =
        R"TEXT(PAM asks its modules in order whether somebody may come in. Here pam_permit, which says yes to everybody, stands before the module that asks for the password, and its yes is enough: any password opens the account. Debian's own pam_permit stands behind the others, and is left alone.
What to do: take the line out on a console that stays open, try a wrong password, and look who wrote the file.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
