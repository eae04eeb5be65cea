// SPDX-License-Identifier: Apache-2.0
// What leaves the server: nothing secret, nothing of third parties, and still enough to follow.
#include "reply/redact.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "model/reply.h"
#include "wire/reply_json.h"

namespace abate::reply {
namespace {

std::string redacted(std::string_view text) { return Redactor{{"shop.example"}}.text(text); }

TEST(Redact, values_of_what_is_called_a_secret_are_taken_out) {
  for (const auto& [given, wanted] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"password=hunter2 user=bob", "password=[secret] user=bob"},
           {"DB_PASSWORD: 'correct horse' # x", "DB_PASSWORD: '[secret]' # x"},
           {"define('DB_PASSWORD', 'hunter2');", "define('DB_PASSWORD', '[secret]');"},
           {"define( \"AUTH_KEY\", \"a b;c\" );", "define( \"AUTH_KEY\", \"[secret]\" );"},
           {"$cfg['pass'] = \"x y\";", "$cfg['pass'] = \"[secret]\";"},
           {"'api_key' => 'k1',", "'api_key' => '[secret]',"},
           {"GET /x.php?token=abc&a=1", "GET /x.php?token=[secret]&a=1"},
           {"Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic [secret]"},
           {"Cookie: sid=1", "Cookie: [secret]"},
           {"ftp://bob:hunter2@192.0.2.1/x", "ftp://[secret]@192.0.2.1/x"},
           {"pwd=\n", "pwd=\n"}})
    EXPECT_EQ(redacted(given), wanted);
}

TEST(Redact, hashes_keys_and_tokens_are_known_by_their_form) {
  EXPECT_EQ(redacted("root:$6$salt$abcdefghijkl:19000:0"), "root:[hash]:19000:0");
  EXPECT_EQ(redacted("user_pass $P$BabcdefghijkLmno and $2y$10$abcdefghij"), "user_pass [hash] and [hash]");
  EXPECT_EQ(redacted("info:{SHA512-CRYPT}$6$abc$defghi"), "info:[hash]");
  EXPECT_EQ(redacted("a\n-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\nb"),
            "a\n[private key]\nb");
  EXPECT_EQ(redacted("-----BEGIN RSA PRIVATE KEY-----\nAAAA"), "[private key]") << "cut off: all of it";
  EXPECT_EQ(redacted("x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_ y"), "x [token] y");
  EXPECT_EQ(redacted("id AKIAABCDEFGHIJKLMNOP."), "id [token].");
  EXPECT_EQ(redacted("link #ticket_0123456789abcdefghjkmn"), "link #[token]");
}

TEST(Redact, data_of_third_parties_is_taken_out) {
  EXPECT_EQ(redacted("to=<eve.victim@example.org>, status=sent"), "to=<[someone]@example.org>, status=sent");
  EXPECT_EQ(redacted("from=<info@shop.example> mail.shop.example: a@mail.shop.example"),
            "from=<info@shop.example> mail.shop.example: a@mail.shop.example")
      << "the server's own accounts are what it is about";
  EXPECT_EQ(redacted("a@example.org,b@example.net"), "[someone]@example.org,[someone]@example.net");
  EXPECT_EQ(redacted("evil@notshop.example"), "[someone]@notshop.example");
  EXPECT_EQ(redacted("card 4111 1111 1111 1111 exp"), "card [card number] exp");
  EXPECT_EQ(redacted("4111111111111111"), "[card number]");
  EXPECT_EQ(redacted("4111111111111112 1767323045000000"), "4111111111111112 1767323045000000");
}

