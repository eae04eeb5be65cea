// SPDX-License-Identifier: Apache-2.0
// Apache's virtual hosts, from apache2.conf or httpd.conf with all that it includes (also cPanel's, Plesk's and
// DirectAdmin's files, which are of the same language).
#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "base/text.h"
#include "sweep/host/web/directives.h"
#include "sweep/host/web/sites.h"

namespace abate::sweep {
namespace {

constexpr std::string_view kMainFiles[] = {"/etc/apache2/apache2.conf",          "/etc/httpd/conf/httpd.conf",
                                           "/etc/apache2/conf/httpd.conf",       "/usr/local/apache/conf/httpd.conf",
                                           "/usr/local/apache2/conf/httpd.conf", "/etc/apache2/httpd.conf"};
// Read besides, where nothing includes them: panels write them and restart Apache with them.
constexpr std::string_view kBesides[] = {"/etc/apache2/sites-enabled/*.conf",
                                         "/usr/local/directadmin/data/users/*/httpd.conf",
                                         "/var/www/vhosts/system/*/conf/httpd.conf", "/etc/httpd/conf.d/*.conf"};

class Reader {
 public:
  Reader(const Tree& tree, Notes& notes) : tree_{tree}, notes_{notes} {}

  void variables(std::string_view path) {  // Debian's envvars: export APACHE_LOG_DIR=/var/log/apache2$SUFFIX
    for (std::string_view line : lines_of(tree_, path)) {
      line = trim(line);
      if (line.starts_with("export ")) line = trim(line.substr(7));
      const std::size_t equals = line.find('=');
      if (equals == std::string_view::npos || equals == 0) continue;
      std::string value{line.substr(equals + 1)};
      if (const std::size_t suffix = value.find("$SUFFIX"); suffix != std::string::npos) value.erase(suffix, 7);
      if (value.size() >= 2 && (value.front() == '"' || value.front() == '\''))
        value = value.substr(1, value.size() - 2);
      variables_[std::string{line.substr(0, equals)}] = value;
    }
  }

  void file(const std::string& path, int depth) {
    if (depth > kIncludeDepthMax || seen_.size() >= kConfigFilesMax || !seen_.insert(path).second) return;
    const Result<std::string> text = read_whole(tree_, path, kConfigBytesMax);
    if (!text) {
      if (text.error().fault != Fault::not_found) notes_.add(path, text.error().what);
      return;
    }
    for (const Directive& directive : apache_directives(*text)) one(directive, path, depth);
  }

  std::vector<Site> take() {
    if (!main_.docroot.empty()) {
      main_.is_default = true;
      sites_.push_back(std::move(main_));
    }
    return std::move(sites_);
  }
  [[nodiscard]] bool read(const std::string& path) const { return seen_.contains(path); }

 private:
  std::string expand(std::string_view word) const {
    std::string out;
    for (std::size_t at = 0; at < word.size();) {
      const std::size_t begin = word.find("${", at);
      const std::size_t close = begin == std::string_view::npos ? begin : word.find('}', begin);
      if (close == std::string_view::npos) return out.append(word.substr(at));
      out.append(word.substr(at, begin - at));
      const auto found = variables_.find(std::string{word.substr(begin + 2, close - begin - 2)});
      if (found != variables_.end()) out += found->second;
      at = close + 1;
    }
    return out;
  }

  std::string absolute(std::string_view word) const {
    std::string path = expand(word);
    return path.starts_with('/') ? normal_path(path) : normal_path(server_root_ + "/" + path);
  }

  void include(const Directive& directive, int depth) {
    if (directive.words.empty()) return;
    std::string pattern = absolute(directive.words.front());
    if (const Result<Stat> stat = tree_.stat_through_links(pattern); stat && stat->kind == NodeKind::folder)
      pattern += "/*";
    for (const std::string& path : glob(tree_, pattern)) file(path, depth + 1);
  }

  void one(const Directive& directive, const std::string& path, int depth) {
    const std::string& name = directive.name;
    if (name == "virtualhost") {
      if (directive.kind == Directive::Kind::open && sites_.size() < kSitesMax) begin(directive, path);
      if (directive.kind == Directive::Kind::close && site_ != nullptr) {
        sites_.push_back(std::move(host_));
        site_ = nullptr;
      }
      return;
    }
    if (directive.kind != Directive::Kind::plain) return;
    if (name == "include" || name == "includeoptional") return include(directive, depth);
    if (directive.words.empty()) return;
    if (name == "serverroot" && site_ == nullptr) server_root_ = expand(directive.words[0]);
    if (name == "define" && directive.words.size() > 1) variables_[directive.words[0]] = expand(directive.words[1]);
    setting(directive, path, site_ != nullptr ? *site_ : main_);
  }

  void begin(const Directive& directive, const std::string& path) {
    host_ = {.server = "apache", .config = path, .line = directive.line};
    site_ = &host_;
    for (const std::string& address : directive.words) {
      const std::size_t colon = address.rfind(':');
      std::uint16_t port = 80;
      if (colon != std::string::npos)
        std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
      host_.ports.push_back(port);
    }
  }

  void setting(const Directive& directive, const std::string& path, Site& site) {
    const std::string& name = directive.name;
    const std::vector<std::string>& words = directive.words;
    if (name == "servername" || name == "serveralias")
      for (const std::string& word : words) {
        std::string host = to_lower(expand(word));
        if (const std::size_t scheme = host.find("://"); scheme != std::string::npos) host.erase(0, scheme + 3);
        site.names.push_back(host.substr(0, host.rfind(':')));
      }
    else if (name == "documentroot" || name == "virtualdocumentroot") {
      site.docroot = absolute(words[0]);
      if (site.config.empty()) site.config = path, site.line = directive.line, site.server = "apache";
    } else if ((name == "alias" || name == "scriptalias") && words.size() > 1)
      site.aliases.emplace_back(words[0], absolute(words[1]));
    else if (name == "customlog" || name == "transferlog") {
      if (!words[0].starts_with('|')) site.access_logs.push_back(absolute(words[0]));
    } else if (name == "errorlog") {
      if (!words[0].starts_with('|') && !words[0].starts_with("syslog")) site.error_logs.push_back(absolute(words[0]));
    } else if (name == "assignuserid" || name == "suexecusergroup" || name == "ruidgid")
      site.account = words[0];
  }

  const Tree& tree_;
  Notes& notes_;
  std::map<std::string, std::string> variables_{{"APACHE_LOG_DIR", "/var/log/apache2"}};
  std::string server_root_ = "/etc/apache2";
  std::set<std::string> seen_;
  std::vector<Site> sites_;
  Site main_, host_;
  Site* site_ = nullptr;
};

}  // namespace

std::vector<Site> apache_sites(const Tree& tree, Notes& notes) {
  Reader reader{tree, notes};
  reader.variables("/etc/apache2/envvars");
  for (const std::string_view path : kMainFiles)
    if (exists(tree, path)) reader.file(std::string{path}, 0);
  for (const std::string_view pattern : kBesides)
    for (const std::string& path : glob(tree, pattern)) reader.file(path, 1);
  return reader.take();
}

}  // namespace abate::sweep
