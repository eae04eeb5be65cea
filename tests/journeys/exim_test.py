#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real Exim before the desk, configured as docs/operating.md says.

    exim_test.py TREE PROGRAM

Debian's Exim cannot be installed beside Postfix, so packaging/unpack puts its files beneath build/. The program insists on
the user Debian-exim, which only the package's installation would make: in our copy that name is another user's. And it
gives up root where a daemon reads a configuration of another place than its own: so mail waits in the queue, as with
`queue_only`, until root runs the queue.
"""
import os
import pathlib
import pwd
import re
import subprocess
import sys
import unittest

import mail_server
from mail_server import Server, Site, Stories, run

TREE = pathlib.Path(sys.argv[1]).resolve()
RUNS_AS = "mail"  # what its Debian-exim really is: a user that every Debian has
# The routers' and transports' lines are those of docs/operating.md.
CONFIG = """primary_hostname = mx.example.net
exim_path = {program}
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/exim.pid
daemon_smtp_ports = {smtp}
local_interfaces = 127.0.0.1
keep_environment =
queue_only
domainlist to_us = tcp.example.net : unix.example.net : pipe.example.net
acl_smtp_rcpt = recipient
acl_smtp_data = content
accept_8bitmime
tls_advertise_hosts =
chunking_advertise_hosts =
host_lookup =
rfc1413_hosts =
never_users =
message_size_limit = 1M
begin acl
recipient:
  accept domains = +to_us
  deny
content:
  accept
begin routers
tcp:
  driver = accept
  domains = tcp.example.net
  local_parts = abuse
  transport = abate_lmtp
unix:
  driver = accept
  domains = unix.example.net
  local_parts = abuse
  transport = abate_unix
pipe:
  driver = accept
  domains = pipe.example.net
  local_parts = abuse
  transport = abate_pipe
back:
  driver = redirect
  domains = example.org
  data = :blackhole:
begin transports
abate_lmtp:
  driver = smtp
  protocol = lmtp
  hosts = 127.0.0.1
  port = {tcp}
  allow_localhost
abate_unix:
  driver = lmtp
  socket = {unix}
abate_pipe:
  driver = pipe
  command = {pipe}
  user = {owner}
  use_crlf
  message_prefix =
  message_suffix =
  temp_errors = 75
  return_fail_output
begin retry
* * F,2h,1s
"""


class Exim(Server):
    def __init__(self, site, program):
        self.folder = site.folder / "exim"
        (self.folder / "spool").mkdir(parents=True)
        self.program = self.folder / "exim4"
        # A shorter name, and NUL to the old length: every offset in the program stays.
        self.program.write_bytes(program.read_bytes().replace(b"\0Debian-exim\0", b"\0" + RUNS_AS.ljust(11, "\0").encode() + b"\0"))
        self.program.chmod(0o755)
        super().__init__(self.folder / "mainlog")
        who = pwd.getpwnam(RUNS_AS)
        for path in (self.folder, self.folder / "spool"):
            os.chown(path, who.pw_uid, who.pw_gid)
        self.config = self.folder / "exim.conf"
        self.config.write_text(CONFIG.format(folder=self.folder, pipe=site.pipe, unix=site.unix, owner=mail_server.OWNER,
                                             program=self.program, **site.ports))
        self.process = subprocess.Popen([self.program, "-C", self.config, "-bdf"], stdin=subprocess.DEVNULL)
        self.stop_with_us("kill", self.process.pid)

    def exim(self, *words):
        return run(self.program, "-C", self.config, *words)

    def stop(self):
        self.guard.stdin.close()
        self.guard.wait(30)
        self.process.wait(30)

    def queued(self):
        # Without its own notices to the sender, which wait for the next run.
        return re.findall(r"^\s*\S+\s+\S+\s+(\S+) <[^>]", self.exim("-bp"), re.M)

    def after_sending(self):
        self.flush()

    def flush(self):
        self.exim("-qff")

    def deferred(self):
        return len(re.findall(r" == abuse@\S+ R=", self.since_mark()))

    def bounced(self):
        return len(re.findall(r" \*\* abuse@\S+ ", self.since_mark()))


class EximBeforeTheDesk(Stories, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        program = pathlib.Path("/usr/sbin/exim4")
        if not program.exists():
            unpacked = TREE / "build" / "exim"
            run(TREE / "packaging" / "unpack", unpacked, "exim4-daemon-light")
            program = unpacked / "usr/sbin/exim4"
        cls.site = Site(on_unix_socket=False)
        cls.addClassCleanup(cls.site.close)
        cls.site.desk.start()
        cls.server = Exim(cls.site, program)
        cls.addClassCleanup(cls.server.stop)
        mail_server.until("Exim listening", lambda: "listening for SMTP" in cls.server.log_text(), 30, 0.02)

    def setUp(self):
        self.server.set_mark()


if __name__ == "__main__":
    mail_server.become_root()
    unittest.main(argv=sys.argv[:1], verbosity=2)
