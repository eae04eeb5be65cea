// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "base/text.h"
#include "remedy/edit.h"
#include "remedy/measure.h"

namespace abate::remedy {

extern const Measure php_off_in_uploads_measure;

namespace {

constexpr std::string_view kRule =
    "# abate: what was uploaded is shown, never run\n"
    "<FilesMatch \"(?i)\\.(php|phtml|phar|php[0-9])$\">\n"
    "\t<IfModule mod_authz_core.c>\n\t\tRequire all denied\n\t</IfModule>\n"
    "\t<IfModule !mod_authz_core.c>\n\t\tOrder allow,deny\n\t\tDeny from all\n\t</IfModule>\n"
    "</FilesMatch>\n";

struct Place {
  std::string_view application;
  std::string_view folder;
};
constexpr Place kPlaces[] = {{"wordpress", "wp-content/uploads"},
                             {"drupal", "sites/default/files"},
                             {"joomla", "images"},
                             {"magento", "media"},
                             {"magento", "pub/media"},
                             {"prestashop", "img"}};

bool is_off(const sweep::Host& host, const std::string& folder) {
  for (const std::string_view raw : sweep::lines_of(*host.tree, sweep::join_path(folder, ".htaccess"))) {
    const std::string line = to_lower(trim(raw));
    if (line.starts_with("#")) continue;
    if (line.find("require all denied") != std::string::npos || line.find("deny from all") != std::string::npos ||
        line.find("engine off") != std::string::npos || line.find("sethandler none") != std::string::npos ||
        line.find("sethandler drupal_security") != std::string::npos ||
        (line.starts_with("removehandler") && line.find("php") != std::string::npos))
      return true;
  }
  return false;
}

bool nginx_refuses(const sweep::Host& host, const sweep::Site& site, std::string_view folder) {
  const std::string text = sweep::read_or_nothing(*host.tree, site.config);
  const std::string_view last = sweep::file_name(folder);
  for (const std::string_view raw : split(text, '\n'))
    if (raw.find("location") != std::string_view::npos && raw.find(last) != std::string_view::npos &&
        raw.find("ph") != std::string_view::npos)
      return true;
  return false;
}

void look(const Ground& ground, Advised& out) {
  const sweep::Host& host = ground.host;
  std::set<std::string> seen;
  std::size_t weak = 0;
  for (const sweep::Site& site : host.sites)
    for (const Place& place : kPlaces) {
      const std::string folder = sweep::join_path(site.docroot, place.folder);
      if (place.application != site.application || !sweep::exists(*host.tree, folder) || !seen.insert(folder).second)
        continue;
      constexpr const char* kWhy = "PHP that somebody uploads here is run: most shells lie in such folders";
      if (site.server == "apache" || site.server == "litespeed") {
        if (is_off(host, folder)) continue;
        ++weak;
        Action& action = out.advise(file_subject(folder), kWhy);
        action.effect = "PHP files in this folder answer 403; pictures and all else are served as before";
        action.risk =
            "Apache reads it where AllowOverride lets it (All, AuthConfig or Limit); a plugin that keeps scripts of "
            "its own there stops";
      } else if (!nginx_refuses(host, site, place.folder)) {
        ++weak;
        out.by_hand(file_subject(folder), kWhy,
                    fmt::format("In the server block of {}, above the location for PHP, add: location ~* "
                                "^/{}/.*\\.(php|phtml|phar)$ {{ deny all; }}  then nginx -t && systemctl reload nginx",
                                site.config, place.folder));
      }
    }
  if (weak == 0 && !seen.empty()) out.already("what is uploaded to the sites is not run as PHP");
}

Result<Work> work(const Action& action, const sweep::Host& host) {
  const std::string path = sweep::join_path(action.subject.path, ".htaccess");
  if (is_off(host, action.subject.path)) return Work{};
  std::string real = path;
  std::string former;
  if (sweep::exists(*host.tree, path)) {
    TRY_ASSIGN(real, sweep::resolve(*host.tree, path));
    TRY_ASSIGN(former, sweep::read_whole(*host.tree, real, kEditedBytesMax));
  }
  return Work{.changes = {write_change(real, std::string{kRule} + former, real + ": PHP files answer 403")}};
}

constexpr MeasureExample kExamples[] = {{"WordPress on Apache", R"x(--- /etc/apache2/sites-enabled/a.conf
<VirtualHost *:80>
DocumentRoot /var/www/a
</VirtualHost>
--- /var/www/a/wp-includes/version.php
<?php
$wp_version = '6.4.2';
--- /var/www/a/wp-config.php
<?php
--- /var/www/a/wp-content/uploads/.htaccess
Options -Indexes
)x",
                                         Standing::advised},
                                        {"on nginx", R"x(--- /etc/nginx/sites-enabled/a
server { listen 80; server_name a.example.org; root /var/www/a;
  location ~ \.php$ { fastcgi_pass unix:/run/php.sock; }
}
--- /var/www/a/wp-includes/version.php
<?php
$wp_version = '6.4.2';
--- /var/www/a/wp-config.php
<?php
--- /var/www/a/wp-content/uploads/
)x",
                                         Standing::by_hand},
                                        {"refused already", R"x(--- /etc/apache2/sites-enabled/a.conf
<VirtualHost *:80>
DocumentRoot /var/www/a
</VirtualHost>
--- /var/www/a/wp-includes/version.php
<?php
$wp_version = '6.4.2';
--- /var/www/a/wp-config.php
<?php
--- /var/www/a/wp-content/uploads/.htaccess
<Files *.php>
deny from all
</Files>
)x",
                                         Standing::already}};

}  // namespace

constinit const Measure php_off_in_uploads_measure{
    .name = "php_off_in_uploads",
    .requirement = "R30",
    .title = "What is uploaded is not run",
    .explain =
        R"TEXT(Refuses PHP in the folders that WordPress, Drupal, Joomla, Magento and PrestaShop upload to: a rule in the folder's .htaccess for Apache and LiteSpeed, before what stands there; for nginx it says what to add to the server block.
What can go wrong: a plugin that keeps scripts of its own among the uploads stops. Undo: abate undo puts the former .htaccess back.)TEXT",
    .look = look,
    .work = work,
    .examples = kExamples};

}  // namespace abate::remedy
