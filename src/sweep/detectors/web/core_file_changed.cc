// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const FileView& file, Findings& out) {
  if (file.host.releases == nullptr) return;
  const InstalledApplication* application = file.host.application_of(file.path);
  if (application == nullptr) return;
  const std::string_view inside = file.path.substr(application->folder.size() + 1);
  const std::optional<std::string> expected = file.host.releases->md5_of(*application, inside);
  const bool code = runs_as_php(file.path) || file.path.ends_with(".js") || file.path.ends_with(".html");
  if (!expected || !code || file.host.releases->may_differ(inside)) return;
  const std::string_view md5 = file.facts.md5();
  if (md5.empty() || md5 == *expected) return;
  Finding& finding = out.add(file_subject(file.path), fmt::format("{} is not the file that {} {} has there", inside,
                                                                  application->name, application->version));
  finding.evidence.push_back(fmt::format("{}: MD5 {} instead of {}, written {}, owner {}", file.path, md5, *expected,
                                         format_rfc3339(file.stat.modified), file.stat.uid));
  finding.role = "injected";
}

constexpr Example kExamples[] = {
    {"a page of the application that was written into",
     R"x(--- /usr/share/wordpress/wp-includes/version.php
<?php $wp_version = '6.1.1';
--- /var/lib/dpkg/status
Package: wordpress
Status: install ok installed
Version: 6.1.1

--- /var/lib/dpkg/info/wordpress.list
/usr/share/wordpress/wp-login.php
--- /var/lib/dpkg/info/wordpress.md5sums
60b725f10c9c85c70d97880dfe8191b3  usr/share/wordpress/wp-admin/a.php
60b725f10c9c85c70d97880dfe8191b3  usr/share/wordpress/wp-admin/b.php
60b725f10c9c85c70d97880dfe8191b3  usr/share/wordpress/wp-admin/c.php
60b725f10c9c85c70d97880dfe8191b3  usr/share/wordpress/wp-admin/d.php
60b725f10c9c85c70d97880dfe8191b3  usr/share/wordpress/wp-admin/e.php
60b725f10c9c85c70d97880dfe8191b3  usr/share/wordpress/wp-admin/f.php
60b725f10c9c85c70d97880dfe8191b3  usr/share/wordpress/wp-admin/g.php
60b725f10c9c85c70d97880dfe8191b3  usr/share/wordpress/wp-admin/h.php
60b725f10c9c85c70d97880dfe8191b3  usr/share/wordpress/wp-admin/i.php
60b725f10c9c85c70d97880dfe8191b3  usr/share/wordpress/wp-login.php
--- /usr/share/wordpress/wp-admin/a.php
a
--- /usr/share/wordpress/wp-admin/b.php
a
--- /usr/share/wordpress/wp-admin/c.php
a
--- /usr/share/wordpress/wp-admin/d.php
a
--- /usr/share/wordpress/wp-admin/e.php
a
--- /usr/share/wordpress/wp-admin/f.php
a
--- /usr/share/wordpress/wp-admin/g.php
a
--- /usr/share/wordpress/wp-admin/h.php
a
--- /usr/share/wordpress/wp-admin/i.php
a
--- /usr/share/wordpress/wp-login.php
a
--- /var/www/html/wp-includes/version.php
<?php $wp_version = '6.1.1';
--- /var/www/html/wp-admin/a.php
a
--- /var/www/html/wp-admin/b.php
a
--- /var/www/html/wp-admin/c.php
a
--- /var/www/html/wp-admin/d.php
a
--- /var/www/html/wp-admin/e.php
a
--- /var/www/html/wp-admin/f.php
a
--- /var/www/html/wp-admin/g.php
a
--- /var/www/html/wp-admin/h.php
a
--- /var/www/html/wp-admin/i.php
a
--- /var/www/html/wp-login.php
<?php another_file();
)x",
     1},
    {"no list of this release is there",
     R"x(--- /var/www/html/wp-includes/version.php
<?php $wp_version = '6.1.1';
--- /var/www/html/wp-login.php
<?php another_file();
)x",
     0},
};

}  // namespace

extern const Detector core_file_changed_detector;
constinit const Detector core_file_changed_detector{
    .id = "core_file_changed",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "A file of an application is not that of its release",
    .explain =
        R"(The file's checksum is not the one that this release of the application has (a list that comes with the product or
with --rules, or the server's own package). Intruders write a line into wp-login.php or index.php: it keeps passwords, or
loads a shell. It is suspicious by itself; what else is found in the file says whether it is worse.
False alarms: changes of your own or of your hoster's; a translated or patched release whose other files are the same.
What to do: compare it with a fresh copy of the same version. Put the release's file back once you know how it came.)",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
