// SPDX-License-Identifier: Apache-2.0
#include "apps/abated/config.h"

#include <gtest/gtest.h>

namespace abate::apps {
namespace {

using std::chrono::hours;

void refused(std::string_view text, std::string_view first, std::string_view second) {
  const Result<Config> config = parse_config(text, "/etc/abate/abated.toml");
  ASSERT_FALSE(config) << text;
  for (const std::string_view part : {std::string_view{"/etc/abate/abated.toml"}, first, second})
    EXPECT_NE(config.error().what.find(part), std::string::npos) << config.error().what;
}

void policy_refused(std::string_view text, std::string_view first, std::string_view second) {
  const Result<Policy> policy = parse_policy(text, "policy.toml");
  ASSERT_FALSE(policy) << text;
  for (const std::string_view part : {first, second})
    EXPECT_NE(policy.error().what.find(part), std::string::npos) << policy.error().what;
}

TEST(Configuration, reads_every_section_of_the_contract) {
  const Result<Config> config = parse_config(R"([store]
url = "sqlite:/var/lib/abate/abate.db"
[http]
listen = "127.0.0.1:8080"
public_url = "https://abuse.example.net/"
trusted_proxies = ["192.0.2.1"]
[lmtp]
listen = "unix:/run/abate/lmtp"
[maildir]
folders = ["mail/Maildir"]
[provider]
name = "Example Hosting"
prefixes = ["203.0.113.0/24", "2001:db8::/32"]
[feeds]
folder = "/var/lib/abate/feeds"
[smtp]
url = "smtp://127.0.0.1:25"
from = "Abuse Team <abuse@example.net>"
bounce_domain = "example.net"
[reading]
workers = 3
memory_max = "128M"
time_max = "5s"
message_max = "1M"
[probe]
enabled = true
source = "203.0.113.99"
listener = "2001:db8::99"
pause = "2s"
[policy]
file = "policy.toml"
playbooks = "playbooks"
[[enforcer]]
name = "panel"
kind = "webhook"
url = "http://127.0.0.1:9000/hook"
secret_file = "hook.key"
)",
                                             "/etc/abate/abated.toml");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_TRUE(config->probe.enabled);
  EXPECT_EQ(config->probe.source->to_string(), "203.0.113.99");
  EXPECT_EQ(config->probe.listener->to_string(), "2001:db8::99");
  EXPECT_EQ(config->probe.pause, std::chrono::seconds{2});
  EXPECT_EQ(config->public_url, "https://abuse.example.net");
  EXPECT_EQ(config->maildir_folders, std::vector<std::string>{"/etc/abate/mail/Maildir"});
  EXPECT_EQ(config->policy_file, "/etc/abate/policy.toml");
  EXPECT_EQ(config->playbooks_folder, "/etc/abate/playbooks");
  EXPECT_EQ(config->provider_prefixes.size(), 2U);
  EXPECT_EQ(config->reading_memory_max_bytes, std::size_t{128} << 20);
  EXPECT_EQ(config->message_max_bytes, std::size_t{1} << 20);
  ASSERT_EQ(config->enforcers.size(), 1U);
  EXPECT_EQ(config->enforcers[0].secret_file, "/etc/abate/hook.key");
}

TEST(Configuration, an_unknown_key_names_its_line_and_the_nearest_known_one) {
  refused("[http]\nlisten = \"127.0.0.1:1\"\npublic_ulr = \"x\"\n", "line 3", "public_url");
  refused("[htpp]\nlisten = \"127.0.0.1:1\"\n", "line 1", "did you mean 'http'");
}

TEST(Configuration, a_wrong_value_names_its_line_and_what_is_wanted) {
  refused("[reading]\nmemory_max = \"lots\"\n", "line 2", "512K, 50M or 1G");
  refused("[reading]\ntime_max = \"10\"\n", "line 2", "90s, 15m, 24h or 7d");
  refused("[reading]\nworkers = \"two\"\n", "line 2", "whole number");
  refused("[provider]\nprefixes = [\"192.0.2.1/24\"]\n", "line 2", "192.0.2.0/24");
  refused("[store]\nurl = 5\n", "line 2", "text in quotes");
  refused("[store\n", "line 1", "line 1");
  refused("url = \"x\"\n", "line 1", "outside of any section");
  refused("[enforcer]\nname = \"x\"\n", "line 1", "[[enforcer]]");
}

TEST(PolicyFile, a_category_inherits_what_it_does_not_say) {
  const Result<Policy> policy = parse_policy(
      "[default]\nfix_within = \"48h\"\nclaim_slack = \"15m\"\nremind_before = []\n[category.spam]\nfix_within = "
      "\"12h\"\nladder = "
      "[\"suspend\"]\n",
      "policy.toml");
  ASSERT_TRUE(policy) << policy.error().what;
  EXPECT_EQ(policy->of(Category::spam).fix_within, hours{12});
  EXPECT_EQ(policy->of(Category::spam).ladder, std::vector{MeasureKind::suspend});
  EXPECT_EQ(policy->of(Category::spam).claim_slack, std::chrono::minutes{15});
  EXPECT_TRUE(policy->of(Category::spam).remind_before.empty());
  EXPECT_EQ(policy->of(Category::malware).fix_within, hours{48});
  EXPECT_EQ(policy->of(Category::malware).ladder, (std::vector{MeasureKind::limit_port25, MeasureKind::suspend}));
}

TEST(PolicyFile, what_is_wrong_is_refused_whole) {
  policy_refused("[default]\nopen = \"sometimes\"\n", "line 2", "automatic");
  policy_refused("[category.spma]\nfix_within = \"1h\"\n", "line 1", "spam");
  policy_refused("[default]\nladder = [\"terminate\"]\n", "line 2", "a person's decision");
  policy_refused("[category]\nspam = 3\n", "line 2", "[category.spam]");
  policy_refused("default = 3\n", "line 1", "[default]");
  policy_refused("[default]\nfix_within = \"0h\"\n", "line 2", "24h");
}

}  // namespace
}  // namespace abate::apps
