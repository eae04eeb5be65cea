#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Odd bytes by each way in: LMTP (DATA and BDAT), `abated deliver`, HTTP, a Maildir and the folder of feeds.

    bytes_test.py TREE PROGRAM

What arrives is kept exactly and handed out exactly; the same mail by the mail channels is one report that counts its
arrivals; nothing is refused for its content; what is too large is refused where it can be, and left where it lies
otherwise; and each report that was kept ends as read, not_a_report or unreadable.
"""
import hashlib
import http.client
import os
import random
import re
import resource
import socket
import subprocess
import unittest
import urllib.parse

import desk

MESSAGE_MAX = 2 * 1024 * 1024
ENDED = {"read", "not_a_report", "unreadable"}
MIME = b"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"


def head(name):
    return f"From: reporter@example.org\r\nTo: abuse@example.net\r\nSubject: {name}\r\n".encode()


def exactly(size, name):
    start = head(name) + b"\r\n"
    line = b"0123456789abcdef" * 4 + b"\r\n"
    return (start + line * (size // len(line) + 1))[:size - 2] + b"\r\n"


def noise(size):
    return bytes(random.Random(5).getrandbits(8) for _ in range(size))


SAMPLES = {
    "a plain mail": head("plain") + b"\r\nhello\r\n",
    "nothing at all": b"",
    "one NUL": b"\0",
    "NUL in a header and in the body": head("nul\0nul") + b"\r\na\0b\0\0\r\n\0\r\n",
    "bare CR": head("cr") + b"\r\none\rtwo\r\rthree\r\n",
    "CR before CRLF": head("crcr") + b"\r\none\r\r\ntwo\r\r\r\n",
    "bare LF": head("lf") + b"\r\none\ntwo\n\nthree\r\n",
    "LF alone, all through": (head("unix") + b"\r\none\r\ntwo\r\n").replace(b"\r\n", b"\n"),
    "no end of line": head("open") + b"\r\nno end of line",
    "a bare CR at the end": head("cr at the end") + b"\r\nx\r",
    "only an end of line": b"\r\n",
    "a head without a body": head("headless"),
    "dots": head("dots") + b"\r\n.\r\n..\r\n...\r\n.hidden\r\n. \r\nx.\r\n.",
    "dots at the very start": b".\r\n..\r\n.x: y\r\n\r\n.\r\n",
    "what looks like an end, and a command": head("smuggle") +
    b"\r\na\n.\nMAIL FROM:<x@example.org>\r\nb\n.\r\nQUIT\r\nc\r.\rRSET\r\nd\r\n.\rx\r\n",
    "8 bits, not UTF-8": head("caf\u00e9") + b"Subject: Gr\xfc\xdfe \xff\xfe\r\n\r\n\x80\x81\xfe\xff \xed\xa0\x80\r\n",
    "all 256 bytes": head("all") + b"\r\n" + bytes(range(256)) * 3 + b"\r\n",
    "all 256 bytes alone": bytes(range(256)),
    "noise": noise(5000),
    "a line of 1 MB": head("long") + b"\r\n" + b"x" * 1024 * 1024 + b"\r\n",
    "a header of 1 MB": head("broad") + b"X-Long: " + b"y" * 1024 * 1024 + b"\r\n\r\n",
    "message_max exactly": exactly(MESSAGE_MAX, "exact"),
    "MIME that never ends": head("mime") + MIME + b"--b\r\n" * 500,
    "a feedback report of NUL": head("arf") + MIME + b"--b\r\nContent-Type: message/feedback-report\r\n\r\n" + b"\0" * 999,
    "JSON that is cut off": b'{"Version": "4", "ReporterInfo": {"ReporterOrg": "x',
    "only a quote": b'"',
}


class Lmtp:
    """One connection, in our own hands: smtplib would mend the lines."""

    def __init__(self, port):
        self.line = socket.create_connection(("127.0.0.1", port), desk.WAIT_SECONDS)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.heard = self.line.makefile("rb")
        assert self.answer() == 220
        assert self.say(b"LHLO test.example\r\n") == 250

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.heard.close()
        self.line.close()

    def answer(self):
        while (said := self.heard.readline())[3:4] == b"-":
            pass
        return int(said[:3] or 0)

    def say(self, words):
        self.line.sendall(words)
        return self.answer()

    def envelope(self, size=""):
        said = self.say(f"MAIL FROM:<reporter@example.org>{size}\r\n".encode())
        return said if said != 250 else self.say(b"RCPT TO:<abuse@example.net>\r\n")

    def data(self, mail):
        """The mail ends with CRLF or is empty: DATA cannot say anything else."""
        assert self.envelope() == 250 and self.say(b"DATA\r\n") == 354
        return self.say(re.sub(rb"(^|\r\n)\.", rb"\1..", mail) + b".\r\n")

    def bdat(self, mail, pieces=3):
        assert self.envelope() == 250
        step = max(1, len(mail) // pieces)
        parts = [mail[at:at + step] for at in range(0, len(mail), step)] or [b""]
        for part in parts[:-1]:
            said = self.say(b"BDAT %d\r\n" % len(part) + part)
            if said != 250:
                return said
        return self.say(b"BDAT %d LAST\r\n" % len(parts[-1]) + parts[-1])


class Bytes(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        cls.desk = desk.Desk(desk.program(), reading=f'workers = 2\nmessage_max = "{MESSAGE_MAX}"')
        cls.addClassCleanup(cls.desk.close)
        cls.maildir, cls.feeds = cls.desk.folder / "Maildir", cls.desk.folder / "feeds"
        for folder in (*(cls.maildir / name for name in ("tmp", "new", "cur")), cls.feeds):
            folder.mkdir(parents=True)
        with cls.desk.config.open("a") as config:
            config.write(f'[maildir]\nfolders = ["{cls.maildir}"]\n[feeds]\nfolder = "{cls.feeds}"\n')
        cls.desk.ledger("203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,ada@example.net")
        cls.desk.token("feeder", "reports", "feeder.example")
        cls.desk.token("other", "reports", "other.example")
        cls.desk.start()

    # The ways in.

    def post(self, body, chunked=False, token="feeder", **headers):
        """(status, answer) of POST /api/v1/reports, the body as it is."""
        url = urllib.parse.urlsplit(self.desk.base)
        line = http.client.HTTPConnection(url.hostname, url.port, timeout=desk.WAIT_SECONDS)
        fields = {"Authorization": f"Bearer {self.desk.tokens[token]}", "Content-Type": "message/rfc822"}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        half = len(body) // 2
        line.request("POST", "/api/v1/reports", [body[:half], body[half:]] if chunked else body, fields, encode_chunked=chunked)
        reply = line.getresponse()
        said = desk.json.loads(reply.read())
        line.close()
        return reply.status, said

    def deliver(self, mail, config=None, **options):
        return subprocess.run([self.desk.program, "deliver", "--config", config or self.desk.config, "--from",
                               "reporter@example.org", "--to", "abuse@example.net"], input=mail,
                              timeout=60, **({"capture_output": True} | options))

    def put(self, folder, name, content):
        beside = self.desk.folder / f"written-{name}"
        beside.write_bytes(content)
        beside.rename(folder / name)

    def reports_of(self, content):
        """{channel: report} of the reports with these bytes."""
        digest = hashlib.sha256(content).hexdigest()
        found = [report for report in self.desk.items("/api/v1/reports?limit=100") if report["sha256"] == digest]
        self.assertEqual(len({report["channel"] for report in found}), len(found), "a report is there twice")
        return {report["channel"]: report for report in found}

    def raw(self, report):
        return self.desk.get(f"/api/v1/reports/{report['report_id']}/raw")

    # The stories.

    def test_each_sample_by_each_way_is_kept_exactly_and_the_same_mail_is_one_report(self):
        arrivals = {}
        with Lmtp(self.desk.lmtp_port) as line:
            for name, mail in SAMPLES.items():
                with self.subTest(name):
                    ways = [line.bdat] + ([line.data] if mail == b"" or mail.endswith(b"\r\n") else [])
                    for way in ways:
                        self.assertEqual(way(mail), 250)
                    done = self.deliver(mail)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    arrivals[name] = len(ways) + 3  # and the two folders
        for number, mail in enumerate(SAMPLES.values()):
            self.put(self.maildir / "new", f"{number}.eml", mail)
            self.put(self.feeds, f"{number}.txt", mail)
            status, said = self.post(mail, chunked=number % 2 == 1)
            self.assertEqual(status, 201, said)
        self.desk.until("the folders read", lambda: not any((self.maildir / "new").iterdir()) and
                        len(list((self.feeds / "done").glob("*"))) >= len(SAMPLES))
        for number, (name, mail) in enumerate(SAMPLES.items()):
            with self.subTest(name):
                self.assertEqual((self.feeds / "done" / f"{number}.txt").read_bytes(), mail)
                found = self.reports_of(mail)
                self.assertEqual(set(found), {"lmtp", "http"})
                self.assertEqual(found["lmtp"]["arrivals"], arrivals[name])
                for report in found.values():
                    self.assertEqual(report["size"], len(mail))
                    self.assertTrue(self.raw(report) == mail, f"{report['channel']}: other bytes came back")
        self.desk.until("every report read", lambda: not self.desk.items("/api/v1/reports?status=received"), 60)
        self.assertEqual({report["status"] for report in self.desk.items("/api/v1/reports?limit=100")} - ENDED, set())

    def test_only_crlf_dot_crlf_ends_a_mail_and_what_stands_before_is_the_mail(self):
        for wire, mail in ((b"a\n.\nb\r\n.\r\n", b"a\n.\nb\r\n"), (b"a\n.\r\nb\r\n.\r\n", b"a\n.\r\nb\r\n"),
                           (b"a\r\n.\nb\r\n.\r\n", b"a\r\n\nb\r\n"), (b"a\r\n.\rb\r\n.\r\n", b"a\r\n\rb\r\n"),
                           (b"a\r.\r\nb\r\n.\r\n", b"a\r.\r\nb\r\n"), (b"a\r\n..\r\nb\r\n.\r\n", b"a\r\n.\r\nb\r\n"),
                           (b"a\r.\rb\r\n.\r\n", b"a\r.\rb\r\n"), (b"..\r\n.\r\n", b".\r\n")):
            for step in (len(wire) + 100, 1):  # in one packet, and byte by byte
                with self.subTest(wire, step=step), Lmtp(self.desk.lmtp_port) as line:
                    mark = f"Subject: {wire.hex()} {step}\r\n\r\n".encode()
                    self.assertEqual((line.envelope(), line.say(b"DATA\r\n")), (250, 354))
                    for at in range(0, len(mark + wire), step):
                        line.line.sendall((mark + wire)[at:at + step])
                    self.assertEqual(line.answer(), 250)
                    self.assertEqual(line.say(b"NOOP\r\n"), 250)  # nothing of the mail was taken for a command
                    [report] = self.reports_of(mark + mail).values()
                    self.assertEqual(self.raw(report), mark + mail)

    def test_the_end_may_come_in_any_pieces(self):
        end = b"x\r\n.\r\n"
        for cut in range(1, len(end)):
            mail = f"Subject: cut {cut}\r\n\r\nx\r\n".encode()
            with Lmtp(self.desk.lmtp_port) as line, Lmtp(self.desk.lmtp_port) as clock:
                self.assertEqual((line.envelope(), line.say(b"DATA\r\n")), (250, 354))
                line.line.sendall(mail[:-3] + end[:cut])
                self.assertEqual(clock.say(b"NOOP\r\n"), 250)  # the desk has been around meanwhile
                self.assertEqual(line.say(end[cut:]), 250)
            self.assertEqual(self.raw(self.reports_of(mail)["lmtp"]), mail)

    def test_commands_in_one_packet_are_answered_in_order(self):
        mails = [f"Subject: pipelined {number}\r\n\r\n.. x\r\n".encode() for number in range(3)]
        talk = b"".join(b"MAIL FROM:<a@example.org> BODY=8BITMIME\r\nRCPT TO:<abuse@example.net>\r\nRCPT TO:<b@example.net>\r\n"
                        b"BDAT %d LAST\r\n%s" % (len(mail), mail) for mail in mails)
        with Lmtp(self.desk.lmtp_port) as line:
            line.line.sendall(talk + b"NOOP\r\nQUIT\r\n")
            answers = []
            while (code := line.answer()) != 0:
                answers.append(code)
        self.assertEqual(answers, [250, 250, 250, 250, 250] * 3 + [250, 221])
        for mail in mails:
            report = self.reports_of(mail)["lmtp"]
            self.assertEqual((self.raw(report), report["arrivals"]), (mail, 1))  # two recipients of one mail: one arrival

    def test_one_byte_more_than_message_max_is_refused_and_the_next_is_taken(self):
        large, small = exactly(MESSAGE_MAX + 1, "one more"), head("after the large one") + b"\r\n"
        with Lmtp(self.desk.lmtp_port) as line:
            self.assertEqual(line.envelope(f" SIZE={MESSAGE_MAX + 1}"), 552)
            self.assertEqual(line.data(large), 552)
            self.assertEqual(line.bdat(large), 552)
            self.assertEqual(line.data(small), 250)
        self.assertEqual(self.deliver(large).returncode, 69)
        for chunked in (False, True):
            self.assertEqual(self.post(large, chunked)[0], 413)
        self.put(self.maildir / "new", "large.eml", large)
        self.put(self.feeds, "large.txt", large)
        for name in ("large.eml", "large.txt"):
            self.desk.until(f"a person is told of {name}", lambda told=name: any(
                told in (report["reason"] or "") or told.encode() in self.raw(report)
                for report in self.desk.items("/api/v1/reports?needs_person=true&limit=100") if report["size"] < 10_000))
        self.assertEqual((self.maildir / "new" / "large.eml").read_bytes(), large)
        self.assertEqual((self.feeds / "large.txt").read_bytes(), large)
        self.assertEqual(self.reports_of(large), {})
        self.assertEqual(set(self.reports_of(small)), {"lmtp"})

    def test_an_idempotency_key_is_one_report_and_belongs_to_its_token(self):
        body, other = head("key") + b"\r\n\0\xff\r\n", head("another key") + b"\r\n"
        status, first = self.post(body, Idempotency_Key="k-1")
        self.assertEqual(status, 201)
        self.assertEqual(first["status"], "received")
        status, again = self.post(body, chunked=True, Idempotency_Key="k-1")
        self.assertEqual((status, again["report_id"]), (200, first["report_id"]))
        self.assertEqual(self.post(other, Idempotency_Key="k-1")[0], 422)
        self.assertEqual(self.reports_of(other), {})
        status, second = self.post(other, token="other", Idempotency_Key="k-1")
        self.assertEqual(status, 201)
        self.assertNotEqual(second["report_id"], first["report_id"])
        self.assertEqual(self.raw(first), body)
        self.assertEqual(self.desk.call("GET", f"/api/v1/reports/{second['report_id']}", token="feeder").status, 404)

    def test_deliver_says_75_while_nothing_can_be_kept(self):
        config = self.desk.folder / "elsewhere.toml"
        config.write_text(self.desk.config.read_text().replace(self.desk.store, f"sqlite:{self.desk.folder}/no-such-folder/desk.db"))
        done = self.deliver(b"Subject: not now\r\n\r\n", config)
        self.assertEqual(done.returncode, 75, done.stderr)
        self.assertTrue(done.stderr)
        self.assertEqual(self.deliver(b"Subject: not now\r\n\r\n", self.desk.folder / "none.toml").returncode, 75)

    def test_deliver_ends_by_a_code_and_not_by_a_signal(self):
        mail = head("small disk") + b"\r\n" + noise(200_000)
        tight = self.deliver(mail, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
        self.assertEqual(tight.returncode, 75, tight.stderr)
        self.assertEqual(self.reports_of(mail), {})
        nobody_reads, write = os.pipe()
        os.close(nobody_reads)
        self.assertEqual(self.deliver(mail, capture_output=False, stdout=write).returncode, 0)
        os.close(write)
        self.assertEqual(self.reports_of(mail)["deliver"]["arrivals"], 1)


if __name__ == "__main__":
    unittest.main(argv=desk.sys.argv[:1], verbosity=2)
