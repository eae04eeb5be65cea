// SPDX-License-Identifier: Apache-2.0
// Signing in, sessions, CSRF, the limit on wrong passwords, accounts.
#include "web/sign_in.h"

#include "base/hash.h"
#include "base/password.h"
#include "web/api_fixture.h"

namespace abate::web {
namespace {

class SignInTest : public ApiTest {
 protected:
  int attempt(const std::string& email, const std::string& password, const std::string& peer = "192.0.2.7") {
    const auto signed_in = sign_in_->sign_in(email, password, peer);
    return signed_in ? 200 : signed_in.error().status;
  }
  // Wrong passwords as the store would have kept them: no argon2id in the loop.
  void note_wrong(const std::string& email, const std::string& from, int times) {
    const auto noted = store_->write([&](desk::Transaction& store) -> Result<void> {
      for (int i = 0; i < times; ++i) TRY(store.note_failed_sign_in(email, from, clock_.now()));
      return {};
    });
    ASSERT_TRUE(noted);
  }
};

TEST_F(SignInTest, a_person_signs_in_and_out) {
  make_user("Ann@example.net", Role::analyst);
  EXPECT_EQ(attempt("ann@example.net", "wrong password"), 401);
  EXPECT_EQ(attempt("nobody@example.net", "correct horse battery"), 401);
  const Signed who = sign_in(" ANN@example.net ");
  EXPECT_EQ(ask({.target = "/api/v1/tickets", .cookie = who.cookie}).status, 200);
  Request request;
  request.headers = {{"cookie", "abate_session=" + who.cookie}};
  ASSERT_FALSE(sign_in_->identify(request));
  ASSERT_TRUE(request.session);
  EXPECT_EQ(request.who->actor(), "user:ann@example.net");
  ASSERT_TRUE(sign_in_->sign_out(request));
  EXPECT_EQ(ask({.target = "/api/v1/tickets", .cookie = who.cookie}).status, 401);
}

TEST_F(SignInTest, only_hashes_of_secrets_are_kept) {
  make_user("ann@example.net", Role::analyst);
  const Signed who = sign_in("ann@example.net");
  const auto kept = desk::in_read(*store_, [&](desk::Transaction& store) -> Result<std::string> {
    TRY_ASSIGN(const Session session, store.session(sha256_hex(who.cookie), clock_.now()));
    TRY_ASSIGN(const User user, store.user("ann@example.net"));
    return session.secret_sha256 + user.password_hash;
  });
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->find(who.cookie), std::string::npos);
  EXPECT_NE(kept->find("$argon2id$"), std::string::npos);
  EXPECT_EQ(kept->find("correct horse"), std::string::npos);
}

TEST_F(SignInTest, a_session_ends_after_twelve_hours) {
  make_user("ann@example.net", Role::analyst);
  const Signed who = sign_in("ann@example.net");
  clock_.advance(kSessionLasts - std::chrono::seconds{1});
  EXPECT_EQ(ask({.target = "/api/v1/tickets", .cookie = who.cookie}).status, 200);
  clock_.advance(std::chrono::seconds{1});
  EXPECT_EQ(ask({.target = "/api/v1/tickets", .cookie = who.cookie}).status, 401);
}

TEST_F(SignInTest, a_change_by_session_needs_the_csrf_token_and_reading_does_not) {
  make_user("ann@example.net", Role::analyst);
  const std::string id = ticket_in_review();
  const Signed who = sign_in("ann@example.net");
  const auto open = [&](const std::string& csrf) {
    return ask({.method = "POST",
                .target = "/api/v1/tickets/" + id + "/open",
                .cookie = who.cookie,
                .csrf = csrf,
                .if_match = version_of(id),
                .body = "{}"})
        .status;
  };
  EXPECT_EQ(open(""), 403);
  EXPECT_EQ(open("wrong"), 403);
  EXPECT_EQ(open(std::string(who.csrf.size(), 'x')), 403);
  EXPECT_EQ(open(who.csrf), 200);
}

TEST_F(SignInTest, a_wrong_token_is_401_even_beside_a_good_cookie) {
  make_user("ann@example.net", Role::analyst);
  const Signed who = sign_in("ann@example.net");
  EXPECT_EQ(ask({.target = "/api/v1/tickets", .token = "nonsense", .cookie = who.cookie}).status, 401);
  EXPECT_EQ(ask({.target = "/api/v1/tickets", .headers = "Authorization: Basic YTpi\r\n"}).status, 401);
  EXPECT_EQ(ask({.target = "/healthz", .token = "nonsense"}).status, 401);
}

TEST_F(SignInTest, a_customer_signs_in_to_their_own) {
  make_user("ada@example.com", Role::customer, "c-7");
  make_user("eve@example.com", Role::customer, "c-8");
  const std::string id = open_ticket();
  const Signed ada = sign_in("ada@example.com");
  EXPECT_EQ(ask({.target = "/api/v1/tickets/" + id, .cookie = ada.cookie}).status, 200);
  EXPECT_EQ(ask({.target = "/api/v1/tickets/" + id, .cookie = sign_in("eve@example.com").cookie}).status, 404);
  EXPECT_NE(get("/api/v1/tickets/" + id + "/entries", desk_token_).body.find("\"viewed\""), std::string::npos);
  EXPECT_EQ(ask({.target = "/api/v1/reports", .cookie = ada.cookie}).status, 403);
}

TEST_F(SignInTest, twenty_wrong_passwords_for_one_person_bring_429_also_for_the_right_one) {
  make_user("ann@example.net", Role::analyst);
  note_wrong("ann@example.net", "192.0.2.200", 19);
  EXPECT_EQ(attempt("ann@example.net", "wrong password"), 401);
  const auto refused = sign_in_->sign_in("ann@example.net", "correct horse battery", "192.0.2.7");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 429);
  EXPECT_GT(refused.error().retry_after_s, 0);
  clock_.advance(kWrongPasswordsWindow + std::chrono::seconds{1});
  EXPECT_EQ(attempt("ann@example.net", "correct horse battery"), 200);
}

