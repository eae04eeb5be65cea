// SPDX-License-Identifier: Apache-2.0
#include "base/ip.h"

#include <random>

#include <arpa/inet.h>
#include <gtest/gtest.h>

namespace abate {
namespace {

IpAddress ip(std::string_view text) { return parse_ip(text).value(); }
std::string range(std::string_view text) { return format_range(parse_range(text).value()); }

// A random address with many zeros, so that every shape of "::" comes up.
IpAddress any_address(std::mt19937_64& random) {
  if (random() % 3 == 0) return IpAddress::v4(static_cast<std::uint32_t>(random()));
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < 16; i += 2) {
    if (random() % 2 == 0) continue;
    bytes[i] = static_cast<std::uint8_t>(random() % 2 == 0 ? 0 : random());
    bytes[i + 1] = static_cast<std::uint8_t>(random());
  }
  return IpAddress::from_bytes(bytes);
}

TEST(Ip, is_written_after_rfc5952) {
  const std::vector<std::pair<std::string, std::string>> forms{{"2001:DB8::1", "2001:db8::1"},
                                                               {"2001:0db8:0:0:0:0:0:1", "2001:db8::1"},
                                                               {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
                                                               {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
                                                               {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
                                                               {"2001:db8:0:0:0:0:0:0", "2001:db8::"},
                                                               {"0:0:0:0:0:0:0:0", "::"},
                                                               {"0:0:0:0:0:0:0:1", "::1"},
                                                               {"::1:2", "::1:2"},
                                                               {"2001:db8::192.0.2.1", "2001:db8::c000:201"},
                                                               {"192.0.2.1", "192.0.2.1"},
                                                               {"0.0.0.0", "0.0.0.0"},
                                                               {"255.255.255.255", "255.255.255.255"}};
  for (const auto& [written, canonical] : forms) EXPECT_EQ(ip(written).to_string(), canonical) << written;
}

TEST(Ip, an_ipv4_mapped_address_is_the_ipv4_address) {
  EXPECT_EQ(ip("::ffff:192.0.2.1"), ip("192.0.2.1"));
  EXPECT_EQ(ip("::FFFF:c000:201"), ip("192.0.2.1"));
  EXPECT_EQ(ip("::ffff:192.0.2.1").to_string(), "192.0.2.1");
  EXPECT_EQ(ip("192.0.2.1").v4_value(), 0xC0000201U);
  EXPECT_FALSE(ip("::c000:201").is_v4());
  EXPECT_FALSE(ip("2001:db8::1").is_v4());
  EXPECT_DEATH((void)ip("2001:db8::1").v4_value(), "is_v4");
}

TEST(Ip, refuses_whatever_is_not_exactly_an_address) {
  for (const std::string_view text : {"",
                                      " ",
                                      "192.0.2",
                                      "192.0.2.",
                                      ".192.0.2.1",
                                      "192.0.2.1.",
                                      "192.0.2.1.5",
                                      "192.0.2.256",
                                      "192.0.2.01",
                                      "192.0.2.001",
                                      "00.0.0.0",
                                      "192.0.2.-1",
                                      "192.0.2.+1",
                                      "192.0.2.0x1",
                                      "192.0.2.1 ",
                                      " 192.0.2.1",
                                      "192.0..1",
                                      "3221225985",
                                      "192.0.2.1/32",
                                      "192.0.2.1:80",
                                      "192.0.2.4294967297",
                                      "[2001:db8::1]",
                                      "2001:db8::1%eth0",
                                      "2001:db8::1 ",
                                      "2001:db8:::1",
                                      "2001:db8::1::2",
                                      "2001:db8:1",
                                      "1:2:3:4:5:6:7:8:9",
                                      "1:2:3:4:5:6:7::8",
                                      "2001:db8::12345",
                                      "2001:db8::g",
                                      ":",
                                      ":1",
                                      "1:",
                                      ":::",
                                      "::ffff:192.0.2.01",
                                      "::ffff:192.0.2.256",
                                      "::192.0.2.1:1",
                                      "example.test"})
    EXPECT_FALSE(parse_ip(text)) << text;
  EXPECT_FALSE(parse_ip(std::string_view{"192.0.2.1\0", 10}));
  EXPECT_FALSE(parse_ip(std::string_view{"2001:db8::1\0", 12}));
  const std::string what = parse_ip("\x1b]0;" + std::string(100'000, ':')).error().what;
  EXPECT_LT(what.size(), 200U);
  EXPECT_EQ(what.find('\x1b'), std::string::npos);
}

TEST(Ip, every_address_survives_being_written_and_read) {
  std::mt19937_64 random{1};
  for (int i = 0; i < 20'000; ++i) {
    const IpAddress address = any_address(random);
    const std::string text = address.to_string();
    ASSERT_EQ(parse_ip(text).value(), address) << text;
    if (address.is_v4()) continue;
    std::array<std::uint8_t, 16> bytes;  // a second opinion
    ASSERT_EQ(inet_pton(AF_INET6, text.c_str(), bytes.data()), 1) << text;
    ASSERT_EQ(bytes, address.bytes());
    std::array<char, INET6_ADDRSTRLEN> theirs{};
    ASSERT_NE(inet_ntop(AF_INET6, bytes.data(), theirs.data(), theirs.size()), nullptr);
    if (std::string_view{theirs.data()}.find('.') ==
        std::string_view::npos) {  // theirs dots more than RFC 5952 asks for
      ASSERT_EQ(text, theirs.data());
    }
  }
}

TEST(Ip, the_next_address_ends_with_its_family) {
  EXPECT_EQ(ip("192.0.2.255").next(), ip("192.0.3.0"));
  EXPECT_EQ(ip("2001:db8::ffff").next(), ip("2001:db8::1:0"));
  EXPECT_EQ(ip("::").next(), ip("::1"));
  EXPECT_EQ(ip("255.255.255.255").next(), std::nullopt);
  EXPECT_EQ(ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").next(), std::nullopt);
  std::mt19937_64 random{2};
  for (int i = 0; i < 5000; ++i) {
    const IpAddress address = any_address(random);
    if (const auto next = address.next()) {
      EXPECT_LT(address, *next);
    }
  }
}

TEST(IpRange, a_prefix_covers_its_addresses) {
  const IpRange v4 = parse_prefix("192.0.2.0/24").value();
  EXPECT_EQ(v4, (IpRange{ip("192.0.2.0"), ip("192.0.2.255")}));
  EXPECT_TRUE(v4.contains(ip("192.0.2.128")));
  EXPECT_TRUE(v4.contains(ip("::ffff:192.0.2.128")));
  EXPECT_FALSE(v4.contains(ip("192.0.3.0")));
  EXPECT_FALSE(v4.contains(ip("192.0.1.255")));
  EXPECT_EQ(parse_prefix("198.51.100.128/25").value().last, ip("198.51.100.255"));
  EXPECT_EQ(parse_prefix("192.0.2.1/32").value(), (IpRange{ip("192.0.2.1"), ip("192.0.2.1")}));
  EXPECT_EQ(parse_prefix("0.0.0.0/0").value(), (IpRange{ip("0.0.0.0"), ip("255.255.255.255")}));
  EXPECT_EQ(parse_prefix("2001:db8::/33").value().last, ip("2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"));
  EXPECT_EQ(parse_prefix("::ffff:192.0.2.0/120").value(), v4);
}

TEST(IpRange, all_of_ipv6_holds_no_ipv4_address) {
  const IpRange all = parse_prefix("::/0").value();
  EXPECT_TRUE(all.contains(ip("2001:db8::1")));
  EXPECT_FALSE(all.contains(ip("192.0.2.1")));
}

TEST(IpRange, a_prefix_with_host_bits_is_refused_and_the_right_one_named) {
  const auto what = [](std::string_view text) { return parse_prefix(text).error().what; };
  EXPECT_NE(what("192.0.2.1/24").find("192.0.2.0/24"), std::string::npos);
  EXPECT_NE(what("192.0.2.1/31").find("192.0.2.0/31"), std::string::npos);
  EXPECT_NE(what("2001:db8::1/32").find("2001:db8::/32"), std::string::npos);
  EXPECT_NE(what("::ffff:192.0.2.1/120").find("192.0.2.0/24"), std::string::npos);
}

TEST(IpRange, refuses_what_is_no_range) {
  for (const std::string_view text : {"",
                                      "/",
                                      "/24",
                                      "192.0.2.0/",
                                      "192.0.2.0/33",
                                      "192.0.2.0/-1",
                                      "192.0.2.0/+24",
                                      "192.0.2.0/ 24",
                                      "192.0.2.0/24 ",
                                      "192.0.2.0/024",
                                      "192.0.2.0/24/24",
                                      "192.0.2.0/255.255.255.0",
                                      "2001:db8::/129",
                                      "2001:db8::/4294967328",
                                      "192.0.2.0-",
                                      "-192.0.2.0",
                                      "192.0.2.9-192.0.2.1",
                                      "2001:db8::2-2001:db8::1",
                                      "192.0.2.1-2001:db8::1",
                                      "::-192.0.2.1",
                                      "192.0.2.1-192.0.2.2-192.0.2.3",
                                      "192.0.2.0/25-192.0.2.255",
                                      "192.0.2.1-9"})
    EXPECT_FALSE(parse_range(text)) << text;
  EXPECT_FALSE(parse_prefix("192.0.2.1"));
}

TEST(IpRange, is_written_as_shortly_as_it_can_be) {
  EXPECT_EQ(range("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(range("192.0.2.1/32"), "192.0.2.1");
  EXPECT_EQ(range("2001:db8::1-2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(range("192.0.2.0-192.0.2.255"), "192.0.2.0/24");
  EXPECT_EQ(range("192.0.2.0 - 192.0.2.1"), "192.0.2.0/31");
  EXPECT_EQ(range("192.0.2.1-192.0.2.2"), "192.0.2.1-192.0.2.2");
  EXPECT_EQ(range("192.0.2.0-192.0.2.254"), "192.0.2.0-192.0.2.254");
  EXPECT_EQ(range("0.0.0.0-255.255.255.255"), "0.0.0.0/0");
  EXPECT_EQ(range("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), "::/0");
  EXPECT_EQ(range("2001:db8::-2001:db8::ffff"), "2001:db8::/112");
}

TEST(IpRange, every_range_survives_being_written_and_read) {
  std::mt19937_64 random{3};
  for (int i = 0; i < 5000; ++i) {
    IpRange made{any_address(random), any_address(random)};
    if (made.first.is_v4() != made.last.is_v4()) continue;
    if (made.last < made.first) std::swap(made.first, made.last);
    ASSERT_EQ(parse_range(format_range(made)).value(), made) << format_range(made);
  }
  for (unsigned length = 0; length <= 32; ++length) {
    const std::uint32_t low = length == 0 ? 0 : 0xC0000280U & ~std::uint32_t{0} << (32 - length);
    const std::string text = IpAddress::v4(low).to_string() + (length == 32 ? "" : "/" + std::to_string(length));
    EXPECT_EQ(range(text), text);
  }
}

TEST(IpRange, readers_survive_their_input_cut_at_every_byte) {
  for (const std::string whole :
       {"2001:db8:1:2:3:4:192.0.2.1/128", "192.0.2.128/25", "192.0.2.1 - 192.0.2.200", "2001:db8::1-2001:db8::ffff"}) {
    for (std::size_t i = 0; i <= whole.size(); ++i) {
      const std::string cut = whole.substr(0, i);
      (void)parse_ip(cut);
      (void)parse_prefix(cut);
      if (const auto made = parse_range(cut)) {
        EXPECT_EQ(parse_range(format_range(*made)).value(), *made) << cut;
      }
    }
  }
}

}  // namespace
}  // namespace abate
