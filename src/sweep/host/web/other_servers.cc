// SPDX-License-Identifier: Apache-2.0
// LiteSpeed (OpenLiteSpeed's vhconf.conf and httpd_config.conf) and Caddy's Caddyfile.
#include <algorithm>

#include "base/text.h"
#include "sweep/host/web/sites.h"

namespace abate::sweep {
namespace {

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string_view word : split(line, ' ')) {
    const std::string_view clean = trim(word);
    if (!clean.empty()) words.emplace_back(clean);
  }
  return words;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

void litespeed(const Tree& tree, std::vector<Site>& sites) {
  constexpr std::string_view kServer = "/usr/local/lsws";
  for (const std::string& path : glob(tree, "/usr/local/lsws/conf/vhosts/*/vhconf.conf")) {
    Site site{.server = "litespeed", .config = path};
    const std::string name{file_name(folder_of(path))};
    const std::string root = fmt::format("{}/{}", kServer, name);
    std::uint32_t number = 0;
    for (std::string_view line : lines_of(tree, path, kConfigBytesMax)) {
      ++number;
      const std::vector<std::string> words = words_of(trim(line));
      if (words.size() < 2) continue;
      const std::string value = replaced(replaced(words[1], "$VH_ROOT", root), "$SERVER_ROOT", kServer);
      if (words[0] == "docRoot") site.docroot = normal_path(replaced(value, "$VH_NAME", name)), site.line = number;
      if (words[0] == "vhDomain" || words[0] == "vhAliases")
        for (const std::string_view host : split(words[1], ',')) site.names.push_back(to_lower(trim(host)));
      if ((words[0] == "accesslog" || words[0] == "accessLog") && value.starts_with('/'))
        site.access_logs.push_back(normal_path(value));
      if ((words[0] == "errorlog" || words[0] == "errorLog") && value.starts_with('/'))
        site.error_logs.push_back(normal_path(value));
    }
    if (site.names.empty()) site.names.push_back(to_lower(name));
    if (!site.docroot.empty() && sites.size() < kSitesMax) sites.push_back(std::move(site));
  }
}

void caddy(const Tree& tree, std::vector<Site>& sites) {
  std::vector<std::string> files = glob(tree, "/etc/caddy/sites-enabled/*");
  files.insert(files.begin(), "/etc/caddy/Caddyfile");
  for (const std::string& path : files) {
    Site site;
    int depth = 0;
    std::uint32_t number = 0;
    for (std::string_view line : lines_of(tree, path, kConfigBytesMax)) {
      ++number;
      const std::vector<std::string> words = words_of(trim(line));
      if (words.empty() || words[0].starts_with('#')) continue;
      if (words.back() == "{" && depth++ == 0) {
        site = {.server = "caddy", .config = path, .line = number};
        for (std::string host : words) {
          if (host == "{") break;
          if (host.ends_with(',')) host.pop_back();
          if (const std::size_t scheme = host.find("://"); scheme != std::string::npos) host.erase(0, scheme + 3);
          site.names.push_back(to_lower(host.substr(0, host.find(':'))));
        }
      } else if (words[0] == "}" && depth > 0 && --depth == 0) {
        if (!site.docroot.empty() && sites.size() < kSitesMax) sites.push_back(std::move(site));
      } else if (words[0] == "root" && words.size() > 1) {
        site.docroot = normal_path(words.back());
      } else if (words[0] == "output" && words.size() > 2 && words[1] == "file") {
        site.access_logs.push_back(normal_path(words[2]));
      }
    }
  }
}

}  // namespace

std::vector<Site> other_sites(const Tree& tree, Notes&) {
  std::vector<Site> sites;
  litespeed(tree, sites);
  caddy(tree, sites);
  return sites;
}

}  // namespace abate::sweep
