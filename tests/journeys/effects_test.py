#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random instants while reports come by HTTP and measures are taken: each key stands for one thing (law 1).

    effects_test.py TREE PROGRAM [OnSqlite|OnPostgresql]

Clients post reports under an Idempotency-Key and try again until they are answered, as a program would. The reporter
is known, so policy opens each ticket by itself, sends its notices, and suspends a second later. The desk is killed 20
times meanwhile (200 with ABATE_LONG=1); on PostgreSQL half as often, and every second time it is the database that is
cut off. At the end each key is one report, each notice one Message-ID with one text, each order one key with one body,
and the history holds each of these once.
"""
import collections
import http.client
import os
import random
import sys
import threading
import time
import unittest

import desk

ROUNDS = 200 if os.environ.get("ABATE_LONG") else 20
DEADLINE_SECONDS = 900 if os.environ.get("ABATE_LONG") else 120
SERVERS, REPORTS_EACH = 3000, 5  # so that there is a new ticket, and something to do, until the end
CLIENTS = 3
POLICY = """[default]
respond_within = "1s"
fix_within = "1s"
remind_before = []
open = "automatic"
ladder = ["suspend"]
enforce = "automatic"
brake = 100000
"""


class KilledWithEffects:
    """What runs it adds rounds, store() and hit(nth)."""

    def setUp(self):
        self.smtp, self.hook = desk.SmtpSink(), desk.HookSink()
        self.addCleanup(self.smtp.close)
        self.addCleanup(self.hook.close)
        self.desk = desk.Desk(desk.program(), smtp=self.smtp.url, policy=POLICY, more=self.hook.enforcer(),
                              store=self.store())
        self.addCleanup(self.desk.close)
        self.desk.run("migrate")
        self.desk.ledger(*(f"2001:db8::{n:x},2026-01-01T00:00:00Z,,vps-{n},server{n},c-{n},C {n},c{n}@example.net"
                           for n in range(SERVERS)))
        self.desk.token("desk", "desk")
        self.desk.token("probe", "reports", reporter="example.org")
        self.over, self.lock = threading.Event(), threading.Lock()
        self.addCleanup(self.over.set)
        self.ids = collections.defaultdict(set)  # key -> the report ids that it was answered with
        self.begun, self.wrong = 0, []

    def post(self, number):
        """Until it is answered; what the answer was."""
        body = desk.arf(number, f"2001:db8::{number // REPORTS_EACH % SERVERS:x}")
        while not self.over.is_set():
            try:
                answer = self.desk.call("POST", "/api/v1/reports", body, "probe", Content_Type="message/rfc822",
                                        Idempotency_Key=f"key-{number}")
                if answer.status in (200, 201):
                    with self.lock:
                        self.ids[number].add(answer.body["report_id"])
                    return
                if answer.status != 503:
                    self.wrong.append((number, answer.status, answer.body))
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.01)  # it is being started: whether the report was kept, nobody knows

    def client(self, chance):
        while not self.over.is_set():
            with self.lock:
                self.begun += 1
                number = self.begun
            self.post(number)
            if chance.random() < 0.2:
                self.post(chance.randint(1, number))  # an answer that was lost on its way is asked for again

    def kill_again_and_again(self):
        chance, end = random.Random(11), time.monotonic() + DEADLINE_SECONDS
        clients = [threading.Thread(target=self.client, args=(random.Random(n),), daemon=True) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        for nth in range(self.rounds):
            if self.desk.process is None:
                self.desk.start(ready=False)
            before = len(self.ids)
            while len(self.ids) == before:
                self.assertIsNone(self.desk.process.poll(), "the desk ended by itself")
                self.assertLess(time.monotonic(), end, "nothing is acknowledged any more")
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.6))
            self.hit(nth)
        self.desk.kill()
        self.desk.start()  # what it held under lease it gives back at its start
        self.over.set()
        for client in clients:
            client.join(30)

    def settle(self):
        count = self.desk.sql
        self.desk.until("all read", lambda: count(
            "SELECT count(*) FROM reports WHERE status = 'received'") == [("0",)], 60)
        self.desk.until("all in force", lambda: count(
            "SELECT count(*) FROM tickets WHERE id NOT IN (SELECT ticket_id FROM measures WHERE state = 'in_force')")
            == [("0",)], 60, 0.1)
        self.desk.until("all sent", lambda: count("SELECT count(*) FROM outbox WHERE state <> 'done'") == [("0",)], 60)
        self.desk.stop()

    def test_each_key_stands_for_one_thing(self):
        self.kill_again_and_again()
        self.settle()
        self.assertEqual(self.wrong, [])
        # Reports: what was answered is one report, always the same one; of what was not answered at most one a client.
        self.assertEqual([number for number, ids in self.ids.items() if len(ids) != 1], [], "a key was two reports")
        kept = [report for report, in self.desk.sql("SELECT id FROM reports")]
        answered = {report for ids in self.ids.values() for report in ids}
        self.assertEqual(len(answered), len(self.ids))
        self.assertEqual(answered - set(kept), set(), "an acknowledged report is lost")
        self.assertLessEqual(len(kept), len(answered) + CLIENTS)
        self.assertEqual(set(self.desk.sql("SELECT DISTINCT status FROM reports")), {("read",)})
        self.assertEqual(self.desk.sql(
            "SELECT count(*), count(DISTINCT report_id) FROM incidents WHERE ticket_id <> ''"), [(str(len(kept)),) * 2])
        # Orders: the panel may see one again, but never two under one key, nor one under two.
        tickets = [ticket for ticket, in self.desk.sql("SELECT id FROM tickets")]
        bodies = {(post.key, post.raw) for post in self.hook.posts}
        self.assertEqual(sorted(key for key, _ in bodies), sorted(f"{ticket}.m1.on" for ticket in tickets))
        self.assertTrue(all(post.signed for post in self.hook.posts))
        # Notices: opened, overdue, and about the measure.
        mails = {mail["Message-ID"]: (mail.sender, mail.raw) for mail in self.smtp.mails}
        self.assertEqual({(mail["Message-ID"], mail.sender, mail.raw) for mail in self.smtp.mails},
                         {(name, *rest) for name, rest in mails.items()}, "one Message-ID, two mails")
        self.assertEqual(collections.Counter(name.strip("<").split(".")[0] for name in mails),
                         {ticket: 3 for ticket in tickets})
        for kind, times in (("reported", 1), ("opened", 1), ("overdue", 1), ("measure_approved", 1),
                            ("measure_in_force", 1), ("notice_queued", 3), ("notice_sent", 3)):
            self.assertEqual(self.desk.sql(
                f"SELECT count(*), count(DISTINCT stream) FROM entries WHERE kind = '{kind}'"),
                             [(str(times * len(tickets)), str(len(tickets)))], kind)
        self.assertIn("whole", self.desk.verify())
        again = len(self.hook.posts) - len(bodies), len(self.smtp.mails) - len(mails)
        print(f"{self.rounds} kills, {len(kept)} reports, {len(tickets)} tickets; "
              f"{again[0]} orders and {again[1]} mails came twice under their key")


class OnSqlite(KilledWithEffects, unittest.TestCase):
    rounds = ROUNDS

    def store(self):
        return ""

    def hit(self, _):
        self.desk.kill()


class OnPostgresql(KilledWithEffects, unittest.TestCase):
    rounds = ROUNDS // 2  # the database takes its time to come back

    def store(self):
        self.cluster = desk.PostgresCluster()
        self.addCleanup(self.cluster.close)
        return self.cluster.new_database()

    def hit(self, nth):
        if nth % 2:
            self.cluster.stop(at_once=True)
            self.cluster.start()
        else:
            self.desk.kill()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
