// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const Account& account : host.accounts) {
    if (account.home.size() < 2) continue;
    const std::string path = join_path(account.home, ".bash_history");
    const Result<Stat> stat = host.tree->stat(path);
    if (!stat) continue;
    const bool nowhere = stat->kind == NodeKind::link && host.tree->link_target(path).value_or("") == "/dev/null";
    const bool fixed = stat->kind == NodeKind::file && stat->size == 0 && host.tree->flags(path) != 0;
    if (!nowhere && !fixed) continue;
    Finding& finding = out.add({.kind = SubjectKind::account, .path = path, .name = account.name},
                               fmt::format("What {} types is not kept: {} {}", account.name, path,
                                           nowhere ? "leads to /dev/null" : "is empty and cannot be changed"));
    const bool around = host.ticket.span && stat->modified >= host.ticket.span->begin - std::chrono::hours{24 * 14} &&
                        stat->modified <= host.ticket.span->end + std::chrono::hours{24 * 3};
    if (!around) finding.severity = Severity::note;
    finding.at = stat->modified;
    finding.uid = account.uid;
    finding.ids.push_back(account.name);
  }
}

constexpr Example kExamples[] = {{"a link to nowhere", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/bash
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /root/.bash_history -> /dev/null
)TREE",
                                  1},
                                 {"a history", R"TREE(--- /etc/passwd
root:x:0:0::/root:/bin/bash
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /root/.bash_history
ls
)TREE",
                                  0}};

}  // namespace

extern const Detector history_switched_off_detector;
constinit const Detector history_switched_off_detector{
    .id = "history_switched_off",
    .area = Area::accounts,
    .severity = Severity::suspicious,
    .title = "A shell keeps no history",
    .explain =
        R"TEXT(The file in which root's shell keeps what was typed is a link to /dev/null, or cannot be changed. Some administrators do so; intruders do it first. It is called suspicious where it was done in the days around the reported harm, else it is a note.
What to do: ask who did it.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
