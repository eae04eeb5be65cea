// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/code/places.h"
#include "sweep/kit/detector.h"

namespace abate::sweep {
namespace {

void look(const FileView& file, Findings& out) {
  if (file.host.releases == nullptr || !runs_as_php(file.path)) return;
  const InstalledApplication* application = file.host.application_of(file.path);
  if (application == nullptr || !file.host.releases->has_list(*application)) return;
  const std::string_view inside = file.path.substr(application->folder.size() + 1);
  if (!file.host.releases->is_core(*application, inside) || file.host.releases->may_differ(inside) ||
      file.host.releases->md5_of(*application, inside))
    return;
  Finding& finding =
      out.add(file_subject(file.path), fmt::format("{} lies among the files of {} {}, which has no such file", inside,
                                                   application->name, application->version));
  finding.evidence.push_back(fmt::format("{}: {} bytes, written {}, owner {}", file.path, file.stat.size,
                                         format_rfc3339(file.stat.modified), file.stat.uid));
  finding.role = "shell";
}

constexpr Example kExamples[] = {
    {"a script that the release does not have",
     R"x(--- /usr/share/wordpress/wp-includes/version.php
<?php $wp_version = '6.1.1';
--- /var/lib/dpkg/status
Package: wordpress
Status: install ok installed
Version: 6.1.1

--- /var/lib/dpkg/info/wordpress.list
/usr/share/wordpress/wp-load.php
--- /var/lib/dpkg/info/wordpress.md5sums
60b725f10c9c85c70d97880dfe8191b3  usr/share/wordpress/wp-load.php
--- /usr/share/wordpress/wp-load.php
a
--- /var/www/html/wp-includes/version.php
<?php $wp_version = '6.1.1';
--- /var/www/html/wp-load.php
a
--- /var/www/html/wp-includes/class-wp-cache2.php
<?php echo 'here';
--- /var/www/html/wp-content/plugins/a/a.php
<?php echo 'a plugin';
)x",
     1},
    {"no list of this release is there",
     R"x(--- /var/www/html/wp-includes/version.php
<?php $wp_version = '6.1.1';
--- /var/www/html/wp-includes/class-wp-cache2.php
<?php echo 'here';
)x",
     0},
};

}  // namespace

extern const Detector stray_file_in_core_detector;
constinit const Detector stray_file_in_core_detector{
    .id = "stray_file_in_core",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "A script among an application's own files, which its release does not have",
    .explain =
        R"(Folders like wp-includes hold what the release brought, and nothing else: updates replace them as a whole. A script
there that the release does not have was put there by somebody, and hides among a thousand others.
False alarms: leftovers of an older version after an update by hand; files that a hoster adds.
What to do: read it. If nobody of yours knows it, quarantine it and look in the logs for who called it.)",
    .file = look,
    .examples = kExamples};

}  // namespace abate::sweep
