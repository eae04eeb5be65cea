// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "sweep/host/code/places.h"
#include "sweep/host/config/sshd.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

bool is_odd_place(std::string_view value) {
  return is_open_place(value) || lies_in(value, "/var/www") || lies_in(value, "/usr/share") ||
         (value.starts_with('/') && value.find("/.") != std::string_view::npos &&
          value.find("/.ssh") == std::string_view::npos);
}

void look(const Host& host, Findings& out) {
  const Sshd sshd{*host.tree};
  for (const SshdLine& line : sshd.lines()) {
    const bool file = line.key == "authorizedkeysfile" || line.key == "trustedusercakeys";
    const bool command = line.key == "authorizedkeyscommand";
    if ((!file && !command) || line.value == "none") continue;
    std::string where;
    for (const std::string_view word : split(line.value, ' ')) {
      if (file && is_odd_place(word)) where = word;
      if (command) {
        const bool unknown = !host.packages->system().empty() && !host.packages->owns(word);
        constexpr std::string_view kKnown[] = {"sss_ssh_authorizedkeys",  "google_authorized_keys",
                                               "eic_run_authorized_keys", "userdbctl",
                                               "aad_certhandler",         "gitlab-shell-authorized-keys-check"};
        const bool known = std::ranges::any_of(kKnown, [&](std::string_view name) { return file_name(word) == name; });
        if (is_odd_place(word) || (unknown && !known)) where = word;
        break;
      }
    }
    if (where.empty()) continue;
    Subject subject = file_subject(line.path, line.line);
    subject.kind = SubjectKind::config;
    Finding& finding = out.add(std::move(subject), command ? fmt::format("sshd asks {} who may come in", where)
                                                           : fmt::format("sshd takes keys from {}", where));
    if (const Result<Stat> stat = host.tree->stat_through_links(line.path)) finding.at = stat->modified;
    finding.paths.push_back(where);
    finding.evidence.push_back(fmt::format("{}:{}: {} {}", line.path, line.line, line.key, line.value));
    if (!line.match.empty()) finding.evidence.push_back(fmt::format("within: Match {}", line.match));
    finding.role = "persistence";
  }
}

constexpr Example kExamples[] = {{"a hidden folder, in an included file", R"TREE(--- /etc/ssh/sshd_config
Include /etc/ssh/sshd_config.d/*.conf
--- /etc/ssh/sshd_config.d/50-x.conf
Match User root
  AuthorizedKeysFile .ssh/authorized_keys /usr/share/.k/%u
)TREE",
                                  1},
                                 {"as usual", R"TREE(--- /etc/ssh/sshd_config
AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/keys/%u
AuthorizedKeysCommand none
)TREE",
                                  0}};

}  // namespace

extern const Detector keys_from_elsewhere_detector;
constinit const Detector keys_from_elsewhere_detector{
    .id = "keys_from_elsewhere",
    .area = Area::accounts,
    .severity = Severity::suspicious,
    .title = "sshd takes keys from an unusual place",
    .explain =
        R"TEXT(sshd_config says where sshd looks for the keys that let somebody in: usually .ssh/authorized_keys of the account. Here it looks in a folder that anybody can write to or a hidden one, or asks a program of no package. Clouds and directories bring programs of their own (sss_ssh_authorizedkeys, google_authorized_keys): left alone.
What to do: read the keys and the program; take the line out if nobody knows of it, and reload sshd.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
