// SPDX-License-Identifier: Apache-2.0
#include "apps/abated/setup.h"

#include <array>
#include <cstdio>
#include <filesystem>

#include <unistd.h>

#include "apps/abated/commands.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/open_store.h"

namespace abate::apps {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

void make_folder(const std::string& url) {
  if (!url.starts_with(kSqlite)) return;
  std::error_code ignored;  // opening says what is wrong, with the path
  std::filesystem::create_directories(std::filesystem::path{url.substr(kSqlite.size())}.parent_path(), ignored);
}

}  // namespace

Result<Setup> set_up(const std::string& config_file, StoreFolder folder) {
  Setup setup;
  TRY_ASSIGN(setup.config, read_config(config_path(config_file)));
  if (folder == StoreFolder::make) make_folder(setup.config.store_url);
  TRY_ASSIGN(setup.store, store::open_store(setup.config.store_url));
  return setup;
}

desk::Provider provider_of(const Config& config) {
  desk::Provider provider;
  provider.name = config.provider_name;
  provider.prefixes = config.provider_prefixes;
  provider.public_url = config.public_url;
  provider.mail_from = config.smtp_from;
  provider.bounce_domain = config.bounce_domain;
  for (const std::string& id : config.trusted_authserv) provider.trusted_authserv.push_back(to_lower(id));
  for (const EnforcerSection& enforcer : config.enforcers) provider.enforcers.push_back(enforcer.name);
  return provider;
}

int complain(const Error& error) {
  std::fprintf(stderr, "abated: %s\n", escape_terminal(error.what).c_str());
  return error.fault == Fault::unavailable ? kTryAgain : kFailed;
}

std::string node_of(const Config& config) {
  if (!config.node.empty()) return config.node;
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = 'n';
  return fmt::format("{}-{}", host.data(), sha256_hex(config.http_listen).substr(0, 8));
}

}  // namespace abate::apps
