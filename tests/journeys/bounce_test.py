#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The notice does not reach the customer: nothing is done to their server, and the team sees why (B3, law 5).

    bounce_test.py TREE PROGRAM

Policy acts by itself here, with terms of seconds. Refused at RCPT, or taken and returned later as a DSN (RFC 3464).
Beside the ticket that bounced another one, opened later, runs through the same ladder: when it has come to its end, the
first one would have, too.
"""
import datetime
import sys
import unittest

import desk

ADA, NEW, BOB = "ada@example.net", "ada@example.com", "bob@example.net"
ADAS = f"203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,{ADA}"
BOBS = f"203.0.113.20,2026-01-01T00:00:00Z,,vps-2,shop,c-2,Bob,{BOB}"
POLICY = """[default]
respond_within = "{within}"
fix_within = "{within}"
step_pause = "1s"
remind_before = []
ladder = ["suspend"]
enforce = "automatic"
"""


def at(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def dsn(notice, action, status, diagnostic):
    """What a mail server sends to the envelope sender of a mail that it could not deliver."""
    return "\r\n".join((
        "From: Mail Delivery System <mailer-daemon@relay.example>", f"To: <{notice.sender}>",
        "Subject: Undelivered Mail Returned to Sender", "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=d", "",
        "--d", "Content-Type: text/plain", "", "Your mail could not be delivered.",
        "--d", "Content-Type: message/delivery-status", "",
        "Reporting-MTA: dns; relay.example", "", f"Final-Recipient: rfc822; {notice.recipients[0]}",
        f"Action: {action}", f"Status: {status}", f"Diagnostic-Code: smtp; {diagnostic}", "",
        "--d", "Content-Type: text/rfc822-headers", "", f"Message-ID: {notice['Message-ID']}", "--d--", "")).encode()


class Bounced(unittest.TestCase):
    def begin(self, within):
        self.smtp, self.hook = desk.SmtpSink(), desk.HookSink()
        self.addCleanup(self.smtp.close)
        self.addCleanup(self.hook.close)
        self.desk = desk.Desk(desk.program(), smtp=self.smtp.url, policy=POLICY.format(within=within),
                              more=self.hook.enforcer())
        self.addCleanup(self.desk.close)
        self.desk.ledger(ADAS, BOBS)
        self.desk.start()

    def opened(self, number, address, service):
        self.desk.lmtp(desk.arf(number, address))
        ticket, = self.desk.until("a ticket", lambda: self.desk.items(f"/api/v1/tickets?service={service}"))
        self.desk.act(ticket["id"], "open")
        return ticket["id"]

    def suspended(self, ticket):
        self.desk.until(f"{ticket} suspended", lambda: self.desk.measures(ticket) == [("suspend", "in_force")])

    def bounces(self, ticket, count):
        return self.desk.until(f"{count} bounces", lambda: (
            lambda found: found if len(found) == count else None)(self.desk.entries(ticket, "notice_bounced")))

    def check_held(self, ticket, diagnostic):
        """Long overdue, and nothing done: neither by policy nor by a person who forgot; and everybody sees why."""
        seen = self.desk.ticket(ticket)
        self.assertEqual((seen["overdue"], seen["notice"], seen["measures"]), (True, "undelivered", []))
        self.assertEqual([step["measure"] for step in seen["ladder"]], ["suspend"])
        self.assertIn("came back", seen["ladder"][0]["why_not"])
        self.assertEqual({post.order["service_id"] for post in self.hook.posts}, {"vps-2"})
        refused = self.desk.act(ticket, "measures", expect=409, measure="suspend", on=True, reason="it is overdue")
        self.assertIn("came back", refused["detail"])
        page = self.desk.browser("lead@example.net")
        self.assertIn(diagnostic, page(f"/tickets/{ticket}"))
        self.assertIn("notice undelivered", page("/tickets"))

    def goes_on(self, ticket):
        """The team writes once more; now it arrives, and the ladder leaves a whole term from then."""
        self.desk.act(ticket, "reply", text="Our first mail did not reach you. Please look at your server.")
        self.desk.until("delivered", lambda: self.desk.ticket(ticket)["notice"] == "delivered")
        reached = self.desk.entries(ticket, "notice_sent")[-1]
        self.assertEqual((reached["body"]["notice"], reached["body"]["standing"]), ("reply", "delivered"))
        return at(reached["at"])

    def test_refused_at_rcpt(self):
        self.begin("1s")
        self.smtp.refusals[ADA] = "550 5.1.1 no such user here"
        ticket = self.opened(1, "203.0.113.10", "vps-1")
        bounced = self.bounces(ticket, 1)[0]
        self.assertIn("550 5.1.1 no such user here", bounced["body"]["diagnostic"])
        self.assertEqual(bounced["body"]["to"], ADA)
        self.suspended(self.opened(2, "203.0.113.20", "vps-2"))
        self.bounces(ticket, 2)  # the overdue notice came back as well
        self.check_held(ticket, "no such user here")
        self.assertEqual([m for m in self.smtp.mails if ADA in m.recipients], [])
        self.assertEqual(self.smtp.refused, 2, "a final no is not tried again")
        self.smtp.refusals.clear()
        reached = self.goes_on(ticket)
        self.suspended(ticket)
        self.assertGreaterEqual((at(self.hook.posts[-1].order["at"]) - reached).total_seconds(), 1)
        self.desk.stop()
        self.assertIn("whole", self.desk.verify())

    def test_returned_later(self):
        self.begin("5s")  # the DSN comes before the deadline
        ticket = self.opened(1, "203.0.113.10", "vps-1")
        notice, = self.smtp.wait(1)
        self.desk.until("taken", lambda: self.desk.ticket(ticket)["notice"] == "delivered")
        self.desk.lmtp(dsn(notice, "delayed", "4.4.1", "no answer yet"), "", notice.sender)
        self.desk.lmtp(dsn(notice, "failed", "5.2.1", "mailbox of Ada is closed"), "", notice.sender)
        bounced = self.bounces(ticket, 1)[0]
        self.assertIn("5.2.1 mailbox of Ada is closed", bounced["body"]["diagnostic"])
        self.desk.lmtp(dsn(notice, "failed", "5.2.1", "mailbox of Ada is closed, once more"), "", notice.sender)
        other = self.opened(2, "203.0.113.20", "vps-2")
        self.suspended(other)
        # The mail server took the overdue notice too, to the same address: that proves nothing.
        self.smtp.wait(1, having=f"[{ticket}] The deadline")
        self.check_held(ticket, "mailbox of Ada is closed")
        self.desk.until("all read", lambda: not self.desk.items("/api/v1/reports?status=received"))
        self.assertEqual(len(self.desk.entries(ticket, "notice_bounced")), 1, "a bounce is entered once, a delay never")
        self.assertEqual([m for m in self.smtp.mails if "relay.example" in str(m.recipients)], [], "a DSN was answered")
        for report in self.desk.items("/api/v1/reports?status=not_a_report"):
            self.assertFalse(report["needs_person"], report["reason"])

        self.desk.ledger(ADAS.replace(ADA, NEW), BOBS)
        self.desk.reload(POLICY.format(within="1s"))  # so that the term that the ladder leaves is short
        self.goes_on(ticket)
        self.assertEqual(self.smtp.wait(1, having="We answered")[0].recipients, [NEW])
        self.suspended(ticket)
        self.desk.stop()
        self.assertIn("whole", self.desk.verify())

    def test_a_mail_server_that_says_later_holds_the_ladder(self):
        self.begin("1s")
        self.smtp.after_data = "451 4.7.1 please come again"
        ticket = self.opened(1, "203.0.113.10", "vps-1")
        late = self.desk.until("overdue", lambda: self.desk.entries(ticket, "overdue"))[0]
        self.desk.until("the overdue notice turned away, too", lambda: len(self.smtp.turned_away) >= 2)
        health = self.desk.readyz()
        self.assertEqual((health.status, health.body["parts"]["smtp"]), (200, "away"))
        seen = self.desk.ticket(ticket)
        self.assertEqual((seen["notice"], seen["measures"]), ("queued", []))
        self.assertIn("not been delivered", seen["ladder"][0]["why_not"])
        self.smtp.after_data = "250 taken"
        notices = self.smtp.wait(2)
        first = self.smtp.turned_away[0]
        again = next(mail for mail in notices if mail["Subject"] == first["Subject"])
        self.assertEqual((first.sender, first.raw), (again.sender, again.raw), "another mail than the one turned away")
        self.suspended(ticket)
        reached = at(self.desk.entries(ticket, "notice_sent")[0]["at"])
        self.assertGreater(reached, at(late["at"]))
        self.assertGreaterEqual((at(self.hook.posts[0].order["at"]) - reached).total_seconds(), 1)
        self.assertEqual(self.desk.readyz().body["parts"]["smtp"], "ok")
        self.assertEqual(self.desk.entries(ticket, "notice_bounced", "notice_failed"), [])
        self.desk.stop()
        self.assertIn("whole", self.desk.verify())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
