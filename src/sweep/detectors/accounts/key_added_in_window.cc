// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  if (!host.ticket.span) return;
  const Instant from = host.ticket.span->begin - std::chrono::hours{24 * 14};
  const Instant until = host.ticket.span->end + std::chrono::hours{24 * 3};
  std::map<std::string, const Key*> last;
  std::map<std::string, std::size_t> count;
  for (const Key& key : host.keys) {
    last[key.path] = &key;
    ++count[key.path];
  }
  for (const auto& [path, key] : last) {
    const Result<Stat> stat = host.tree->stat_through_links(path);
    if (!stat || stat->modified < from || stat->modified > until) continue;
    if (host.first_boot_at && stat->modified < *host.first_boot_at + std::chrono::hours{24}) continue;
    Subject subject;
    subject.kind = SubjectKind::key;
    subject.path = path;
    subject.line = key->line;
    subject.name = key->account;
    Finding& finding =
        out.add(std::move(subject), fmt::format("The keys of {} were changed on {}, around the reported time",
                                                key->account, format_for_people(stat->modified)));
    finding.at = stat->modified;
    if (const Account* account = host.account(key->account)) finding.uid = account->uid;
    finding.evidence.push_back(fmt::format("{}:{}: {} {} {} ({} keys)", path, key->line, key->type, key->fingerprint,
                                           key->comment, count[path]));
    finding.ids = {key->account, key->fingerprint};
    finding.role = "persistence";
  }
}

constexpr Example kExamples[] = {{"a new key", R"TREE(--- /etc/machine-id mtime=2025-01-01T00:00:00Z
x
--- /ticket
http://192.0.2.1/x 2026-05-20T00:00:00Z
--- /etc/passwd
root:x:0:0::/root:/bin/sh
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /home/anna/.ssh/authorized_keys uid=1000 mtime=2026-05-19T03:00:00Z
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB anna@laptop
)TREE",
                                  1},
                                 {"an old one", R"TREE(--- /ticket
http://192.0.2.1/x 2026-05-20T00:00:00Z
--- /etc/passwd
root:x:0:0::/root:/bin/sh
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
--- /home/anna/.ssh/authorized_keys uid=1000 mtime=2026-01-19T03:00:00Z
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB anna@laptop
)TREE",
                                  0}};

}  // namespace

extern const Detector key_added_in_window_detector;
constinit const Detector key_added_in_window_detector{
    .id = "key_added_in_window",
    .area = Area::accounts,
    .severity = Severity::suspicious,
    .title = "A key was added when the harm began",
    .explain =
        R"TEXT(An authorized_keys that was written in the days around the reported harm, long after the account was made, may hold an intruder's key.
The newest key is the last line, as programs append. It is called malicious when other findings of that time name the same account: see the cause.
What to do: ask the owner of the account which keys are theirs.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
