// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/config/open_door.h"

namespace abate::sweep {
namespace {

void look(const Host& host, Findings& out) {
  for (const std::string_view pattern : {"/etc/phpmyadmin/config.inc.php", "/etc/phpmyadmin/conf.d/*.php",
                                         "/etc/phpMyAdmin/config.inc.php", "/usr/share/phpmyadmin/config.inc.php",
                                         "/var/www/*/phpmyadmin/config.inc.php", "/var/www/html/*/config.inc.php"})
    for (const std::string& path : glob(*host.tree, pattern))
      for (const ConfigLine& line : config_lines(*host.tree, path, "#/")) {
        const bool set =
            line.text.find("['auth_type']") != std::string::npos && line.text.find("'config'") != std::string::npos;
        if (!set || !line.text.starts_with('$')) continue;
        report_door(host, out, {.programs = path, .port = 80}, line,
                    "phpMyAdmin logs every visitor in with the password in its own settings");
      }
}

constexpr Example kExamples[] = {
    {"logs everybody in",
     R"x(--- /etc/phpmyadmin/config.inc.php
<?php
$cfg['Servers'][$i]['auth_type'] = 'config';
$cfg['Servers'][$i]['user'] = 'root';
)x",
     1},
    {"as shipped",
     R"x(--- /etc/phpmyadmin/config.inc.php
<?php
$cfg['Servers'][$i]['auth_type'] = 'cookie';
)x",
     0},
};
}  // namespace
extern const Detector exposed_phpmyadmin_detector;
constinit const Detector exposed_phpmyadmin_detector{
    .id = "exposed_phpmyadmin",
    .area = Area::mail_network,
    .severity = Severity::weak,
    .title = "phpMyAdmin lets visitors in without a password",
    .explain =
        R"(With auth_type 'config' phpMyAdmin uses the account in its settings for everybody who opens the page: the
databases are open. False alarms: a page that the web server itself protects. What to do: auth_type 'cookie',
and remove the password from the file.)",
    .host = look,
    .examples = kExamples,
};
}  // namespace abate::sweep
