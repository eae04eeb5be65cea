// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const Site& site : host.sites) {
    if (site.docroot.size() < 2 || site.docroot == "/var/www/html") continue;
    for (const std::string_view name :
         {"", "wp-config.php", "configuration.php", "index.php", "config.php", ".env", "app/etc/env.php"}) {
      const std::string path = name.empty() ? site.docroot : join_path(site.docroot, name);
      const Result<Stat> stat = host.tree->stat_through_links(path);
      if (!stat || (stat->mode & 0002) == 0 || (stat->mode & 01000) != 0) continue;
      if (stat->kind != (name.empty() ? NodeKind::folder : NodeKind::file)) continue;
      Subject subject = file_subject(path);
      subject.kind = SubjectKind::config;
      Finding& finding = out.add(std::move(subject), fmt::format("Every account of this server can write to {}", path));
      finding.evidence.push_back(fmt::format("{}: mode {:o}, owner {}", path, stat->mode, stat->uid));
      finding.uid = stat->uid;
    }
  }
}

constexpr Example kExamples[] = {{"777", R"TREE(--- /etc/apache2/sites-enabled/s.conf
<VirtualHost *:80>
ServerName shop.example.org
DocumentRoot /var/www/shop
</VirtualHost>
--- /var/www/shop/ mode=0777
--- /var/www/shop/index.php
<?php
)TREE",
                                  1},
                                 {"755", R"TREE(--- /etc/apache2/sites-enabled/s.conf
<VirtualHost *:80>
ServerName shop.example.org
DocumentRoot /var/www/shop
</VirtualHost>
--- /var/www/shop/
--- /var/www/shop/uploads/ mode=0777
)TREE",
                                  0}};

}  // namespace

extern const Detector docroot_writable_by_all_detector;
constinit const Detector docroot_writable_by_all_detector{
    .id = "docroot_writable_by_all",
    .area = Area::web,
    .severity = Severity::weak,
    .title = "Anybody on the server can write into a site",
    .explain =
        R"TEXT(The folder of a site, or the file with its passwords, has rights for everybody (mode 777 or 666): each account and each broken site on this server can put a page there. Folders for uploads within a site are not meant here.
What to do: chmod 755 the folder, 640 the file; let the web server write only where it must.)TEXT",
    .host = look,
    .examples = kExamples};

}  // namespace abate::sweep
