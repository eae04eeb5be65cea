// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "sweep/host/config/open_door.h"
#include "sweep/host/config/versions.h"
#include "sweep/host/config/vulnerable_plugins.h"

namespace abate::sweep {
namespace {

constexpr std::size_t kRootsMax = 2'000;

// "Stable tag: 1.2" of a readme, or "Version: 1.2" of the header of the main file.
std::string version_in(const Tree& tree, const std::string& path, std::string_view label) {
  const std::string text = read_or_nothing(tree, path);
  for (const std::string_view raw : split(std::string_view{text}.substr(0, 16'384), '\n')) {
    std::string_view line = trim(raw);
    while (!line.empty() && (line.front() == '*' || line.front() == ' ' || line.front() == '/')) line.remove_prefix(1);
    if (!starts_with_ignoring_case(line, label)) continue;
    const std::string_view version = trim(line.substr(label.size()));
    if (!version.empty() && version[0] >= '0' && version[0] <= '9') return std::string{version};
  }
  return {};
}

void judge(const Host& host, Findings& out, std::string_view kind, const std::string& slug, const std::string& version,
           const std::string& file) {
  if (version.empty()) return;
  for (const VulnerablePlugin& known : vulnerable_plugins()) {
    if (known.kind != kind || known.slug != slug || compare_versions(version, known.fixed) >= 0) continue;
    Finding& finding = out.add(file_subject(file), fmt::format("{} {} has a known hole: {} (mended in {})", slug,
                                                               version, known.what, known.fixed));
    finding.evidence.push_back(fmt::format("{}: version {}", file, version));
    finding.role = "vulnerable_application";
    if (const auto stat = host.tree->stat(file)) finding.uid = stat->uid;
    return;
  }
}

void look_at_extension(const Host& host, Findings& out, std::string_view kind, const std::string& folder) {
  const std::string slug{file_name(folder)};
  const std::string style = join_path(folder, "style.css");
  if (kind == "theme") return judge(host, out, kind, slug, version_in(*host.tree, style, "Version:"), style);
  std::string file = join_path(folder, slug + ".php");
  std::string version = version_in(*host.tree, file, "Version:");
  if (version.empty())
    for (const std::string& other : glob(*host.tree, join_path(folder, "*.php")))
      if (version = version_in(*host.tree, other, "Version:"); !version.empty()) {
        file = other;
        break;
      }
  if (version.empty()) {
    file = join_path(folder, "readme.txt");
    version = version_in(*host.tree, file, "Stable tag:");
  }
  judge(host, out, kind, slug, version, file);
}

void look(const Host& host, Findings& out) {
  std::set<std::string> roots;
  for (const Site& site : host.sites)
    if (!site.docroot.empty()) roots.insert(site.docroot);
  for (const std::string_view pattern :
       {"/var/www", "/var/www/*", "/var/www/*/*", "/srv/*", "/srv/www/*", "/home/*/public_html",
        "/home/*/domains/*/public_html", "/home/*/web/*/public_html", "/var/www/vhosts/*/httpdocs",
        "/var/www/clients/*/*/web", "/usr/share/nginx/html"})
    for (const std::string& path : glob(*host.tree, pattern)) roots.insert(path);
  std::set<std::string> wanted_plugins;
  for (const VulnerablePlugin& known : vulnerable_plugins())
    if (known.kind == "plugin") wanted_plugins.insert(std::string{known.slug});
  std::size_t count = 0;
  for (const std::string& root : roots) {
    if (++count > kRootsMax) return;
    for (const std::string& path : glob(*host.tree, join_path(root, "wp-content/plugins/*")))
      if (wanted_plugins.contains(std::string{file_name(path)})) look_at_extension(host, out, "plugin", path);
    for (const std::string& path : glob(*host.tree, join_path(root, "wp-content/themes/*")))
      look_at_extension(host, out, "theme", path);
  }
  for (const Site& site : host.sites)
    if (!site.application.empty() && !site.application_version.empty())
      judge(host, out, "core", site.application, site.application_version, join_path(site.docroot, "index.php"));
}

constexpr Example kExamples[] = {
    {"a file manager of 2020",
     R"x(--- /var/www/html/wp-content/plugins/wp-file-manager/wp-file-manager.php
<?php
/*
 * Plugin Name: File Manager
 * Version: 6.8
 */
)x",
     1},
    {"the same, updated",
     R"x(--- /var/www/html/wp-content/plugins/wp-file-manager/wp-file-manager.php
<?php
/*
 * Plugin Name: File Manager
 * Version: 8.0.1
 */
)x",
     0},
    {"known by its readme only, in a user's home",
     R"x(--- /home/joe/public_html/wp-content/plugins/revslider/readme.txt
Slider Revolution
Stable tag: 4.1.4
)x",
     1},
};
}  // namespace
extern const Detector vulnerable_plugin_detector;
constinit const Detector vulnerable_plugin_detector{
    .id = "vulnerable_plugin",
    .area = Area::web,
    .severity = Severity::weak,
    .title = "A plugin, theme or application with a known hole",
    .explain =
        R"(Most break-ins into web sites use a hole that has long been mended in a newer version of a plugin, a theme or
the application itself. This one is older than the version in which a well-known hole was closed. Nobody need
have used it yet: an open door, not a break-in.

False alarms: vendors that mend old versions without a new number (Linux distributions do that). What to do:
update it, or remove it when nobody needs it; then look whether it was used before.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
