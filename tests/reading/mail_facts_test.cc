// SPDX-License-Identifier: Apache-2.0
#include "reading/mail_facts.h"

#include <gtest/gtest.h>

#include "reading/read.h"
#include "reading/received.h"
#include "reading/values.h"

namespace abate::reading {
namespace {

MailFacts facts(const std::string& bytes) { return mail_facts(Message::parse(bytes)); }
bool has(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

TEST(MailFacts, hold_sender_recipients_and_thread) {
  const MailFacts mail = facts(
      "From: Ann Example <Ann@Example.org>\nTo: abuse@hoster.example\nCc: x@example.net\nDelivered-To: "
      "y@hoster.example\n"
      "X-Original-To: z@hoster.example\nX-Envelope-To: w@hoster.example\nMessage-ID: <m1@example.org>\n"
      "In-Reply-To: <T-1.2@hoster.example>\nReferences: <a@b.example> <T-1.2@hoster.example>\nSubject: Re: x\n\nThank "
      "you.\n");
  EXPECT_EQ(mail.from_address, "ann@example.org");
  EXPECT_EQ(mail.from_name, "Ann Example");
  for (const char* to :
       {"abuse@hoster.example", "x@example.net", "y@hoster.example", "z@hoster.example", "w@hoster.example"})
    EXPECT_TRUE(has(mail.recipients, to)) << to;
  EXPECT_EQ(mail.message_id, "m1@example.org");
  EXPECT_EQ(mail.references, (std::vector<std::string>{"T-1.2@hoster.example", "a@b.example"}));
  EXPECT_FALSE(mail.automatic);
  EXPECT_EQ(mail.text, "Thank you.\n");
}

TEST(MailFacts, know_automation) {
  for (const char* header : {"Auto-Submitted: auto-generated", "Auto-Submitted: auto-replied (vacation)",
                             "Precedence: bulk", "Precedence: list", "Precedence: auto_reply",
                             "X-Auto-Response-Suppress: All", "List-Id: <l.example.org>", "Return-Path: <>"})
    EXPECT_TRUE(facts(std::string("From: a@example.org\n") + header + "\n\nx\n").automatic) << header;
  EXPECT_TRUE(facts("From: MAILER-DAEMON@example.org\n\nx\n").automatic);
  EXPECT_FALSE(facts("From: a@example.org\nAuto-Submitted: no\nReturn-Path: <a@example.org>\n\nx\n").automatic);
}

TEST(Bounce, of_rfc_3464_names_the_failed_recipient_and_the_mail_that_came_back) {
  const MailFacts mail = facts(
      "From: MAILER-DAEMON@mx.example.org\nSubject: Undelivered\nContent-Type: multipart/report; "
      "report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nSorry.\n"
      "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
      "Final-Recipient: rfc822; slow@example.org\nAction: delayed\nStatus: 4.4.1\n\n"
      "Original-Recipient: rfc822;Kim@example.org\nFinal-Recipient: rfc822; kim2@example.org\nAction: failed\n"
      "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n\n"
      "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <T-2026-000001.n1@hoster.example>\n"
      "References: <T-2026-000001@hoster.example>\nSubject: x\n\n--b--\n");
  ASSERT_TRUE(mail.bounce.has_value());
  EXPECT_EQ(*mail.bounce, (Bounce{"kim@example.org", "failed", "5.1.1", "550 5.1.1 no such user"}));
  EXPECT_TRUE(has(mail.references, "T-2026-000001.n1@hoster.example"));
  EXPECT_TRUE(has(mail.references, "T-2026-000001@hoster.example"));
  EXPECT_TRUE(mail.automatic);
}

TEST(Bounce, that_tells_of_a_delivery_is_none) {
  EXPECT_FALSE(
      facts(
          "From: MAILER-DAEMON@mx.example.org\nSubject: Delivered\nContent-Type: multipart/report; boundary=b\n\n--b\n"
          "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@example.org\nAction: delivered\n--b--\n")
          .bounce.has_value());
}

struct FreeForm {
  const char* who;
  std::string bytes;
  std::string recipient;
  std::string action;
};

TEST(Bounce, in_free_form_is_known) {
  const std::string returned =
      "\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <n@hoster.example>\n"
      "Message-ID: <T-9.1@hoster.example>\nSubject: Ticket\n\nx\n";
  const std::vector<FreeForm> cases{
      {"qmail",
       "From: MAILER-DAEMON@mx.example.org\nSubject: failure notice\n\nHi. This is the qmail-send program at "
       "mx.example.org.\n"
       "I'm afraid I wasn't able to deliver your message.\n\n<kim@example.org>:\n192.0.2.3 does not like recipient.\n"
       "Remote host said: 550 5.1.1 unknown user\n" +
           returned,
       "kim@example.org", "failed"},
      {"exim",
       "From: Mail Delivery System <Mailer-Daemon@mx.example.org>\nX-Failed-Recipients: kim@example.org\nSubject: Mail "
       "delivery "
       "failed: returning message to sender\n\nThis message was created automatically by mail delivery software.\n\nA "
       "message "
       "that you sent could not be delivered to one or more of its\nrecipients.\n\n  kim@example.org\n    550 no\n" +
           returned,
       "kim@example.org", "failed"},
      {"postfix",
       "From: MAILER-DAEMON@mx.example.org (Mail Delivery System)\nSubject: Undelivered Mail Returned to "
       "Sender\n\nThis is the "
       "mail system at host mx.example.org.\n\n<kim@example.org>: host mx[192.0.2.3] said: 550 5.1.1 no\n" +
           returned,
       "kim@example.org", "failed"},
      {"exchange",
       "From: postmaster@example.org\nSubject: Undeliverable: Ticket\n\nDelivery has failed to these recipients or "
       "groups:\n\n"
       "kim@example.org\nThe email address wasn't found.\n" +
           returned,
       "kim@example.org", "failed"},
      {"delayed",
       "From: MAILER-DAEMON@mx.example.org\nSubject: Warning: message 1x delayed 24 hours\n\nA message has not yet "
       "been delivered.\n"
       "  kim@example.org\n" +
           returned,
       "kim@example.org", "delayed"},
  };
  for (const FreeForm& each : cases) {
    const MailFacts mail = facts(each.bytes);
    ASSERT_TRUE(mail.bounce.has_value()) << each.who;
    EXPECT_EQ(mail.bounce->recipient, each.recipient) << each.who;
    EXPECT_EQ(mail.bounce->action, each.action) << each.who;
    EXPECT_TRUE(has(mail.references, "T-9.1@hoster.example")) << each.who;
    EXPECT_EQ(read_report(each.bytes, "message/rfc822", "").outcome, Outcome::not_a_report) << each.who;
  }
}

TEST(Bounce, is_not_what_a_person_writes_about_a_bounce) {
  EXPECT_FALSE(
      facts(
          "From: ann@example.org\nSubject: Undelivered Mail Returned to Sender\n\nI got this: This is the mail system "
          "at host x\n")
          .bounce.has_value());
}

std::string handover_of(const std::string& headers) {
  const auto found = find_handover(Fields::parse(headers, true));
  return found ? found->from.to_string() : "";
}

TEST(Received, names_the_host_that_connected_and_not_what_it_said_of_itself) {
  EXPECT_EQ(handover_of("Received: from [203.0.113.9] (real.example [198.51.100.7]) by mx.example; x\n"),
            "198.51.100.7");
  EXPECT_EQ(handover_of("Received: from unknown (HELO 203.0.113.9) (198.51.100.7) by mx.example; x\n"), "198.51.100.7");
  EXPECT_EQ(handover_of("Received: from [198.51.100.7] ([198.51.100.7:4227] helo=203.0.113.9)\n\tby mx.example; x\n"),
            "198.51.100.7");
  EXPECT_EQ(handover_of("Received: from x (x [IPv6:2001:db8::7]) by mx.example; x\n"), "2001:db8::7");
  EXPECT_EQ(
      handover_of("Received: from in (in [10.0.0.1]) by a.example; x\nReceived: from x ([198.51.100.7]) by in; x\n"),
      "198.51.100.7");
  EXPECT_EQ(handover_of("Received: from mx.reader.example (mx.reader.example [203.0.113.5]) by box.reader.example; x\n"
                        "Received: from out.example (out.example [198.51.100.7]) by mx.reader.example; x\n"),
            "198.51.100.7")
      << "two hosts of the reporter's own";
  EXPECT_EQ(handover_of("Received: from mx.reader.example (evil.example [198.51.100.7]) by box.reader.example; x\n"
                        "Received: from a ([203.0.113.5]) by b; x\n"),
            "198.51.100.7")
      << "its greeting is a claim";
  EXPECT_EQ(handover_of("Received: by 198.51.100.7 with SMTP; x\nSubject: 198.51.100.7\n"), "");
}

TEST(Values, take_only_addresses_that_are_whole) {
  EXPECT_EQ(ip_in("[192.0.2.1]:25")->to_string(), "192.0.2.1");
  EXPECT_EQ(ip_in("IPv6:2001:db8::1")->to_string(), "2001:db8::1");
  EXPECT_EQ(ip_in("host 192.0.2.1.")->to_string(), "192.0.2.1");
  EXPECT_EQ(ip_in("::ffff:192.0.2.1")->to_string(), "192.0.2.1");
  for (const char* none : {"192.0.2.1.5", "999.0.2.1", "192.0.2", "version 1.2.3.4b", "at 10:20:30", "", "dead beef"})
    EXPECT_FALSE(ip_in(none).has_value()) << none;
}

TEST(Values, refuse_addresses_that_no_server_has) {
  Warnings warnings;
  for (const char* text : {"0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "ff02::1"})
    EXPECT_FALSE(address_of(text, "Source-IP", warnings).has_value()) << text;
  EXPECT_EQ(std::move(warnings).take().size(), 7U);
}

TEST(Values, refang_urls_and_refuse_what_is_none) {
  EXPECT_EQ(url_of("hxxps://bad[.]example/a?b"), "https://bad.example/a?b");
  EXPECT_EQ(url_of(" <HTTP://bad.example/> "), "http://bad.example/");
  EXPECT_EQ(host_of("http://user@Bad.example.:8080/x"), "bad.example");
  EXPECT_EQ(host_of("http://[2001:db8::1]:80/"), "2001:db8::1");
  for (const char* none :
       {"javascript:alert(1)", "bad.example", "http://", "http:///x", "http://a b/", "http://[::x]/"})
    EXPECT_FALSE(url_of(none).has_value()) << none;
  EXPECT_EQ(domain_of("Bad[.]Example."), "bad.example");
  for (const char* none : {"localhost", "192.0.2.1", "a..b", "a b.example", ""})
    EXPECT_FALSE(domain_of(none).has_value()) << none;
}

TEST(Values, never_make_an_instant_of_a_time_without_a_zone) {
  Incident incident;
  Warnings warnings;
  EXPECT_TRUE(set_started(incident, "2026-01-02T03:04:05", "timestamp", warnings));
  EXPECT_FALSE(incident.started_at.has_value());
  EXPECT_EQ(incident.started_unzoned, *parse_rfc3339("2026-01-02T03:04:05Z"));
  EXPECT_FALSE(set_started(incident, "yesterday", "timestamp", warnings));
  EXPECT_EQ(std::move(warnings).take(),
            (std::vector<std::string>{"timestamp names no zone", "timestamp is no time: \"yesterday\""}));
}

TEST(Values, keep_a_bounded_number_of_warnings_and_say_so) {
  Warnings warnings;
  for (int i = 0; i < 1'000; ++i) warnings.add("wrong {}", i);
  const auto kept = std::move(warnings).take();
  ASSERT_EQ(kept.size(), kWarningsPerReportMax);
  EXPECT_NE(kept.back().find("99 warnings"), std::string::npos);
}

}  // namespace
}  // namespace abate::reading
