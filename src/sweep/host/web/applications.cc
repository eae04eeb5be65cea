// SPDX-License-Identifier: Apache-2.0
// Which content management system a docroot holds, by the file that names its version.
#include <algorithm>

#include "base/text.h"
#include "sweep/host/web/sites.h"

namespace abate::sweep {
namespace {

struct Mark {
  std::string_view application;
  std::string_view file;    // beneath the docroot
  std::string_view before;  // the version stands after this, perhaps in quotes; "" : the file has none
};
constexpr Mark kMarks[] = {
    {"wordpress", "wp-includes/version.php", "$wp_version ="},
    {"joomla", "administrator/manifests/files/joomla.xml", "<version>"},
    {"joomla", "libraries/src/Version.php", "const RELEASE ="},
    {"drupal", "core/lib/Drupal.php", "const VERSION ="},
    {"drupal", "web/core/lib/Drupal.php", "const VERSION ="},
    {"drupal", "includes/bootstrap.inc", "define('VERSION',"},
    {"magento", "app/etc/env.php", ""},
    {"magento", "app/Mage.php", ""},
    {"prestashop", "config/settings.inc.php", "_PS_VERSION_',"},
    {"prestashop", "app/AppKernel.php", "const VERSION ="},
    {"nextcloud", "version.php", "$OC_VersionString ="},
    {"roundcube", "program/include/iniset.php", "RCMAIL_VERSION',"},
    {"phpmyadmin", "libraries/classes/Version.php", "VERSION ="},
    {"opencart", "system/startup.php", ""},
    {"typo3", "typo3/sysext/core/Classes/Information/Typo3Version.php", "VERSION ="},
    {"mediawiki", "includes/Defines.php", "MW_VERSION',"},
    {"moodle", "version.php", "$release  ="},
    {"phpbb", "includes/constants.php", "PHPBB_VERSION',"},
    {"matomo", "core/Version.php", "const VERSION ="},
    {"dolibarr", "filefunc.inc.php", "DOL_VERSION',"},
    {"glpi", "inc/define.php", "GLPI_VERSION',"},
    {"suitecrm", "suitecrm_version.php", "$suitecrm_version ="},
    {"prestashop", "src/Core/Version.php", "const VERSION ="},
    {"phpmyadmin", "libraries/classes/Config.php", "PMA_VERSION',"},
    {"phpmyadmin", "libraries/Config.php", "PMA_VERSION',"},
    {"laravel", "../artisan", ""},
};
constexpr std::size_t kVersionFileBytesMax = std::size_t{256} << 10;

std::string version_in(std::string_view text, std::string_view before) {
  std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  at = text.find_first_not_of(" \t'\"=", at + before.size());
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at, 40);
  return std::string{rest.substr(0, rest.find_first_of("'\"<; \n"))};
}

}  // namespace

Application application_of(const Tree& tree, std::string_view docroot) {
  for (const Mark& mark : kMarks) {
    const std::string path = normal_path(join_path(docroot, mark.file));
    const Result<std::string> text = read_whole(tree, path, kVersionFileBytesMax);
    if (!text) continue;
    if (mark.before.empty()) return {std::string{mark.application}, {}};
    if (std::string version = version_in(*text, mark.before); !version.empty())
      return {std::string{mark.application}, std::move(version)};
  }
  return {};
}

}  // namespace abate::sweep
