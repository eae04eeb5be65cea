// SPDX-License-Identifier: Apache-2.0
// Docroots by where panels and distributions put them: for sites that no web server's configuration names (any more).
#include <algorithm>
#include <array>

#include "base/text.h"
#include "sweep/host/web/sites.h"

namespace abate::sweep {
namespace {

struct Place {
  std::string_view pattern;
  int name_at;            // which component, from the end, names the site; 0: none
  std::string_view logs;  // access logs; @ stands for the site's name, ~ for the account's home
};
// From ARTEFACTS' table of panels. The order is that of trust: what comes first names the site.
constexpr Place kPlaces[] = {
    {"/var/www/vhosts/*/httpdocs", 2, "/var/www/vhosts/system/@/logs/*access*"},      // Plesk
    {"/var/www/vhosts/*/*.*", 1, "/var/www/vhosts/system/@/logs/*access*"},           // Plesk, further domains
    {"/home*/*/domains/*/public_html", 2, "/var/log/httpd/domains/@.log*"},           // DirectAdmin
    {"/home/*/web/*/public_html", 2, "/var/log/{apache2,nginx}/domains/@.log*"},      // HestiaCP, VestaCP
    {"/home/*/public_html/*.*", 1, "/etc/apache2/logs/domlogs/*/@*"},                 // cPanel, addon domains
    {"/home*/*/public_html", 2, "/etc/apache2/logs/domlogs/@/*"},                     // cPanel, Virtualmin
    {"/var/www/clients/client*/web*/web", 2, "/var/log/ispconfig/httpd/*/*access*"},  // ISPConfig
    {"/srv/users/*/apps/*/public", 2, "/srv/users/*/log/@/*access*"},                 // RunCloud, ServerPilot
    {"/home/*/htdocs/*", 1, "/home/*/logs/*/access.log*"},                            // CloudPanel
    {"/var/www/*/public_html", 2, ""},
    {"/var/www/*/htdocs", 2, ""},
    {"/var/www/*/web", 2, ""},
    {"/srv/www/*/htdocs", 2, ""},
    {"/srv/http/*", 1, ""},
    {"/var/www/html", 0, "/var/log/apache2/*access.log"},
    {"/usr/share/nginx/html", 0, "/var/log/nginx/access.log"},
    {"/usr/local/apache2/htdocs", 0, ""},
    {"/var/www/*", 1, ""},
};

std::string component_from_end(std::string_view path, int count) {
  for (; count > 1; --count) path = folder_of(path);
  return std::string{file_name(path)};
}

}  // namespace

std::vector<Site> folder_sites(const Tree& tree, Notes&) {
  std::vector<Site> sites;
  for (const Place& place : kPlaces)
    for (const std::string& path : glob(tree, place.pattern)) {
      const Result<Stat> stat = tree.stat_through_links(path);
      if (!stat || stat->kind != NodeKind::folder || sites.size() >= kSitesMax) continue;
      if (path == "/var/www/vhosts" || path == "/var/www/clients" || path == "/var/www/html" ? place.name_at != 0
                                                                                             : false)
        continue;
      const auto around = [&](const Site& one) { return lies_in(path, one.docroot) || lies_in(one.docroot, path); };
      if (place.name_at != 0 && place.pattern.ends_with("/*") && std::ranges::any_of(sites, around)) continue;
      Site site{.docroot = path, .server = "folder", .config = path};
      if (place.name_at != 0) site.names.push_back(to_lower(component_from_end(path, place.name_at)));
      std::string logs{place.logs};
      if (const std::size_t name = logs.find('@'); name != std::string::npos && !site.names.empty())
        logs.replace(name, 1, site.names.front());
      if (!logs.empty() && logs.find('{') == std::string::npos) site.access_logs = glob(tree, logs);
      sites.push_back(std::move(site));
    }
  return sites;
}

}  // namespace abate::sweep
