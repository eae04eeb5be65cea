#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""loop_test.py TREE ABATED ABATE: the whole loop with real programs, from the spam to the closed ticket, and back.

A server with Apache, PHP and Postfix is broken into through a plugin and sends spam. Whoever got it complains to the desk by
LMTP; the notice goes out; its link goes to `abate` on the server, which finds the way in, takes it away, proves it and answers;
the team reads the proofs and closes. And once with a customer who only says so: that does not close.
"""
import email.utils
import hashlib
import json
import os
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

import hacked_server
from hacked_server import DESK_ADDRESS, DOCROOT, INTRUDER, MAILER, MX_ADDRESS, UPLOAD

hacked_server.own_network()
import desk  # noqa: E402  it may start nothing outside of that network

ABATE = pathlib.Path(sys.argv[3])
CHANGED_BY_LIFE = ("/var/log", "/var/spool/postfix", "/var/lib/postfix", "/var/lib/abate", "/run", "/tmp", "/proc", "/dev", "/sys", "/root")


def complaint(number, spam):
    """What a mailbox provider sends for a mail that a user called spam (RFC 5965), with the mail itself."""
    now = email.utils.formatdate()
    return "\r\n".join((
        "From: fbl@mailbox.example", f"Subject: complaint {number}", f"Date: {now}", "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b", "",
        "--b", "Content-Type: message/feedback-report", "",
        "Feedback-Type: abuse", "User-Agent: Loop/1", "Version: 1", f"Source-IP: {hacked_server.ADDRESS}", f"Arrival-Date: {now}", "",
        "--b", "Content-Type: message/rfc822", "", "")).encode() + spam.raw + b"\r\n--b--\r\n"


def everything(root):
    """path -> what undo must bring back: kind, mode, owner, time, attributes, bytes."""
    seen = {}
    for folder, folders, files in os.walk(root):
        here = "/" + os.path.relpath(folder, root).replace(".", "", 1).lstrip("/")
        folders[:] = [name for name in folders if not f"{here.rstrip('/')}/{name}".startswith(CHANGED_BY_LIFE)]
        for name in [*folders, *files]:
            path = os.path.join(folder, name)
            state = os.lstat(path)
            content = os.readlink(path) if os.path.islink(path) else hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest() if name in files else ""
            attributes = {one: os.getxattr(path, one, follow_symlinks=False) for one in os.listxattr(path, follow_symlinks=False)}
            seen[os.path.relpath(path, root)] = (state.st_mode, state.st_uid, state.st_gid, state.st_mtime_ns, content, attributes)
    return seen


class Loop(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        around = tempfile.TemporaryDirectory(prefix="abate-loop-")
        self.addCleanup(around.cleanup)
        self.folder = pathlib.Path(around.name)
        self.world = self.enterContext(desk.SmtpSink())
        self.server = self.enterContext(hacked_server.Server(self.folder, [ABATE]))
        (self.server.root / "var/lib/abate").mkdir()  # abate's own, and no change of the server
        self.server.front(MX_ADDRESS, 25, self.world.port)
        self.desk = self.enterContext(desk.Desk(desk.program(), smtp=self.world.url, public_url="https://abuse.example.net", more="[probe]\nenabled = true\n",
                                                policy='[default]\nfix_within = "24h"\n'))
        self.desk.ledger(f"{hacked_server.ADDRESS},2026-01-01T00:00:00Z,,vps-1002,vps1002,c-1,Harbour Cycling,board@harbour.example")
        self.desk.start()
        self._put_tls_before_the_desk()

    def _put_tls_before_the_desk(self):
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=abuse.example.net",
                        "-addext", "subjectAltName=DNS:abuse.example.net", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.server.front(DESK_ADDRESS, 443, self.desk.port, lambda line: context.wrap_socket(line, server_side=True))
        self.server.put("/etc/ssl/desk.pem", certificate.read_text())

    def abate(self, *words, expect):
        done = self.server.run("abate", *words, env={"SSL_CERT_FILE": "/etc/ssl/desk.pem"})
        self.assertEqual(done.returncode, expect, f"abate {words}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def made(self, path):
        """A JSON form that abate wrote on the server."""
        return json.loads((self.server.root / path.lstrip("/")).read_text())

    def spam_is_sent(self, count):
        self.assertTrue(self.server.send_spam(count), "the mailer did not answer")
        return self.world.wait(self.server.sent, having="Invoice")

    def ticket_from_the_spam(self):
        """A server is broken into, sends spam, is complained about; the ticket is open. Its id and the notice's link."""
        self.server.visit()
        self.server.break_in()
        spam = self.spam_is_sent(25)
        self.desk.lmtp(complaint(1, spam[3]))
        ticket = self.desk.until("a ticket", lambda: self.desk.items("/api/v1/tickets"))[0]["id"]
        self.desk.act(ticket, "open")
        notice = self.world.wait(1, having=ticket)[0]
        self.assertEqual(notice.recipients, ["board@harbour.example"])
        link = re.search(r"https://abuse\.example\.net/tickets/T-\d+-\d+#\S+", notice.plain)
        self.assertTrue(link, notice.plain)
        self.assertNotIn("\\x09", notice.plain, "a tab of the spam's header, shown to a customer as what it is to a program")
        return ticket, link[0]

    def test_from_the_spam_to_the_closed_ticket_and_back(self):
        ticket, link = self.ticket_from_the_spam()
        before = everything(self.server.root)
        mailer = (self.server.root / (DOCROOT + MAILER).lstrip("/")).read_bytes()

        self.abate("diagnose", "--ticket", link, "--json", "/root/diagnosis.json", expect=1)
        diagnosis = self.made("/root/diagnosis.json")
        self.assertEqual((diagnosis["verdict"], diagnosis["ticket"]), ("cause_found", ticket))
        self.assertEqual(diagnosis["entry"]["kind"], "vulnerable_application")
        self.assertEqual((diagnosis["entry"]["subject"]["path"], diagnosis["entry"]["from"]), (DOCROOT + UPLOAD, INTRUDER))
        bad = [finding for finding in diagnosis["findings"] if finding["severity"] == "malicious"]
        self.assertEqual({finding["subject"].get("path") for finding in bad}, {DOCROOT + MAILER}, "abate called something else bad")

        self.abate("verify", "--ticket", link, expect=1)  # nothing was done yet
        self.abate("plan", "--ticket", link, "--json", "/root/plan.json", expect=1)
        self.abate("apply", "/root/plan.json", "--yes", expect=0)
        self.assertEqual(self.server.ask(MAILER).status, 404)
        self.assertIn(self.server.ask(UPLOAD, {"month": "2026/11"}).status, (403, 404))
        self.assertEqual(self.server.ask("/").status, 200, "the club's page went too")
        self.assertFalse(self.server.send_spam(1))
        self.server.visit()

        # The intruder kept a copy, where no site shows it and under a name of no program.
        kept = self.server.root / "var/log/installer.status"
        kept.write_bytes(mailer)
        self.abate("verify", "--ticket", link, "--json", "/root/proofs.json", expect=1)
        copies = [proof for proof in self.made("/root/proofs.json")["proofs"] if proof["about"] == "copies"]
        self.assertEqual([(proof["good"], proof["seen"]) for proof in copies],
                         [(False, f"came back elsewhere: /var/log/installer.status holds the same bytes as {DOCROOT + MAILER}")])
        kept.unlink()

        self.abate("verify", "--ticket", link, "--json", "/root/proofs.json", expect=0)
        tried = self.made("/root/proofs.json")["proofs"]
        by_about = {proof["about"].partition(":")[0]: proof for proof in tried}
        self.assertIn("nothing; looked at /var/log/mail.log from line ", by_about["mail"]["seen"], tried)
        self.assertIn("no other file, and nothing that runs", by_about["copies"]["seen"], tried)
        sent = self.abate("reply", "--ticket", link, "--send", "--yes", "--prevention", "The plugin's updates come by themselves now.", expect=0)
        self.assertIn("Sent.", sent)

        claimed = self.desk.ticket(ticket)
        self.assertEqual(claimed["state"], "claimed")
        proofs = self.desk.entries(ticket, "proof")
        self.assertEqual([entry["actor"] for entry in proofs], ["customer:c-1"])
        seen = self.desk.until("the desk's own look", lambda: self.desk.entries(ticket, "probe"))[0]["body"]
        self.assertEqual((seen["kind"], seen["outcome"]), ("open_relay", "gone"), seen)
        page = self.desk.browser("lead@example.net")(f"/tickets/{ticket}")
        for words in ("proved", "claimed", "ride-9.php", "The plugin&#39;s updates come by themselves now."):
            self.assertIn(words, page)
        self.desk.act(ticket, "accept", reason="proofs whole, nothing new came in")
        self.assertEqual(self.desk.ticket(ticket)["state"], "closed")
        self.desk.verify()

        run = re.search(r"run-\w+", self.server.run("abate", "history").stdout)[0]
        self.abate("undo", run, expect=0)
        after = everything(self.server.root)
        self.assertEqual({path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}, set())

    def test_a_fix_that_was_only_claimed_does_not_close(self):
        ticket, link = self.ticket_from_the_spam()
        self.desk.tokens["customer"] = link.split("#")[1]
        self.desk.act(ticket, "claim", token="customer", text="We changed the password. Fixed.")
        self.assertEqual(self.desk.ticket(ticket)["state"], "claimed")

        claimed = time.time()  # a complaint names whole seconds
        desk.until("the next second", lambda: time.time() >= int(claimed) + 1)
        spam = self.spam_is_sent(5)
        self.desk.lmtp(complaint(2, spam[-1]))
        self.desk.until("the claim refused", lambda: self.desk.entries(ticket, "refused"))
        refused = self.desk.entries(ticket, "refused")[0]
        self.assertEqual(refused["actor"], "system")
        self.assertEqual(self.desk.ticket(ticket)["state"], "open")
        told = self.desk.call("POST", f"/api/v1/tickets/{ticket}/accept", {"reason": "he says so"},
                              If_Match=self.desk.call("GET", f"/api/v1/tickets/{ticket}").headers["ETag"])
        self.assertEqual(told.status, 409, "a claim that failed was accepted")
        self.abate("verify", "--ticket", link, expect=1)
        self.desk.verify()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
