#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demo, from its start to its clean end, in a folder with blanks in its path.

    demo_test.py TREE PROGRAM

TREE/demo is copied, started on a free port, and looked at by way of the API and the pages; then SIGTERM.
"""
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import desk

TREE, PROGRAM = pathlib.Path(sys.argv[1]), desk.program()
START_SECONDS = 120
STOP_SECONDS = 30


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.around = tempfile.TemporaryDirectory(prefix="abate demo ")
        root = pathlib.Path(cls.around.name)
        shutil.copytree(TREE / "demo", root / "the demo")
        cls.folder, cls.port = root / "its folder", desk.free_port()
        cls.process = subprocess.Popen(
            [root / "the demo" / "start", str(cls.port), "--folder", cls.folder, "--program", PROGRAM],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        cls.said = []
        alarm = signal.signal(signal.SIGALRM, lambda *_: cls.process.terminate())
        signal.alarm(START_SECONDS)
        for line in cls.process.stdout:
            cls.said.append(line)
            if line.startswith("Ctrl-C"):
                break
        signal.alarm(0)
        signal.signal(signal.SIGALRM, alarm)
        if cls.process.poll() is not None or not cls.said[-1:] or not cls.said[-1].startswith("Ctrl-C"):
            cls.tearDownClass()
            raise AssertionError("the demo did not start:\n" + "".join(cls.said))

    @classmethod
    def tearDownClass(cls):
        if cls.process.poll() is None:
            cls.process.terminate()
            try:
                cls.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                cls.process.kill()
                cls.process.wait()
        cls.process.stdout.close()
        cls.around.cleanup()

    def ask(self, path):
        token = (self.folder / "desk.token").read_text().strip()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def items(self, path):
        return self.ask(path)["items"]

    def browser(self, email, password):
        return desk.signed_in(f"http://127.0.0.1:{self.port}", email, password)

    def test_every_state_has_a_ticket(self):
        for state in ("in_review", "open", "claimed", "closed", "dismissed"):
            self.assertTrue(self.items(f"/api/v1/tickets?state={state}"), state)
        self.assertTrue(self.items("/api/v1/tickets?overdue=true"))

    def test_all_seven_categories_are_there(self):
        for category in ("spam", "phishing", "malware", "ddos", "proxy", "illegal_content", "other"):
            self.assertTrue(self.items(f"/api/v1/tickets?category={category}"), category)

    def test_one_measure_waits_and_one_is_in_force(self):
        states = {measure["state"] for ticket in self.items("/api/v1/tickets?category=proxy") for measure in ticket["measures"]}
        self.assertLessEqual({"proposed", "in_force"}, states)
        self.assertIn("suspend on vps-1019", (self.folder / "panel.log").read_text())

    def test_a_flood_that_a_known_reporter_names_opened_by_itself(self):
        ticket = self.items("/api/v1/tickets?service=vps-1009&category=ddos")[0]
        opened = [entry for entry in self.items(f"/api/v1/tickets/{ticket['id']}/entries") if entry["kind"] == "opened"]
        self.assertEqual([entry["actor"] for entry in opened], ["system"])

    def test_a_claim_with_proofs_that_hold_and_a_customer_who_is_stuck_are_there(self):
        claimed = self.items("/api/v1/tickets?service=vps-1003&category=phishing")[0]["id"]
        proofs = [entry["body"]["checks"] for entry in self.items(f"/api/v1/tickets/{claimed}/entries") if entry["kind"] == "proof"]
        self.assertEqual([(one["proved"], one["claimed"]) for one in proofs], [(5, 3)], proofs)
        self.assertEqual({proof["whole"] + proof["here"] + proof["in_time"] for proof in proofs[0]["proofs"]}, {"yesyesyes"})
        page = self.browser("lead@meadow.example", "meadow-lead-demo")
        self.assertIn("Proofs, and what the desk checked", page(f"/tickets/{claimed}"))
        stuck = self.items("/api/v1/tickets?service=vps-1012&category=phishing")[0]["id"]
        self.assertIn("The customer is stuck", page(f"/tickets/{stuck}"))

    def test_reports_for_a_person_are_there(self):
        for status in ("unreadable", "not_a_report", "read"):
            self.assertTrue(self.items(f"/api/v1/reports?status={status}"), status)

    def test_each_verdict_of_attribution_is_there(self):
        reports = self.items("/api/v1/reports?status=read&limit=100")
        verdicts = {incident["attribution"]["verdict"] for report in reports
                    for incident in self.ask(f"/api/v1/reports/{report['report_id']}")["incidents"]}
        self.assertEqual(verdicts, {"matched", "ambiguous", "unassigned", "not_ours"})

    def test_the_team_sees_its_pages(self):
        page = self.browser("lead@meadow.example", "meadow-lead-demo")
        for path in ("/review", "/tickets", "/reports"):
            self.assertIn("Meadow Hosting", page(path), path)
        self.assertIn("vps-1003", page("/tickets") + page("/tickets?state=claimed"))

    def test_a_customer_sees_only_their_own(self):
        page = self.browser("board@harbourcycling.example", "harbour-cycling-demo")("/tickets")
        self.assertIn("vps-1003", page)
        self.assertNotIn("vps-1004", page)

    def test_z_sigterm_ends_it_cleanly(self):  # last: the others need it running
        self.process.send_signal(signal.SIGTERM)
        rest, _ = self.process.communicate(timeout=STOP_SECONDS)
        self.assertEqual(self.process.returncode, 0, rest)
        self.assertIn("The desk has ended.", rest)
        checked = subprocess.run([PROGRAM, "history", "verify", "--config", self.folder / "abated.toml"],
                                 capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
