# SPDX-License-Identifier: Apache-2.0
"""What every journey needs: a desk of its own, and the outside world it talks to.

    program = desk.program()                    # of the command line: TREE PROGRAM
    with desk.Desk(program, policy='[default]\\nrespond_within = "2s"\\n') as d:
        d.ledger("203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,ada@example.net")
        d.start()
        d.lmtp(desk.arf(1))
        ticket = d.until("a ticket", lambda: d.items("/api/v1/tickets"))[0]
        d.act(ticket["id"], "open")

Everything is on loopback or a unix socket, in a temporary folder, on ports that were free, and gone afterwards; what
this program started dies with it, also when it is killed. A helper that finds something wrong raises AssertionError
with the end of the desk's log. Times of waiting are bounds, not sleeps.
"""
import collections
import http.cookiejar
import json
import pathlib
import re
import signal
import smtplib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

# Journeys know only this module.
from postgres import BIN, PostgresCluster  # noqa: F401
from sinks import HookSink, SmtpSink, until  # noqa: F401

WAIT_SECONDS = 30
LEDGER_HEADER = "range,from,until,service_id,service_name,customer_id,customer_name,customer_email"
BOUNCE_DOMAIN = "bounce.example.net"

Answer = collections.namedtuple("Answer", "status headers body")  # body: JSON where it is JSON, else bytes


def program():
    """The program under test: journeys are called with TREE PROGRAM."""
    return pathlib.Path(sys.argv[2]).resolve()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def arf(number, address="203.0.113.10", at="Mon, 23 Nov 2026 09:07:00 +0000", reporter="fbl@example.org", more=""):
    """A complaint about spam, as feedback loops send it (RFC 5965)."""
    return "\r\n".join((
        f"From: {reporter}", f"Subject: complaint {number}", "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b", "",
        "--b", "Content-Type: message/feedback-report", "",
        "Feedback-Type: abuse", "User-Agent: Test/1", "Version: 1", f"Source-IP: {address}", f"Arrival-Date: {at}", "",
        "--b", "Content-Type: message/rfc822", "",
        "From: shop@example.com", "To: somebody@example.org", f"Subject: cheap watches {number}",
        f"Message-ID: <spam-{number}@example.com>", "", "Buy now." + more, "--b--", "")).encode()


