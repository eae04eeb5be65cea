// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kNeighboursMin = 6;
constexpr std::size_t kNeighboursMax = 200;
constexpr auto kApart = std::chrono::hours{24 * 3};

bool is_working_folder(std::string_view path) {
  for (const std::string_view part :
       {"/cache/", "/tmp/", "/temp/", "/logs/", "/log/", "/uploads/", "/sessions/", "/compile/", "/templates_c/",
        "/storage/", "/var/", "/backup", "/languages/", "/upgrade", "/config"})
    if (path.find(part) != std::string_view::npos) return true;
  return false;
}

bool is_around(const Host& host, Instant time) {
  return host.ticket.span && time >= host.ticket.span->begin - std::chrono::hours{24 * 14} &&
         time <= host.ticket.span->end + std::chrono::hours{24 * 3};
}

// Cheap questions first: only a file that may stand apart has its neighbours asked.
bool wants(std::string_view path, const Stat& stat, const Host& host) {
  if (!runs_as_php(path) || stat.size == 0 || host.site_of(path) == nullptr) return false;
  const std::string_view inside = path.substr(host.site_of(path)->docroot.size());
  if (is_working_folder(inside) || file_name(path).find("config") != std::string_view::npos) return false;
  return is_around(host, stat.modified) || (host.is_web_user(stat.uid) && stat.uid < 1000);
}

void look(const FileView& file, Findings& out) {
  const Host& host = file.host;
  const std::string folder{folder_of(file.path)};
  const Result<Stat> home = host.tree->stat(folder);
  const Result<std::vector<Name>> names = host.tree->list(folder);
  if (!home || !names) return;
  std::size_t neighbours = 0;
  std::size_t of_another = 0;
  std::size_t near = 0;
  Instant last{};
  for (const Name& name : *names) {
    if (name.kind != NodeKind::file || !runs_as_php(name.name) || name.name == file_name(file.path)) continue;
    const Result<Stat> stat = host.tree->stat(join_path(folder, name.name));
    if (!stat || ++neighbours > kNeighboursMax) continue;
    if (stat->uid != file.stat.uid) ++of_another;
    if (stat->modified + kApart > file.stat.modified) ++near;
    last = std::max(last, stat->modified);
  }
  if (neighbours < kNeighboursMin) return;
  const bool by_owner = of_another + 1 >= neighbours && home->uid != file.stat.uid && host.is_web_user(file.stat.uid) &&
                        file.stat.uid < 1000;
  const bool by_time = near == 0 && is_around(host, file.stat.modified);
  if (!by_owner && !by_time) return;
  Finding& finding = out.add(file_subject(file.path),
                             by_owner ? fmt::format("Written by the web server (account {}) among {} files of others",
                                                    file.stat.uid, neighbours)
                                      : fmt::format("Written on {}, long after its {} neighbours",
                                                    format_for_people(file.stat.modified), neighbours));
  // Its owner may have edited it: a person looks only where both tell of it.
  if (!(by_owner && by_time) && !by_owner) finding.severity = Severity::note;
  finding.evidence.push_back(fmt::format("{}: owner {}, written {}; the folder's owner {}, the newest neighbour {}",
                                         file.path, file.stat.uid, format_rfc3339(file.stat.modified), home->uid,
                                         format_rfc3339(last)));
}

constexpr Example kExamples[] = {
    {"the web server wrote among the owner's files", R"TREE(--- /etc/apache2/sites-enabled/s.conf
<VirtualHost *:80>
ServerName shop.example.org
DocumentRoot /var/www/shop
</VirtualHost>
--- /var/www/shop/lib/a.php uid=1000
<?php
--- /var/www/shop/lib/b.php uid=1000
<?php
--- /var/www/shop/lib/c.php uid=1000
<?php
--- /var/www/shop/lib/d.php uid=1000
<?php
--- /var/www/shop/lib/e.php uid=1000
<?php
--- /var/www/shop/lib/f.php uid=1000
<?php
--- /var/www/shop/lib/g.php uid=1000
<?php
--- /var/www/shop/lib/ uid=1000
--- /var/www/shop/lib/z.php uid=33 mtime=2026-05-19T03:00:00Z
<?php
--- /etc/passwd
www-data:x:33:33::/var/www:/usr/sbin/nologin
anna:x:1000:1000::/home/anna:/bin/bash
)TREE",
     1},
    {"all of one owner", R"TREE(--- /etc/apache2/sites-enabled/s.conf
<VirtualHost *:80>
ServerName shop.example.org
DocumentRoot /var/www/shop
</VirtualHost>
--- /var/www/shop/lib/a.php uid=33
<?php
--- /var/www/shop/lib/b.php uid=33
<?php
--- /var/www/shop/lib/c.php uid=33
<?php
--- /var/www/shop/lib/d.php uid=33
<?php
--- /var/www/shop/lib/e.php uid=33
<?php
--- /var/www/shop/lib/f.php uid=33
<?php
--- /var/www/shop/lib/g.php uid=33
<?php
--- /var/www/shop/lib/z.php uid=33
<?php
--- /etc/passwd
www-data:x:33:33::/var/www:/usr/sbin/nologin
)TREE",
     0}};

}  // namespace

extern const Detector stands_apart_detector;
constinit const Detector stands_apart_detector{
    .id = "stands_apart",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "A program of a site stands apart from its neighbours",
    .explain =
        R"TEXT(The files of an application come together: one owner, one time. Here one file among many was written by somebody else (the web server itself, in a folder that is not its own) or, around the reported harm, long after all its neighbours. It may be an edit by hand, and it may be what an intruder left.
Caches, uploads and logs are left alone, and so is what belongs unchanged to a known release.
What to do: read the file; compare it with the application's own release.)TEXT",
    .file = look,
    .wants = wants,
    .examples = kExamples};

}  // namespace abate::sweep
