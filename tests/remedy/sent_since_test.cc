// SPDX-License-Identifier: Apache-2.0
// "status=sent since T", by the one who did it, in the logs of three mail servers.
#include "remedy/sent_since.h"

#include <gtest/gtest.h>

#include "remedy/verify.h"
#include "sweep/host/logs/read_logs.h"
#include "sweep/host/no_packages.h"
#include "sweep/kit/memory_tree.h"

namespace abate::remedy {
namespace {

const Instant kSince = *parse_rfc3339("2026-05-01T12:00:00Z");
const Instant kNow = *parse_rfc3339("2026-05-01T18:00:00Z");

constexpr std::string_view kAccounts =
    "--- /etc/passwd\nroot:x:0:0::/root:/bin/bash\nwww-data:x:33:33::/var/www:/bin/false\n";

// Before T www-data and a mailbox send; what follows is added behind it.
std::string postfix_log(std::string_view after) {
  return fmt::format(
      "{}--- /var/log/mail.log\n"
      "2026-05-01T10:00:00+00:00 h postfix/pickup[1]: 4F00A1B2C3: uid=33 from=<www-data>\n"
      "2026-05-01T10:00:00+00:00 h postfix/cleanup[1]: 4F00A1B2C3: message-id=<spam-1@shop.example>\n"
      "2026-05-01T10:00:01+00:00 h postfix/smtp[1]: 4F00A1B2C3: to=<a@example.com>, relay=mx[192.0.2.1]:25, delay=1, "
      "dsn=2.0.0, status=sent (ok)\n"
      "2026-05-01T10:00:01+00:00 h postfix/qmgr[1]: 4F00A1B2C3: removed\n"
      "2026-05-01T11:59:59+00:00 h postfix/pickup[1]: 4F00A1B2D4: uid=33 from=<www-data>\n"
      "2026-05-01T11:59:59+00:00 h postfix/cleanup[1]: 4F00A1B2D4: message-id=<spam-2@shop.example>\n{}",
      kAccounts, after);
}

class SentSinceTest : public testing::Test {
 protected:
  SentTold read(std::string_view disk) {
    const sweep::MemoryTree tree{disk};
    sweep::Notes notes;
    const auto opened = sweep::open_host(tree, std::nullopt, kNow, ticket_, notes);
    SentSince sent{opened->host, kSince};
    sweep::LogWatcher* watchers[] = {&sent};
    sweep::read_logs(opened->host, watchers, notes, [] { return false; });
    return sent.told();
  }
  // What `verify` makes of it.
  Verified verified(std::string_view disk) {
    sweep::Host host;
    host.ticket = ticket_;
    return verify({}, {}, findings_, host, kNow, {}, {.copies = {}, .sent = read(disk)});
  }
  const Proof* proof_of(const Verified& all, std::string_view sender) {
    const auto found = std::ranges::find(all.proofs, fmt::format("mail:{}", sender), &Proof::about);
    return found == all.proofs.end() ? nullptr : &*found;
  }
  static Case reported(std::string_view message_id) {
    Case one;
    one.ticket = "T-2026-000001";
    one.category = Category::spam;
    one.leads = {{LeadKind::message_id, std::string{message_id}, "the mail"}};
    return one;
  }

