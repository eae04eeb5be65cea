# SPDX-License-Identifier: Apache-2.0
"""The stories that every real mail server in front of the desk must tell; postfix_test.py and exim_test.py start one.

The server hands abuse@WAY.example.net to the desk in three ways: `tcp` and `unix` are LMTP, `pipe` is `abated deliver`.
On each way stands a recorder that notes the bytes as they pass, so that what the desk keeps can be compared with what
the server really handed over. Both servers are begun by root; without root this needs `sudo -n`.
"""
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import threading

import desk
from sinks import until

MESSAGE_MAX = 256 * 1024
WAYS = ("tcp", "unix", "pipe")
OWNER = "nobody"  # who runs `abated deliver`; no mail server pipes as root
LINES = ["A word in 8 bits: Gr\u00fc\u00dfe \u2603", "", ".", "..two dots and a line of one dot above", ".x", "tab\there", "From here", ""]


def become_root():
    if os.geteuid() != 0:
        os.execvp("sudo", ["sudo", "-n", sys.executable, *sys.argv])


def mail(name, lines=LINES):
    return "\n".join([f"From: fbl@example.org\nTo: abuse@example.net\nSubject: {name}\nMessage-ID: <{name}@example.org>\n"
                      "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n", *lines])


def contents_of(said):
    """What a mail server said by LMTP -> the messages as it meant them: DATA without the stuffed dots, BDAT in one piece."""
    at, chunks = 0, b""
    while (end := said.find(b"\r\n", at)) >= 0:
        words, at = said[at:end].upper().split(), end + 2
        if words == [b"DATA"]:
            end = said.find(b"\r\n.\r\n", at - 2)
            if end < 0:
                return
            yield re.sub(rb"(^|\r\n)\.", rb"\1", said[at:end + 2])
            at = end + 5
        elif words[:1] == [b"BDAT"]:
            chunks += said[at:at + int(words[1])]
            at += int(words[1])
            if words[-1] == b"LAST":
                yield chunks
                chunks = b""


class LmtpRecorder:
    """Passes LMTP on, and keeps the content of each message as the mail server meant it."""

    def __init__(self, listener, connect):
        self.listener, self.connect, self.contents = listener, connect, []
        listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return  # closed: the story is over
            threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client):
        said = bytearray()
        with client:
            try:
                server = self.connect()
            except OSError:
                return  # the desk is down: the mail server sees the line drop
            with server:
                back = threading.Thread(target=self._copy, args=(server, client), daemon=True)
                back.start()
                self._copy(client, server, said)
                back.join()
        self.contents += contents_of(bytes(said))

    @staticmethod
    def _copy(source, sink, kept=None):
        try:
            while part := source.recv(65536):
                if kept is not None:
                    kept += part
                sink.sendall(part)
        except OSError:
            pass
        try:
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def listen_tcp(port):
    made = socket.socket()
    made.bind(("127.0.0.1", port))
    return made


def listen_unix(path):
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(path))
    path.chmod(0o777)
    return made


def connect_unix(path):
    made = socket.socket(socket.AF_UNIX)
    try:
        made.connect(str(path))
    except OSError:
        made.close()
        raise
    return made


class Site:
    """A desk whose store belongs to OWNER, and the three ways to it."""

    def __init__(self, on_unix_socket):
        self.desk = desk.Desk(desk.program(), reading=f'workers = 1\nmessage_max = "{MESSAGE_MAX // 1024}K"')
        self.folder = self.desk.folder
        self.who = pwd.getpwnam(OWNER)
        self.folder.chmod(0o755)
        self.store = self.folder / "store"
        self.store.mkdir()
        config = self.desk.config.read_text().replace(f"sqlite:{self.folder}/desk.db", f"sqlite:{self.store}/desk.db")
        if on_unix_socket:
            config = config.replace(f"127.0.0.1:{self.desk.lmtp_port}", f"unix:{self.folder}/desk-lmtp")
        self.desk.config.write_text(config)
        self.desk.store = f"sqlite:{self.store}/desk.db"
        self.desk.ledger("203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,ada@example.net")
        self.desk.token("desk", "desk")
        for path in (self.store, *self.store.iterdir()):  # SQLite gives what it adds the owner of the database
            os.chown(path, self.who.pw_uid, self.who.pw_gid)
        # The desk has one listener, so both recorders lead there; the server knows nothing of it.
        def connect():
            if on_unix_socket:
                return connect_unix(self.folder / "desk-lmtp")
            return socket.create_connection(("127.0.0.1", self.desk.lmtp_port))
        self.ports = {"tcp": desk.free_port(), "smtp": desk.free_port()}
        self.unix = self.folder / "lmtp"
        self.recorders = {
            "tcp": LmtpRecorder(listen_tcp(self.ports["tcp"]), connect),
            "unix": LmtpRecorder(listen_unix(self.unix), connect)}
        self._make_pipe()

    def _make_pipe(self):
        """A program for the pipe that notes its input and becomes `abated deliver`; OWNER may run it wherever the tree is."""
        copy, self.piped, self.pipe = self.folder / "abated", self.folder / "piped", self.folder / "pipe"
        shutil.copy(self.desk.program, copy)
        self.piped.mkdir()
        os.chown(self.piped, self.who.pw_uid, self.who.pw_gid)
        self.desk.config.chmod(0o644)
        self.desk.policy.chmod(0o644)
        self.pipe.write_text(f"#!/bin/sh\nfile=$(mktemp {self.piped}/XXXXXX)\ncat >$file\n"
                             f'exec {copy} deliver --config {self.desk.config} "$@" <$file\n')
        self.pipe.chmod(0o755)

    def close(self):
        for recorder in self.recorders.values():
            recorder.listener.close()
        self.desk.close()

    def handed(self, way, name):
        """What was handed over this way for the mail of that name, each time that it was."""
        all_of_them = [path.read_bytes() for path in self.piped.iterdir()] if way == "pipe" else self.recorders[way].contents
        return [content for content in all_of_them if f"Subject: {name}".encode() in content]

    def reports(self, name):
        """[(report, bytes)] whose bytes hold that name."""
        raws = [(report, self.desk.get(f"/api/v1/reports/{report['report_id']}/raw"))
                for report in self.desk.items("/api/v1/reports?limit=100")]
        return [(report, raw) for report, raw in raws if f"Subject: {name}".encode() in raw]


