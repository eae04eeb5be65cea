# SPDX-License-Identifier: Apache-2.0
"""The world that the desk talks to: a mail server and a control panel, both on loopback, both able to fail on order."""
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import pathlib
import socket
import socketserver
import tempfile
import threading
import time


def until(what, question, seconds=30, pause=0.03):
    """Asks until the answer is true, and gives it back. `what` may be a function, asked at the end."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds} s still not: {what() if callable(what) else what}")
        time.sleep(pause)
    return answer


class _Server:
    """Listens on a port of its own; down() closes it and every line, up() is there again on the same port.
    `hold` (threading.Event): while it is set, whatever comes is kept, but its answer waits."""

    def __init__(self, handler):
        self._handler, self.port, self._server, self._lines = handler, 0, None, set()
        self.hold = threading.Event()
        self.lock = threading.Lock()
        self.up()

    def up(self):
        outer = self

        class Listening(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads = True, True

            def process_request(self, request, client_address):
                with outer.lock:
                    outer._lines.add(request)
                super().process_request(request, client_address)

            def shutdown_request(self, request):
                with outer.lock:
                    outer._lines.discard(request)
                super().shutdown_request(request)

            def handle_error(self, request, client_address):
                pass  # a line that ends in the middle is part of the journey

        self._server = Listening(("127.0.0.1", self.port), self._handler)
        self._server.sink = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def down(self):
        if self._server is None:
            return
        self._server.shutdown()
        self._server.server_close()
        with self.lock:
            lines = list(self._lines)
        for line in lines:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._server = None

    def close(self):
        self.down()

    def wait_held(self):
        while self.hold.is_set():
            time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Mail:
    """One mail as it was taken: envelope, bytes, and the message read."""

    def __init__(self, sender, recipients, raw):
        self.sender, self.recipients, self.raw = sender, recipients, raw
        self.message = email.message_from_bytes(raw, policy=email.policy.default)

    def __getitem__(self, header):
        return self.message[header]

    @property
    def plain(self):
        return self.message.get_body(("plain",)).get_content()

    @property
    def html(self):
        return self.message.get_body(("html",)).get_content()


class _Smtp(socketserver.StreamRequestHandler):
    timeout = 60

    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")

    def handle(self):
        sink, sender, recipients = self.server.sink, "", []
        self.say("220 sink.example ESMTP")
        while line := self.rfile.readline():
            words = line.decode(errors="replace").strip()
            verb = words[:4].upper()
            if verb in ("EHLO", "HELO"):
                self.say("250-sink.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 50000000")
            elif verb == "MAIL":
                sender, recipients = words[words.find("<") + 1:words.find(">")], []
                self.say("250 ok")
            elif verb == "RCPT":
                address = words[words.find("<") + 1:words.find(">")]
                refusal = sink.refusal(address)
                if not refusal:
                    recipients.append(address)
                self.say(refusal or "250 ok")
            elif verb == "DATA" and not recipients:
                self.say("503 nobody to send it to")
            elif verb == "DATA":
                self.say("354 go on")
                raw = b""
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    raw += line[1:] if line.startswith(b".") else line
                if line:
                    self.say(sink.take(Mail(sender, recipients, raw)))
            elif verb == "QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok" if verb in ("RSET", "NOOP") else "502 what is that?")


class SmtpSink(_Server):
    """A mail server. `mails`: what it took, in order. `refusals[ADDRESS] = "550 5.1.1 no such user"` answers RCPT;
    "*" is everybody. `refused`: how often. `after_data`: the answer to a mail's end; where it is no 2xx, the mail goes
    to `turned_away` instead."""

    def __init__(self):
        self.mails, self.turned_away, self.refusals, self.refused, self.after_data = [], [], {}, 0, "250 taken"
        super().__init__(_Smtp)

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def refusal(self, address):
        with self.lock:
            answer = self.refusals.get(address) or self.refusals.get("*")
            self.refused += 1 if answer else 0
            return answer

    def take(self, mail):
        with self.lock:
            answer = self.after_data
            (self.mails if answer.startswith("2") else self.turned_away).append(mail)
        self.wait_held()
        return answer

    def wait(self, count=1, seconds=30, having=""):
        """The mails whose subject holds `having`, when there are `count` of them."""
        def found():
            mails = [mail for mail in list(self.mails) if having in mail["Subject"]]
            return mails if len(mails) >= count else None
        return until(lambda: f"{count} mails '{having}' of {[mail['Subject'] for mail in self.mails]}", found, seconds)


class Post:
    """One POST as it came. `signed`: its signature is the HMAC of these very bytes. `status`: what we answered."""

    def __init__(self, path, key, raw, signed, status):
        self.path, self.key, self.raw, self.signed, self.status = path, key, raw, signed, status
        self.at = time.monotonic()
        self.order = json.loads(raw)


class _Hook(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_POST(self):  # noqa: N802, the library's name
        sink = self.server.sink
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        right = "sha256=" + hmac.new(sink.SECRET.encode(), raw, hashlib.sha256).hexdigest()
        status = sink.take(self.path, self.headers.get("X-Abate-Key", ""), raw,
                           hmac.compare_digest(right, self.headers.get("X-Abate-Signature", "")))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class HookSink(_Server):
    """A control panel that takes webhooks. `posts`: all that came, in order. The first `fail_first` are answered
    500; `status` is the answer to the others."""

    SECRET = "a secret of both sides"

    def __init__(self, fail_first=0):
        self.posts, self.fail_first, self.status = [], fail_first, 204
        self._around = tempfile.TemporaryDirectory(prefix="abate-hook-")
        super().__init__(_Hook)

    def close(self):
        self.down()
        self._around.cleanup()

    def enforcer(self, name="panel"):
        """The [[enforcer]] section for Desk(more=...)."""
        secret = pathlib.Path(self._around.name) / f"{name}.key"
        secret.write_text(self.SECRET + "\n")
        return (f'[[enforcer]]\nname = "{name}"\nkind = "webhook"\nurl = "http://127.0.0.1:{self.port}/hook"\n'
                f"secret_file = {json.dumps(str(secret))}\n")

    def take(self, path, key, raw, signed):
        with self.lock:
            status = 500 if len(self.posts) < self.fail_first else self.status
            self.posts.append(Post(path, key, raw, signed, status))
        self.wait_held()
        return status

    def wait(self, count=1, seconds=30):
        """All posts, when there are `count` that were answered 2xx."""
        def found():
            posts = list(self.posts)
            return posts if sum(post.status < 300 for post in posts) >= count else None
        return until(lambda: f"{count} orders of {[(post.key, post.status) for post in self.posts]}", found, seconds)
