// SPDX-License-Identifier: Apache-2.0
#include "desk/desk_fixture.h"

namespace abate::desk {
namespace {

class Thread : public DeskTest {
 protected:
  void SetUp() override { opened(); }

  // What follows `before` in the notice, up to `end`.
  std::string in_notice(std::string_view before, char end) {
    const std::string& mail = mailer_.sent.front().message;
    const std::size_t at = mail.find(before) + before.size();
    return mail.substr(at, mail.find(end, at) - at);
  }
  Report arrives(MailFacts mail, const std::string& envelope_to = "abuse@example.net") {
    reader_.next = {};
    reader_.next.format = "mail";
    reader_.next.mail = std::move(mail);
    NewArrival arrival;
    arrival.bytes = "mail " + std::to_string(++mails_);
    arrival.envelope_to = envelope_to;
    const Result<Kept> kept = intake_->accept_and_wait(std::move(arrival));
    EXPECT_TRUE(ReadLine::read_some(*desk_, reader_, &resolver_, "test"));
    return *see_report(*desk_, lead_, kept->report_id);
  }
  static MailFacts from(const std::string& address, const std::string& text) {
    MailFacts mail;
    mail.from_address = address;
    mail.text = text;
    mail.subject = "Re: [T-2026-000001] Please look";
    return mail;
  }

  int mails_ = 0;
};

TEST_F(Thread, an_answer_with_our_token_from_the_accounts_address_is_the_customers_reply) {
  MailFacts mail = from("ada@example.net", "I found it.\n\n> our words");
  mail.references = {in_notice("Message-ID: <", '>')};
  const Report report = arrives(mail);
  EXPECT_EQ(report.status, ReportStatus::not_a_report);
  EXPECT_FALSE(report.needs_person);
  ASSERT_EQ(count(EntryKind::reply), 1U);
  EXPECT_EQ(entries().back().actor, "customer:c-1");
  EXPECT_NE(entries().back().body.find("I found it."), std::string::npos);
  EXPECT_EQ(entries().back().body.find("our words"), std::string::npos);
}

TEST_F(Thread, our_token_from_another_address_goes_to_a_person_with_a_suggestion) {
  MailFacts mail = from("mallory@example.com", "close it");
  mail.recipients = {in_notice("Reply-To: <", '>')};
  const Report report = arrives(mail);
  EXPECT_TRUE(report.needs_person);
  EXPECT_EQ(report.suggestion, "T-2026-000001");
  EXPECT_EQ(count(EntryKind::reply), 0U);
}

TEST_F(Thread, a_ticket_id_in_the_subject_is_no_proof_and_the_customer_is_pointed_to_the_thread_once) {
  EXPECT_TRUE(arrives(from("ada@example.net", "hello?")).needs_person);
  EXPECT_TRUE(arrives(from("ada@example.net", "hello??")).needs_person);
  EXPECT_EQ(count(EntryKind::reply), 0U);
  settle();
  ASSERT_EQ(mailer_.sent.size(), 2U) << "the notice, and one pointer";
  EXPECT_NE(mailer_.sent[1].message.find("Where your case lives"), std::string::npos);
}

TEST_F(Thread, automation_is_never_answered_nor_taken_for_the_customer) {
  MailFacts mail = from("ada@example.net", "I am on holiday");
  mail.references = {in_notice("Message-ID: <", '>')};
  mail.automatic = true;
  const Report report = arrives(mail);
  EXPECT_EQ(report.status, ReportStatus::not_a_report);
  EXPECT_EQ(count(EntryKind::reply), 0U);
  settle();
  EXPECT_EQ(mailer_.sent.size(), 1U);
}

TEST_F(Thread, a_bounce_to_the_notices_own_sender_marks_it_undelivered) {
  MailFacts mail = from("mailer-daemon@example.org", "");
  mail.automatic = true;
  mail.bounce = Bounce{"ada@example.net", "failed", "5.1.1", "user unknown"};
  const Report report = arrives(mail, mailer_.sent.front().sender);
  EXPECT_EQ(report.status, ReportStatus::not_a_report);
  EXPECT_EQ(the_ticket().notice, NoticeStanding::undelivered);
  EXPECT_EQ(count(EntryKind::notice_bounced), 1U);
  arrives(mail, mailer_.sent.front().sender);
  EXPECT_EQ(count(EntryKind::notice_bounced), 1U) << "entered once";
}

TEST_F(Thread, a_delay_and_a_bounce_without_our_token_change_nothing) {
  MailFacts mail = from("mailer-daemon@example.org", "");
  mail.automatic = true;
  mail.bounce = Bounce{"ada@example.net", "delayed", "4.4.1", "will try again"};
  arrives(mail, mailer_.sent.front().sender);
  mail.bounce->action = "failed";
  arrives(mail, "bounce+guessed@example.net");
  EXPECT_EQ(the_ticket().notice, NoticeStanding::delivered);
}

TEST_F(Thread, our_own_notice_coming_back_in_any_wrapping_opens_nothing_and_is_shown) {
  const std::string id = in_notice("Message-ID: <", '>');
  const std::string mark = in_notice("Reference: ", '\r');
  EXPECT_EQ(id.substr(0, id.rfind('@')), mark);
  MailFacts quoted = from("colleague@example.org", "See what we got:\n> Reference: " + mark + "\n> please look");
  quoted.subject = "Fwd: a strange mail";
  MailFacts attached = from("fbl@example.com", "complaint");
  attached.subject = "abuse report";
  attached.automatic = true;
  attached.held_ids = {id};
  for (const MailFacts& mail : {quoted, attached}) {
    const Report report = arrives(mail);
    EXPECT_EQ(report.status, ReportStatus::not_a_report);
    EXPECT_TRUE(report.needs_person);
    EXPECT_EQ(report.suggestion, the_ticket().id);
  }
  EXPECT_EQ(count(EntryKind::reply), 0U);
  MailFacts stranger = from("fbl@example.com", "Reference: T-2026-000001.abcdefghijkl");
  stranger.subject = "abuse report";
  EXPECT_NE(arrives(stranger).suggestion, the_ticket().id) << "a token that we never gave";
}

}  // namespace
}  // namespace abate::desk
