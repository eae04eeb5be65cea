// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/logs/admin_uses.h"

namespace abate::sweep {
namespace {

bool is_meant(const Request& request) {
  return request.target.find("update.php?action=upload-plugin") != std::string_view::npos ||
         request.target.find("update.php?action=upload-theme") != std::string_view::npos ||
         (request.target.find("option=com_installer") != std::string_view::npos &&
          request.target.find("task=install") != std::string_view::npos);
}

std::unique_ptr<LogWatcher> watch(const Host& host) {
  return watch_admin_uses(host, is_meant, "uploaded a plugin or theme to");
}

constexpr Example kExamples[] = {
    {"used by a stranger",
     "--- /var/log/apache2/access.log\n"
     "192.0.2.7 - - [10/May/2026:00:01:01 +0000] \"POST /wp-admin/update.php?action=upload-plugin HTTP/1.1\" 200 41 "
     "\"-\" \"-\"\n",
     1},
    {"only looked at",
     "--- /var/log/apache2/access.log\n"
     "192.0.2.7 - - [10/May/2026:00:01:01 +0000] \"GET /wp-admin/plugin-install.php HTTP/1.1\" 200 41 \"-\" \"-\"\n",
     0},
};

}  // namespace

extern const Detector plugin_uploaded_by_web_detector;
constinit const Detector plugin_uploaded_by_web_detector{
    .id = "plugin_uploaded_by_web",
    .area = Area::web,
    .severity = Severity::suspicious,
    .title = "A plugin or theme uploaded through the site's administration",
    .explain =
        R"(Somebody uploaded a plugin or theme as a file through the administration of WordPress or Joomla. That is how owners
install bought plugins, and how intruders with a password install their own code. It is suspicious where that network had
not administered the site before. What to do: ask the owner what they installed then; look at the plugin's files.)",
    .watch = watch,
    .examples = kExamples};

}  // namespace abate::sweep
