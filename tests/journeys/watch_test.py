#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""watch_test.py TREE ABATED ABATE: `abate watch` beside a live desk. What it sees in probation stands in the ticket, by the
ticket's own link; where the ticket waits for its owner's answer, the letter goes by sendmail. And the units that it installs are
such as systemd itself takes.

The server is a small disk; the desk, its link and systemd-analyze are real. Needs root, or `sudo -n`, to put a sink in
sendmail's place in a mount namespace.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import desk

ABATE = pathlib.Path(sys.argv[3])
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]
UNITS = "etc/systemd/system"


class Watch(unittest.TestCase):
    def setUp(self):
        around = tempfile.TemporaryDirectory(prefix="abate-watch-")
        self.addCleanup(around.cleanup)
        self.folder = pathlib.Path(around.name)
        self.root, self.state, self.letters = self.folder / "root", self.folder / "state", self.folder / "letters"
        self.letters.mkdir()
        for name in (UNITS, "lib/systemd", "usr/local/bin", "root", "home/anna/.ssh", "var/www", "etc/cron.d"):
            (self.root / name).mkdir(parents=True)
        self.put("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/sh\n")
        self.put("etc/hostname", "vps1002.example.net\n")
        self.put("etc/os-release", 'ID=debian\nVERSION_ID=12\n')
        self.put("lib/systemd/systemd", "x", 0o755)
        shutil.copy(ABATE, self.root / "usr/local/bin/abate")
        self.sink = self.folder / "sendmail"
        self.sink.write_text(f'#!/bin/sh\nn=$(ls {self.letters} | wc -l)\necho "$@" >{self.folder}/words\ncat >{self.letters}/$n\n')
        self.sink.chmod(0o755)

    def put(self, path, text, mode=0o644):
        (self.root / path).write_text(text)
        (self.root / path).chmod(mode)

    def watch(self, *words, status=0):
        done = subprocess.run([*AS_ROOT, "unshare", "--mount", "sh", "-c", 'mount --bind "$1" /usr/sbin/sendmail && shift && exec "$@"', "sh",
                               self.sink, ABATE, "watch", "--root", self.root, "--state", self.state, *words],
                              capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def mails(self):
        return [file.read_text() for file in sorted(self.letters.glob("*"))]

    def begin(self):
        d = self.enterContext(desk.Desk(desk.program()))
        d.ledger("203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,ada@example.net")
        d.start()
        d.lmtp(desk.arf(1))
        ticket = d.until("a ticket", lambda: d.items("/api/v1/tickets"))[0]["id"]
        d.act(ticket, "open")
        d.token("ada", "customer:c-1")

        def mailed():
            for file in sorted((d.folder / "mail").glob("*")):
                found = re.search(r"abate --ticket '([^']+)'", file.read_text(errors="replace").replace("=3D", "="))
                if found and ticket in found[1]:
                    return found[1]
        return d, ticket, d.until("the notice with its link", mailed)

    def test_news_in_probation_stands_in_the_ticket_and_else_goes_by_mail(self):
        d, ticket, link = self.begin()
        self.watch("--install", "--ticket", link, "--mail", "owner@example.org")
        self.assertIn("first look", self.watch("--once"))
        self.assertEqual((self.mails(), d.entries(ticket, "reply")), ([], []))

        # In an open ticket a letter would count as the owner's own answer, and stop its clock.
        self.put("etc/cron.d/first", "* * * * * root /bin/true\n")
        self.watch("--once", status=1)
        self.assertEqual(d.entries(ticket, "reply"), [])
        self.assertIsNone(d.ticket(ticket)["answered_at"])
        letter, = self.mails()
        self.assertIn("To: owner@example.org", letter)
        self.assertIn("/etc/cron.d/first", letter)

        d.act(ticket, "claim", token="ada", text="The plugin is gone.")
        d.act(ticket, "accept", reason="checked")
        self.put("root/.my.cnf", "[client]\npassword = batterystaple\n", 0o600)
        self.put("etc/cron.d/batterystaple", "* * * * * root /bin/true\n")
        self.put("etc/passwd", (self.root / "etc/passwd").read_text() + "mallory:x:0:0::/root:/bin/sh\n")
        self.watch("--once", "--quiet", status=1)
        told, = d.entries(ticket, "reply")
        self.assertEqual((told["actor"], told["body"]["by"]), ("customer:c-1", "link"))
        self.assertIn("mallory", told["body"]["text"])
        self.assertIn("/etc/cron.d/[secret]", told["body"]["text"], "the intruder took a password of the server for a name")
        self.assertNotIn("batterystaple", json.dumps(d.entries(ticket)))
        self.assertEqual(d.ticket(ticket)["state"], "closed", "what it tells is evidence; the team decides")
        self.assertEqual(len(self.mails()), 1, "the ticket has it, so nobody is mailed")
        self.assertIn("Nothing new", self.watch("--once"))
        self.assertEqual(len(d.entries(ticket, "reply")), 1, "told once")

        # While the desk is away the letter goes by mail.
        d.stop()
        self.put("etc/cron.d/second", "* * * * * root /bin/true\n")
        self.watch("--once", status=1)
        self.assertEqual(len(self.mails()), 2)
        self.assertIn("/etc/cron.d/second", self.mails()[1])
        self.assertNotIn("mallory", self.mails()[1])

    def test_nothing_is_lost_while_neither_desk_nor_sendmail_takes_it(self):
        d, ticket, link = self.begin()
        self.watch("--install", "--ticket", link, "--mail", "owner@example.org")
        self.watch("--once")
        d.act(ticket, "claim", token="ada", text="The plugin is gone.")
        takes = self.sink.read_text()
        self.sink.write_text("#!/bin/sh\nexit 75\n")
        d.stop()
        self.put("etc/cron.d/first", "* * * * * root /bin/true\n")
        self.watch("--once", status=1)
        self.assertEqual(self.mails(), [])
        self.sink.write_text(takes)
        d.start()
        self.watch("--once")
        told, = d.entries(ticket, "reply")
        self.assertIn("/etc/cron.d/first", told["body"]["text"])
        self.assertEqual(self.mails(), [])
        d.verify()

    def test_the_units_are_such_as_systemd_takes_and_undo_takes_them_away(self):
        before = {path: path.read_bytes() for path in sorted(self.root.rglob("*")) if path.is_file()}
        self.watch("--install", "--mail", "owner@example.org")
        service, timer = self.root / UNITS / "abate-watch.service", self.root / UNITS / "abate-watch.timer"
        enabled = self.root / UNITS / "timers.target.wants/abate-watch.timer"
        self.assertEqual(os.readlink(enabled), f"/{UNITS}/abate-watch.timer")
        self.assertEqual(self.complaints(service, timer), "")
        spoilt = self.folder / "spoilt"
        spoilt.mkdir()
        for unit, text in ((service, service.read_text().replace("oneshot", "oneshout")),
                           (timer, timer.read_text().replace("OnUnitActiveSec=15min", "OnUnitActiveSec=often"))):
            bad = spoilt / unit.name
            bad.write_text(text)
            self.assertNotEqual(self.complaints(bad), "", f"a spoilt {unit.name} is complained about, or this test tells nothing")

        self.watch("--remove")
        self.assertFalse((self.state / "watch").exists())
        self.assertEqual({path: path.read_bytes() for path in sorted(self.root.rglob("*")) if path.is_file()}, before)
        self.assertFalse(os.path.lexists(enabled))

    def complaints(self, *units):
        """What systemd says of these files. Its search for other units is ours alone; the program lies where the unit says."""
        there = self.folder / "units"
        shutil.rmtree(there, ignore_errors=True)
        there.mkdir()
        for unit in units:
            (there / unit.name).write_text(unit.read_text().replace("/usr/local/bin/abate", str(self.root / "usr/local/bin/abate")))
        if not (there / "abate-watch.service").exists():
            (there / "abate-watch.service").write_text("[Service]\nType=oneshot\nExecStart=/bin/true\n")
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", *(there / unit.name for unit in units)], capture_output=True, text=True,
                              timeout=60, env=os.environ | {"SYSTEMD_UNIT_PATH": f"{there}:"})
        said = [line for line in (done.stdout + done.stderr).splitlines() if "abate-watch" in line]
        return "\n".join(said) if said or done.returncode == 0 else done.stdout + done.stderr


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
