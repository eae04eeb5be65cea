#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random instants under load: what was acknowledged is there exactly once (law 1).

    kill9_test.py TREE PROGRAM

Two clients send mail by LMTP without a pause while the desk is killed and started again, 50 rounds (500 with
ABATE_LONG=1). At the end: every mail that was answered 250 is one report, none is there twice, all are read, each has
its one incident in the ticket, and the history is whole.
"""
import os
import pathlib
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM = pathlib.Path(sys.argv[2]).resolve()
ROUNDS = 500 if os.environ.get("ABATE_LONG") else 50
DEADLINE_SECONDS = 1500 if os.environ.get("ABATE_LONG") else 150
MAIL = """From: fbl@example.org\r
Subject: complaint {number}\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=feedback-report; boundary=b\r
\r
--b\r
Content-Type: message/feedback-report\r
\r
Feedback-Type: abuse\r
User-Agent: Test/1\r
Version: 1\r
Source-IP: 203.0.113.10\r
Arrival-Date: Mon, 23 Nov 2026 09:00:00 +0000\r
\r
--b--\r
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Killed(unittest.TestCase):
    def setUp(self):
        self.around = tempfile.TemporaryDirectory(prefix="abate-kill-")
        self.folder = pathlib.Path(self.around.name)
        self.lmtp, self.over, self.lock = free_port(), threading.Event(), threading.Lock()
        self.acknowledged, self.next = set(), 0
        self.config = self.folder / "abated.toml"
        self.config.write_text(
            f'[store]\nurl = "sqlite:{self.folder}/desk.db"\n[http]\nlisten = "127.0.0.1:{free_port()}"\n'
            f'[lmtp]\nlisten = "127.0.0.1:{self.lmtp}"\n[smtp]\nurl = "folder:{self.folder}/mail"\n'
            '[reading]\nworkers = 1\n[node]\nname = "one"\n')
        ledger = self.folder / "ledger.csv"
        ledger.write_text("range,from,until,service_id,service_name,customer_id,customer_name,customer_email\n"
                          "203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,ada@example.net\n")
        self.run_desk("assignments", "import", str(ledger))
        self.process = None

    def tearDown(self):
        self.over.set()
        if self.process:
            self.process.kill()
            self.process.wait()
        self.around.cleanup()

    def run_desk(self, *words):
        done = subprocess.run([PROGRAM, *words, "--config", self.config], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([PROGRAM, "serve", "--config", self.config], stdout=log, stderr=log)

    def send_for_ever(self):
        while not self.over.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self.lmtp), 5) as line:
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
            if say(MAIL.format(number=number) + ".\r\n").startswith(b"250"):
                with self.lock:
                    self.acknowledged.add(number)

    def rows(self, statement):
        with sqlite3.connect(f"file:{self.folder}/desk.db?mode=ro", uri=True) as store:
            return store.execute(statement).fetchall()

    def wait_until_read(self, end):
        waiting = "SELECT count(*) FROM reports WHERE status = 'received' AND status <> 'read'"
        while self.rows(waiting)[0][0] > 0:
            self.assertLess(time.monotonic(), end, "reports are left unread")
            time.sleep(0.1)

    def test_what_was_acknowledged_is_there_exactly_once(self):
        end, chance = time.monotonic() + DEADLINE_SECONDS, random.Random(7)
        senders = [threading.Thread(target=self.send_for_ever, daemon=True) for _ in range(2)]
        for sender in senders:
            sender.start()
        for _ in range(ROUNDS):
            self.start()
            before = len(self.acknowledged)
            while len(self.acknowledged) == before:  # each round keeps something
                self.assertIsNone(self.process.poll(), "the desk ended by itself")
                self.assertLess(time.monotonic(), end, "nothing is acknowledged any more")
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.15))
            self.process.kill()
            self.process.wait()
        self.over.set()
        for sender in senders:
            sender.join(10)
        self.start()
        self.wait_until_read(end)
        self.process.terminate()
        self.assertEqual(self.process.wait(30), 0)
        subjects = [bytes(row[0]) for row in self.rows(
            "SELECT bytes FROM blobs JOIN reports ON reports.hash = blobs.hash")]
        numbers = [int(raw.split(b"complaint ")[1].split(b"\r")[0]) for raw in subjects]
        self.assertEqual(len(numbers), len(set(numbers)), "a report is there twice")
        self.assertEqual(self.acknowledged - set(numbers), set(), "an acknowledged report is lost")
        self.assertEqual(self.rows("SELECT count(*) FROM incidents WHERE ticket_id <> ''")[0][0], len(numbers))
        self.assertEqual(self.rows("SELECT incident_count FROM tickets"), [(len(numbers),)])
        self.assertIn("whole", self.run_desk("history", "verify"))
        print(f"{ROUNDS} kills, {len(self.acknowledged)} acknowledged, {len(numbers)} kept")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
