// SPDX-License-Identifier: Apache-2.0

#include "base/text.h"
#include "sweep/host/config/sudoers.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

// Of a group, the account that has its name: www-data's group is www-data.
const Account* account_of(const Host& host, std::string_view who) {
  if (who.starts_with('%')) who.remove_prefix(1);
  return host.account(who);
}

void look(const Host& host, Findings& out) {
  for (const SudoRule& rule : read_sudoers(*host.tree)) {
    const std::string_view what = rule.what;
    const bool unasked = rule.is_default ? what.find("!authenticate") != std::string_view::npos
                                         : what.find("NOPASSWD") != std::string_view::npos;
    if (!unasked) continue;
    const Account* account = account_of(host, rule.who);
    const bool all = rule.is_default || what.ends_with("ALL") || what.find("NOPASSWD:ALL") != std::string_view::npos ||
                     what.find("NOPASSWD: ALL") != std::string_view::npos;
    const bool service = account != nullptr && account->uid != 0 && account->uid < 1000;
    const bool everybody = rule.who == "ALL" && all && !rule.is_default;
    if (!all && !service) continue;
    Subject subject = file_subject(rule.path, rule.line);
    subject.kind = SubjectKind::config;
    subject.name = rule.who;
    Finding& finding =
        out.add(std::move(subject), fmt::format("{} gets {} without a password", everybody ? "everybody" : rule.who,
                                                all ? "all rights" : "more rights"));
    finding.severity = all && !rule.is_default && service && host.is_web_user(account->uid) ? Severity::malicious
                       : everybody || (service && all)                                      ? Severity::suspicious
                                                                                            : Severity::note;
    if (const Result<Stat> stat = host.tree->stat_through_links(rule.path)) finding.at = stat->modified;
    finding.evidence.push_back(fmt::format("{}:{}: {} {}", rule.path, rule.line, rule.who, what.substr(0, 200)));
    finding.ids.push_back(rule.who);
    if (account != nullptr) finding.uid = account->uid;
    finding.role = "persistence";
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
                                 {"in a file that another includes, under an alias", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/sh
www-data:x:33:33::/var/www:/usr/sbin/nologin
--- /etc/sudoers
User_Alias WEB = www-data, \
  nobody
@include /etc/sudo-more
--- /etc/sudo-more
WEB ALL=(ALL:ALL) NOPASSWD: ALL
--- /etc/sudoers.d/old~
www-data ALL=(ALL) NOPASSWD: ALL
)TREE",
                                  2},
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
