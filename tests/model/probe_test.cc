// SPDX-License-Identifier: Apache-2.0
#include "model/probe.h"

#include <gtest/gtest.h>

namespace abate {
namespace {

Incident incident(const std::string& type, std::optional<std::uint16_t> port = {}, const std::string& url = "") {
  Incident one;
  one.type = type;
  one.category = category_of_type(type);
  one.source_ip = parse_ip("203.0.113.10").value();
  one.source_port = port;
  if (!url.empty()) one.url = url;
  return one;
}

std::string kinds_for(Category category, const std::vector<Incident>& incidents) {
  std::string out;
  for (const ProbeTask& task : probes_for(category, incidents))
    out += (out.empty() ? "" : " ") + task.kind + ":" + std::to_string(task.port);
  return out;
}

TEST(Probes, fit_what_was_reported) {
  EXPECT_EQ(kinds_for(Category::spam, {incident("messaging/spam", 48213)}), "open_relay:25") << "not the client's port";
  EXPECT_EQ(kinds_for(Category::phishing, {incident("content/phishing", {}, "https://shop.example/login")}),
            "http_content:0");
  EXPECT_EQ(kinds_for(Category::proxy, {incident("vulnerability/open_service", 9050)}), "open_proxy:9050");
  EXPECT_EQ(kinds_for(Category::proxy, {incident("infrastructure/botnet")}),
            "open_proxy:1080 open_proxy:3128 open_proxy:8080");
  EXPECT_EQ(kinds_for(Category::ddos, {incident("connection/ddos", 11211)}), "memcached:11211");
  EXPECT_EQ(kinds_for(Category::ddos, {incident("connection/ddos", 53)}), "open_resolver:53");
  EXPECT_EQ(kinds_for(Category::ddos, {incident("connection/ddos", 51234)}), "") << "a bot's chance port";
  EXPECT_EQ(kinds_for(Category::other, {incident("vulnerability/open_service", 5900)}), "open_port:5900");
  EXPECT_EQ(kinds_for(Category::other, {incident("connection/login_attack", 51234)}), "");
}

TEST(Probes, go_to_the_culprit_only) {
  Incident one = incident("content/phishing", {}, "http://198.51.100.7/x");
  ASSERT_EQ(probes_for(Category::phishing, {one}).size(), 1U);
  EXPECT_EQ(probes_for(Category::phishing, {one})[0].address.to_string(), "203.0.113.10") << "not where the URL points";
  one.source_ip.reset();
  EXPECT_TRUE(probes_for(Category::phishing, {one}).empty());
}

TEST(Probes, never_touch_what_nobody_may_fetch_nor_what_stands_beside_it) {
  const Incident csam = incident("content/csam", {}, "http://files.example/x");
  EXPECT_TRUE(probes_for(Category::illegal_content, {csam}).empty());
  const Incident other = incident("content/brand_infringement", {}, "http://files.example/y");
  EXPECT_EQ(probes_for(Category::illegal_content, {other}).size(), 1U);
  EXPECT_TRUE(probes_for(Category::illegal_content, {other, csam}).empty());
  EXPECT_TRUE(is_never_fetched(incident("content/csem")));
}

TEST(Probes, are_each_made_once_and_not_without_end) {
  std::vector<Incident> many;
  for (int i = 0; i < 50; ++i)
    many.push_back(incident("content/phishing", {}, "http://shop.example/" + std::to_string(i / 2)));
  EXPECT_EQ(probes_for(Category::phishing, many).size(), kProbeTasksMax);
  many.resize(4);
  EXPECT_EQ(probes_for(Category::phishing, many).size(), 2U);
}

}  // namespace
}  // namespace abate
