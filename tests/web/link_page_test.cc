// SPDX-License-Identifier: Apache-2.0
// The link for abate on a customer's page: asked for, shown once, withdrawn by the team.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/pages_desk.h"

namespace abate::web {
namespace {

using testing::HasSubstr;
using testing::Not;

class LinkPage : public testing::Test {
 protected:
  PagesDesk at;
  std::string nia = at.sign_in("nia@example.net", Role::lead);
  std::string ada = at.sign_in("post@bakery.example", Role::customer, "c-7");
  std::string eve = at.sign_in("eve@example.org", Role::customer, "c-8");
  Ticket ticket = at.put_ticket(TicketState::open);
  std::string page = "/tickets/" + ticket.id;
};

TEST_F(LinkPage, is_shown_to_the_customer_once_when_asked_for) {
  EXPECT_THAT(at.get(ada, page).body, HasSubstr("Let abate look for you"));
  EXPECT_THAT(at.get(ada, page).body, Not(HasSubstr("#ticket_")));
  const Response made = at.post(ada, page + "/link", "");
  EXPECT_EQ(made.status, 200);
  EXPECT_THAT(made.body, HasSubstr("abate --ticket "));
  EXPECT_THAT(made.body, HasSubstr(page + "#ticket_"));
  EXPECT_THAT(at.get(ada, page).body, Not(HasSubstr("#ticket_")));
}

TEST_F(LinkPage, is_nobody_elses_to_make) {
  EXPECT_EQ(at.post(eve, page + "/link", "").status, 404);
  EXPECT_EQ(at.post(ada, page + "/link", "csrf=wrong").status, 403);
  EXPECT_THAT(at.get(nia, page).body, Not(HasSubstr("Let abate look for you")));
}

TEST_F(LinkPage, is_withdrawn_by_the_team_only) {
  ASSERT_EQ(at.post(ada, page + "/link", "").status, 200);
  EXPECT_EQ(at.post(ada, page + "/withdraw-links", "").status, 403);
  const Response done = at.post(nia, page + "/withdraw-links", "");
  EXPECT_EQ(done.status, 303);
  const std::string thread = at.get(nia, page).body;
  EXPECT_THAT(thread, HasSubstr("made a link for abate into this ticket"));
  EXPECT_THAT(thread, HasSubstr("withdrew the links into this ticket (1)"));
  EXPECT_THAT(at.get(ada, page).body, Not(HasSubstr("withdrew the links")));
}

TEST_F(LinkPage, is_not_offered_when_the_case_is_closed) {
  const Ticket closed = at.put_ticket(TicketState::closed);
  EXPECT_THAT(at.get(ada, "/tickets/" + closed.id).body, Not(HasSubstr("Let abate look for you")));
}

}  // namespace
}  // namespace abate::web
