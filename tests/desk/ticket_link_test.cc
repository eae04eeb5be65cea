// SPDX-License-Identifier: Apache-2.0
// The link of a ticket: what its token reaches, and when it ends.
#include "desk/ticket_link.h"

#include "desk/desk_fixture.h"

namespace abate::desk {
namespace {

using std::chrono::days;
using std::chrono::hours;

class TicketLinks : public DeskTest {
 protected:
  // Of the newest mail.
  std::string mailed_token() {
    const std::string& mail = mailer_.sent.back().message;
    const std::size_t at = mail.find("/tickets/T-2026-000001#");
    EXPECT_NE(at, std::string::npos) << mail;
    if (at == std::string::npos) return {};
    const std::size_t begin = mail.find('#', at) + 1;
    return mail.substr(begin, mail.find_first_of("\r\n'", begin) - begin);
  }
  Fault fault_of(const std::string& token) {
    const auto who = principal_of_link(*desk_, token);
    return who ? Fault::malformed : who.error().fault;
  }
  bool opens(const std::string& token) { return principal_of_link(*desk_, token).has_value(); }
};

TEST_F(TicketLinks, the_notice_carries_one_and_says_how_to_run_abate) {
  opened();
  const std::string token = mailed_token();
  EXPECT_TRUE(token.starts_with("ticket_"));
  const std::string& mail = mailer_.sent.back().message;
  EXPECT_NE(mail.find("abate --ticket 'http"), std::string::npos) << mail;
  EXPECT_NE(mail.find("31 March 2026"), std::string::npos) << "until when";
  const auto who = principal_of_link(*desk_, token);
  ASSERT_TRUE(who) << who.error().what;
  EXPECT_EQ(who->actor(), "customer:c-1");
  EXPECT_EQ(who->ticket_id, "T-2026-000001");
}

TEST_F(TicketLinks, only_the_hash_of_a_token_is_kept) {
  opened();
  const auto kept = in_read(*store_, [&](Transaction& t) { return t.ticket_token(mailed_token(), clock_.now()); });
  EXPECT_EQ(kept.error().fault, Fault::not_found);
  EXPECT_TRUE(
      in_read(*store_, [&](Transaction& t) { return t.ticket_token(sha256_hex(mailed_token()), clock_.now()); }));
}

TEST_F(TicketLinks, a_notice_that_asks_for_nothing_carries_none) {
  opened();
  ASSERT_TRUE(close_ticket(*desk_, ask(lead_), "It was a false alarm."));
  settle();
  EXPECT_EQ(mailer_.sent.size(), 2U);
  EXPECT_EQ(mailer_.sent.back().message.find("#ticket_"), std::string::npos);
}

TEST_F(TicketLinks, its_token_does_what_the_customer_may_in_this_ticket) {
  opened();
  const auto who = principal_of_link(*desk_, mailed_token());
  ASSERT_TRUE(who);
  EXPECT_TRUE(see_ticket(*desk_, *who, the_ticket().id));
  EXPECT_TRUE(see_entries(*desk_, *who, the_ticket().id, {}));
  EXPECT_TRUE(reply(*desk_, ask(*who), "I look into it"));
  EXPECT_TRUE(claim(*desk_, ask(*who), "It is fixed"));
  const auto all = entries();
  EXPECT_EQ(all.back().actor, "customer:c-1");
  EXPECT_NE(all.back().body.find(R"("by":"link")"), std::string::npos) << all.back().body;
}

TEST_F(TicketLinks, its_token_reaches_nothing_else) {
  opened();
  const auto who = principal_of_link(*desk_, mailed_token());
  ASSERT_TRUE(who);
  // Another ticket of the very same customer.
  const auto other = in_write(*store_, [&](Transaction& t) -> Result<Ticket> {
    TRY_ASSIGN(Ticket ticket, t.ticket("T-2026-000001"));
    ticket.id = "T-2026-000002";
    ticket.reply_token = "another";
    TRY(t.insert_ticket(ticket, std::nullopt));
    return ticket;
  });
  ASSERT_TRUE(other) << other.error().what;
  EXPECT_TRUE(see_ticket(*desk_, ada_, other->id));
  EXPECT_EQ(see_ticket(*desk_, *who, other->id).error().fault, Fault::not_found);
  EXPECT_EQ(see_entries(*desk_, *who, other->id, {}).error().fault, Fault::not_found);
  EXPECT_EQ(reply(*desk_, Ask{*who, other->id, other->version}, "hello").error().fault, Fault::not_found);
  EXPECT_EQ(see_tickets(*desk_, *who, {}, {}).error().fault, Fault::refused);
  EXPECT_EQ(see_reports(*desk_, *who, {}, {}).error().fault, Fault::refused);
  const std::string id = "T-2026-000001";
  EXPECT_EQ(close_ticket(*desk_, Ask{*who, id, 2}, "done").error().fault, Fault::refused);
  EXPECT_EQ(new_link(*desk_, *who, id).error().fault, Fault::refused) << "a stolen one must end";
  EXPECT_EQ(withdraw_links(*desk_, *who, id).error().fault, Fault::refused);
}

TEST_F(TicketLinks, it_ends_by_itself) {
  opened();
  const std::string token = mailed_token();
  clock_.advance(kTicketTokenLasts - hours{1});
  EXPECT_TRUE(opens(token));
  clock_.advance(hours{1});
  EXPECT_EQ(fault_of(token), Fault::not_found);
}

TEST_F(TicketLinks, it_ends_with_probation) {
  opened();
  const std::string token = mailed_token();
  ASSERT_TRUE(close_ticket(*desk_, ask(lead_), "It was a false alarm."));
  clock_.advance(days{7} - hours{1});
  EXPECT_TRUE(opens(token)) << "harm may come back";
  clock_.advance(hours{1});
  EXPECT_EQ(fault_of(token), Fault::not_found);
  EXPECT_EQ(new_link(*desk_, ada_, "T-2026-000001").error().fault, Fault::conflict);
}

TEST_F(TicketLinks, the_customer_makes_a_new_one_and_the_team_withdraws_them_all) {
  opened();
  const std::string first = mailed_token();
  const std::string id = the_ticket().id;
  const auto made = new_link(*desk_, ada_, id);
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(made->url, "http://127.0.0.1:8080/tickets/" + id + "#" + made->token);
  EXPECT_NE(made->token, first);
  EXPECT_TRUE(opens(made->token));
  EXPECT_EQ(new_link(*desk_, bob_, id).error().fault, Fault::not_found);
  EXPECT_EQ(withdraw_links(*desk_, ada_, id).error().fault, Fault::refused);
  EXPECT_EQ(withdraw_links(*desk_, lead_, id), std::uint64_t{2});
  EXPECT_FALSE(opens(first));
  EXPECT_FALSE(opens(made->token));
  EXPECT_EQ(count(EntryKind::note), 2U) << "both stand in the history";
  EXPECT_TRUE(verify_history(*store_)->broken == std::nullopt);
}

TEST_F(TicketLinks, the_oldest_ends_when_there_are_too_many) {
  opened();
  const std::string first = mailed_token();
  std::string last;
  for (std::size_t i = 0; i < kTicketTokensMax; ++i) {
    EXPECT_TRUE(i + 1 == kTicketTokensMax || opens(first));
    last = new_link(*desk_, ada_, "T-2026-000001")->token;
  }
  EXPECT_FALSE(opens(first));
  EXPECT_TRUE(opens(last));
}

TEST_F(TicketLinks, none_leads_into_a_ticket_in_review) {
  report("first", clock_.now());
  EXPECT_EQ(new_link(*desk_, lead_, the_ticket().id).error().fault, Fault::conflict);
  EXPECT_EQ(new_link(*desk_, ada_, the_ticket().id).error().fault, Fault::not_found);
}

TEST_F(TicketLinks, what_nobody_made_opens_nothing) {
  EXPECT_EQ(fault_of("ticket_guessed"), Fault::not_found);
  EXPECT_EQ(fault_of(""), Fault::not_found);
}

}  // namespace
}  // namespace abate::desk
