#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""probe_test.py TREE PROGRAM: the desk tries by itself whether the harm is gone, and the ticket shows it.

In a network namespace of its own, where this machine has the customer's address. Needs root, or `sudo -n`.
"""
import http.server
import os
import subprocess
import sys
import threading
import unittest

import desk

ADDRESS = "203.0.113.10"
URL = "http://shop.example/kit/login.html"
LEDGER = f"{ADDRESS},2026-01-01T00:00:00Z,,vps-1,web1,c-1,Ada,ada@example.net"


def enter_namespace():
    if os.environ.get("ABATE_IN_NAMESPACE"):
        return
    again = ["unshare", "--net", "env", "ABATE_IN_NAMESPACE=yes", sys.executable, *sys.argv]
    os.execvp(*((again[0], again) if os.geteuid() == 0 else ("sudo", ["sudo", "-n", *again])))


def xarf(url=URL, kind="phishing"):
    return {"xarf_version": "4.2.0", "report_id": "11111111-2222-4333-8444-555555555555",
            "timestamp": "2026-11-23T09:07:00Z",
            "reporter": {"org": "Example", "contact": "noc@example.org", "domain": "example.org"},
            "sender": {"org": "Example", "contact": "noc@example.org", "domain": "example.org"},
            "source_identifier": ADDRESS, "category": "content", "type": kind, "url": url,
            "evidence_source": "crawler"}


class Page(http.server.BaseHTTPRequestHandler):
    status, asked = 200, []

    def do_GET(self):
        Page.asked.append((self.headers["Host"], self.path))
        self.send_response(Page.status)
        self.end_headers()
        self.wfile.write(b"<form>")

    def log_message(self, *_): pass


class Probing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        server = http.server.ThreadingHTTPServer((ADDRESS, 80), Page)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)

    def case(self, d, kind="phishing"):
        d.run("migrate")
        d.ledger(LEDGER)
        d.token("desk", "desk")
        d.token("ada", "customer:c-1")
        d.start()
        d.call("POST", "/api/v1/reports", xarf(kind=kind), expect=201)
        ticket = d.until("a ticket", lambda: d.items("/api/v1/tickets"))[0]["id"]
        d.act(ticket, "open")
        d.act(ticket, "claim", token="ada", text="It is fixed")
        return ticket

    def probes(self, d, ticket, count):
        return d.until(f"{count} probes", lambda: (lambda found: found if len(found) >= count else None)(
            d.entries(ticket, "probe")), seconds=60)

    def test_a_claim_is_tried_from_outside_and_goes_back_while_the_page_is_there(self):
        Page.status = 200
        with desk.Desk(desk.program(), policy='[default]\nprobe = "refuse"\n', more="[probe]\nenabled = true\npause = \"1s\"\n") as d:
            ticket = self.case(d)
            body = self.probes(d, ticket, 1)[0]["body"]
            self.assertEqual((body["kind"], body["outcome"], body["why"]), ("http_content", "live", "claim"))
            self.assertEqual(len(body["tries"]), 3)
            self.assertEqual(len(body["tries"][0]["sha256"]), 64)
            self.assertEqual(Page.asked[-1], ("shop.example", "/kit/login.html"))
            d.until("open again", lambda: d.ticket(ticket)["state"] == "open")
            self.assertIn("A check from outside", d.entries(ticket, "refused")[0]["body"]["reason"])
            self.assertEqual(d.measures(ticket), [])
            Page.status = 404
            d.act(ticket, "claim", token="ada", text="Now it is fixed")
            body = self.probes(d, ticket, 2)[-1]["body"]
            self.assertEqual(body["outcome"], "gone")
            self.assertEqual(d.ticket(ticket)["state"], "claimed", "a person closes")
            page = d.browser("lead@example.net")(f"/tickets/{ticket}")
            self.assertIn("The harm is gone", page)
            d.act(ticket, "accept", reason="checked from outside")
            self.assertIn("whole", d.verify())

    def test_what_nobody_may_fetch_is_not_fetched(self):
        Page.asked.clear()
        with desk.Desk(desk.program(), more="[probe]\nenabled = true\npause = \"1s\"\n") as d:
            ticket = self.case(d, kind="csam")
            body = self.probes(d, ticket, 1)[0]["body"]
            self.assertEqual(body["outcome"], "not_probed")
            self.assertIn("the law forbids", body["text"])
            self.assertEqual(Page.asked, [])

    def test_a_desk_that_was_not_told_to_speaks_to_nobody(self):
        Page.asked.clear()
        Page.status = 200
        with desk.Desk(desk.program()) as d:
            ticket = self.case(d)
            self.assertEqual(d.ticket(ticket)["state"], "claimed")
            self.assertEqual(d.sql("SELECT count(*) FROM probes"), [("0",)])
        self.assertEqual(Page.asked, [])


if __name__ == "__main__":
    enter_namespace()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["ip", "addr", "add", f"{ADDRESS}/32", "dev", "lo"], check=True)
    unittest.main(argv=[sys.argv[0]])
