// SPDX-License-Identifier: Apache-2.0
#include "store/store_fixture.h"

namespace abate::store {
namespace {

using desk::Transaction;
using std::chrono::hours;

class Accounts : public OnBothEngines {};

TEST_P(Accounts, a_user_is_found_in_any_case_and_an_address_is_taken_once) {
  const User user{"Ada@Example.com", Role::customer, "c-7", "$argon2id$x", kNow};
  write([&](Transaction& t) { return t.add_user(user); });
  const User found = read([](Transaction& t) { return t.user("aDA@example.com"); });
  EXPECT_EQ(found.email, "ada@example.com");
  EXPECT_EQ(found.role, Role::customer);
  EXPECT_EQ(found.customer_id, "c-7");
  EXPECT_EQ(found.created_at, kNow);
  EXPECT_EQ(desk::in_write(*store_, [&](Transaction& t) { return t.add_user(user); }).error().fault, Fault::conflict);
  EXPECT_EQ(desk::in_read(*store_, [](Transaction& t) { return t.user("bob@example.com"); }).error().fault,
            Fault::not_found);
  write([](Transaction& t) { return t.set_password_hash("ada@example.com", "$argon2id$y"); });
  EXPECT_EQ(read([](Transaction& t) { return t.users(); }).at(0).password_hash, "$argon2id$y");
  write([](Transaction& t) { return t.remove_user("ADA@example.com"); });
  EXPECT_TRUE(read([](Transaction& t) { return t.users(); }).empty());
  EXPECT_EQ(desk::in_write(*store_, [](Transaction& t) { return t.remove_user("ada@example.com"); }).error().fault,
            Fault::not_found);
}

TEST_P(Accounts, work_may_go_on_after_a_name_was_taken) {
  const User user{"ada@example.com", Role::lead, "", "", kNow};
  write([&](Transaction& t) { return t.add_user(user); });
  write([&](Transaction& t) -> Result<void> {
    if (const auto again = t.add_user(user); again || again.error().fault != Fault::conflict)
      return failure(Fault::refused, "?");
    return t.add_user({"bob@example.com", Role::admin, "", "", kNow});
  });
  EXPECT_EQ(read([](Transaction& t) { return t.users(); }).size(), 2U);
}

TEST_P(Accounts, a_token_is_found_by_its_secret_and_its_name_is_taken_once) {
  const ApiToken token{"siem", Scope::customer, "c-7", "example.org", "hash1", kNow};
  write([&](Transaction& t) { return t.add_token(token); });
  const ApiToken found = read([](Transaction& t) { return t.token_by_secret("hash1"); });
  EXPECT_EQ(found.name, "siem");
  EXPECT_EQ(found.scope, Scope::customer);
  EXPECT_EQ(found.customer_id, "c-7");
  EXPECT_EQ(found.reporter, "example.org");
  ApiToken same_name = token;
  same_name.secret_sha256 = "hash2";
  EXPECT_EQ(desk::in_write(*store_, [&](Transaction& t) { return t.add_token(same_name); }).error().fault,
            Fault::conflict);
  EXPECT_EQ(desk::in_read(*store_, [](Transaction& t) { return t.token_by_secret("hash2"); }).error().fault,
            Fault::not_found);
  EXPECT_EQ(read([](Transaction& t) { return t.tokens(); }).at(0).name, "siem");
  write([](Transaction& t) { return t.remove_token("siem"); });
  EXPECT_EQ(desk::in_read(*store_, [](Transaction& t) { return t.token_by_secret("hash1"); }).error().fault,
            Fault::not_found);
  EXPECT_EQ(desk::in_write(*store_, [](Transaction& t) { return t.remove_token("siem"); }).error().fault,
            Fault::not_found);
}

TEST_P(Accounts, a_session_ends_by_time_or_by_hand) {
  const Session session{"s1", "ada@example.com", "csrf", kNow, kNow + hours{1}};
  write([&](Transaction& t) { return t.add_session(session); });
  const auto at = [&](Instant now) {
    return desk::in_read(*store_, [&](Transaction& t) { return t.session("s1", now); });
  };
  EXPECT_EQ(at(kNow)->csrf, "csrf");
  EXPECT_EQ(at(kNow + hours{1}).error().fault, Fault::not_found);
  write([](Transaction& t) { return t.end_session("s1"); });
  EXPECT_EQ(at(kNow).error().fault, Fault::not_found);
  write([&](Transaction& t) { return t.add_session(session); });
  write([](Transaction& t) { return t.end_sessions_of("bob@example.com", kNow); });
  EXPECT_TRUE(at(kNow));
  write([](Transaction& t) { return t.end_sessions_of("Ada@example.com", kNow); });
  EXPECT_EQ(at(kNow).error().fault, Fault::not_found);
}

TEST_P(Accounts, a_ticket_token_ends_by_time_by_number_and_by_hand) {
  const auto add = [&](const std::string& secret, const std::string& ticket) {
    write([&](Transaction& t) { return t.add_ticket_token({secret, ticket, kNow, kNow + hours{1}}, 2); });
  };
  const auto at = [&](const std::string& secret, Instant now) {
    return desk::in_read(*store_, [&](Transaction& t) { return t.ticket_token(secret, now); });
  };
  add("s1", "T-1");
  add("other", "T-2");
  EXPECT_EQ(at("s1", kNow)->ticket_id, "T-1");
  EXPECT_EQ(at("s1", kNow)->expires_at, kNow + hours{1});
  EXPECT_EQ(at("s1", kNow + hours{1}).error().fault, Fault::not_found);
  add("s2", "T-1");
  EXPECT_TRUE(at("s1", kNow));
  add("s3", "T-1");
  EXPECT_FALSE(at("s1", kNow)) << "two are kept, the newest";
  EXPECT_TRUE(at("s2", kNow));
  EXPECT_EQ(read([](Transaction& t) { return t.ticket_token("other", kNow); }).ticket_id, "T-2");
  std::uint64_t ended = 0;
  write([&](Transaction& t) -> Result<void> {
    TRY_ASSIGN(ended, t.end_ticket_tokens("T-1"));
    return {};
  });
  EXPECT_EQ(ended, 2U);
  EXPECT_FALSE(at("s3", kNow));
  EXPECT_TRUE(at("other", kNow));
}

TEST_P(Accounts, a_key_remembers_what_was_said_under_it_first) {
  const auto take = [&](const std::string& said, Instant now) {
    std::string before;
    write([&](Transaction& t) -> Result<void> {
      TRY_ASSIGN(before, t.take_key("k1", said, now));
      return {};
    });
    return before;
  };
  EXPECT_EQ(read([](Transaction& t) { return t.said_under_key("k1"); }), "");
  EXPECT_EQ(take("hash1", kNow), "");
  EXPECT_EQ(take("hash2", kNow), "hash1");
  EXPECT_EQ(read([](Transaction& t) { return t.said_under_key("k1"); }), "hash1");
  EXPECT_EQ(take("hash2", kNow + hours{24} * 31), "") << "keys are not kept for ever";
}

TEST_P(Accounts, failed_sign_ins_count_for_the_person_and_for_the_address) {
  const auto note = [&](const std::string& email, const std::string& from, Instant at) {
    write([&](Transaction& t) { return t.note_failed_sign_in(email, from, at); });
  };
  const auto failed = [&](const std::string& email, const std::string& from) {
    return read([&](Transaction& t) { return t.failed_sign_ins(email, from, kNow - hours{1}); });
  };
  note("ada@example.com", "192.0.2.1", kNow - hours{2});
  note("ada@example.com", "192.0.2.1", kNow);
  note("ada@example.com", "192.0.2.2", kNow);
  note("bob@example.com", "192.0.2.2", kNow);
  note("cat@example.com", "192.0.2.2", kNow);
  EXPECT_EQ(failed("ADA@example.com", "192.0.2.9"), 2U);
  EXPECT_EQ(failed("ada@example.com", "192.0.2.2"), 3U);
  EXPECT_EQ(failed("dan@example.com", "192.0.2.9"), 0U);
  write([](Transaction& t) { return t.forget_failed_sign_ins("ada@example.com"); });
  EXPECT_EQ(failed("ada@example.com", "192.0.2.9"), 0U);
  EXPECT_EQ(failed("ada@example.com", "192.0.2.2"), 2U);
}

ON_BOTH_ENGINES(Accounts);

}  // namespace
}  // namespace abate::store