def signed_in(base, email, password):
    """get(path) -> page, as a browser sees it that signed in with these words."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    form = opener.open(f"{base}/login", timeout=WAIT_SECONDS).read().decode()
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    fields |= {"email": email, "password": password}
    opener.open(f"{base}/login", urllib.parse.urlencode(fields).encode(), timeout=WAIT_SECONDS)
    return lambda path: opener.open(base + path, timeout=WAIT_SECONDS).read().decode()


class Desk:
    """One `abated`: its folder, configuration, process, and the ways to talk to it.

    `store` is "" for SQLite in the folder, or a postgresql:// URL. `policy` is the text of policy.toml. `smtp` is
    smtp.url, by default a folder (self.folder / "mail"). `more` is further TOML, such as [[enforcer]] sections (see
    HookSink.enforcer). `public_url` is http.public_url, by default where it listens. Several desks on one PostgreSQL: unlike `node`s, the same store.
    """

    def __init__(self, program, *, store="", policy="", smtp="", more="", node="one", reading="workers = 1", public_url=""):
        self._around = tempfile.TemporaryDirectory(prefix="abate-journey-")
        self.folder = pathlib.Path(self._around.name)
        self.program, self.node, self.process, self.tokens = program, node, None, {}
        self.port, self.lmtp_port = free_port(), free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.store = store or f"sqlite:{self.folder}/desk.db"
        self.log, self.config = self.folder / "log", self.folder / "abated.toml"
        self.policy = self.folder / "policy.toml"
        self.policy.write_text(policy)
        quoted = json.dumps  # a TOML string, for what we put into one
        self.config.write_text(
            f"[store]\nurl = {quoted(self.store)}\n"
            f'[http]\nlisten = "127.0.0.1:{self.port}"\npublic_url = "{public_url or self.base}"\n'
            f'[lmtp]\nlisten = "127.0.0.1:{self.lmtp_port}"\n'
            '[provider]\nname = "Example Hosting"\nprefixes = ["203.0.113.0/24", "2001:db8::/32"]\n'
            f"[smtp]\nurl = {quoted(smtp or f'folder:{self.folder}/mail')}\n"
            f'from = "Abuse Team <abuse@example.net>"\nbounce_domain = "{BOUNCE_DOMAIN}"\n'
            f"[reading]\n{reading}\n"
            f"[policy]\nfile = {quoted(str(self.policy))}\n"
            f"[node]\nname = {quoted(node)}\n{more}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self._around.cleanup()

    close = __exit__

    # The process.

    def start(self, ready=True):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(  # setpriv becomes the desk, and lets it die with us
                ["setpriv", "--pdeathsig", "KILL", self.program, "serve", "--config", self.config],
                stdout=log, stderr=log)
        return self.wait_ready() if ready else self

    def wait_ready(self, seconds=WAIT_SECONDS):
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"the desk ended with {self.process.returncode}\n{self.log_end()}")
            return self.readyz().status == 200
        self.until("ready", ready, seconds, pause=0.01)
        return self

    def readyz(self):
        """status 0: nobody answers."""
        try:
            return self.call("GET", "/readyz", token=None)
        except OSError:
            return Answer(0, {}, {})

    def kill(self):
        """kill -9"""
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = None

    def stop(self):
        """SIGTERM; must end with 0."""
        self.process.terminate()
        code = self.process.wait(WAIT_SECONDS)
        self.process = None
        assert code == 0, f"the desk ended with {code}\n{self.log_end()}"

    def reload(self, policy):
        """SIGHUP, with another policy; back when it is in force."""
        self.policy.write_text(policy)
        before = self.log.read_text().count("configuration_read")
        self.process.send_signal(signal.SIGHUP)
        self.until("the new policy read", lambda: self.log.read_text().count("configuration_read") > before)

    def log_end(self, lines=30):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def until(self, what, question, seconds=WAIT_SECONDS, pause=0.03):
        try:
            return until(what, question, seconds, pause)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.log_end()}") from None

    # The command line.

    def run(self, *words, expect=0, feed=None):
        """`abated WORDS --config ...`; what it says on both outputs."""
        done = subprocess.run([self.program, *words, "--config", self.config], input=feed, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = done.stdout.decode(errors="replace")
        what = " ".join(map(str, words))
        assert done.returncode == expect, f"abated {what}: {done.returncode} instead of {expect}\n{said}"
        return said

    def ledger(self, *rows):
        """Imports these assignments; they are the whole ledger."""
        file = self.folder / "ledger.csv"
        file.write_text("\n".join((LEDGER_HEADER, *rows, "")))
        return self.run("assignments", "import", str(file))

    def token(self, name, scope, reporter=""):
        """Makes the token and remembers it under its name: call(..., token=name)."""
        words = ["token", "add", "--name", name, "--scope", scope] + (["--reporter", reporter] if reporter else [])
        self.tokens[name] = self.run(*words).split()[-1]
        return self.tokens[name]

    # HTTP.

    def call(self, verb, path, body=None, token="desk", expect=None, **headers):
        """One request, any answer. `body`: bytes as they are, anything else as JSON. `expect`: the status it must have.
        Headers are named with _ for -: If_Match='"3"'. The token "desk" is made when it is first needed."""
        if token == "desk" and token not in self.tokens:
            self.token("desk" if self.node == "one" else f"desk-{self.node}", "desk")
            self.tokens["desk"] = self.tokens.get("desk") or self.tokens[f"desk-{self.node}"]
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {self.tokens[token]}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(self.base + path, body, sent, method=verb)
        try:
            with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as reply:
                status, fields, raw = reply.status, reply.headers, reply.read()
        except urllib.error.HTTPError as refused:
            with refused:
                status, fields, raw = refused.code, refused.headers, refused.read()
        if "json" in fields.get("Content-Type", ""):
            raw = json.loads(raw)
        if expect is not None and status != expect:
            raise AssertionError(f"{verb} {path}: {status} instead of {expect}: {raw}\n{self.log_end()}")
        return Answer(status, fields, raw)

    def get(self, path, token="desk"):
        return self.call("GET", path, token=token, expect=200).body

    def items(self, path, token="desk"):
        """All pages of a list."""
        out, cursor, between = [], None, "&" if "?" in path else "?"
        while True:
            page = self.get(path + (f"{between}cursor={cursor}" if cursor else ""), token)
            out += page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return out

    def ticket(self, ticket, token="desk"):
        return self.get(f"/api/v1/tickets/{ticket}", token)

    def entries(self, ticket, *kinds):
        """Its history, oldest first; only these kinds where some are given."""
        entries = self.items(f"/api/v1/tickets/{ticket}/entries")
        return [entry for entry in entries if not kinds or entry["kind"] in kinds]

    def act(self, ticket, verb, token="desk", expect=200, **body):
        """A move, on the version that is there now: the desk's own clock may have changed the ticket meanwhile."""
        for _ in range(20):
            seen = self.call("GET", f"/api/v1/tickets/{ticket}", token=token)
            done = self.call("POST", f"/api/v1/tickets/{ticket}/{verb}", body, token,
                             If_Match=seen.headers.get("ETag") or '"1"')
            if done.status != 412 or expect == 412:
                break
        if done.status != expect:
            raise AssertionError(f"{verb} {ticket}: {done.status} instead of {expect}: {done.body}\n{self.log_end()}")
        return done.body

    def measures(self, ticket):
        """[("suspend", "in_force"), ...]"""
        return [(measure["measure"], measure["state"]) for measure in self.ticket(ticket)["measures"]]

    def browser(self, email, password="a long enough password", role="lead", customer=""):
        """Makes the user and signs in as a browser would. Gives get(path) -> page."""
        self.run("user", "add", "--email", email, "--role", role, "--password-stdin",
                 *(["--customer", customer] if customer else []), feed=f"{password}\n".encode())
        return signed_in(self.base, email, password)

    # Mail, and the store.

    def lmtp(self, mail, sender="fbl@example.org", to="abuse@example.net", expect=250):
        """One mail; the code of the answer to its end."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port, local_hostname="test.example", timeout=WAIT_SECONDS) as line:
            line.ehlo_or_helo_if_needed()
            code, said = line.mail(sender)
            if code == 250:
                code, said = line.rcpt(to)
            if code == 250:
                code, said = line.data(mail)
        assert expect is None or code == expect, f"LMTP: {code} {said!r} instead of {expect}\n{self.log_end()}"
        return code

    def sql(self, statement):
        """Straight in the database, past the desk; rows as tuples of text."""
        if self.store.startswith("sqlite:"):
            with sqlite3.connect(self.store.removeprefix("sqlite:"), timeout=WAIT_SECONDS) as store:
                rows = store.execute(statement).fetchall()
            store.close()
            return [tuple(v.decode(errors="replace") if isinstance(v, bytes) else str(v) for v in row) for row in rows]
        done = subprocess.run([BIN / "psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", self.store,
                               "-c", statement], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return [tuple(line.split("\t")) for line in done.stdout.splitlines()]

    def verify(self, expect=0):
        return self.run("history", "verify", expect=expect)
