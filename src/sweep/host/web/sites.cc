// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/web/sites.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "sweep/kit/target.h"

namespace abate::sweep {
namespace {

void append(std::vector<Site>& all, std::vector<Site> more) {
  for (Site& site : more)
    if (!site.docroot.empty() && site.docroot != "/") all.push_back(std::move(site));
}

// A docroot may be a link: files are met under its real name, and both are the site.
void add_real_docroots(const Tree& tree, std::vector<Site>& sites) {
  const std::size_t count = sites.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Result<std::string> target = tree.link_target(sites[i].docroot);
    if (!target) continue;
    Site real = sites[i];
    real.docroot =
        target->starts_with('/') ? normal_path(*target) : normal_path(join_path(folder_of(real.docroot), *target));
    const auto same = [&](const Site& site) { return site.docroot == real.docroot; };
    if (std::ranges::none_of(sites, same)) sites.push_back(std::move(real));
  }
}

bool names_host(const Site& site, std::string_view host) {
  return std::ranges::any_of(site.names, [&](const std::string& name) {
    return name == host || (name.starts_with("*.") && matches_pattern(host, name)) || "www." + name == host;
  });
}

struct Parts {
  std::string host;
  std::string path;
};

Parts parts_of(std::string_view url) {
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const std::size_t slash = std::min(url.find_first_of("/?#"), url.size());
  std::string_view host = url.substr(0, slash);
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  if (!host.starts_with('[')) host = host.substr(0, host.find(':'));
  std::string name = to_lower(host);
  if (name.ends_with('.')) name.pop_back();
  return {std::move(name), target_path(url.substr(slash))};
}

Served found_at(const Host& host, const Site* site, std::string path, std::string how) {
  constexpr std::string_view kIndexes[] = {"index.php", "index.html", "index.htm", "default.php", "home.html"};
  Served served{.site = site, .path = path, .how = std::move(how)};
  const Result<Stat> stat = host.tree->stat_through_links(path);
  if (stat && stat->kind == NodeKind::folder) {
    for (const std::string_view index : kIndexes)
      if (std::string inside = join_path(path, index); exists(*host.tree, inside)) {
        served.path = std::move(inside);
        served.exists = true;
        return served;
      }
    return served;
  }
  served.exists = stat.has_value();
  // PATH_INFO: the longest part that is a file serves the rest.
  std::string_view above = path;
  while (!served.exists && site != nullptr && above.size() > site->docroot.size()) {
    above = folder_of(above);
    const Result<Stat> part = host.tree->stat_through_links(above);
    if (!part) continue;
    if (part->kind == NodeKind::file) {
      served.path = above;
      served.exists = true;
    }
    break;
  }
  return served;
}

}  // namespace

std::vector<Served> served_from(const Host& host, std::string_view url) {
  const Parts parts = parts_of(url);
  std::vector<Served> found;
  std::set<std::string> paths;
  const auto add = [&](const Site* site, std::string path, std::string how) {
    Served served = found_at(host, site, std::move(path), std::move(how));
    if (paths.insert(served.path).second) found.push_back(std::move(served));
  };
  const bool by_address = parse_ip(parts.host).has_value();
  for (const int pass : {0, 1}) {  // sites of that name first; then, where none has it, the default ones
    if (pass == 1 && !found.empty()) break;
    for (const Site& site : host.sites) {
      if (pass == 0 ? !names_host(site, parts.host) : !(by_address || site.is_default || site.names.empty())) continue;
      for (const auto& [prefix, folder] : site.aliases)
        if (parts.path.starts_with(prefix))
          add(&site, normal_path(folder + "/" + parts.path.substr(prefix.size())), "alias " + prefix);
      add(&site, normal_path(site.docroot + parts.path), "docroot " + site.docroot);
    }
  }
  if (parts.path.starts_with("/~")) {
    const std::size_t slash = std::min(parts.path.find('/', 2), parts.path.size());
    if (const Account* account = host.account(std::string_view{parts.path}.substr(2, slash - 2)))
      add(nullptr, normal_path(account->home + "/public_html" + parts.path.substr(slash)), "home of " + account->name);
  }
  std::ranges::stable_sort(found, [](const Served& a, const Served& b) { return a.exists && !b.exists; });
  return found;
}

void load_sites(Host& host, Notes& notes) {
  const Tree& tree = *host.tree;
  std::vector<Site> sites;
  append(sites, apache_sites(tree, notes));
  append(sites, nginx_sites(tree, notes));
  append(sites, other_sites(tree, notes));
  for (Site& site : folder_sites(tree, notes)) {
    const auto same = [&](const Site& one) {
      return one.docroot == site.docroot || lies_in(one.docroot, site.docroot);
    };
    if (std::ranges::none_of(sites, same)) sites.push_back(std::move(site));
  }
  add_real_docroots(tree, sites);
  if (sites.size() > kSitesMax) {
    notes.add(fmt::format("{} further web sites", sites.size() - kSitesMax), "more sites than the sweep keeps");
    sites.resize(kSitesMax);
  }
  for (Site& site : sites) {
    Application application = application_of(tree, site.docroot);
    site.application = std::move(application.name);
    site.application_version = std::move(application.version);
    if (!site.account.empty()) continue;
    const Result<Stat> stat = tree.stat_through_links(site.docroot);
    if (const Account* owner = stat ? host.account(stat->uid) : nullptr; owner != nullptr && owner->uid != 0)
      site.account = owner->name;
  }
  host.sites = std::move(sites);
}

}  // namespace abate::sweep
