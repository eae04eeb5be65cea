// SPDX-License-Identifier: Apache-2.0
#include "reply/known_secrets.h"

#include <algorithm>

#include "base/text.h"
#include "reply/redact.h"

namespace abate::reply {
namespace {

// Patterns, as the server's own paths.
constexpr std::string_view kServerFiles[] = {"/etc/shadow",
                                             "/etc/shadow-",
                                             "/etc/gshadow",
                                             "/etc/mysql/*.cnf",
                                             "/etc/mysql/*/*.cnf",
                                             "/etc/my.cnf",
                                             "/root/.my.cnf",
                                             "/root/.pgpass",
                                             "/root/.env",
                                             "/etc/dovecot/users",
                                             "/etc/dovecot/*.conf.ext",
                                             "/etc/dovecot/passwd*",
                                             "/etc/postfix/sasl_*",
                                             "/etc/postfix/mysql*.cf",
                                             "/etc/postfix/pgsql*.cf",
                                             "/etc/exim4/passwd*",
                                             "/etc/ssh/ssh_host_*",
                                             "/etc/ssl/private/*",
                                             "/etc/letsencrypt/live/*/privkey.pem",
                                             "/etc/redis/redis.conf",
                                             "/etc/proftpd/*.passwd",
                                             "/root/.ssh/id_*",
                                             "/home/*/.ssh/id_*",
                                             "/home/*/.my.cnf"};

// In an application's folder, a docroot, or the folder above it.
constexpr std::string_view kSiteFiles[] = {"wp-config.php",
                                           "configuration.php",
                                           ".env",
                                           "sites/default/settings.php",
                                           "app/etc/env.php",
                                           "app/etc/local.xml",
                                           "config/config.php",
                                           "config.php",
                                           "LocalSettings.php",
                                           ".htpasswd",
                                           "includes/config.php",
                                           "inc/config.php",
                                           "settings.php",
                                           "config/parameters.yml",
                                           "config/database.php",
                                           "config/settings.inc.php",
                                           "app/config/parameters.php"};

// Nobody writes a password into these; pictures are looked at by nobody.
constexpr std::string_view kUnread[] = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".avif", ".heic",
                                        ".mp4", ".mkv",  ".avi", ".mov", ".webm", ".mpg", ".wmv", ".zip",  ".gz"};

// Where only what is quoted is a value.
constexpr std::string_view kPrograms[] = {".php", ".phtml", ".inc", ".js",  ".mjs", ".py",
                                          ".pl",  ".rb",    ".sh",  ".cgi", ".html"};

bool has_suffix(std::string_view path, std::span<const std::string_view> suffixes) {
  const std::string lower = to_lower(path);
  return std::ranges::any_of(suffixes, [&](std::string_view suffix) { return lower.ends_with(suffix); });
}

bool is_log(std::string_view path) { return sweep::lies_in(path, "/var/log"); }

// "name:HASH:…" a line, as shadow, gshadow, htpasswd and Dovecot's users have it.
bool is_of_accounts(std::string_view name) {
  return name.starts_with("shadow") || name.starts_with("gshadow") || name.starts_with(".htpasswd") ||
         name.starts_with("htpasswd") || name.starts_with("passwd") || name == "users" || name.ends_with(".passwd");
}
// "host user:password" or "host:port:database:user:password" a line.
bool is_password_last(std::string_view name) {
  return name == ".pgpass" || name.starts_with("sasl_") || name.starts_with("passwd.client");
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view{"-_.~"}.contains(c);
    out += plain ? std::string{c} : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

class Sources {
 public:
  explicit Sources(const sweep::Tree& tree) : tree_{tree} {}
  void add(const std::string& path) {
    if (files_.size() < kSourcesMax && path.starts_with('/') && !has_suffix(path, kUnread) && !is_log(path))
      files_.insert(path);
  }
  void add_pattern(std::string_view pattern) {
    for (const std::string& path : sweep::glob(tree_, pattern)) add(path);
  }
  void add_site(const std::string& folder) {
    if (folder.empty()) return;
    for (const std::string_view name : kSiteFiles)
      for (const std::string& where : {folder, std::string{sweep::folder_of(folder)}})
        if (const std::string path = sweep::join_path(where, name); sweep::exists(tree_, path)) add(path);
  }
  std::vector<std::string> take() { return {files_.begin(), files_.end()}; }

 private:
  const sweep::Tree& tree_;
  std::set<std::string> files_;
};

}  // namespace

std::set<std::string, std::less<>> secrets_in(std::string_view path, std::string_view text) {
  std::set<std::string, std::less<>> out;
  const auto add = [&](std::string_view secret) {
    if (secret.size() >= kSecretBytesMin && out.size() < kSecretsMax) out.emplace(secret);
  };
  const std::string_view name = sweep::file_name(path);
  const bool is_program = has_suffix(path, kPrograms);
  bool in_key = false;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (line.starts_with("-----")) {
      in_key = line.starts_with("-----BEGIN ") && line.contains("PRIVATE KEY");
    } else if (in_key && line.find(": ") == line.npos) {
      add(line);
    } else if (!line.starts_with('#') && is_password_last(name)) {
      add(line.substr(line.rfind(':') + 1));
    } else if (!line.starts_with('#') && is_of_accounts(name) && line.contains(':')) {
      line.remove_prefix(line.find(':') + 1);
      add(line.substr(0, line.find(':')));
    }
  }
  for (const NamedValue& one : named_secrets(text))
    if (one.is_quoted || (!is_program && !one.value.starts_with("${") && !one.value.contains('('))) add(one.value);
  return out;
}

SecretSources secret_sources(const sweep::Host& host, const std::vector<Finding>& findings) {
  Sources sources{*host.tree};
  for (const std::string_view pattern : kServerFiles) sources.add_pattern(pattern);
  for (const sweep::InstalledApplication& one : host.applications) sources.add_site(one.folder);
  for (const sweep::Site& site : host.sites) sources.add_site(site.docroot);
  if (host.ticket.category != Category::illegal_content)
    for (const Finding& finding : findings) {
      sources.add(finding.subject.path);
      for (const std::string& path : finding.paths) sources.add(path);
    }
  SecretSources out{.files = sources.take(), .public_names = own_domains(host)};
  const auto name = [&](std::string_view one) { out.public_names.insert(to_lower(one)); };
  for (const std::string_view one : {"localhost", "required", "optional", "password", "default", "disabled", "enabled",
                                     "secret", "sha512", "yescrypt", "nullok", "changeme"})
    name(one);
  name(host.hostname);
  for (const sweep::Account& account : host.accounts) {
    name(account.name);
    name(account.home);
    name(account.shell);
  }
  for (const sweep::InstalledApplication& one : host.applications) {
    name(one.name);
    name(one.folder);
    name(sweep::file_name(one.folder));
  }
  return out;
}

std::vector<std::string> known_secrets(const sweep::Tree& tree, const SecretSources& sources) {
  std::set<std::string, std::less<>> all;
  for (const std::string& path : sources.files) {
    if (all.size() >= kSecretsMax) break;
    const Result<sweep::Stat> stat = tree.stat_through_links(path);
    if (!stat || stat->kind != sweep::NodeKind::file || stat->size > kSourceBytesMax) continue;
    for (const std::string& secret : secrets_in(path, sweep::read_or_nothing(tree, path, kSourceBytesMax))) {
      if (sources.public_names.contains(to_lower(secret))) continue;
      all.insert(secret);
      all.insert(percent_encoded(secret));
      all.insert(shown_name(secret));
    }
  }
  return {all.begin(), all.end()};
}

}  // namespace abate::reply