TEST_F(SignInTest, twenty_wrong_passwords_from_one_address_bring_429_whoever_they_name) {
  make_user("ann@example.net", Role::analyst);
  note_wrong("somebody@example.net", "192.0.2.7", 20);
  EXPECT_EQ(attempt("ann@example.net", "correct horse battery", "192.0.2.7"), 429);
  EXPECT_EQ(attempt("ann@example.net", "correct horse battery", "192.0.2.8"), 200);
  note_wrong("somebody@example.net", "2001:db8::/64", 20);
  EXPECT_EQ(attempt("ann@example.net", "correct horse battery", "2001:db8::1234"), 429);
}

TEST_F(SignInTest, unknown_people_cost_as_much_time_as_known_ones) {
  make_user("ann@example.net", Role::analyst);
  const auto spent = [&](const std::string& email) {
    const auto begin = std::chrono::steady_clock::now();
    attempt(email, "wrong password");
    return std::chrono::steady_clock::now() - begin;
  };
  spent("warm@example.net");
  EXPECT_GT(spent("nobody@example.net"), spent("ann@example.net") / 4);
}

TEST_F(SignInTest, the_cookie_is_for_the_browser_alone) {
  make_user("ann@example.net", Role::analyst);
  const auto signed_in = sign_in_->sign_in("ann@example.net", "correct horse battery", "192.0.2.7");
  ASSERT_TRUE(signed_in);
  const std::string cookie = session_cookie(*signed_in, false);
  EXPECT_TRUE(cookie.starts_with("abate_session=" + signed_in->secret + "; Path=/; HttpOnly; SameSite=Lax"));
  EXPECT_EQ(cookie.find("Secure"), std::string::npos);
  EXPECT_NE(session_cookie(*signed_in, true).find("; Secure"), std::string::npos);
  EXPECT_NE(ended_cookie(true).find("Max-Age=0"), std::string::npos);
}

TEST(SentByOurPage, other_sites_are_told_apart) {
  Request request;
  request.headers = {{"host", "desk.test:8080"}};
  EXPECT_TRUE(sent_by_our_page(request));
  request.headers.emplace_back("origin", "http://desk.test:8080");
  EXPECT_TRUE(sent_by_our_page(request));
  request.headers.back().second = "http://evil.test";
  EXPECT_FALSE(sent_by_our_page(request));
  request.headers.back().second = "null";
  EXPECT_FALSE(sent_by_our_page(request));
  request.headers.back() = {"sec-fetch-site", "cross-site"};
  EXPECT_FALSE(sent_by_our_page(request));
}

TEST_F(SignInTest, accounts_and_tokens_are_checked_when_they_are_made) {
  const auto user = [&](desk::NewUser made) { return desk::add_user(*store_, clock_, made); };
  EXPECT_EQ(user({"no address", Role::lead, "", {}}).error().fault, Fault::malformed);
  EXPECT_EQ(user({"a@example.net", Role::customer, "", {}}).error().fault, Fault::malformed);
  EXPECT_EQ(user({"a@example.net", Role::lead, "c-7", {}}).error().fault, Fault::malformed);
  EXPECT_EQ(user({"a@example.net", Role::lead, "", "short"}).error().fault, Fault::malformed);
  ASSERT_TRUE(user({"a@example.net", Role::lead, "", {}}));
  EXPECT_EQ(user({"A@example.net", Role::lead, "", {}}).error().fault, Fault::conflict);
  EXPECT_EQ(attempt("a@example.net", ""), 401) << "no password was set yet";
  ASSERT_TRUE(desk::set_password(*store_, clock_, "a@example.net", "another password"));
  EXPECT_EQ(attempt("a@example.net", "another password"), 200);
  EXPECT_EQ(desk::parse_token_scope("customer").error().fault, Fault::malformed);
  EXPECT_EQ(desk::parse_token_scope("desk:x").error().fault, Fault::malformed);
  EXPECT_EQ(desk::parse_token_scope("root").error().fault, Fault::malformed);
  EXPECT_EQ(desk::add_token(*store_, clock_, {"siem", {}, ""}).error().fault, Fault::conflict);
  EXPECT_EQ(desk::add_token(*store_, clock_, {"a b", {}, ""}).error().fault, Fault::malformed);
  EXPECT_EQ(desk::add_token(*store_, clock_, {"x", {}, "no domain"}).error().fault, Fault::malformed);
}

}  // namespace
}  // namespace abate::web