class Stories:
    """Mixed into a unittest.TestCase whose class makes `site` and whose `server` has send-side knowledge: log (a Path),
    queued() (ids or names of what waits), flush()."""

    def send(self, name, *ways, lines=LINES):
        file = self.site.folder / f"{name}.eml"
        file.write_text(mail(name, lines))
        done = subprocess.run(
            ["swaks", "--server", "127.0.0.1", "--port", str(self.site.ports["smtp"]), "--helo", "mx.example.org",
             "--from", "fbl@example.org", "--to", ",".join(f"abuse@{way}.example.net" for way in ways), "--data", f"@{file}"],
            capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr + self.server.log_end())
        self.server.after_sending()

    def wait(self, what, question):
        try:
            return until(what, question, desk.WAIT_SECONDS, 0.05)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.server.log_end()}\n{self.site.desk.log_end()}") from None

    def kept(self, name, count=1):
        return self.wait(f"{count} report {name}", lambda: (found := self.site.reports(name)) and len(found) >= count and found)

    def wait_empty(self):
        self.wait("an empty queue", lambda: not self.server.queued())

    def test_each_way_keeps_what_the_server_handed_over(self):
        for way in WAYS:
            with self.subTest(way):
                self.send(f"once-{way}", way)
                [(report, raw)] = self.kept(f"once-{way}")
                self.wait_empty()
                self.assertEqual([raw], self.site.handed(way, f"once-{way}"))
                self.assertIn("Grüße ☃".encode(), raw)
                self.assertRegex(raw, rb"\n\.\r?\n\.\.two dots")
                self.assertIn(b"Received: from ", raw)
                self.assertEqual(report["arrivals"], 1)
                self.assertEqual((report["envelope_from"], report["envelope_to"]), ("fbl@example.org", f"abuse@{way}.example.net"))

    def test_what_comes_by_three_ways_is_one_report_with_three_arrivals(self):
        self.send("thrice", *WAYS)
        self.kept("thrice")
        self.wait_empty()
        [(report, raw)] = self.site.reports("thrice")
        self.assertEqual([self.site.handed(way, "thrice") for way in WAYS], [[raw]] * 3)
        self.assertEqual(report["arrivals"], 3)

    def test_while_the_desk_is_down_the_server_keeps_the_mail_and_then_delivers_it_once(self):
        self.site.desk.stop()
        try:
            for way in ("tcp", "unix"):
                self.send(f"later-{way}", way)
            self.wait("both deferred", lambda: self.server.deferred() >= 2)
            self.assertEqual(len(self.server.queued()), 2)
        finally:
            self.site.desk.start()
        self.assertEqual([self.site.reports(f"later-{way}") for way in ("tcp", "unix")], [[], []])
        self.server.flush()
        self.wait_empty()
        for way in ("tcp", "unix"):
            [(report, raw)] = self.kept(f"later-{way}")
            self.assertEqual(report["arrivals"], 1, way)
            self.assertEqual([raw], self.site.handed(way, f"later-{way}"))

    def test_while_the_store_is_away_deliver_says_75_and_the_server_tries_again(self):
        self.site.desk.stop()
        away = self.site.folder / "store-away"
        self.site.store.rename(away)
        try:
            self.send("store-away", "pipe")
            self.wait("deferred", lambda: self.server.deferred() >= 1)
            self.assertEqual(len(self.server.queued()), 1)
        finally:
            away.rename(self.site.store)
            self.site.desk.start()
        self.server.flush()
        self.wait_empty()
        [(report, raw)] = self.kept("store-away")
        self.assertEqual(report["arrivals"], 1)
        tries = self.site.handed("pipe", "store-away")
        self.assertGreaterEqual(len(tries), 2)
        self.assertEqual(set(tries), {raw})

    def test_what_is_larger_than_message_max_is_returned_and_not_tried_again(self):
        line = "x" * 70
        for way in WAYS:
            with self.subTest(way):
                before = self.server.bounced()
                self.send(f"large-{way}", way, lines=[line] * (MESSAGE_MAX // len(line)))
                self.wait("bounced", lambda seen=before: self.server.bounced() > seen)
                self.assertEqual(self.site.reports(f"large-{way}"), [])
        self.wait_empty()


class Server:
    """What both mail servers share."""

    def __init__(self, log):
        self.log, self.mark, self.guard = log, 0, None

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def log_end(self, lines=25):
        return "\n".join(self.log_text().splitlines()[-lines:])

    def since_mark(self):
        return self.log_text()[self.mark:]

    def stop_with_us(self, *words):
        """Runs this when our end of the pipe is closed: by stop(), or however else we end."""
        self.guard = subprocess.Popen(["sh", "-c", 'cat >/dev/null; exec "$@" >/dev/null 2>&1', "guard", *map(str, words)],
                                      stdin=subprocess.PIPE, start_new_session=True)

    def after_sending(self):
        pass

    def set_mark(self):
        self.mark = len(self.log_text())


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60, **options)
    if done.returncode != 0:
        raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout
