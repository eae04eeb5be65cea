#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One case from the first report to its end, with a mail server, a control panel, and both stores.

    story_test.py TREE PROGRAM [OnSqlite|OnPostgresql]

Reported, reviewed, opened, the customer told; answers by mail and in the Client Area; claimed and refused; overdue,
a measure proposed, approved, taken at the second try; claimed again and accepted; the measure lifted; the history
whole, and not whole any more when one byte of it is changed. And the ladder when policy climbs it by itself.
"""
import datetime
import email.utils
import re
import sys
import unittest

import desk

ADA, BOB = "ada@example.net", "bob@example.net"
LEDGER = (f"203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,{ADA}",
          f"203.0.113.20,2026-01-01T00:00:00Z,,vps-2,shop,c-2,Bob,{BOB}")
ANSWERED = """[default]
respond_within = "1h"
fix_within = "1h"
remind_before = []
ladder = ["suspend"]
enforce = "approve"
required_actions = ["Empty the mail queue", "Write in the ticket what you found"]
"""
AUTOMATIC = """[default]
respond_within = "1s"
fix_within = "1s"
step_pause = "1s"
remind_before = []
ladder = ["limit_port25", "suspend"]
enforce = "automatic"
"""
PROVED = ANSWERED + 'refuse = "authenticated"\n'


def at(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def mail(sender, to, subject, text, *more):
    return "\r\n".join((f"From: {sender}", f"To: {to}", f"Subject: {subject}",
                        f"Message-ID: <{hash(text)}@example.net>", *more, "MIME-Version: 1.0",
                        "Content-Type: text/plain; charset=utf-8", "", text, "")).encode()


class Story:
    """The journeys; what runs them adds `store`."""

    def begin(self, policy, fail_first=0):
        self.smtp, self.hook = desk.SmtpSink(), desk.HookSink(fail_first)
        self.addCleanup(self.smtp.close)
        self.addCleanup(self.hook.close)
        self.desk = desk.Desk(desk.program(), store=self.store(), smtp=self.smtp.url, policy=policy,
                              more=self.hook.enforcer())
        self.addCleanup(self.desk.close)
        self.desk.run("migrate")
        self.desk.ledger(*LEDGER)
        self.desk.token("ada", "customer:c-1")
        self.desk.token("bob", "customer:c-2")
        self.desk.start()

    def reported(self, number, address):
        """A complaint by mail; the ticket in review that it makes."""
        known = {ticket["id"] for ticket in self.desk.items("/api/v1/tickets")}
        self.desk.lmtp(desk.arf(number, address))
        new = self.desk.until("a ticket in review", lambda: [
            ticket["id"] for ticket in self.desk.items("/api/v1/tickets?state=in_review") if ticket["id"] not in known])
        self.assertEqual(len(new), 1)
        return new[0]

    def entry(self, ticket, kind, count=1):
        """The newest entry of that kind, when there are `count`."""
        return self.desk.until(f"{count} entries {kind}", lambda: (
            lambda found: found if len(found) >= count else None)(self.desk.entries(ticket, kind)))[-1]

    def report_about(self, subject):
        """The report that such a mail became, when it is read."""
        def found():
            for report in self.desk.items("/api/v1/reports?status=not_a_report"):
                raw = self.desk.call("GET", f"/api/v1/reports/{report['report_id']}/raw", expect=200).body
                if f"Subject: {subject}\r\n".encode() in raw:
                    return report
        return self.desk.until(f"the mail '{subject}' read", found)

    # The stations of the journey.

    def check_notice(self, ticket):
        notice, = self.smtp.wait(1)
        self.assertEqual(notice.recipients, [ADA])
        by = at(self.desk.ticket(ticket)["respond_by"]).strftime("%H:%M UTC")
        for words in (ticket, "203.0.113.10", "09:07 UTC", "1. Empty the mail queue", "2. Write in the ticket",
                      f"{by}", f"{self.desk.base}/tickets/{ticket}"):
            self.assertIn(words, notice.plain)
            self.assertIn(words, notice.html)
        self.assertEqual(notice["Auto-Submitted"], "auto-generated")
        self.assertRegex(notice["Message-ID"], rf"^<{ticket}\.\S+@{desk.BOUNCE_DOMAIN}>$")
        self.assertRegex(notice["Reply-To"], rf"^reply\+\w{{20,}}@{desk.BOUNCE_DOMAIN}$")
        self.assertRegex(notice.sender, rf"^bounce\+\w{{20,}}@{desk.BOUNCE_DOMAIN}$")
        self.assertNotIn(ticket, notice["Reply-To"] + notice.sender)
        self.entry(ticket, "notice_sent")
        return notice

    def answer_by_mail(self, ticket, notice):
        """What bears our token and comes from the account is in the thread; nothing else is."""
        reply_to = notice["Reply-To"]
        before = self.desk.ticket(ticket)
        self.desk.lmtp(mail(f"Ada <{ADA}>", reply_to, f"Re: {notice['Subject']}",
                            "We look into it.\r\n\r\n> we received a report"), ADA, reply_to)
        entry = self.entry(ticket, "reply")
        self.assertEqual((entry["actor"], entry["body"]["text"]), ("customer:c-1", "We look into it."))
        after = self.desk.ticket(ticket)
        self.assertIsNotNone(after["answered_at"])
        self.assertEqual((after["fix_by"], after["state"]), (before["fix_by"], "open"), "a reply stopped the fix clock")
        self.desk.lmtp(mail(ADA, "abuse@example.net", "found it", "It was the contact form.",
                            f"References: {notice['Message-ID']}"), ADA)
        self.assertEqual(self.entry(ticket, "reply", 2)["body"]["text"], "It was the contact form.")

        subject = f"Re: {notice['Subject']} by a new mail"
        self.desk.lmtp(mail(ADA, "abuse@example.net", subject, "A mail without the token."), ADA)
        lost = self.report_about(subject)
        self.assertEqual((lost["needs_person"], lost["suggestion"]), (True, ticket))
        self.desk.lmtp(mail("mallory@example.org", reply_to, "forged", "Please close this."),
                       "mallory@example.org", reply_to)
        self.assertEqual(self.report_about("forged")["needs_person"], True)
        self.desk.lmtp(mail(ADA, reply_to, "away", "I am on holiday.", "Auto-Submitted: auto-replied"), ADA, reply_to)
        self.report_about("away")
        self.assertEqual(len(self.desk.entries(ticket, "reply")), 2)
        self.smtp.wait(1, having="Where your case lives")

    def answer_by_api(self, ticket):
        self.desk.act(ticket, "reply", token="ada", text="Seen in the Client Area.")
        self.assertEqual(self.entry(ticket, "reply", 3)["actor"], "customer:c-1")
        path = f"/api/v1/tickets/{ticket}"
        self.desk.call("GET", path, token="bob", expect=404)
        self.desk.call("POST", f"{path}/reply", {"text": "let me in"}, "bob", 404, If_Match='"1"')
        self.desk.call("POST", f"{path}/open", {}, "ada", 403, If_Match='"1"')
        self.assertEqual(self.desk.items("/api/v1/tickets", "bob"), [])
        self.desk.call("POST", f"{path}/reply", {"text": "no version"}, expect=428)
        self.desk.call("POST", f"{path}/reply", {"text": "an old one"}, expect=412, If_Match='"1"')
        self.assertEqual(len(self.desk.entries(ticket, "reply")), 3)

    def claim_and_refuse(self, ticket, nth):
        """The fix clock rests meanwhile, and goes on where it stood."""
        before = self.desk.ticket(ticket)["fix_by"]
        self.desk.act(ticket, "claim", token="ada", text="Form removed, queue empty, passwords changed.")
        self.assertEqual(self.desk.ticket(ticket)["state"], "claimed")
        refused = self.desk.act(ticket, "refuse", reason="The queue still holds 40 of these mails.")
        rested = at(self.entry(ticket, "refused", nth)["at"]) - at(self.entry(ticket, "claim", nth)["at"])
        self.assertEqual(refused["state"], "open")
        self.assertEqual(at(refused["fix_by"]), at(before) + rested)
        self.smtp.wait(nth, having="needs another look")

    def overdue_and_approved(self, ticket):
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)
        self.desk.act(ticket, "extend", fix_by=soon.isoformat(), reason="The harm grows: no more time than this.")
        late = self.entry(ticket, "overdue")
        self.assertEqual((late["body"]["deadline"], late["body"]["answered"]),
                         (self.desk.ticket(ticket)["fix_by"], True))
        self.assertGreaterEqual(late["at"], late["body"]["deadline"])
        self.desk.until("a proposal", lambda: self.desk.measures(ticket) == [("suspend", "proposed")])
        self.assertEqual(self.hook.posts, [], "a measure was taken without a person's approval")
        self.desk.act(ticket, "measures", measure="suspend", on=True, reason="Still sending.")
        failed, done = self.hook.wait(1)
        self.assertEqual((failed.status, done.status, failed.signed, done.signed), (500, 204, True, True))
        self.assertEqual((failed.key, failed.raw), (done.key, done.raw))
        self.assertLess(done.at - failed.at, 5)
        self.assertEqual(done.order | {"at": ""},
                         {"key": done.key, "measure": "suspend", "on": True, "service_id": "vps-1",
                          "ticket_id": ticket, "reason": "Still sending.", "at": ""})
        self.desk.until("in force", lambda: self.desk.measures(ticket) == [("suspend", "in_force")])
        self.smtp.wait(1, having="protective measure")
        return done.key

    def accepted_and_lifted(self, ticket, key):
        self.desk.act(ticket, "claim", token="ada", text="Queue empty now: its listing is attached.")
        self.assertEqual(self.desk.measures(ticket), [("suspend", "in_force")], "a claim alone lifts nothing")
        self.desk.act(ticket, "accept", reason="No such mail for an hour.")
        lifting = self.hook.wait(2)[-1]
        self.assertTrue(lifting.signed)
        self.assertEqual((lifting.order["measure"], lifting.order["on"], lifting.order["key"]),
                         ("suspend", False, lifting.key))
        self.assertNotEqual(lifting.key, key)
        self.desk.until("lifted", lambda: self.desk.measures(ticket) == [("suspend", "lifted")])
        self.assertEqual(self.desk.ticket(ticket)["state"], "closed")
        self.smtp.wait(1, having="was lifted")
        self.desk.act(ticket, "reopen", token="ada", expect=403, reason="a customer may not")
        self.desk.act(ticket, "accept", expect=409, reason="twice")

    def test_from_report_to_closed(self):
        self.begin(ANSWERED, fail_first=1)
        ticket = self.reported(1, "203.0.113.10")
        self.assertEqual(self.smtp.mails, [], "nobody is told before the team has looked")
        self.desk.act(ticket, "open")
        notice = self.check_notice(ticket)
        self.answer_by_mail(ticket, notice)
        self.claim_and_refuse(ticket, 1)
        self.answer_by_api(ticket)
        key = self.overdue_and_approved(ticket)
        self.claim_and_refuse(ticket, 2)
        self.assertEqual(self.desk.measures(ticket), [("suspend", "in_force")])
        self.accepted_and_lifted(ticket, key)
        sent = self.smtp.wait(7)
        self.desk.stop()
        for what in ([m.sender for m in sent], [m["Message-ID"] for m in sent]):
            self.assertEqual(len(what), len(set(what)), "two notices cannot be told apart")
        self.assertEqual(len([m for m in sent if "Where your case" in m["Subject"]]), 1)
        self.assertEqual(len(self.hook.posts), 3)
        self.assertIn("whole", self.desk.verify())
        self.tamper(ticket)

    def test_what_nobody_proved_is_weighed_before_a_claim_is_accepted(self):
        self.begin(PROVED)
        ticket = self.reported(1, "203.0.113.10")
        self.desk.act(ticket, "open")
        self.desk.act(ticket, "claim", token="ada", text="Form removed.")
        claimed = at(self.desk.ticket(ticket)["claimed_at"])
        after = claimed + datetime.timedelta(seconds=2)
        self.desk.lmtp(desk.arf(2, at=email.utils.format_datetime(after)))
        note = self.entry(ticket, "note")
        self.assertEqual((note["actor"], self.desk.ticket(ticket)["state"]), ("system", "claimed"))
        incident = self.desk.ticket(ticket)["incidents"][0]["id"]
        self.assertIn(incident, note["body"]["text"])
        lead = self.desk.browser("lead@example.net")
        self.assertTrue(">Needs a look</a>" in lead(f"/tickets/{ticket}"))
        self.assertIn(f'name="weighed" value="{incident}"', lead(f"/tickets/{ticket}"))
        refused = self.desk.act(ticket, "accept", expect=409, reason="looks good")
        self.assertIn(incident, refused["detail"])
        self.desk.act(ticket, "accept", expect=422, reason="looks good", weighed=incident)
        self.desk.act(ticket, "accept", reason="A copy of an old mail.", weighed=[incident])
        self.assertEqual(self.entry(ticket, "accepted")["body"]["weighed"], [incident])
        self.assertFalse(">Needs a look</a>" in lead(f"/tickets/{ticket}"))

        other = self.reported(3, "203.0.113.20")
        self.desk.act(other, "open")
        self.desk.act(other, "claim", token="bob", text="Form removed.")
        self.desk.token("loop", "reports", reporter="example.org")
        after = at(self.desk.ticket(other)["claimed_at"]) + datetime.timedelta(seconds=2)
        self.desk.call("POST", "/api/v1/reports", desk.arf(4, "203.0.113.20", email.utils.format_datetime(after)), "loop", 201,
                       Content_Type="message/rfc822")
        self.assertEqual(self.entry(other, "refused")["actor"], "system")
        self.assertEqual(self.desk.ticket(other)["state"], "open")

    def tamper(self, ticket):
        """One byte of one body, as somebody who owns the database could change it."""
        seq = self.desk.sql(f"SELECT seq FROM entries WHERE stream = '{ticket}' AND kind = 'claim' ORDER BY seq")[0][0]
        change = "UPDATE entries SET body = replace(body, '{}', '{}') WHERE stream = '%s' AND seq = %s" % (ticket, seq)
        self.open_history()
        self.desk.sql(change.format("queue empty", "queue emptz"))
        self.assertRegex(self.desk.verify(expect=1), rf"{ticket} entry {seq}\b")
        self.desk.sql(change.format("queue emptz", "queue empty"))
        self.assertIn("whole", self.desk.verify())

    def test_policy_climbs_the_ladder_by_itself(self):
        self.begin(AUTOMATIC)
        ticket, other = self.reported(1, "203.0.113.10"), self.reported(2, "203.0.113.20")
        self.desk.act(ticket, "open")
        both = [("limit_port25", "in_force"), ("suspend", "in_force")]
        self.desk.until("both steps in force", lambda: self.desk.measures(ticket) == both)
        first, second = self.hook.posts
        self.assertEqual([p.order["measure"] for p in (first, second)], ["limit_port25", "suspend"])
        self.assertGreaterEqual((at(second.order["at"]) - at(first.order["at"])).total_seconds(), 1)  # step_pause
        kinds = [e["kind"] for e in self.desk.entries(ticket, "notice_sent", "overdue", "measure_approved",
                                                      "measure_proposed")]
        self.assertEqual([k for k in kinds if k != "notice_sent"], ["overdue", "measure_approved", "measure_approved"])
        self.assertEqual(kinds[0], "notice_sent")
        self.assertEqual({e["actor"] for e in self.desk.entries(ticket, "measure_approved")}, {"system"})
        self.assertEqual(self.desk.ticket(other)["state"], "in_review")
        self.assertEqual(self.desk.measures(other), [])  # nobody opened it: its clock never began
        self.desk.act(ticket, "claim", token="ada", text="Fixed.")
        self.desk.act(ticket, "accept", reason="It is.")
        self.desk.until("both lifted", lambda: {state for _, state in self.desk.measures(ticket)} == {"lifted"})
        posts = self.hook.wait(4)
        self.assertEqual(len({p.key for p in posts}), 4)
        self.assertEqual({p.order["on"] for p in posts[2:]}, {False})
        self.assertEqual({p.order["service_id"] for p in posts}, {"vps-1"})
        self.desk.stop()
        self.assertIn("whole", self.desk.verify())


class OnSqlite(Story, unittest.TestCase):
    def store(self):
        return ""

    def open_history(self):
        self.desk.sql("DROP TRIGGER entries_refuse_update")


class OnPostgresql(Story, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = desk.PostgresCluster()
        cls.addClassCleanup(cls.cluster.close)

    def store(self):
        return self.cluster.new_database()

    def open_history(self):
        self.desk.sql("ALTER TABLE entries DISABLE TRIGGER USER")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
