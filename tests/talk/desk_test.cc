// SPDX-License-Identifier: Apache-2.0
#include "talk/desk.h"

#include <gtest/gtest.h>

namespace abate::talk {
namespace {

TEST(DeskLink, names_the_ticket_of_the_desks_own_api_and_its_token) {
  const Result<DeskTicket> desk =
      desk_of_link("https://abuse.example.net:8443/area/tickets/T-2026-000123?from=mail#tok-1");
  ASSERT_TRUE(desk) << desk.error().what;
  EXPECT_EQ(desk->api.target, "/area/api/v1/tickets/T-2026-000123");
  EXPECT_EQ(desk->api.authority(), "abuse.example.net:8443");
  EXPECT_EQ(desk->token, "tok-1");
  EXPECT_EQ(desk->api.fragment, "") << "the token is in one place";
}

TEST(DeskLink, a_saved_ticket_leads_to_the_same_place) {
  const Result<DeskTicket> desk = desk_of("https://abuse.example.net/area/", "T-2026-000123", "tok-1");
  ASSERT_TRUE(desk);
  EXPECT_EQ(desk->api.target, "/area/api/v1/tickets/T-2026-000123");
}

TEST(DeskLink, gives_no_token_away) {
  EXPECT_FALSE(desk_of_link("http://abuse.example.net/tickets/T-1#tok"));
  EXPECT_EQ(parse_http_url("http://127.0.0.1.example.net:81/")->port, 81);
  EXPECT_EQ(parse_http_url("http://127.0.0.1.example.net:81/")->host, "127.0.0.1.example.net");
  EXPECT_FALSE(desk_of_link("http://127.0.0.1.example.net/tickets/T-1#tok")) << "a name that looks like loopback";
  EXPECT_TRUE(desk_of_link("http://127.0.0.1:8080/tickets/T-1#tok"));
  EXPECT_TRUE(desk_of_link("http://[::1]:8080/tickets/T-1#tok"));
  EXPECT_FALSE(desk_of_link("https://abuse.example.net/tickets/T-1%0d%0aX#tok"));
  EXPECT_FALSE(desk_of_link("https://abuse.example.net/tickets/T-1#tok%0d%0aX"));
  EXPECT_FALSE(desk_of_link("ftp://abuse.example.net/tickets/T-1#tok"));
}

TEST(DeskKey, is_the_same_while_the_case_stands_where_it_stood) {
  const Result<DeskTicket> desk = desk_of_link("https://abuse.example.net/tickets/T-1#tok");
  const Result<DeskTicket> other = desk_of_link("https://abuse.example.net/tickets/T-2#tok");
  ASSERT_TRUE(desk && other);
  constexpr std::string_view kTicket =
      R"({"version":3,"state":"open","incident_count":1,"last_incident_at":"2026-03-02T10:00:00Z","fix_by":"2026-03-03T10:00:00Z"})";
  constexpr std::string_view kTouched =
      R"({"version":9,"state":"claimed","incident_count":1,"last_incident_at":"2026-03-02T10:00:00Z","fix_by":"2026-03-03T10:00:00Z"})";
  constexpr std::string_view kRefused =
      R"({"version":9,"state":"open","incident_count":1,"last_incident_at":"2026-03-02T10:00:00Z","fix_by":"2026-03-03T12:00:00Z"})";
  constexpr std::string_view kNewHarm =
      R"({"version":9,"state":"open","incident_count":2,"last_incident_at":"2026-03-02T11:00:00Z","fix_by":"2026-03-03T10:00:00Z"})";
  for (const std::string_view verb : {"reply", "claim", "proofs"}) {
    const std::string key = key_of(*desk, verb, "words", kTicket);
    EXPECT_LE(key.size(), 64u);
    EXPECT_EQ(key_of(*desk, verb, "words", kTouched), key) << verb;
    EXPECT_NE(key_of(*desk, verb, "words", kNewHarm), key) << "new harm asks for new proofs";
    EXPECT_NE(key_of(*desk, verb, "other words", kTicket), key);
    EXPECT_NE(key_of(*other, verb, "words", kTicket), key);
  }
  EXPECT_NE(key_of(*desk, "claim", "words", kRefused), key_of(*desk, "claim", "words", kTicket))
      << "what was refused may be claimed again in the same words";
  EXPECT_EQ(key_of(*desk, "reply", "words", kRefused), key_of(*desk, "reply", "words", kTicket));
  EXPECT_NE(key_of(*desk, "reply", "words", kTicket), key_of(*desk, "claim", "words", kTicket));
  EXPECT_FALSE(key_of(*desk, "reply", "words", "no JSON").empty());
}

TEST(HttpUrl, has_the_port_of_its_scheme_where_it_names_none) {
  EXPECT_EQ(parse_http_url("http://example.org")->port, 80);
  EXPECT_EQ(parse_http_url("https://example.org")->port, 443);
  EXPECT_EQ(parse_http_url("https://[2001:db8::1]/x?y=1#z")->authority(), "[2001:db8::1]");
  EXPECT_EQ(parse_http_url("https://[2001:db8::1]/x?y=1#z")->target, "/x?y=1");
}

}  // namespace
}  // namespace abate::talk
