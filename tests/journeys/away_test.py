#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The store cannot take what arrives: nothing is acknowledged that is not kept, it is told, and all goes on after.

    away_test.py TREE PROGRAM

Three ways: a disk that is full (a small tmpfs of our own, where this user may mount one), a file that may not grow
(RLIMIT_FSIZE, as a supervisor sets it), a PostgreSQL that stopped as by a power cut.
"""
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

import desk

LEDGER = "203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,ada@example.net"
DISK_BYTES = 16 * 1024 * 1024
MAIL_BYTES = 60 * 1024
MAILS_MAX = 1000


class Away:
    """What runs it adds store(), take_away(), and give_back()."""

    def begin(self):
        self.desk = desk.Desk(desk.program(), store=self.store())
        self.addCleanup(self.desk.close)
        self.desk.run("migrate")
        self.desk.ledger(LEDGER)
        self.desk.token("desk", "desk")
        self.desk.start()
        self.sent = 0
        self.kept, self.refused = [], []

    def send(self):
        self.sent += 1
        code = self.desk.lmtp(desk.arf(self.sent, more="x" * MAIL_BYTES), expect=None)
        (self.kept if code == 250 else self.refused).append(self.sent)
        return code

    def post(self, expect):
        return self.desk.call("POST", "/api/v1/reports", desk.arf("by web", more="x" * MAIL_BYTES), expect=expect,
                              Content_Type="message/rfc822", Idempotency_Key="the only one").body

    def deliver(self, expect):
        return self.desk.run("deliver", feed=desk.arf("by pipe", more="x" * MAIL_BYTES), expect=expect)

    def check_away(self):
        for _ in range(3):
            self.assertIn(self.send(), range(400, 500))
            told = self.desk.readyz()
            self.assertEqual((told.status, told.body.get("status")), (503, "away"))
            self.assertIn("away", (told.body["parts"]["store"], told.body["parts"]["intake"]))
        self.assertEqual(self.desk.call("GET", "/healthz", token=None).status, 200)
        self.assertEqual(self.post(503)["status"], 503)
        self.deliver(75)

    def check_back(self):
        self.desk.until("kept again", lambda: self.send() == 250, pause=0.2)
        self.assertEqual(self.desk.readyz().status, 200)
        for number in self.refused:  # the mail server tries again
            self.assertEqual(self.desk.lmtp(desk.arf(number, more="x" * MAIL_BYTES)), 250)
        report = self.post(201)["report_id"]
        self.assertEqual(self.post(200)["report_id"], report)
        self.deliver(0)
        everything = len(self.kept) + len(self.refused) + 2
        self.desk.until("all read", lambda: not self.desk.items("/api/v1/reports?status=received"), seconds=60)
        ticket, = self.desk.items("/api/v1/tickets")
        self.assertEqual(ticket["incident_count"], everything)
        found = self.desk.sql("SELECT count(*), count(DISTINCT hash), min(status), sum(arrivals) FROM reports")
        self.assertEqual(found, [(str(everything), str(everything), "read", str(everything + 1))])  # the key came twice
        self.desk.act(ticket["id"], "open")
        self.desk.stop()
        self.assertIn("whole", self.desk.verify())

    def test_nothing_is_lost(self):
        self.begin()
        for _ in range(5):
            self.assertEqual(self.send(), 250)
        self.desk.until("all read", lambda: not self.desk.items("/api/v1/reports?status=received"))
        self.take_away()
        self.check_away()
        self.give_back()
        self.check_back()


class FullDisk(Away, unittest.TestCase):
    def store(self):
        self.disk = pathlib.Path(tempfile.mkdtemp(prefix="abate-journey-disk-"))
        self.addCleanup(self.disk.rmdir)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", self.disk], check=True)
        self.addCleanup(lambda: subprocess.run(["umount", "-l", self.disk], check=True))
        return f"sqlite:{self.disk}/desk.db"

    def take_away(self):
        """It fills up with reports; what is left then something else takes."""
        while self.send() == 250:
            self.assertLess(self.sent, MAILS_MAX, "the disk does not fill up")
        with open(self.disk / "ballast", "wb", buffering=0) as ballast:
            try:
                while ballast.write(b"x" * 4096):
                    pass
            except OSError:
                pass

    def give_back(self):
        (self.disk / "ballast").unlink()
        subprocess.run(["mount", "-o", f"remount,size={2 * DISK_BYTES}", self.disk], check=True)


class FileThatMayNotGrow(Away, unittest.TestCase):
    def store(self):
        return ""

    def limit(self, size):
        resource.prlimit(self.desk.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def take_away(self):
        self.limit((self.desk.folder / "desk.db-wal").stat().st_size)

    def deliver(self, expect):
        if expect == 0:
            super().deliver(expect)  # the limit is the running desk's, not that of the command beside it

    def give_back(self):
        self.limit(resource.RLIM_INFINITY)


class PostgresqlAway(Away, unittest.TestCase):
    def store(self):
        self.cluster = desk.PostgresCluster()
        self.addCleanup(self.cluster.close)
        return self.cluster.new_database()

    def take_away(self):
        self.cluster.stop()

    def give_back(self):
        self.cluster.start()


def with_mounts_of_our_own():
    """This program again, where it may mount; as it is where nobody may."""
    if os.environ.get("ABATE_OWN_MOUNTS"):
        return os.environ["ABATE_OWN_MOUNTS"] == "yes"
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    trial = subprocess.run([*alone, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, text=True)
    os.environ["ABATE_OWN_MOUNTS"] = "no" if trial.returncode else "yes"
    if trial.returncode == 0:
        os.execvp("unshare", [*alone, sys.executable, *sys.argv])
    print(f"no tmpfs can be mounted here, so no disk is filled: {trial.stderr.strip()}")
    return False


if __name__ == "__main__":
    if not with_mounts_of_our_own():
        del FullDisk
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
