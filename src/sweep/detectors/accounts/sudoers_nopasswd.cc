// SPDX-License-Identifier: Apache-2.0

#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  std::vector<std::string> files = glob(*host.tree, "/etc/sudoers.d/*");
  files.insert(files.begin(), "/etc/sudoers");
  for (const std::string& path : files) {
    if (host.packages->digest_of(path) && host.packages->is_configuration(path) && file_name(path) == "README")
      continue;
    std::uint32_t number = 0;
    for (std::string_view line : lines_of(*host.tree, path)) {
      ++number;
      line = trim(line);
      if (line.empty() || line.starts_with('#') || line.starts_with("Defaults") ||
          line.find("NOPASSWD") == std::string_view::npos)
        continue;
      const std::string_view who = line.substr(0, line.find_first_of(" \t"));
      const Account* account = host.account(who);
      const bool all = line.ends_with("ALL") || line.find("NOPASSWD:ALL") != std::string_view::npos ||
                       line.find("NOPASSWD: ALL") != std::string_view::npos;
      const bool service = account != nullptr && account->uid != 0 && account->uid < 1000;
      if (!all && !service) continue;
      Subject subject = file_subject(path, number);
      subject.kind = SubjectKind::config;
      subject.name = who;
      Finding& finding = out.add(std::move(subject),
                                 fmt::format("{} gets {} without a password", who, all ? "all rights" : "more rights"));
      finding.severity = all && service && host.is_web_user(account->uid) ? Severity::malicious
                         : service && all                                 ? Severity::suspicious
                                                                          : Severity::note;
      if (const Result<Stat> stat = host.tree->stat_through_links(path)) finding.at = stat->modified;
      finding.evidence.push_back(fmt::format("{}:{}: {}", path, number, line.substr(0, 200)));
      finding.ids.emplace_back(who);
      if (account != nullptr) finding.uid = account->uid;
      finding.role = "persistence";
    }
  }
}

constexpr Example kExamples[] = {{"the web server's account", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/sh
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /etc/sudoers.d/x
www-data ALL=(ALL) NOPASSWD: ALL
--- /var/www/html/a.php
x
)TREE",
                                  1},
                                 {"with a password", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/sh
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /etc/sudoers
anna ALL=(ALL) ALL
)TREE",
                                  0}};

}  // namespace

extern const Detector sudoers_nopasswd_detector;
constinit const Detector sudoers_nopasswd_detector{
    .id = "sudoers_nopasswd",
    .area = Area::accounts,
    .severity = Severity::malicious,
    .title = "An account gets all rights without a password",
    .explain =
        R"TEXT(A line of sudoers that asks for no password turns whoever gets hold of the account into root. For a person it is common, and a matter of taste; for the account of the web server or another service it is a door, and is called malicious.
What to do: ask for the password, or name the few commands that are needed.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
