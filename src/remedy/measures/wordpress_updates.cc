// SPDX-License-Identifier: Apache-2.0
#include "remedy/measure.h"
#include "remedy/wp_config.h"

namespace abate::remedy {

extern const Measure wordpress_updates_measure;

namespace {

bool is_off(const sweep::Host& host, const std::string& config) {
  const std::string disabled = wp_constant(host, config, "AUTOMATIC_UPDATER_DISABLED");
  return disabled == "true" || disabled == "1" || wp_constant(host, config, "WP_AUTO_UPDATE_CORE") == "false";
}

void look(const Ground& ground, Advised& out) {
  std::size_t sites = 0;
  std::size_t weak = 0;
  for (const sweep::Site& site : ground.host.sites) {
    const std::string config = wp_config_of(ground.host, site);
    if (config.empty()) continue;
    ++sites;
    if (!is_off(ground.host, config)) continue;
    ++weak;
    Action& action =
        out.advise(file_subject(config), "This WordPress mends no hole by itself: its updates are switched off");
    action.effect = "WordPress installs small updates of itself again (security fixes), at night";
    action.risk = "A site whose core files were changed by hand loses those changes";
  }
  if (sites > 0 && weak == 0) out.already("WordPress installs its security fixes by itself");
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  // One change at a time of one file: the second is made from what the first leaves.
  const std::string& path = action.subject.path;
  const bool core = wp_constant(host, path, "WP_AUTO_UPDATE_CORE") == "false";
  const std::string disabled = wp_constant(host, path, "AUTOMATIC_UPDATER_DISABLED");
  Work work;
  if (disabled == "true" || disabled == "1") {
    TRY_ASSIGN(Change change, set_wp_constant(host, path, "AUTOMATIC_UPDATER_DISABLED", "false"));
    work.changes.push_back(std::move(change));
    if (core) work.by_hand = "Then once more, for WP_AUTO_UPDATE_CORE: abate harden --apply";
    return work;
  }
  TRY_ASSIGN(Change change, set_wp_constant(host, path, "WP_AUTO_UPDATE_CORE", "'minor'"));
  work.changes.push_back(std::move(change));
  return work;
}

constexpr MeasureExample kExamples[] = {{"switched off", R"x(--- /etc/apache2/sites-enabled/a.conf
<VirtualHost *:80>
DocumentRoot /var/www/a
</VirtualHost>
--- /var/www/a/wp-includes/version.php
<?php
$wp_version = '6.4.2';
--- /var/www/a/wp-config.php uid=33
<?php
define( 'DB_NAME', 'a' );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
)x",
                                         Standing::advised},
                                        {"as it comes", R"x(--- /etc/apache2/sites-enabled/a.conf
<VirtualHost *:80>
DocumentRoot /var/www/a
</VirtualHost>
--- /var/www/a/wp-includes/version.php
<?php
$wp_version = '6.4.2';
--- /var/www/a/wp-config.php
<?php
define( 'DB_NAME', 'a' );
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure wordpress_updates_measure{
    .name = "wordpress_updates",
    .requirement = "R27",
    .title = "WordPress mends itself",
    .explain =
        R"TEXT(Lets WordPress install its own small updates again where wp-config.php switched them off (AUTOMATIC_UPDATER_DISABLED, WP_AUTO_UPDATE_CORE false): most sites are broken into by holes that were mended weeks before. Plugins are not touched; switch their updates on in the dashboard.
What can go wrong: changes that somebody made to core files by hand are lost. Undo: abate undo puts the former line back.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