  Case ticket_ = reported("<spam-1@shop.example>");
  std::vector<Finding> findings_;
};

TEST_F(SentSinceTest, nothing_since_is_a_proof_that_names_log_and_line) {
  const Verified all = verified(postfix_log(""));
  const Proof* proof = proof_of(all, "account:www-data");
  ASSERT_NE(proof, nullptr) << "the mail that was reported names who handed it in";
  EXPECT_TRUE(proof->good);
  EXPECT_NE(proof->tried.find("the account www-data"), std::string::npos) << proof->tried;
  EXPECT_EQ(proof->seen, "nothing; looked at /var/log/mail.log from line 7 to its end");
}

TEST_F(SentSinceTest, what_waited_in_the_queue_and_went_out_since_is_not_gone) {
  const Verified all = verified(postfix_log(
      "2026-05-01T12:30:00+00:00 h postfix/smtp[1]: 4F00A1B2D4: to=<b@example.com>, relay=mx[192.0.2.1]:25, delay=1, "
      "dsn=2.0.0, status=sent (ok)\n"));
  const Proof* proof = proof_of(all, "account:www-data");
  ASSERT_NE(proof, nullptr);
  EXPECT_FALSE(proof->good);
  EXPECT_FALSE(all.gone);
  EXPECT_NE(proof->seen.find("1 since then, the first: /var/log/mail.log:7:"), std::string::npos) << proof->seen;
}

TEST_F(SentSinceTest, mail_of_others_put_off_or_to_its_own_mailboxes_counts_for_nothing) {
  const Verified all = verified(postfix_log(
      "2026-05-01T12:10:00+00:00 h postfix/pickup[1]: 4F00A1B2E5: uid=0 from=<root>\n"
      "2026-05-01T12:10:01+00:00 h postfix/smtp[1]: 4F00A1B2E5: to=<b@example.com>, relay=mx[192.0.2.1]:25, delay=1, "
      "dsn=2.0.0, status=sent (ok)\n"
      "2026-05-01T12:20:01+00:00 h postfix/smtp[1]: 4F00A1B2D4: to=<b@example.com>, relay=mx[192.0.2.1]:25, delay=1, "
      "dsn=4.0.0, status=deferred (later)\n"
      "2026-05-01T12:21:00+00:00 h postfix/pickup[1]: 4F00A1B2F6: uid=33 from=<www-data>\n"
      "2026-05-01T12:21:01+00:00 h postfix/local[1]: 4F00A1B2F6: to=<root@h>, relay=local, delay=1, dsn=2.0.0, "
      "status=sent (delivered to mailbox)\n"));
  const Proof* proof = proof_of(all, "account:www-data");
  ASSERT_NE(proof, nullptr);
  EXPECT_TRUE(proof->good) << proof->seen;
  EXPECT_EQ(proof_of(all, "account:root"), nullptr) << "nobody accuses it";
}

TEST_F(SentSinceTest, a_filter_that_hands_it_in_once_more_hides_nobody) {
  const Verified all = verified(postfix_log(
      "2026-05-01T12:30:00+00:00 h postfix/smtp[1]: 4F00A1B2D4: to=<b@example.com>, relay=127.0.0.1[127.0.0.1]:10024, "
      "delay=1, dsn=2.0.0, status=sent (queued as 4F00A1B2F6)\n"
      "2026-05-01T12:30:00+00:00 h postfix/smtpd[1]: 4F00A1B2F6: client=localhost[127.0.0.1]\n"
      "2026-05-01T12:30:00+00:00 h postfix/cleanup[1]: 4F00A1B2F6: message-id=<spam-2@shop.example>\n"
      "2026-05-01T12:30:01+00:00 h postfix/smtp[1]: 4F00A1B2F6: to=<b@example.com>, relay=mx[192.0.2.1]:25, delay=1, "
      "dsn=2.0.0, status=sent (ok)\n"));
  ASSERT_NE(proof_of(all, "account:www-data"), nullptr);
  EXPECT_NE(proof_of(all, "account:www-data")->seen.find("1 since then"), std::string::npos);
}

TEST_F(SentSinceTest, a_mailbox_in_strange_hands_is_counted_by_its_password) {
  Finding stolen;
  stolen.id = "f1";
  stolen.role = "stolen_mailbox";
  stolen.severity = Severity::suspicious;
  stolen.subject.kind = SubjectKind::mailbox;
  stolen.subject.name = "anna@shop.example";
  findings_ = {stolen};
  ticket_.leads.clear();
  const auto log = [](std::string_view client_since) {
    return postfix_log(fmt::format(
        "2026-05-01T12:30:00+00:00 h postfix/smtpd[1]: 4F00A1B2F6: client=x[198.51.100.7], sasl_method=LOGIN, "
        "sasl_username={}\n"
        "2026-05-01T12:30:01+00:00 h postfix/smtp[1]: 4F00A1B2F6: to=<b@example.com>, relay=mx[192.0.2.1]:25, "
        "delay=1, dsn=2.0.0, status=sent (ok)\n",
        client_since));
  };
  EXPECT_FALSE(proof_of(verified(log("Anna@shop.example")), "mailbox:anna@shop.example")->good);
  const Verified other = verified(log("bert@shop.example"));
  ASSERT_NE(proof_of(other, "mailbox:anna@shop.example"), nullptr) << "it sent nothing at all: that is a proof too";
  EXPECT_TRUE(proof_of(other, "mailbox:anna@shop.example")->good);
}

TEST_F(SentSinceTest, exim_tells_the_same) {
  ticket_ = reported("spam-1@shop.example");
  const auto log = [](std::string_view fate) {
    return fmt::format(
        "{}--- /var/log/exim4/mainlog\n"
        "2026-05-01 10:00:00 1t8k9Q-0001aB-2C <= www-data@h U=www-data P=local S=900 id=spam-1@shop.example\n"
        "2026-05-01 10:00:01 1t8k9Q-0001aB-2C => a@example.com R=dnslookup T=remote_smtp H=mx [192.0.2.1] C=\"ok\"\n"
        "2026-05-01 12:30:00 1t8k9Q-0001aB-3D <= www-data@h U=www-data P=local S=900 id=spam-3@shop.example\n"
        "2026-05-01 12:30:01 1t8k9Q-0001aB-3D {}\n",
        kAccounts, fate);
  };
  const Verified sent = verified(log("=> b@example.com R=dnslookup T=remote_smtp H=mx [192.0.2.1] C=\"ok\""));
  ASSERT_NE(proof_of(sent, "account:www-data"), nullptr);
  EXPECT_FALSE(proof_of(sent, "account:www-data")->good);
  EXPECT_TRUE(proof_of(verified(log("=> root <root@h> R=local_user T=mail_spool")), "account:www-data")->good);
  EXPECT_TRUE(proof_of(verified(log("** b@example.com R=dnslookup: no such user")), "account:www-data")->good);
}

TEST_F(SentSinceTest, sendmail_tells_the_same_though_it_hands_each_mail_to_itself) {
  const auto log = [](std::string_view relay) {
    return fmt::format(
        "{}--- /var/log/mail.log\n"
        "2026-05-01T10:00:00+00:00 h sendmail[10]: 641A00aa000010: from=www-data, size=300, class=0, nrcpts=1, "
        "msgid=<spam-1@shop.example>, relay=www-data@localhost\n"
        "2026-05-01T12:30:00+00:00 h sendmail[11]: 641A00aa000011: from=www-data, size=300, class=0, nrcpts=1, "
        "msgid=<spam-3@shop.example>, relay=www-data@localhost\n"
        "2026-05-01T12:30:00+00:00 h sm-mta[12]: 641A00bb000012: from=<www-data@h>, size=500, class=0, nrcpts=1, "
        "msgid=<spam-3@shop.example>, proto=ESMTP, daemon=MTA-v4, relay=localhost [127.0.0.1]\n"
        "2026-05-01T12:30:00+00:00 h sendmail[11]: 641A00aa000011: to=b@example.com, ctladdr=www-data (33/33), "
        "delay=00:00:01, mailer=relay, pri=30, relay=[127.0.0.1] [127.0.0.1], dsn=2.0.0, stat=Sent (accepted)\n"
        "2026-05-01T12:30:01+00:00 h sm-mta[13]: 641A00bb000012: to=<b@example.com>, delay=00:00:01, {}, dsn=2.0.0, "
        "stat=Sent (ok)\n",
        kAccounts, relay);
  };
  const Verified sent = verified(log("mailer=esmtp, pri=120, relay=mx.example.com. [192.0.2.1]"));
  ASSERT_NE(proof_of(sent, "account:www-data"), nullptr);
  EXPECT_NE(proof_of(sent, "account:www-data")->seen.find("1 since then"), std::string::npos)
      << proof_of(sent, "account:www-data")->seen;
  EXPECT_TRUE(proof_of(verified(log("mailer=local, pri=30")), "account:www-data")->good);
}

TEST_F(SentSinceTest, without_a_log_or_a_culprit_it_says_that_it_knows_nothing) {
  const Verified none = verified(kAccounts);
  EXPECT_EQ(none.not_examined.size(), 1U);
  ticket_ = reported("<never-seen@shop.example>");
  const Verified nobody = verified(postfix_log(""));
  ASSERT_EQ(nobody.not_examined.size(), 1U);
  EXPECT_NE(nobody.not_examined[0].second.find("who handed in"), std::string::npos);
  ticket_.category = Category::phishing;
  EXPECT_TRUE(verified(postfix_log("")).not_examined.empty()) << "it is no case of mail";
}

TEST_F(SentSinceTest, a_flood_of_senders_and_mails_stays_bounded) {
  sweep::Host host;
  SentSince sent{host, kSince};
  for (std::uint32_t n = 0; n < 2 * SentSince::kMailsMax; ++n) {
    const std::string id = fmt::format("Q{}", n);
    sweep::Mail mail;
    mail.step = sweep::MailStep::accepted_locally;
    mail.queue_id = id;
    mail.uid = n;
    sweep::Event event;
    event.at = kSince;
    event.origin = {"/var/log/mail.log", n + 1};
    event.what = mail;
    sent.see(event);
  }
  EXPECT_EQ(sent.told().senders.size(), SentSince::kSendersMax);
  EXPECT_FALSE(sent.told().is_whole);
}

}  // namespace
}  // namespace abate::remedy
