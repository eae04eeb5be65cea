#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who says so (B4): mails signed by another implementation than the desk's, keys from a DNS server on loopback.

    identity_test.py TREE PROGRAM

Policy opens by itself. What is signed by the author's own domain opens; what was changed, signed by somebody else, or not
signed waits for a person. The key stays with the report after DNS has forgotten it. Then SIGHUP: other servers, another
policy, and a configuration that is wrong.
"""
import base64
import socket
import struct
import subprocess
import threading
import unittest

import dkim

import desk

POLICY = '[default]\nopen = "automatic"\n'
LEDGER = [f"203.0.113.{n},2026-01-01T00:00:00Z,,vps-{n},s,c-1,Ada,ada@example.net" for n in range(10, 20)]


class Zone:
    """TXT records by UDP, in the words of RFC 1035 section 4."""

    def __init__(self, records):
        self.records, self.asked = records, []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                question, client = self.socket.recvfrom(2048)
            except OSError:
                return
            labels, at = [], 12
            while question[at]:
                labels.append(question[at + 1:at + 1 + question[at]].decode().lower())
                at += 1 + question[at]
            name = ".".join(labels)
            self.asked.append(name)
            text = self.records.get(name)
            head = question[:2] + struct.pack(">HHHHH", 0x8180 if text else 0x8183, 1, 1 if text else 0, 0, 0)
            answer = head + question[12:at + 5]
            if text:
                pieces = [text[i:i + 200].encode() for i in range(0, len(text), 200)]
                data = b"".join(bytes([len(piece)]) + piece for piece in pieces)
                answer += b"\xc0\x0c" + struct.pack(">HHIH", 16, 1, 1, len(data)) + data
            self.socket.sendto(answer, client)

    def close(self):
        self.socket.close()


def make_key():
    private = subprocess.run(["openssl", "genrsa", "-traditional", "2048"], capture_output=True, check=True).stdout
    public = subprocess.run(["openssl", "rsa", "-pubout", "-outform", "DER"], input=private, capture_output=True,
                            check=True).stdout
    return private, "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode()


def signed(mail, domain, key):
    return dkim.sign(mail, b"sel", domain.encode(), key, include_headers=[b"From", b"Subject"]) + mail


class Identity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.key, record = make_key()
        cls.record = record
        cls.zone = Zone({"sel._domainkey.example.org": record, "sel._domainkey.evil.test": record})

    @classmethod
    def tearDownClass(cls):
        cls.zone.close()

    def setUp(self):
        self.desk = desk.Desk(desk.program(), policy=POLICY, more=f'[dns]\nservers = ["{self.zone.address}"]\n')
        self.desk.ledger(*LEDGER)
        self.desk.start()

    def tearDown(self):
        self.desk.close()

    def arrives(self, mail):
        """The report when it was read, and the state of its ticket."""
        self.desk.lmtp(mail)
        reports = self.desk.until("read", lambda: [r for r in self.desk.items("/api/v1/reports")
                                                   if r["report_id"] not in self.seen and r["status"] != "received"])
        report = self.desk.get(f"/api/v1/reports/{reports[0]['report_id']}")
        self.seen.add(report["report_id"])
        return report, self.desk.ticket(report["incidents"][0]["ticket_id"])["state"]

    seen = set()

    def test_only_what_its_author_signed_opens_by_itself(self):
        report, state = self.arrives(signed(desk.arf(1, "203.0.113.10"), "example.org", self.key))
        self.assertEqual((report["reporter"]["authenticated"], state), ("dkim:example.org", "open"))
        self.assertEqual(report["reporter"]["keys"],
                         [{"name": "sel._domainkey.example.org", "text": self.record}])
        report, state = self.arrives(
            signed(desk.arf(2, "203.0.113.11"), "example.org", self.key).replace(b"Buy now", b"Buy NOW"))
        self.assertEqual((report["reporter"]["authenticated"], state), ("none", "in_review"))
        self.assertIn("does not verify", " ".join(report["warnings"]))
        report, state = self.arrives(signed(desk.arf(3, "203.0.113.12"), "evil.test", self.key))
        self.assertEqual((report["reporter"]["authenticated"], state), ("none", "in_review"))
        self.assertIn("but From is of example.org", " ".join(report["warnings"]))
        report, state = self.arrives(desk.arf(4, "203.0.113.13"))
        self.assertEqual((report["reporter"]["authenticated"], state), ("none", "in_review"))
        # Our own server's findings count for nothing where the configuration does not name it.
        results = b"Authentication-Results: mx.example.net; dmarc=pass header.from=example.org\r\n"
        report, state = self.arrives(results + desk.arf(5, "203.0.113.14"))
        self.assertEqual((report["reporter"]["authenticated"], state), ("none", "in_review"))

        with self.subTest("SIGHUP takes other readers' words, DNS and policy"):
            before = self.desk.config.read_text()
            self.desk.config.write_text(before.replace(
                "[reading]\n", '[reading]\ntrusted_authserv = ["mx.example.net"]\n'))
            self.desk.reload(POLICY)
            report, state = self.arrives(results + desk.arf(6, "203.0.113.15"))
            self.assertEqual((report["reporter"]["authenticated"], state), ("dmarc:example.org", "open"))
            self.desk.reload('[default]\nopen = "review"\n')
            report, state = self.arrives(results + desk.arf(7, "203.0.113.16"))
            self.assertEqual((report["reporter"]["authenticated"], state), ("dmarc:example.org", "in_review"))

        with self.subTest("a wrong configuration is refused whole"):
            self.desk.config.write_text(self.desk.config.read_text() + "[smpt]\n")
            self.desk.process.send_signal(1)
            self.desk.until("refused", lambda: "configuration_refused" in self.desk.log.read_text())
            self.assertIn("smtp", self.desk.log.read_text().split("configuration_refused")[1].splitlines()[0])
            report, state = self.arrives(results + desk.arf(8, "203.0.113.17"))
            self.assertEqual((report["reporter"]["authenticated"], state), ("dmarc:example.org", "in_review"))

    def test_sighup_takes_prefixes_and_the_mail_server(self):
        self.assertEqual(self.desk.get("/api/v1/attribution?ip=198.51.100.7")["verdict"], "not_ours")
        config = self.desk.config.read_text()
        self.desk.config.write_text(config.replace('"203.0.113.0/24"', '"203.0.113.0/24", "198.51.100.0/24"')
                                    .replace("/mail", "/other-mail"))
        self.desk.reload(POLICY)
        self.desk.until("the prefix known", lambda: self.desk.get(
            "/api/v1/attribution?ip=198.51.100.7")["verdict"] == "unassigned")
        self.arrives(signed(desk.arf(1, "203.0.113.10"), "example.org", self.key))
        self.desk.until("the notice in the other folder", lambda: list(self.desk.folder.glob("other-mail/*")))


if __name__ == "__main__":
    unittest.main(argv=["identity_test"])
