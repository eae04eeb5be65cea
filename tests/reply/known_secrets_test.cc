// SPDX-License-Identifier: Apache-2.0
// Secrets that the server holds are planted in all that an answer is made of; not one of them, nor a piece of one, is
// in what would be posted.
#include "reply/known_secrets.h"

#include <random>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/reply.h"
#include "reply/redact.h"
#include "sweep/host/open_host.h"
#include "sweep/kit/memory_tree.h"
#include "wire/reply_json.h"

namespace abate::reply {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

// Each is found in a file of its own kind, and none by the form of itself alone.
constexpr std::string_view kPlanted[] = {"correct-horse7",
                                         "kD<8wv|sal\\t~%3Zq;x",
                                         "batterystaple",
                                         "Wint3r!2026",
                                         "xyAbCdEfGhIjK",
                                         "smtppass99",
                                         "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
                                         "pgpass-7!x",
                                         "mailbox-Pw1",
                                         "env_Value_12"};

constexpr std::string_view kDisk =
    "--- /etc/hostname\nshop.example\n"
    "--- /etc/passwd\nroot:x:0:0::/root:/bin/bash\nbatman:x:1000:1000::/home/batman:/bin/bash\n"
    "--- /etc/shadow\nroot:xyAbCdEfGhIjK:19000:0:99999:7:::\nbatman:!:19000:0:99999:7:::\n"
    "--- /etc/apache2/sites-enabled/shop.conf\n<VirtualHost *:80>\nServerName www.shop.example\nDocumentRoot "
    "/var/www/shop\n</VirtualHost>\n"
    "--- /var/www/shop/wp-config.php\n<?php\ndefine('DB_NAME', 'shop');\ndefine('DB_PASSWORD', 'correct-horse7');\n"
    "define( 'AUTH_SALT', 'kD<8wv|sal\\t~%3Zq;x' );\n$password = $_POST['password'];\n"
    "--- /var/www/shop/.env\nAPI_TOKEN=env_Value_12\nAPP_NAME=shop\n"
    "--- /var/www/shop/wp-includes/version.php\n<?php $wp_version = '6.4';\n"
    "--- /root/.my.cnf\n[client]\nuser=root\npassword = \"batterystaple\"\n"
    "--- /root/.pgpass\nlocalhost:5432:shop:shop:pgpass-7!x\n"
    "--- /etc/postfix/sasl_passwd\n[smtp.example.net]:587 shop:smtppass99\n"
    "--- /etc/dovecot/users\ninfo@shop.example:mailbox-Pw1:1000:1000::/home/v\n"
    "--- /etc/ssl/private/shop.key\n-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE "
    "KEY-----\n"
    "--- /var/www/shop/uploads/x.php\n<?php $auth_pass = \"Wint3r!2026\"; eval($_POST['c']);\n";

class Known : public testing::Test {
 protected:
  Known() : opened_{sweep::open_host(tree_, std::nullopt, Instant{}, {}, notes_)} {
    Finding shell;
    shell.subject = file_subject("/var/www/shop/uploads/x.php");
    sources_ = secret_sources(opened_->host, {shell});
    secrets_ = known_secrets(tree_, sources_);
  }
  Redactor redactor() { return Redactor{own_domains(opened_->host), secrets_}; }

