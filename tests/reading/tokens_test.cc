// SPDX-License-Identifier: Apache-2.0
#include "reading/prose/tokens.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace abate::reading::prose {
namespace {

std::string addresses(std::string_view text) {
  std::vector<std::string> all;
  for (const Token& token : tokens_in(text))
    if (token.kind == TokenKind::address) all.push_back(token.address->to_string());
  return join(all, " ");
}

std::string urls(std::string_view text) {
  std::vector<std::string> all;
  for (const Token& token : tokens_in(text))
    if (token.kind == TokenKind::url) all.push_back(token.value);
  return join(all, " ");
}

TEST(Tokens, free_addresses_of_what_hides_them) {
  EXPECT_EQ(addresses("192[.]0[.]2[.]1 and 192.0.2[.]2, 192(.)0(.)2(.)3"), "192.0.2.1 192.0.2.2 192.0.2.3");
  EXPECT_EQ(addresses("198 .51 .100 .4 and 198 dot 51 dot 100 dot 5"), "198.51.100.4 198.51.100.5");
  EXPECT_EQ(addresses("192.0.2.6IS attacking; IP192.0.2.7"), "192.0.2.6 192.0.2.7");
  EXPECT_EQ(addresses("unknown[192.0.2.8]:25 SRC=192.0.2.9 192.0.2.10:443 192.0.2.11/445"),
            "192.0.2.8 192.0.2.9 192.0.2.10 192.0.2.11");
  EXPECT_EQ(addresses("IP 192.0.2.12.123 > 198.51.100.1.80: UDP"), "192.0.2.12 198.51.100.1");
  EXPECT_EQ(addresses("[2001:db8::1]:443 ::ffff:192.0.2.13 2001:db8:0:0:0:0:0:2."),
            "2001:db8::1 192.0.2.13 2001:db8::2");
  EXPECT_EQ(addresses("192.0.2.14/32"), "192.0.2.14");
}

TEST(Tokens, take_nothing_for_an_address_that_is_none) {
  for (const char* none :
       {"192.0.2.x", "x.x.2.1", "192.0.2.0/24", "version 1.2.3.4", "Chrome/120.0.0.0 Safari", "1.2.0.192.in-addr.arpa",
        "192.0.2.1.dyn.example.net", "10:20:30", "192.0.2.1.5 x", "http://192.0.2.1/", "a@192.0.2.1", "999.0.2.1",
        "192.0.2.1-192.0.2.9", "host-192-0-2-1.example.net", "std::string", "07.12.2021", "1.2.3.4b"})
    EXPECT_EQ(addresses(none), "") << none;
}

TEST(Tokens, refang_and_unwrap_urls) {
  EXPECT_EQ(urls("hxxps://bad[.]example/a, (http://x.example/b)."), "https://bad.example/a http://x.example/b");
  EXPECT_EQ(urls("<a href=\"http://x.example/?a=1&b=2\">"), "http://x.example/?a=1&b=2");
  EXPECT_EQ(urls("http://en.example/wiki/A_(b)"), "http://en.example/wiki/A_(b)");
  EXPECT_EQ(urls("https://eur01.safelinks.protection.outlook.com/?url=http%3A%2F%2Fx.example%2Fc&data=1"),
            "http://x.example/c");
  EXPECT_EQ(urls("https://urldefense.proofpoint.com/v2/url?u=http-3A__x.example_d&d=1"), "http://x.example/d");
  EXPECT_EQ(urls("https://urldefense.com/v3/__http://x.example/e__;!!abc"), "http://x.example/e");
  EXPECT_EQ(urls("https://www.google.com/url?q=http://x.example/f&sa=D"), "http://x.example/f");
  EXPECT_EQ(urls("http://[Site Host Removed]/x"), "");
}

}  // namespace
}  // namespace abate::reading::prose
