#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The hands of demo/start.

    fill.py prepare DEMO FOLDER PORT                             writes configuration and ledger; prints the LMTP port
    fill.py wait    DEMO FOLDER PORT LMTP_PORT PROGRAM PID       waits until the desk is ready
    fill.py fill    DEMO FOLDER PORT LMTP_PORT PROGRAM PID       and replays the reports, and works some of the tickets

A file in reports/ goes in by the channel that its folder is named after. @NOW-3h@ in it becomes the time of three
hours ago as mail writes it, @ISO-3h@ as RFC 3339, @LOG-3h@ as syslog; "@BASE64(text)@" is encoded.
"""
import base64
import datetime
import email.utils
import hashlib
import json
import os
import pathlib
import re
import smtplib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

READY_SECONDS = 30
READ_SECONDS = 60
OVERDUE_SECONDS = 30
HOURS = {"h": 1, "d": 24}
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def with_times(text):
    def written(found):
        form, count, unit = found.groups()
        at = NOW - datetime.timedelta(hours=int(count) * HOURS[unit])
        if form == "NOW":
            return email.utils.format_datetime(at)
        return at.strftime("%Y-%m-%dT%H:%M:%SZ" if form == "ISO" else "%b %e %H:%M:%S")
    text = re.sub(r"@(NOW|ISO|LOG)-(\d+)([hd])@", written, text)
    return re.sub(r'"@BASE64\((.*?)\)@"', lambda found: encoded(json.loads(f'"{found[1]}"')), text)


def encoded(text):
    return json.dumps(base64.b64encode(text.encode()).decode())


def is_free(port):
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def prepare(demo, folder, port):
    if not is_free(int(port)):
        raise SystemExit(1)
    lmtp_port = next(p for p in range(int(port) + 1, 65536) if is_free(p)) if int(port) < 65535 else 2424
    def quoted(path):
        return str(path).replace("\\", "\\\\").replace('"', '\\"')
    text = (demo / "abated.toml").read_text()
    for word, value in (("FOLDER", quoted(folder)), ("DEMO", quoted(demo)), ("LMTP_PORT", lmtp_port), ("PORT", port)):
        text = text.replace(f"@{word}@", str(value))
    (folder / "abated.toml").write_text(text)
    (folder / "policy.toml").write_text((demo / "policy.toml").read_text())
    (folder / "assignments.csv").write_text(with_times((demo / "assignments.csv").read_text()))
    print(lmtp_port)


class Desk:
    """The desk's API, as any program would use it."""

    def __init__(self, folder, port):
        self.folder = folder
        self.base = f"http://127.0.0.1:{port}"

    def ask(self, verb, path, body=None, token="desk", **headers):
        secret = (self.folder / f"{token}.token").read_text().strip()
        headers = {"Authorization": f"Bearer {secret}"} | {k.replace("_", "-"): v for k, v in headers.items()}
        request = urllib.request.Request(self.base + path, body, headers, method=verb)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer), answer.headers.get("ETag")
        except urllib.error.HTTPError as refused:
            raise SystemExit(f"{verb} {path}: {refused.code} {refused.read().decode(errors='replace')}")

    def items(self, path):
        cursor, between = None, "&" if "?" in path else "?"
        while True:
            page, _ = self.ask("GET", path + (f"{between}cursor={cursor}" if cursor else ""))
            yield from page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return

    def ticket(self, service, category):
        for one in self.items(f"/api/v1/tickets?service={service}&category={category}"):
            return one["id"]
        raise SystemExit(f"no ticket of {service} about {category}: was its report read?")

    def act(self, ticket, verb, /, token="desk", **body):
        for _ in range(10):  # the desk's own clock may change a ticket between the two requests
            _, version = self.ask("GET", f"/api/v1/tickets/{ticket}", token=token)
            secret = (self.folder / f"{token}.token").read_text().strip()
            request = urllib.request.Request(
                f"{self.base}/api/v1/tickets/{ticket}/{verb}", json.dumps(body).encode(), method="POST",
                headers={"Authorization": f"Bearer {secret}", "If-Match": version, "Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as refused:
                if refused.code != 412:
                    raise SystemExit(f"{verb} {ticket}: {refused.code} {refused.read().decode(errors='replace')}")
        raise SystemExit(f"{verb} {ticket}: it changed ten times meanwhile")


def until(seconds, what, question):
    end = time.monotonic() + seconds
    while not question():
        if time.monotonic() > end:
            raise SystemExit(f"after {seconds} s still not: {what}")
        time.sleep(0.1)


def wait_ready(port, process):
    def ready():
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            raise SystemExit("the desk has ended")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False
    until(READY_SECONDS, "ready", ready)


def replay(desk, demo, lmtp_port, program):
    sent = 0
    for file in sorted((demo / "reports").glob("*/*")):
        content = with_times(file.read_text(encoding="utf-8")).encode()
        sender = re.search(rb"^From: .*?([^\s<>]+@[^\s<>]+)", content, re.M)
        sender = sender[1].decode() if sender else "nobody@example.org"
        channel = file.parent.name
        if channel == "lmtp":
            with smtplib.LMTP("127.0.0.1", lmtp_port, local_hostname="mx.meadow.example") as session:
                session.sendmail(sender, ["abuse@meadow.example"], content, ["BODY=8BITMIME"])
        elif channel == "deliver":
            subprocess.run([program, "deliver", "--from", sender, "--to", "abuse@meadow.example"], input=content,
                           check=True, stdout=subprocess.DEVNULL)
        elif channel == "http":
            desk.ask("POST", "/api/v1/reports", content, token="flow" if file.name.startswith("ddos") else "watch",
                     Content_Type="application/json", Idempotency_Key=f"demo-{file.stem}")
        else:
            raise SystemExit(f"{file}: no channel is called {channel}")
        sent += 1
    until(READ_SECONDS, "every report read", lambda: not any(
        report["status"] == "received" for report in desk.items("/api/v1/reports?status=received"))
        and sum(1 for _ in desk.items("/api/v1/reports")) >= sent)
    return sent


def answer_with_proofs(ticket, address):
    """What `abate reply --send` posts, in small: each proof carries the SHA-256 of its other fields in canonical JSON."""
    at = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    upload = "/var/www/club/wp-content/uploads"

    def proof(name, about, tried, seen):
        one = {"id": name, "about": about, "tried": tried, "seen": seen, "service": address, "good": True, "at": at}
        whole = json.dumps(one, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return one | {"hash": hashlib.sha256(whole.encode()).hexdigest()}

    def says(words, *ids):
        return {"says": words, "standing": "proved" if ids else "claimed", "proof": list(ids)}

    parts = {
        "cause": [says("A gallery plugin of 2023 let 198.51.100.23 upload gate.php", "f51ce4a70b2d9"),
                  says("Nobody had looked after the plugins since the board changed")],
        "done": [says(f"Removed {upload}/2026/gate.php and kept a sealed copy", "a9c04b7715ee2", "p1b2f60c4a8d7"),
                 says("Switched off the gallery plugin", "a17d2c88f0b35", "p64a9e03d7c1f"),
                 says("Changed the passwords of all three people who write there")],
        "confirmed": [says("2 changes were compared with what is there now: all stand", "p1b2f60c4a8d7", "p64a9e03d7c1f"),
                      says("Looked through the whole server again: nothing malicious is left", "pe7720d5b1c94")],
        "prevention": [says("Updates are automatic now, and PHP is off in the upload folder")]}
    titles = ("What caused it", "What was done", "How it was confirmed", "What keeps it from happening again")
    text = "\n".join(f"{title}\n" + "".join(f"- {one['says']} [{one['standing']}]\n" for one in part)
                     for title, part in zip(titles, parts.values()))
    return {"schema": "abate.reply/1", "ticket": ticket, "text": text, **parts,
            "proofs": [proof("p1b2f60c4a8d7", "a9c04b7715ee2", f"looked for {upload}/2026/gate.php", "there is no such file"),
                       proof("p64a9e03d7c1f", "a17d2c88f0b35", "compared the plugin's folder with what the change left",
                             "as it was left: no PHP runs there"),
                       proof("pe7720d5b1c94", "sweep", "looked through the whole server", "nothing malicious is left")],
            "findings": [{"id": "f51ce4a70b2d9", "detector": "php_decoded_eval", "area": "web", "severity": "malicious",
                          "subject": {"kind": "file", "path": f"{upload}/2026/gate.php"},
                          "why": "PHP runs a decoded blob, in a folder that visitors can upload to",
                          "evidence": ["198.51.100.23 \"POST /wp-content/plugins/gallery/upload.php\" 200"]}]}


def work(desk):
    """A few days of the Abuse Team, so that each state can be looked at."""
    def opened(service, category):
        ticket = desk.ticket(service, category)
        desk.act(ticket, "open")
        return ticket

    opened("vps-1001", "spam")  # open, its notice sent

    answered = opened("vps-1007", "spam")
    desk.act(answered, "reply", text="Kim asks by telephone what to look for. Please start with the mail log: which account "
             "sent the message of the excerpt? Tell us here what you find.")

    overdue, suspended = opened("vps-1011", "proxy"), opened("vps-1019", "proxy")

    claimed = opened("vps-1003", "phishing")
    reply = answer_with_proofs(claimed, desk.ask("GET", f"/api/v1/tickets/{claimed}")[0]["service"]["addresses"][0])
    desk.act(claimed, "proofs", token="customer-c-102", **reply)
    desk.act(claimed, "claim", token="customer-c-102", text=reply["text"])

    closed = opened("vps-1004", "malware")
    desk.act(closed, "claim", token="customer-c-103", text="Cause: a stolen FTP password. Done: loader and web shell deleted, "
             "FTP switched off. Checked: files compared with the last backup. Prevention: keys only.")
    desk.act(closed, "accept", reason="Both links are gone, and the access log shows the entry that was described.")

    refused = opened("vps-1012", "phishing")
    desk.act(refused, "claim", token="customer-c-109", text="We deleted it. Should be fine now.")
    desk.act(refused, "refuse", reason="The page is gone, but /.well-known/parcel/pay.php still answers. How did it come in?")
    desk.act(refused, "reply", token="customer-c-109", stuck=True, text="You are right, and it is back again although I deleted "
             "it twice. The access log shows nothing at that time. Where should I look next?")

    desk.act(desk.ticket("vps-1018", "spam"), "dismiss",
             reason="The guest book mails only its owner, who pressed the spam button. Told them how to switch it off.")
    deliberate = opened("vps-1018", "phishing")
    desk.act(deliberate, "close", reason="The registrar took the name away; the customer had only just been sold it.")

    for ticket in (overdue, suspended):
        until(OVERDUE_SECONDS, f"a measure proposed for {ticket}",
              lambda: desk.ask("GET", f"/api/v1/tickets/{ticket}")[0]["measures"])
    desk.act(suspended, "measures", measure="suspend", on=True, reason="Nobody answered, and the proxy is still open.")
    until(OVERDUE_SECONDS, "the suspension in force", lambda: any(
        measure["state"] == "in_force" for measure in desk.ask("GET", f"/api/v1/tickets/{suspended}")[0]["measures"]))


def main():
    what, demo, folder, port = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), sys.argv[4]
    if what == "prepare":
        return prepare(demo, folder, port)
    lmtp_port, program, process = int(sys.argv[5]), sys.argv[6], int(sys.argv[7])
    wait_ready(port, process)
    if what == "fill":
        desk = Desk(folder, port)
        sent = replay(desk, demo, lmtp_port, program)
        work(desk)
        print(f"replayed {sent} reports")


main()