TEST(Redact, what_a_kit_caught_is_taken_with_its_password) {
  EXPECT_EQ(redacted("eve@example.org:hunter2"), "[someone]@example.org:[secret]");
  EXPECT_EQ(redacted("eve@example.org|hunter2|192.0.2.1"), "[someone]@example.org|[secret]|192.0.2.1");
  EXPECT_EQ(redacted("info@shop.example:hunter2"), "info@shop.example:[secret]") << "of its own too";
  EXPECT_EQ(redacted("login.php?email=eve.adams%40example.org&pass=x1"),
            "login.php?[someone]%40example.org&pass=[secret]");
  EXPECT_EQ(redacted("relay for a@example.org: denied"), "relay for [someone]@example.org: denied");
  EXPECT_EQ(redacted("git@shop.example:/srv/x info@shop.example:587"), "git@shop.example:/srv/x info@shop.example:587");
}

TEST(Redact, what_looks_like_a_token_in_a_query_is_taken) {
  EXPECT_EQ(redacted("GET /r.php?u=3&k=9f86d081884c7d659a2f HTTP"), "GET /r.php?u=3&k=[token] HTTP");
  EXPECT_EQ(redacted("/x?sig=Zm9vYmFyMTIzNDU2Nzg5MA=="), "/x?sig=[token]");
  for (const std::string_view kept :
       {"/x.php?cmd=id&dir=/var/www/html", "/?page=2026-03-01&name=a-longer-readable-name", "/?id=1234567890123456789",
        "k=9f86d081884c7d659a2f"})
    EXPECT_EQ(redacted(kept), kept);
}

TEST(Redact, what_is_needed_to_follow_stays) {
  for (const std::string_view text :
       {"Failed password for root from 198.51.100.7 port 4242 ssh2", "/var/www/html/wp-content/uploads/x.php",
        "The password of deploy was guessed", "Removed /srv/pass.php and kept a sealed copy", "root@localhost",
        "2026-03-02T11:00:00Z", "queue 4F1A2B3C4D: uid=33", "https://shop.example/a?x=1", "user@host", "a: b = c", "",
        "@", "=", "://", "-----BEGIN CERTIFICATE-----\nAAAA"})
    EXPECT_EQ(redacted(text), text);
}

TEST(Redact, no_text_hangs_or_grows_it) {
  const std::string_view pieces[] = {"password=", "'", "://", "@", "$6$", "eyJ", "-----BEGIN ", "4111 ", "\n", "a.b"};
  std::string text;
  for (int i = 0; i < 2000; ++i) text += pieces[(i * 7 + i / 10) % 10];
  for (std::size_t cut = 0; cut < 200; ++cut)
    EXPECT_LE(redacted(std::string_view{text}.substr(0, cut)).size(), cut * 13 + 13);
  EXPECT_LE(redacted(text).size(), text.size() * 13);
}

TEST(Redact, a_form_that_was_redacted_is_whole_again_and_counts_what_it_took) {
  Reply given;
  given.ticket = "T-2026-000001";
  given.cause = {{"password=hunter2 was guessed", Standing::proved, {"f1"}}};
  given.text = "write to eve@example.org";
  Proof proof{.id = "p1",
              .about = "a1",
              .tried = "t",
              .seen = "password=hunter2",
              .service = "203.0.113.10",
              .good = true,
              .at = *parse_rfc3339("2026-03-02T11:00:00Z"),
              .hash = {}};
  proof.hash = proof_hash(proof);
  given.proofs = {proof};
  Finding finding;
  finding.id = "f1";
  finding.why = "token: abcdef";
  finding.evidence = {"one", "two eve@example.org", std::string(1000, 'x'), "four"};
  finding.leads = {"url:http://x.example/"};
  Redactor redactor{{}};
  const auto form = redactor.form(wire::reply_json(given, {finding}));
  EXPECT_EQ(redactor.taken(), 5U);
  const std::string text = boost::json::serialize(form);
  for (const auto* gone : {"hunter2", "eve@", "abcdef\"", "four", "leads"})
    EXPECT_EQ(text.find(gone), text.npos) << gone;
  EXPECT_LE(form.at("findings").at(0).at("evidence").at(2).as_string().size(), kEvidenceBytesSent + 8);
  const auto read = wire::read_reply(form);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(proof_hash(read->reply.proofs.at(0)), read->reply.proofs.at(0).hash);
}

}  // namespace
}  // namespace abate::reply
