#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real Postfix before the desk, configured as docs/operating.md says.

    postfix_test.py TREE PROGRAM

Its configuration, queue and port are its own; the system's Postfix, if one runs, is not touched.
"""
import json
import os
import pwd
import sys
import unittest

import mail_server
from mail_server import Server, Site, Stories, run

MAIN = """compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.net
mydestination =
mynetworks = 127.0.0.0/8
relay_domains = tcp.example.net, unix.example.net, pipe.example.net
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_peername_lookup = no
alias_maps =
alias_database =
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
message_size_limit = 1000000
notify_classes =
bounce_notice_recipient = postmaster@tcp.example.net
transport_maps = hash:{folder}/transport
"""
# The columns of the last line are those of docs/operating.md.
MASTER = """127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
abate unix - n n - 4 pipe flags=q eol=\\r\\n user={owner} argv={pipe} --from ${{sender}} --to ${{recipient}}
"""
TRANSPORT = """abuse@tcp.example.net lmtp:inet:127.0.0.1:{tcp}
abuse@unix.example.net lmtp:unix:{unix}
abuse@pipe.example.net abate:
example.org discard:
"""


class Postfix(Server):
    def __init__(self, site):
        self.folder = site.folder / "postfix"
        for name in (".", "queue", "data", "config"):
            (self.folder / name).mkdir(exist_ok=True)
        super().__init__(self.folder / "mail.log")
        os.chown(self.folder / "data", pwd.getpwnam("postfix").pw_uid, -1)
        self.config = self.folder / "config"
        words = {"folder": self.folder, "pipe": site.pipe, "owner": mail_server.OWNER, "unix": site.unix, **site.ports}
        (self.config / "main.cf").write_text(MAIN.format(**words))
        (self.config / "master.cf").write_text(MASTER.format(**words))
        (self.folder / "transport").write_text(TRANSPORT.format(**words))
        run("postmap", "-c", self.config, f"hash:{self.folder}/transport")
        run("postfix", "-c", self.config, "start")
        self.stop_with_us("postfix", "-c", self.config, "stop")

    def stop(self):
        self.guard.stdin.close()
        self.guard.wait(60)

    def queued(self):
        return [entry["queue_id"] for entry in map(json.loads, run("postqueue", "-c", self.config, "-j").splitlines())]

    def flush(self):
        run("postqueue", "-c", self.config, "-f")

    def deferred(self):
        return self.since_mark().count("status=deferred")

    def bounced(self):
        return self.since_mark().count("status=bounced")


class PostfixBeforeTheDesk(Stories, unittest.TestCase):
    ON_UNIX_SOCKET = False

    @classmethod
    def setUpClass(cls):
        cls.site = Site(cls.ON_UNIX_SOCKET)
        cls.addClassCleanup(cls.site.close)
        cls.site.desk.start()
        cls.server = Postfix(cls.site)
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.server.set_mark()


class PostfixBeforeTheDeskOnAUnixSocket(PostfixBeforeTheDesk):
    ON_UNIX_SOCKET = True


if __name__ == "__main__":
    mail_server.become_root()
    unittest.main(argv=sys.argv[:1], verbosity=2)
