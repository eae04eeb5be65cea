// SPDX-License-Identifier: Apache-2.0
#include "apps/abated/config.h"

#include <cstdlib>

#include "apps/abated/toml_reader.h"
#include "base/text.h"

namespace abate::apps {
namespace {

constexpr std::chrono::seconds kProbeTimeMax{15};
constexpr std::chrono::seconds kProbePauseMax{10};

Result<void> read_enforcers(const toml::table& root, const std::string& path, Config& config) {
  const toml::node* node = root.get("enforcer");
  if (node == nullptr) return {};
  const toml::array* list = node->as_array();
  if (list == nullptr)
    return failure(Fault::malformed, "{}: line {}: write [[enforcer]], in two brackets", path,
                   node->source().begin.line);
  for (const toml::node& item : *list) {
    EnforcerSection one;
    Section section{item.as_table(), "enforcer", path};
    section.text("name", one.name);
    section.text("kind", one.kind);
    section.text("url", one.url);
    section.file("secret_file", one.secret_file);
    section.texts("run", one.run);
    TRY(section.finish());
    const auto line = item.source().begin.line;
    if (one.name.empty() || one.name.find('/') != one.name.npos)
      return failure(Fault::malformed, "{}: line {}: enforcer: a name without '/' is wanted", path, line);
    for (const EnforcerSection& other : config.enforcers)
      if (other.name == one.name)
        return failure(Fault::malformed, "{}: line {}: enforcer: '{}' is named twice", path, line, one.name);
    config.enforcers.push_back(std::move(one));
  }
  return {};
}

void read_address(Section& section, std::string_view key, std::optional<IpAddress>& out) {
  section.parsed(key, [&](std::string_view value) -> Result<void> {
    TRY_ASSIGN(out, parse_ip(value));
    return {};
  });
}

Result<void> read_probe(Section section, const std::string& path, ProbeSection& probe) {
  section.flag("enabled", probe.enabled);
  read_address(section, "source", probe.source);
  read_address(section, "listener", probe.listener);
  read_address(section, "listener_seen_as", probe.listener_seen_as);
  section.count("listener_port", probe.listener_port, 65535);
  section.count("concurrency", probe.concurrency, 64);
  section.duration("time_max", probe.time_max);
  section.duration("pause", probe.pause);
  TRY(section.finish());
  // The lease on a ticket must outlast all that is tried for it.
  if (probe.time_max < std::chrono::seconds{1} || probe.time_max > kProbeTimeMax || probe.pause > kProbePauseMax)
    return failure(Fault::malformed, "{}: probe: time_max is 1s to {}, pause at most {}", path,
                   format_duration(kProbeTimeMax), format_duration(kProbePauseMax));
  if (probe.concurrency == 0) return failure(Fault::malformed, "{}: probe.concurrency: at least 1", path);
  // Several at once would take each other's port.
  if (probe.listener_port != 0 && probe.concurrency > 1)
    return failure(Fault::malformed, "{}: probe.listener_port: one port serves concurrency = 1 only", path);
  return {};
}

std::string without_last_slash(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

}  // namespace

std::string config_path(const std::string& given) {
  if (!given.empty()) return given;
  if (const char* named = std::getenv("ABATED_CONFIG"); named != nullptr && *named != '\0') return named;
  return "/etc/abate/abated.toml";
}

Result<Config> parse_config(std::string_view text, const std::string& path) {
  TRY_ASSIGN(const toml::table root, parse_toml(text, path));
  Config config;
  Section top{&root, "", path};
  const auto section = [&](std::string_view name) {
    top.known(name);
    return Section{root[name].as_table(), std::string{name}, path};
  };
  for (const auto& [key, node] : root)
    if (key.str() != "enforcer" && !node.is_table())
      return failure(Fault::malformed, "{}: line {}: '{}' stands outside of any section", path, key.source().begin.line,
                     key.str());
  top.known("enforcer");

  Section store = section("store");
  store.text("url", config.store_url);
  TRY(store.finish());
  Section http = section("http");
  http.text("listen", config.http_listen);
  http.text("public_url", config.public_url);
  http.prefixes("trusted_proxies", config.trusted_proxies);
  TRY(http.finish());
  Section lmtp = section("lmtp");
  lmtp.text("listen", config.lmtp_listen);
  TRY(lmtp.finish());
  Section maildir = section("maildir");
  maildir.files("folders", config.maildir_folders);
  TRY(maildir.finish());
  Section provider = section("provider");
  provider.text("name", config.provider_name);
  provider.prefixes("prefixes", config.provider_prefixes);
  TRY(provider.finish());
  Section feeds = section("feeds");
  feeds.file("folder", config.feeds_folder);
  TRY(feeds.finish());
  Section smtp = section("smtp");
  smtp.text("url", config.smtp_url);
  smtp.text("from", config.smtp_from);
  smtp.text("bounce_domain", config.bounce_domain);
  smtp.file("user_file", config.smtp_user_file);
  smtp.flag("require_tls", config.smtp_require_tls);
  TRY(smtp.finish());
  Section reading = section("reading");
  reading.count("workers", config.reading_workers, 64);
  reading.size("memory_max", config.reading_memory_max_bytes);
  reading.duration("time_max", config.reading_time_max);
  reading.size("message_max", config.message_max_bytes);
  reading.texts("trusted_authserv", config.trusted_authserv);
  TRY(reading.finish());
  Section dns = section("dns");
  dns.texts("servers", config.dns_servers);
  TRY(dns.finish());
  TRY(read_probe(section("probe"), path, config.probe));
  Section policy = section("policy");
  policy.file("file", config.policy_file);
  policy.file("playbooks", config.playbooks_folder);
  TRY(policy.finish());
  Section log = section("log");
  log.parsed("form", [&](std::string_view form) -> Result<void> {
    if (form != "text" && form != "json") return failure(Fault::malformed, "\"text\" or \"json\" is wanted");
    config.log_form = form == "json" ? LogForm::json : LogForm::text;
    return {};
  });
  TRY(log.finish());
  Section node = section("node");
  node.text("name", config.node);
  TRY(node.finish());
  Section demo = section("demo");
  demo.file("mail_folder", config.demo_mail_folder);
  TRY(demo.finish());
  TRY(read_enforcers(root, path, config));
  TRY(top.finish());
  config.public_url = without_last_slash(config.public_url);
  if (config.reading_workers == 0)
    return failure(Fault::malformed, "{}: reading.workers: at least one reader is needed", path);
  return config;
}

Result<Config> read_config(const std::string& path) {
  TRY_ASSIGN(const std::string text, read_file(path));
  return parse_config(text, path);
}

}  // namespace abate::apps
