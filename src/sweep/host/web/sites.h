// SPDX-License-Identifier: Apache-2.0
// sweep/host/web/sites.h — the web sites of a server: virtual hosts, their docroots, aliases and logs.
//
// load_sites reads the configuration of Apache, nginx, LiteSpeed and Caddy with their includes, and then looks where
// panels and distributions keep docroots, so that a site whose web server was removed is still seen. Site::application
// names the CMS of a docroot. Limits: kSitesMax, kConfigFilesMax, kConfigBytesMax. What was left out is noted.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/host/open_host.h"

namespace abate::sweep {

constexpr std::size_t kSitesMax = 20'000;
constexpr std::size_t kConfigFilesMax = 5'000;
constexpr std::size_t kConfigBytesMax = std::size_t{4} << 20;
constexpr int kIncludeDepthMax = 16;

void load_sites(Host& host, Notes& notes);

// One server's configuration each, from its main file. Exposed for tests.
std::vector<Site> apache_sites(const Tree& tree, Notes& notes);
std::vector<Site> nginx_sites(const Tree& tree, Notes& notes);
std::vector<Site> other_sites(const Tree& tree, Notes& notes);   // LiteSpeed, Caddy
std::vector<Site> folder_sites(const Tree& tree, Notes& notes);  // docroots of panels and distributions

// Which applications lie in the docroots, and in the folders right beneath them.
void load_applications(Host& host, Notes& notes);

struct Application {
  std::string name;     // "wordpress"; "" where it is none that we know
  std::string version;  // "" where it does not say
};
Application application_of(const Tree& tree, std::string_view docroot);

// The file that a URL is served from, as the web servers would find it: host, alias, docroot, index files, percent
// signs, PATH_INFO, WordPress' pretty links (the site's index.php). Also where the file is gone: then `exists` is
// false.
struct Served {
  const Site* site = nullptr;
  std::string path;
  bool exists = false;
  std::string how;  // "docroot of www.example.org", "~user"
};
std::vector<Served> served_from(const Host& host, std::string_view url);

}  // namespace abate::sweep
