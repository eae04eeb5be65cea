// SPDX-License-Identifier: Apache-2.0
#include "sweep/host/web/sites.h"

#include <gtest/gtest.h>

#include "sweep/kit/memory_tree.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kApache = R"(--- /etc/apache2/apache2.conf
ServerRoot "/etc/apache2"
IncludeOptional sites-enabled/*.conf
--- /etc/apache2/envvars
export APACHE_LOG_DIR=/var/log/apache2$SUFFIX
--- /etc/apache2/sites-available/a.conf
<VirtualHost *:80 [::]:8080>
    ServerName Www.Example.org:80
    ServerAlias example.org \
        *.shop.example.org
    DocumentRoot "/srv/site one/htdocs"
    Alias /files /srv/files
    CustomLog ${APACHE_LOG_DIR}/a-access.log combined
    CustomLog "|/usr/bin/logger" combined
    ErrorLog ${APACHE_LOG_DIR}/a-error.log
</VirtualHost>
--- /etc/apache2/sites-enabled/a.conf -> ../sites-available/a.conf
--- /srv/site one/htdocs/wp-includes/version.php
<?php
$wp_version = '6.1.6';
--- /srv/site one/htdocs/index.php
<?php
--- /srv/site one/htdocs/a b/x.php
<?php
--- /srv/files/y.zip
PK
--- /etc/passwd
anna:x:1000:1000::/home/anna:/bin/bash
--- /home/anna/public_html/z.html
hello
)";

Host host_of(const Tree& tree, Notes& notes) {
  Host host;
  host.tree = &tree;
  host.accounts.push_back({.name = "anna", .uid = 1000, .gid = 1000, .home = "/home/anna", .shell = "/bin/bash"});
  load_sites(host, notes);
  return host;
}

TEST(Sites, apache_virtual_hosts_are_read_with_includes_links_and_variables) {
  const MemoryTree tree{kApache};
  Notes notes;
  const std::vector<Site> sites = apache_sites(tree, notes);
  ASSERT_EQ(sites.size(), 1U);
  EXPECT_EQ(sites[0].names, (std::vector<std::string>{"www.example.org", "example.org", "*.shop.example.org"}));
  EXPECT_EQ(sites[0].docroot, "/srv/site one/htdocs");
  EXPECT_EQ(sites[0].access_logs, std::vector<std::string>{"/var/log/apache2/a-access.log"});
  EXPECT_EQ(sites[0].ports, (std::vector<std::uint16_t>{80, 8080}));
  EXPECT_EQ(sites[0].line, 1U);
}

TEST(Sites, the_application_of_a_docroot_is_known_with_its_version) {
  const MemoryTree tree{kApache};
  Notes notes;
  const Host host = host_of(tree, notes);
  ASSERT_FALSE(host.sites.empty());
  EXPECT_EQ(host.sites[0].application, "wordpress");
  EXPECT_EQ(host.sites[0].application_version, "6.1.6");
}

TEST(Sites, a_url_leads_to_the_file_that_is_served) {
  const MemoryTree tree{kApache};
  Notes notes;
  const Host host = host_of(tree, notes);
  const auto path = [&](std::string_view url) {
    const std::vector<Served> served = served_from(host, url);
    return served.empty() ? std::string{"nowhere"} : served[0].path + (served[0].exists ? "" : " (gone)");
  };
  EXPECT_EQ(path("http://www.example.org/"), "/srv/site one/htdocs/index.php");
  EXPECT_EQ(path("https://EXAMPLE.org:443/a%20b/x.php?q=1#f"), "/srv/site one/htdocs/a b/x.php");
  EXPECT_EQ(path("http://a.shop.example.org/a%20b/x.php/more/path"), "/srv/site one/htdocs/a b/x.php");
  EXPECT_EQ(path("http://example.org/files/y.zip"), "/srv/files/y.zip");
  EXPECT_EQ(path("http://example.org/../../etc/passwd"), "/srv/site one/htdocs/etc/passwd (gone)");
  EXPECT_EQ(path("http://192.0.2.1/gone.php"), "/srv/site one/htdocs/gone.php (gone)");
  EXPECT_EQ(path("http://example.org/~anna/z.html"), "/home/anna/public_html/z.html");
  EXPECT_EQ(path("http://other.example/"), "nowhere");
}

TEST(Sites, nginx_servers_are_read_with_blocks_in_blocks) {
  const MemoryTree tree{R"(--- /etc/nginx/nginx.conf
http {
  access_log /var/log/nginx/access.log;
  include /etc/nginx/sites-enabled/*;
}
--- /etc/nginx/sites-enabled/shop
server {
  listen 80 default_server; listen [::]:8443 ssl;
  server_name .example.net "www.example.com"; # comment }
  root /var/www/shop;
  location /dl { alias /srv/dl; }
  location ~ \.php$ { fastcgi_param X "${y}"; }
  if ($host = a) { return 301 https://$host; }
}
server { server_name two.example; root /var/www/two; access_log /var/log/nginx/two.log; }
)"};
  Notes notes;
  const std::vector<Site> sites = nginx_sites(tree, notes);
  ASSERT_EQ(sites.size(), 2U);
  EXPECT_EQ(sites[0].names, (std::vector<std::string>{"*.example.net", "www.example.com"}));
  EXPECT_EQ(sites[0].ports, (std::vector<std::uint16_t>{80, 8443}));
  EXPECT_TRUE(sites[0].is_default);
  EXPECT_EQ(sites[0].aliases.front().second, "/srv/dl");
  EXPECT_EQ(sites[0].access_logs, std::vector<std::string>{"/var/log/nginx/access.log"});
  EXPECT_EQ(sites[1].docroot, "/var/www/two");
  EXPECT_EQ(sites[1].access_logs, std::vector<std::string>{"/var/log/nginx/two.log"});
}

TEST(Sites, docroots_of_panels_are_seen_without_a_web_server) {
  const MemoryTree tree{R"(--- /home/paul/public_html/index.php
<?php
--- /home/eva/domains/eva.example/public_html/index.php
<?php
--- /var/www/vhosts/shop.example/httpdocs/index.html
x
--- /usr/local/lsws/conf/vhosts/ols/vhconf.conf
docRoot                   $VH_ROOT/html
vhDomain                  ols.example,www.ols.example
)"};
  Notes notes;
  const Host host = host_of(tree, notes);
  std::vector<std::string> docroots;
  for (const Site& site : host.sites) docroots.push_back(site.docroot);
  std::ranges::sort(docroots);
  EXPECT_EQ(docroots, (std::vector<std::string>{"/home/eva/domains/eva.example/public_html", "/home/paul/public_html",
                                                "/usr/local/lsws/ols/html", "/var/www/vhosts/shop.example/httpdocs"}));
}

TEST(Sites, an_include_loop_and_a_cut_file_end) {
  const MemoryTree tree{
      "--- /etc/nginx/nginx.conf\ninclude /etc/nginx/nginx.conf; server { root /a; include nginx.conf; server_name "
      "'cut\n--- /etc/apache2/apache2.conf\nInclude apache2.conf\n<VirtualHost *:80>\nDocumentRoot /b\n"};
  Notes notes;
  EXPECT_LE(nginx_sites(tree, notes).size(), 1U);
  EXPECT_TRUE(apache_sites(tree, notes).empty());
}

}  // namespace
}  // namespace abate::sweep
