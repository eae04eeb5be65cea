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

TEST(HttpUrl, has_the_port_of_its_scheme_where_it_names_none) {
  EXPECT_EQ(parse_http_url("http://example.org")->port, 80);
  EXPECT_EQ(parse_http_url("https://example.org")->port, 443);
  EXPECT_EQ(parse_http_url("https://[2001:db8::1]/x?y=1#z")->authority(), "[2001:db8::1]");
  EXPECT_EQ(parse_http_url("https://[2001:db8::1]/x?y=1#z")->target, "/x?y=1");
}

}  // namespace
}  // namespace abate::talk
