// SPDX-License-Identifier: Apache-2.0
#include "remedy/measure.h"
#include "remedy/wp_config.h"

namespace abate::remedy {

extern const Measure wordpress_no_editor_measure;

namespace {

bool is_set(const sweep::Host& host, const std::string& config, std::string_view name) {
  const std::string value = wp_constant(host, config, name);
  return value == "true" || value == "1";
}

void look(const Ground& ground, Advised& out) {
  std::size_t sites = 0;
  std::size_t weak = 0;
  for (const sweep::Site& site : ground.host.sites) {
    const std::string config = wp_config_of(ground.host, site);
    if (config.empty()) continue;
    ++sites;
    if (is_set(ground.host, config, "DISALLOW_FILE_EDIT") || is_set(ground.host, config, "DISALLOW_FILE_MODS"))
      continue;
    ++weak;
    Action& action =
        out.advise(file_subject(config),
                   "Whoever gets an administrator's password of this WordPress writes PHP in its editor at once");
    action.effect = "The editor for themes and plugins is gone from the dashboard; updates and all else go on";
  }
  if (sites > 0 && weak == 0) out.already("the editor for PHP in WordPress' dashboard is off");
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  TRY_ASSIGN(Change change, set_wp_constant(host, action.subject.path, "DISALLOW_FILE_EDIT", "true"));
  return Work{.changes = {std::move(change)}};
}

constexpr MeasureExample kExamples[] = {{"as it comes", R"x(--- /etc/apache2/sites-enabled/a.conf
<VirtualHost *:80>
DocumentRoot /var/www/a
</VirtualHost>
--- /var/www/a/wp-includes/version.php
<?php
$wp_version = '6.4.2';
--- /var/www/a/wp-config.php uid=33 mode=0640
<?php
/* settings */
define( 'DB_NAME', 'a' );
)x",
                                         Standing::advised},
                                        {"off already", R"x(--- /etc/apache2/sites-enabled/a.conf
<VirtualHost *:80>
DocumentRoot /var/www/a
</VirtualHost>
--- /var/www/a/wp-includes/version.php
<?php
$wp_version = '6.4.2';
--- /var/www/a/wp-config.php
<?php
define("DISALLOW_FILE_EDIT", true);
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure wordpress_no_editor_measure{
    .name = "wordpress_no_editor",
    .requirement = "R30",
    .title = "No PHP from WordPress' dashboard",
    .explain =
        R"TEXT(Takes the editor for themes and plugins out of WordPress' dashboard (DISALLOW_FILE_EDIT in wp-config.php): with it, a stolen password is a shell a minute later. Updates go on.
Undo: abate undo takes the line away.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
