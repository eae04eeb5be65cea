// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::set<std::string> told;
  for (const Autostart& start : host.autostarts) {
    if (start.kind != AutostartKind::pam || start.packaged || !host.packages->digest_of(start.path)) continue;
    if (!told.insert(start.path).second) continue;
    Subject subject = file_subject(start.path);
    subject.kind = SubjectKind::config;
    Finding& finding = out.add(std::move(subject), fmt::format("{} was changed since it was installed", start.path));
    const bool around = host.ticket.span && start.modified >= host.ticket.span->begin - std::chrono::hours{24 * 14} &&
                        start.modified <= host.ticket.span->end + std::chrono::hours{24 * 3};
    if (!around) finding.severity = Severity::note;
    finding.at = start.modified;
    finding.evidence.push_back(fmt::format("{}: last written {}", start.path, format_rfc3339(start.modified)));
    finding.role = "persistence";
  }
}

constexpr Example kExamples[] = {{"changed when the harm began", R"TREE(--- /ticket
http://192.0.2.1/x 2026-05-20T00:00:00Z
--- /var/lib/dpkg/status
Package: openssh-server
Status: install ok installed
Version: 1
Conffiles:
 /etc/pam.d/sshd 00000000000000000000000000000001
--- /var/lib/dpkg/info/openssh-server.list
/etc/pam.d/sshd
--- /etc/pam.d/sshd mtime=2026-05-19T03:00:00Z
auth sufficient pam_x.so
)TREE",
                                  1},
                                 {"of no package", R"TREE(--- /etc/pam.d/own
auth required pam_unix.so
)TREE",
                                  0}};

}  // namespace

extern const Detector pam_file_changed_detector;
constinit const Detector pam_file_changed_detector{
    .id = "pam_file_changed",
    .area = Area::accounts,
    .severity = Severity::suspicious,
    .title = "A log-in stack is not as it was installed",
    .explain =
        R"TEXT(The files of /etc/pam.d say how this server asks for passwords. This one came with a package and was changed since. Written in the days around the reported harm, it is called suspicious; else it is a note, since administrators change them for two-factor log-ins and directories.
What to do: compare it with the package's (dpkg-query -S, apt-get download), or ask who changed it.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
