// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/admin_uses.h"

namespace abate::sweep {
namespace {

bool is_meant(const Request& request) {
  const auto has = [](std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
  };
  return has(request.target, "theme-editor.php") || has(request.target, "plugin-editor.php") ||
         has(request.target, "action=edit-theme-plugin-file") ||
         (has(request.target, "admin-ajax.php") &&
          (has(request.referer, "theme-editor.php") || has(request.referer, "plugin-editor.php"))) ||
         (has(request.target, "option=com_templates") && has(request.target, "file="));
}

std::unique_ptr<LogWatcher> watch(const Host& host) {
  return watch_admin_uses(host, is_meant, "changed code with the editor of");
}

constexpr Example kExamples[] = {
    {"used by a stranger",
     "--- /var/log/apache2/access.log\n"
     "192.0.2.7 - - [10/May/2026:00:01:01 +0000] \"POST /wp-admin/theme-editor.php HTTP/1.1\" 200 41 \"-\" \"-\"\n",
     1},
    {"only looked at",
     "--- /var/log/apache2/access.log\n"
     "192.0.2.7 - - [10/May/2026:00:01:01 +0000] \"GET /wp-admin/theme-editor.php HTTP/1.1\" 200 41 \"-\" \"-\"\n",
     0},
};

}  // namespace

extern const Detector plugin_or_theme_editor_used_detector;
constinit const Detector plugin_or_theme_editor_used_detector{
    .id = "plugin_or_theme_editor_used",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "Code changed with the site's own editor",
    .explain =
        R"(WordPress and Joomla let an administrator change the code of themes and plugins in the browser. Few owners do so;
intruders with a password do, because the change needs no file transfer (often the 404.php of a theme). It is suspicious
where that network had not administered the site before. What to do: compare the theme's files with its release, forbid the
editor (DISALLOW_FILE_EDIT), change the administrators' passwords.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