  sweep::MemoryTree tree_{kDisk};
  sweep::Notes notes_;
  decltype(sweep::open_host(std::declval<const sweep::Tree&>(), std::nullopt, Instant{}, {},
                            std::declval<sweep::Notes&>())) opened_;
  SecretSources sources_;
  std::vector<std::string> secrets_;
};

TEST_F(Known, each_is_read_where_servers_keep_it) {
  for (const std::string_view secret : kPlanted) EXPECT_THAT(secrets_, Contains(secret));
  EXPECT_THAT(secrets_, Contains("kD%3C8wv%7Csal%5Ct~%253Zq%3Bx")) << "as a log of requests writes it";
  for (const std::string_view name : {"batman", "shop.example", "shop", "$_POST['password']", "x", "!"})
    EXPECT_THAT(secrets_, Not(Contains(name)));
}

// Around it words, signs, other lines; before it the label that evidence has.
std::string planted(std::mt19937& random, std::string_view secret) {
  constexpr std::string_view kBefore[] = {"",         "he used ", "mail() on [", "sent '", "pass was\t",
                                          "GET /?x=", "=> ",      "(",           "\n"};
  constexpr std::string_view kAfter[] = {"", " and went", "]", "'", ", then", "&y=1", ")", "\nnext", "."};
  return fmt::format("{}{}{}", kBefore[random() % std::size(kBefore)], secret, kAfter[random() % std::size(kAfter)]);
}

TEST_F(Known, wherever_they_are_planted_none_of_them_is_in_what_is_posted) {
  std::mt19937 random{7};
  for (int round = 0; round < 60; ++round) {
    const std::string_view secret = kPlanted[random() % std::size(kPlanted)];
    const auto text = [&] { return planted(random, secret); };
    Reply reply;
    reply.ticket = "T-2026-000001";
    for (auto* part : {&reply.cause, &reply.done, &reply.confirmed, &reply.prevention})
      part->push_back({text(), Standing::claimed, {"f1"}});
    reply.cause.back().standing = Standing::proved;
    Proof proof{.id = "p1",
                .about = "f1",
                .tried = text(),
                .seen = text(),
                .service = "203.0.113.10",
                .good = true,
                .at = {},
                .hash = {}};
    proof.hash = proof_hash(proof);
    reply.proofs = {proof};
    reply.text = text() + " " + text();
    Finding finding;
    finding.id = "f1";
    finding.why = text();
    finding.subject = file_subject("/srv/" + text());
    finding.subject.name = text();
    finding.evidence = {text(), text(), text()};
    finding.leads = {"url:" + text()};
    Redactor redacting = redactor();
    const std::string posted = boost::json::serialize(redacting.form(wire::reply_json(reply, {finding})));
    EXPECT_EQ(posted.find(boost::json::serialize(boost::json::value(secret)).substr(1, secret.size())), posted.npos)
        << secret << " in " << posted;
    EXPECT_EQ(posted.find(secret), posted.npos);
    EXPECT_GT(redacting.taken(), 5U);
  }
}

TEST_F(Known, a_text_that_was_cut_shows_no_beginning_of_one) {
  for (const std::string_view secret : kPlanted) {
    const std::string whole = fmt::format("line 12: {}", secret);
    for (std::size_t cut = whole.size() - secret.size() + 4; cut < whole.size(); ++cut) {
      const std::string shown = redactor().text(std::string_view{whole}.substr(0, cut));
      EXPECT_EQ(shown.find(secret.substr(0, 4)), shown.npos) << shown;
    }
  }
}

TEST_F(Known, words_that_only_hold_one_stay) {
  EXPECT_EQ(redactor().text("xenv_Value_12x"), "x[secret]x") << "this is no word";
  EXPECT_EQ(redactor().text("batterystaples and /var/www/shop/x.php of batman at shop.example"),
            "batterystaples and /var/www/shop/x.php of batman at shop.example");
}

TEST_F(Known, nothing_that_a_case_of_illegal_content_cites_is_opened) {
  opened_->host.ticket.category = Category::illegal_content;
  Finding cited;
  cited.subject = file_subject("/var/www/shop/uploads/x.php");
  EXPECT_THAT(secret_sources(opened_->host, {cited}).files, Not(Contains("/var/www/shop/uploads/x.php")));
  cited.subject = file_subject("/var/www/shop/uploads/x.jpg");
  opened_->host.ticket.category = Category::phishing;
  EXPECT_THAT(secret_sources(opened_->host, {cited}).files, Not(Contains("/var/www/shop/uploads/x.jpg")));
}

TEST(SecretsIn, a_program_names_many_that_are_none) {
  EXPECT_THAT(secrets_in("/x.php", "$token = csrf_token(); $pass=$_GET['p']; if (password_verify($a, $password)) {}"),
              IsEmpty());
  EXPECT_THAT(secrets_in("/x.js", "password: form.password.value, token: \"abcdef12\""), ElementsAre("abcdef12"));
  EXPECT_THAT(secrets_in("/x.ini", "password=${DB_PASSWORD}\nsecret = a1b2c3d4\n; pass=12345\n"),
              ElementsAre("a1b2c3d4"));
  EXPECT_THAT(secrets_in("/etc/shadow", "a:$6$x$yyyyyyyy:1:\nb:*:1:\nnonsense\n"), ElementsAre("$6$x$yyyyyyyy"));
}

TEST(SecretsIn, no_bytes_hang_or_overfill_it) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += fmt::format("password{}='value-{}'\n", i % 7 == 0 ? "" : "_key", i);
  EXPECT_LE(secrets_in("/x", text).size(), kSecretsMax);
  for (std::size_t cut = 0; cut < 300; ++cut) secrets_in("/x", std::string_view{text}.substr(0, cut));
}

}  // namespace
}  // namespace abate::reply
