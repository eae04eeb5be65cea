// SPDX-License-Identifier: Apache-2.0
#include "post/dns_resolver.h"

#include <gtest/gtest.h>

#include "support/dns_server.h"

namespace abate::post {
namespace {

std::vector<DnsText> ask(desk::Resolver& resolver, std::vector<std::string> names) { return resolver.texts(names); }

TEST(DnsResolver, finds_texts_and_joins_their_strings) {
  const std::string key = "v=DKIM1; p=" + std::string(390, 'A');
  const testing::DnsServer server{{{"sel._domainkey.example.org", key}, {"_dmarc.example.org", "v=DMARC1"}}};
  const auto resolver = make_dns_resolver({server.address()});
  ASSERT_TRUE(resolver) << resolver.error().what;
  const auto found = ask(**resolver, {"sel._domainkey.example.org", "_dmarc.example.org", "_dmarc.nobody.example"});
  EXPECT_EQ(found, (std::vector<DnsText>{{"sel._domainkey.example.org", key}, {"_dmarc.example.org", "v=DMARC1"}}));
}

TEST(DnsResolver, asks_once_while_an_answer_holds_also_that_there_is_none) {
  const testing::DnsServer server{{{"_dmarc.example.org", "v=DMARC1"}}};
  const auto resolver = make_dns_resolver({server.address()});
  ASSERT_TRUE(resolver);
  for (int i = 0; i < 3; ++i) ask(**resolver, {"_dmarc.example.org", "_dmarc.nobody.example"});
  EXPECT_EQ(server.asked(), 2);
}

TEST(DnsResolver, a_server_that_says_nothing_costs_bounded_time_and_is_asked_again) {
  testing::DnsServer server{{{"_dmarc.example.org", "v=DMARC1"}}};
  server.mute(true);
  const auto resolver = make_dns_resolver({server.address()});
  ASSERT_TRUE(resolver);
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_TRUE(ask(**resolver, {"_dmarc.example.org"}).empty());
  EXPECT_LT(std::chrono::steady_clock::now() - begun, kDnsTimeMax + std::chrono::seconds{2});
  server.mute(false);
  EXPECT_EQ(ask(**resolver, {"_dmarc.example.org"}).size(), 1U) << "no answer is no knowledge";
}

TEST(DnsResolver, a_server_that_is_no_address_is_refused) {
  EXPECT_FALSE(make_dns_resolver({"not an address"}));
  EXPECT_TRUE(make_dns_resolver({"[::1]:5353", "127.0.0.1"}));
}

}  // namespace
}  // namespace abate::post
