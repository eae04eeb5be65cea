// SPDX-License-Identifier: Apache-2.0
// nginx's servers, from nginx.conf with all that it includes.
#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"
#include "sweep/host/web/directives.h"
#include "sweep/host/web/sites.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kMainFiles[] = {"/etc/nginx/nginx.conf", "/usr/local/nginx/conf/nginx.conf",
                                           "/usr/local/openresty/nginx/conf/nginx.conf", "/opt/nginx/conf/nginx.conf"};
constexpr std::string_view kBesides[] = {"/etc/nginx/sites-enabled/*", "/etc/nginx/conf.d/*.conf",
                                         "/var/www/vhosts/system/*/conf/nginx.conf",
                                         "/usr/local/directadmin/data/users/*/nginx.conf"};

class Reader {
 public:
  Reader(const Tree& tree, Notes& notes) : tree_{tree}, notes_{notes} {}

  void file(const std::string& path, int depth) {
    if (depth > kIncludeDepthMax || seen_.size() >= kConfigFilesMax || !seen_.insert(path).second) return;
    const Result<std::string> text = read_whole(tree_, path, kConfigBytesMax);
    if (!text) {
      if (text.error().fault != Fault::not_found) notes_.add(path, text.error().what);
      return;
    }
    const std::size_t outer = blocks_.size();
    for (const Directive& directive : nginx_directives(*text)) one(directive, path, depth);
    // A file that closes less than it opens is wrong; nginx would not start. Ours goes on with the next file.
    while (blocks_.size() > outer) close();
  }

  std::vector<Site> take() { return std::move(sites_); }

 private:
  void one(const Directive& directive, const std::string& path, int depth) {
    if (directive.kind == Directive::Kind::close) return close();
    if (directive.kind == Directive::Kind::open) return open(directive, path);
    if (directive.words.empty()) return;
    if (directive.name == "include") {
      const std::string& word = directive.words[0];
      const std::string pattern = word.starts_with('/') ? normal_path(word) : normal_path("/etc/nginx/" + word);
      for (const std::string& one : glob(tree_, pattern)) file(one, depth + 1);
      return;
    }
    setting(directive);
  }

  void open(const Directive& directive, const std::string& path) {
    if (directive.name == "server" && directive.words.empty()) {
      site_ = {.docroot = http_root_,
               .server = "nginx",
               .config = path,
               .line = directive.line,
               .access_logs = {},
               .error_logs = {}};
      in_server_ = true;
    }
    location_ = directive.name == "location" && !directive.words.empty() ? directive.words.back() : location_;
    blocks_.push_back(directive.name);
  }

  void close() {
    if (blocks_.empty()) return;
    if (blocks_.back() == "server" && in_server_) {
      if (site_.access_logs.empty()) site_.access_logs = http_logs_;
      if (sites_.size() < kSitesMax) sites_.push_back(std::move(site_));
      in_server_ = false;
    }
    if (blocks_.back() == "location") location_.clear();
    blocks_.pop_back();
  }

  void setting(const Directive& directive) {
    const std::string& name = directive.name;
    const std::string& word = directive.words[0];
    const bool in_location = std::ranges::find(blocks_, "location") != blocks_.end();
    if (!in_server_) {
      if (name == "root") http_root_ = normal_path(word);
      if (name == "access_log" && word.starts_with('/')) http_logs_.push_back(normal_path(word));
      return;
    }
    if (name == "server_name")
      for (const std::string& host : directive.words) {
        if (host != "_" && !host.starts_with('~'))
          site_.names.push_back(to_lower(host.starts_with('.') ? "*" + host : host));
      }
    else if (name == "root" && !in_location)
      site_.docroot = normal_path(word);
    else if (name == "root" && site_.docroot.empty())
      site_.docroot = normal_path(word);
    else if (name == "root" && normal_path(word) != site_.docroot)
      site_.aliases.emplace_back(location_, normal_path(word + location_));
    else if (name == "alias" && in_location)
      site_.aliases.emplace_back(location_, normal_path(word));
    else if (name == "access_log" && word.starts_with('/'))
      site_.access_logs.push_back(normal_path(word));
    else if (name == "error_log" && word.starts_with('/'))
      site_.error_logs.push_back(normal_path(word));
    else if (name == "listen") {
      const std::size_t colon = word.rfind(':');
      const std::string_view digits =
          std::string_view{word}.substr(colon == std::string::npos || word.ends_with(']') ? 0 : colon + 1);
      std::uint16_t port = 80;
      std::from_chars(digits.data(), digits.data() + digits.size(), port);
      site_.ports.push_back(port);
      site_.is_default |= std::ranges::find(directive.words, "default_server") != directive.words.end();
    }
  }

  const Tree& tree_;
  Notes& notes_;
  std::set<std::string> seen_;
  std::vector<std::string> blocks_;
  std::string location_, http_root_;
  std::vector<std::string> http_logs_;
  Site site_;
  bool in_server_ = false;
  std::vector<Site> sites_;
};

}  // namespace

std::vector<Site> nginx_sites(const Tree& tree, Notes& notes) {
  Reader reader{tree, notes};
  for (const std::string_view path : kMainFiles)
    if (exists(tree, path)) reader.file(std::string{path}, 0);
  for (const std::string_view pattern : kBesides)
    for (const std::string& path : glob(tree, pattern)) reader.file(path, 1);
  return reader.take();
}

}  // namespace abate::sweep
