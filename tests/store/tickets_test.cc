// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "store/store_fixture.h"

namespace abate::store {
namespace {

using desk::Transaction;
using std::chrono::hours;
using std::chrono::minutes;

class Tickets : public OnBothEngines {
 protected:
  void insert(const Ticket& ticket, std::optional<Instant> due = {}) {
    write([&](Transaction& t) { return t.insert_ticket(ticket, due); });
  }
  Ticket get(const std::string& id) {
    return read([&](Transaction& t) { return t.ticket(id); });
  }
  std::string listed(const std::function<void(desk::TicketFilter&)>& set) {
    desk::TicketFilter filter;
    filter.now = kNow;
    set(filter);
    std::string out;
    for (const Ticket& each : read([&](Transaction& t) { return t.tickets(filter, {}); }).items)
      out += each.id.substr(2) + " ";
    return out;
  }
  std::uint64_t total(TicketState state) {
    for (const auto& [each, count] : read([&](Transaction& t) { return t.ticket_totals(); }))
      if (each == state) return count;
    return 0;
  }
};

Ticket full_ticket() {
  Ticket t = sample_ticket("T-2026-000001");
  t.state = TicketState::claimed;
  t.opened_at = kNow;
  t.respond_by = kNow + hours{24};
  t.fix_by = kNow + hours{48};
  t.answered_at = kNow + minutes{1};
  t.claimed_at = kNow + minutes{2};
  t.fix_left = -std::chrono::microseconds{5};
  t.closed_at = kNow + minutes{3};
  t.probation_until = kNow + minutes{4};
  t.overdue_for = kNow + minutes{5};
  t.reminded = {kNow, kNow + minutes{6}};
  t.ladder_next_at = kNow + minutes{7};
  t.notice = NoticeStanding::delivered;
  t.measures = {
      {1, MeasureKind::limit_port25, MeasureState::lifted, "why", "user:ada@example.net", false, kNow},
      {2, MeasureKind::terminate, MeasureState::in_force, "\"deliberate\"", "user:bob@example.net", true, kNow}};
  t.merged_into = "T-2026-000002";
  t.assigned_to = "ada@example.net";
  t.incident_count = 3;
  t.last_incident_at = kNow;
  t.last_seq = 9;
  t.last_hash = std::string(64, 'a');
  return t;
}

TEST_P(Tickets, a_ticket_comes_back_whole) {
  const Ticket ticket = full_ticket();
  insert(ticket);
  EXPECT_EQ(get(ticket.id), ticket);
  EXPECT_EQ(read([&](Transaction& t) { return t.ticket_by_reply_token(ticket.reply_token); }), ticket);
  const Ticket plain = sample_ticket("T-2026-000007", "vps-7");
  insert(plain);
  EXPECT_EQ(get(plain.id), plain);
}

TEST_P(Tickets, what_is_not_there_is_not_found) {
  Ticket ticket = sample_ticket("T-2026-000001");
  ticket.reply_token.clear();
  insert(ticket);
  EXPECT_EQ(desk::in_read(*store_, [](Transaction& t) { return t.ticket("T-2026-000002"); }).error().fault,
            Fault::not_found);
  EXPECT_EQ(desk::in_read(*store_, [](Transaction& t) { return t.ticket_by_reply_token(""); }).error().fault,
            Fault::not_found);
  EXPECT_EQ(desk::in_write(*store_, [&](Transaction& t) { return t.insert_ticket(ticket, {}); }).error().fault,
            Fault::conflict);
  Ticket other = sample_ticket("T-2026-000003");
  EXPECT_EQ(desk::in_write(*store_, [&](Transaction& t) { return t.update_ticket(other, {}); }).error().fault,
            Fault::not_found);
}

TEST_P(Tickets, an_update_counts_the_version_up) {
  Ticket ticket = full_ticket();
  insert(ticket);
  ticket.state = TicketState::open;
  ticket.measures.pop_back();
  ticket.measures[0].state = MeasureState::in_force;
  write([&](Transaction& t) { return t.update_ticket(ticket, {}); });
  EXPECT_EQ(ticket.version, 2U);
  EXPECT_EQ(get(ticket.id), ticket);
}

TEST_P(Tickets, an_update_of_an_old_version_is_stale_and_changes_nothing) {
  Ticket ticket = sample_ticket("T-2026-000001");
  insert(ticket);
  Ticket first = get(ticket.id), second = get(ticket.id);
  first.assigned_to = "ada@example.net";
  second.assigned_to = "bob@example.net";
  write([&](Transaction& t) { return t.update_ticket(first, {}); });
  const auto late = desk::in_write(*store_, [&](Transaction& t) { return t.update_ticket(second, {}); });
  EXPECT_EQ(late.error().fault, Fault::stale);
  EXPECT_EQ(second.version, 1U);
  EXPECT_EQ(get(ticket.id).assigned_to, "ada@example.net");
  EXPECT_EQ(desk::in_write(*store_, [&](Transaction& t) { return t.touch_ticket(second, {}); }).error().fault,
            Fault::stale);
}

TEST_P(Tickets, bookkeeping_leaves_the_version_alone) {
  Ticket ticket = sample_ticket("T-2026-000001");
  insert(ticket);
  ticket.notice = NoticeStanding::delivered;
  write([&](Transaction& t) { return t.touch_ticket(ticket, kNow); });
  EXPECT_EQ(get(ticket.id), ticket);
  EXPECT_EQ(get(ticket.id).version, 1U);
  EXPECT_EQ(read([](Transaction& t) { return t.earliest_due(); }), kNow);
}

TEST_P(Tickets, the_newest_that_may_be_joined_is_found) {
  const auto joinable = [&](const std::string& service, Category category, Instant now) -> std::string {
    const auto found = read([&](Transaction& t) { return t.joinable_ticket(service, category, now); });
    return found ? found->id : "";
  };
  EXPECT_EQ(joinable("vps-1001", Category::spam, kNow), "");
  Ticket closed = sample_ticket("T-1");
  closed.state = TicketState::closed;
  closed.probation_until = kNow + hours{1};
  insert(closed);
  EXPECT_EQ(joinable("vps-1001", Category::spam, kNow), "T-1");
  EXPECT_EQ(joinable("vps-1001", Category::spam, kNow + hours{1}), "");
  Ticket open = sample_ticket("T-2");
  open.state = TicketState::open;
  insert(open);
  Ticket dismissed = sample_ticket("T-3");
  dismissed.state = TicketState::dismissed;
  insert(dismissed);
  Ticket merged = sample_ticket("T-4");
  merged.state = TicketState::closed;
  merged.merged_into = "T-2";
  merged.probation_until = kNow + hours{1};
  insert(merged);
  EXPECT_EQ(joinable("vps-1001", Category::spam, kNow), "T-2");
  EXPECT_EQ(joinable("vps-1001", Category::ddos, kNow), "");
  EXPECT_EQ(joinable("vps-1002", Category::spam, kNow), "");
  EXPECT_EQ(read([](Transaction& t) { return t.tickets_of_service("vps-1001"); }).size(), 4U);
}

TEST_P(Tickets, lists_are_filtered) {
  Ticket one = sample_ticket("T-1", "vps-1");
  Ticket two = sample_ticket("T-2", "vps-2");
  two.state = TicketState::open;
  two.respond_by = two.fix_by = kNow;
  two.customer = {"c-8", "Bob_100%", "bob@example.com"};
  Ticket three = sample_ticket("T-3", "vps-2");
  three.state = TicketState::open;
  three.respond_by = three.fix_by = kNow + hours{1};
  three.category = Category::ddos;
  three.addresses = {*parse_ip("198.51.100.9")};
  insert(one);
  insert(two);
  insert(three);
  EXPECT_EQ(listed([](auto&) {}), "3 2 1 ");
  EXPECT_EQ(listed([](auto& f) { f.state = TicketState::open; }), "3 2 ");
  EXPECT_EQ(listed([](auto& f) { f.category = Category::ddos; }), "3 ");
  EXPECT_EQ(listed([](auto& f) { f.service_id = "vps-2"; }), "3 2 ");
  EXPECT_EQ(listed([](auto& f) { f.customer_id = "c-7"; }), "3 1 ");
  EXPECT_EQ(listed([](auto& f) {
              f.customer_id = "c-7";
              f.hide_in_review = true;
            }),
            "3 ");
  EXPECT_EQ(listed([](auto& f) { f.overdue = true; }), "2 ");
  EXPECT_EQ(listed([](auto& f) { f.overdue = false; }), "3 1 ");
  EXPECT_EQ(listed([](auto& f) {
              f.state = TicketState::closed;
              f.overdue = true;
            }),
            "");
  EXPECT_EQ(listed([](auto& f) { f.text = "198.51.100"; }), "3 ");
  EXPECT_EQ(listed([](auto& f) { f.text = "BOB"; }), "2 ");
  EXPECT_EQ(listed([](auto& f) { f.text = "_100%"; }), "2 ");
  EXPECT_EQ(listed([](auto& f) { f.text = "%"; }), "2 ");
  EXPECT_EQ(listed([](auto& f) { f.text = "t-1"; }), "1 ");
  EXPECT_EQ(listed([](auto& f) {
              f.state = TicketState::open;
              f.category = Category::spam;
              f.service_id = "vps-2";
              f.text = "vps";
            }),
            "2 ");
}

TEST_P(Tickets, lists_come_in_pages) {
  for (int i = 1; i <= 5; ++i) insert(sample_ticket("T-" + std::to_string(i)));
  std::string seen;
  desk::Page page{.after = {}, .limit = 2};
  do {
    const auto part = read([&](Transaction& t) { return t.tickets({}, page); });
    for (const Ticket& each : part.items) seen += each.id.substr(2);
    page.after = part.next;
  } while (!page.after.empty());
  EXPECT_EQ(seen, "54321");
}

TEST_P(Tickets, totals_follow_every_change) {
  Ticket ticket = sample_ticket("T-1");
  insert(ticket);
  insert(sample_ticket("T-2"));
  EXPECT_EQ(total(TicketState::in_review), 2U);
  ticket.state = TicketState::open;
  write([&](Transaction& t) { return t.update_ticket(ticket, {}); });
  EXPECT_EQ(total(TicketState::in_review), 1U);
  EXPECT_EQ(total(TicketState::open), 1U);
}

TEST_P(Tickets, numbers_are_given_once_and_begin_anew_each_year) {
  const auto next = [&](int year) { return write([&](Transaction& t) { return t.next_ticket_number(year); }); };
  EXPECT_EQ(next(2026), 1U);
  EXPECT_EQ(next(2026), 2U);
  EXPECT_EQ(next(2027), 1U);
  EXPECT_EQ(next(2026), 3U);
}

TEST_P(Tickets, a_due_ticket_is_claimed_by_one_until_the_lease_ends_or_it_is_updated) {
  insert(sample_ticket("T-1"), kNow);
  insert(sample_ticket("T-2"), kNow + minutes{5});
  insert(sample_ticket("T-3"));
  const auto claim = [&](const std::string& owner, Instant now) {
    return write([&](Transaction& t) { return t.claim_due(10, owner, now, now + minutes{1}); });
  };
  const auto due = [&] { return read([](Transaction& t) { return t.earliest_due(); }); };
  EXPECT_EQ(due(), kNow);
  EXPECT_TRUE(claim("a", kNow - minutes{1}).empty());
  auto mine = claim("a", kNow);
  ASSERT_EQ(mine.size(), 1U);
  EXPECT_EQ(mine[0].id, "T-1");
  EXPECT_EQ(mine[0].version, 1U);
  EXPECT_TRUE(claim("b", kNow).empty());
  EXPECT_EQ(due(), kNow + minutes{1});  // the end of the lease
  EXPECT_EQ(claim("b", kNow + minutes{1}).size(), 1U);
  write([&](Transaction& t) { return t.update_ticket(mine[0], kNow + minutes{3}); });
  EXPECT_EQ(due(), kNow + minutes{3});
  EXPECT_EQ(claim("a", kNow + minutes{3}).size(), 1U);
  EXPECT_EQ(claim("a", kNow + hours{1}).size(), 2U);
}

TEST_P(Tickets, measures_of_policy_are_counted_from_when_they_were_taken) {
  Ticket ticket = sample_ticket("T-1");
  ticket.measures = {{1, MeasureKind::suspend, MeasureState::proposed, "", "system", false, kNow},
                     {2, MeasureKind::limit_port25, MeasureState::approved, "", "user:ada@example.net", false, kNow}};
  insert(ticket);
  const auto counted = [&](Instant since) {
    return read([&](Transaction& t) { return t.automatic_measures_since(since); });
  };
  EXPECT_EQ(counted(kNow), 0U);
  ticket.measures[0] = {1, MeasureKind::suspend, MeasureState::approved, "", "system", false, kNow + minutes{1}};
  write([&](Transaction& t) { return t.update_ticket(ticket, {}); });
  EXPECT_EQ(counted(kNow + minutes{1}), 1U);
  ticket.measures[0] = {1, MeasureKind::suspend, MeasureState::in_force, "", "system", false, kNow + hours{2}};
  write([&](Transaction& t) { return t.update_ticket(ticket, {}); });
  EXPECT_EQ(counted(kNow + minutes{2}), 0U);  // in force later, but taken before
}

ON_BOTH_ENGINES(Tickets);

}  // namespace
}  // namespace abate::store
