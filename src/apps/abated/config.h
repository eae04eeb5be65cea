// SPDX-License-Identifier: Apache-2.0
// apps/abated/config.h — the desk's configuration and policy, read from TOML whole or refused whole.
//
// Every error names the file, the line and what would be right; an unknown key names the nearest known one. Relative
// paths are taken from the folder of the file that names them. Durations read 90s, 15m, 24h, 7d; sizes 256M.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/log.h"
#include "base/result.h"
#include "model/policy.h"

namespace abate::apps {

struct EnforcerSection {
  std::string name;
  std::string kind;  // "webhook", "command"
  std::string url;
  std::string secret_file;
  std::vector<std::string> run;
};

struct ProbeSection {
  bool enabled = false;
  std::optional<IpAddress> source;
  std::optional<IpAddress> listener;
  std::optional<IpAddress> listener_seen_as;
  std::size_t listener_port = 0;
  std::size_t concurrency = 2;
  std::chrono::seconds time_max{10};
  std::chrono::seconds pause{1};
  friend bool operator==(const ProbeSection&, const ProbeSection&) = default;
};

struct Config {
  std::string store_url = "sqlite:/var/lib/abate/abate.db";
  std::string http_listen = "127.0.0.1:8080";
  std::string public_url = "http://127.0.0.1:8080";
  std::vector<IpRange> trusted_proxies;
  std::string lmtp_listen;  // empty: no LMTP
  std::vector<std::string> maildir_folders;
  std::string provider_name = "Example Hosting";
  std::vector<IpRange> provider_prefixes;
  std::string feeds_folder;  // empty: none
  std::string smtp_url = "smtp://127.0.0.1:25";
  std::string smtp_from = "Abuse Team <abuse@localhost>";
  std::string bounce_domain = "localhost";
  std::string smtp_user_file;  // "user:password" in one line; empty: no authentication
  bool smtp_require_tls = false;
  std::vector<std::string> dns_servers;       // "127.0.0.1:53", or "system"; empty: DNS is not asked
  std::vector<std::string> trusted_authserv;  // whose Authentication-Results count
  std::size_t reading_workers = 2;
  std::size_t reading_memory_max_bytes = std::size_t{256} << 20;
  std::chrono::seconds reading_time_max{10};
  std::size_t message_max_bytes = std::size_t{50} << 20;
  std::string policy_file;  // empty: the built-in policy
  std::vector<EnforcerSection> enforcers;
  ProbeSection probe;
  LogForm log_form = LogForm::text;
  std::string node;              // name of this `abated` among several; empty: the host's name
  std::string playbooks_folder;  // the operator's own; "": those that are built in
  std::string demo_mail_folder;  // only the demo: pages show the mails that were "sent" there
};

// --config, else $ABATED_CONFIG, else /etc/abate/abated.toml.
std::string config_path(const std::string& given);

Result<Config> read_config(const std::string& path);
Result<Config> parse_config(std::string_view text, const std::string& path);

Result<Policy> read_policy(const std::string& path);
Result<Policy> parse_policy(std::string_view text, const std::string& path);
// The policy that a configuration names, or the built-in one.
Result<Policy> policy_of(const Config& config);

}  // namespace abate::apps
