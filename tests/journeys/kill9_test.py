#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random instants under load: what was acknowledged is there exactly once (law 1).

    kill9_test.py TREE PROGRAM

Two clients send mail by LMTP without a pause while the desk is killed and started again, 50 rounds (500 with
ABATE_LONG=1). At the end: every mail that was answered 250 is one report, none is there twice, all are read, each has
its one incident in the ticket, and the history is whole.
"""
import os
import random
import socket
import sys
import threading
import time
import unittest

import desk

ROUNDS = 500 if os.environ.get("ABATE_LONG") else 50
DEADLINE_SECONDS = 1500 if os.environ.get("ABATE_LONG") else 150


class Killed(unittest.TestCase):
    def setUp(self):
        self.desk = desk.Desk(desk.program())
        self.addCleanup(self.desk.close)
        self.desk.ledger("203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,ada@example.net")
        self.over, self.lock = threading.Event(), threading.Lock()
        self.addCleanup(self.over.set)
        self.acknowledged, self.next = set(), 0

    def send_for_ever(self):
        while not self.over.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self.desk.lmtp_port), 5) as line:
                    self.converse(line.makefile("rwb"))
            except OSError:
                time.sleep(0.01)  # it is being started: what matters is what was acknowledged

    def converse(self, talk):
        def answer():
            while (said := talk.readline())[3:4] == b"-":
                pass
            return said

        def say(words):
            talk.write(words.encode())
            talk.flush()
            return answer()

        answer()
        say("LHLO test.example\r\n")
        while not self.over.is_set():
            with self.lock:
                self.next += 1
                number = self.next
            if not say("MAIL FROM:<fbl@example.org>\r\n").startswith(b"250"):
                return
            say("RCPT TO:<abuse@example.net>\r\n")
            if not say("DATA\r\n").startswith(b"354"):
                return
            if say(desk.arf(number).decode() + ".\r\n").startswith(b"250"):
                with self.lock:
                    self.acknowledged.add(number)

    def test_what_was_acknowledged_is_there_exactly_once(self):
        end, chance = time.monotonic() + DEADLINE_SECONDS, random.Random(7)
        senders = [threading.Thread(target=self.send_for_ever, daemon=True) for _ in range(2)]
        for sender in senders:
            sender.start()
        for _ in range(ROUNDS):
            self.desk.start(ready=False)
            before = len(self.acknowledged)
            while len(self.acknowledged) == before:  # each round keeps something
                self.assertIsNone(self.desk.process.poll(), "the desk ended by itself")
                self.assertLess(time.monotonic(), end, "nothing is acknowledged any more")
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.15))
            self.desk.kill()
        self.over.set()
        for sender in senders:
            sender.join(10)
        self.desk.start()
        waiting = "SELECT count(*) FROM reports WHERE status = 'received' AND status <> 'read'"
        self.desk.until("every report read", lambda: self.desk.sql(waiting) == [("0",)], end - time.monotonic(), 0.1)
        self.desk.stop()
        kept = self.desk.sql("SELECT bytes FROM blobs JOIN reports ON reports.hash = blobs.hash")
        numbers = [int(mail.split("complaint ")[1].split("\r")[0]) for mail, in kept]
        self.assertEqual(len(numbers), len(set(numbers)), "a report is there twice")
        self.assertEqual(self.acknowledged - set(numbers), set(), "an acknowledged report is lost")
        self.assertEqual(self.desk.sql("SELECT count(*) FROM incidents WHERE ticket_id <> ''"), [(str(len(numbers)),)])
        self.assertEqual(self.desk.sql("SELECT incident_count FROM tickets"), [(str(len(numbers)),)])
        self.assertIn("whole", self.desk.verify())
        print(f"{ROUNDS} kills, {len(self.acknowledged)} acknowledged, {len(numbers)} kept")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
