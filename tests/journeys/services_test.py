#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""services_test.py SOURCE_DIR ABATE: `abate verify` speaks to real services: a Postfix, a proxy, a resolver, a web server.

All in a network namespace of its own with an address that strangers would reach, and abate in a small root of its own,
so that "the whole server" is small. Needs root, or `sudo -n`.
"""
import http.server
import json
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

SOURCE, ABATE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
SERVERS = ABATE.parent.parent / 'servers'  # where tests/support/server_program.cc unpacks too
OWN = '203.0.113.10'
WAIT = 60


def fetch():
    """Before the namespace, which has no way out."""
    SERVERS.parent.mkdir(exist_ok=True)
    run('flock', f'{SERVERS}.lock', SOURCE / 'packaging/unpack', SERVERS, 'tinyproxy-bin', 'unbound', 'libprotobuf-c1',
        'squid', 'squid-common', 'libecap3', 'libltdl7', 'libnetfilter-conntrack3', 'libnfnetlink0',
        'bind9', 'bind9-libs', 'libjemalloc2', 'liblmdb0', 'libfstrm0')


def enter_namespaces():
    if os.environ.get('ABATE_IN_NAMESPACE'):
        return
    fetch()
    again = ['unshare', '--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child', 'env', 'ABATE_IN_NAMESPACE=yes', sys.executable, *sys.argv]
    os.execvp(*((again[0], again) if os.geteuid() == 0 else ('sudo', ['sudo', '-n', *again])))


def run(*words, expect=0):
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    if expect is not None and done.returncode != expect:
        raise AssertionError(f'{words}: {done.returncode}\n{done.stdout}\n{done.stderr}')
    return done


def until(what, fits):
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if fits():
            return
        time.sleep(0.05)
    raise AssertionError(f'{what}: not within {WAIT} s')


def listens(port, address=OWN):
    with socket.socket() as one:
        return one.connect_ex((address, port)) == 0


REPORT = '''{{"xarf_version": "4.2.0", "report_id": "11111111-2222-4333-8444-555555555555", "timestamp": "2026-01-02T03:04:05Z",
 "reporter": {{"org": "Example", "contact": "noc@example.org", "domain": "example.org"}},
 "sender": {{"org": "Example", "contact": "noc@example.org", "domain": "example.org"}},
 "source_identifier": "203.0.113.10", "category": "{category}", "type": "{type}", {more}
 "evidence_source": "honeypot"}}'''
SPAM = REPORT.format(category='messaging', type='spam', more='"protocol": "smtp", "smtp_from": "x@example.org",')
PHISHING = REPORT.format(category='content', type='phishing', more='"url": "http://shop.example/kit/login.html",')


class Services(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory(prefix='abate-services-')
        self.folder = pathlib.Path(self.temp.name)
        self.folder.chmod(0o755)
        self.root = self.folder / 'root'
        for name in ('etc/postfix', 'proc', 'dev', 'var/lib/abate', 'var/log', 'srv/many', 'tmp', 'usr/sbin', 'etc/squid'):
            (self.root / name).mkdir(parents=True)
        (self.root / 'etc/passwd').write_text('root:x:0:0:root:/root:/bin/sh\n')
        (self.root / 'etc/os-release').write_text('ID=debian\nVERSION_ID=12\nPRETTY_NAME="Debian GNU/Linux 12"\n')
        for number in range(150):
            (self.root / f'srv/many/{number}').write_text('a file\n')
        shutil.copy(ABATE, self.root / 'abate')
        run('mount', '-t', 'proc', 'proc', self.root / 'proc')
        self.ends = []

    def tearDown(self):
        for end in reversed(self.ends):
            end()
        run('umount', self.root / 'proc')
        self.temp.cleanup()

    def verify(self, report):
        (self.root / 'report.json').write_text(report)
        done = run('chroot', self.root, '/abate', 'verify', '--ticket', '/report.json', '--state', '/var/lib/abate', '--json', '/var/lib/abate/v.json',
                   '--fast', expect=None)
        form = json.loads((self.root / 'var/lib/abate/v.json').read_text()) if done.returncode in (0, 1, 3) else {}
        return done.returncode, form, done.stdout + done.stderr

    def proofs(self, form, word):
        return [(proof['good'], proof['seen']) for proof in form['proofs'] if word in proof['tried']]

    def environment(self):
        return os.environ | {'LD_LIBRARY_PATH': f'{SERVERS}/usr/lib/x86_64-linux-gnu:{SERVERS}/lib/x86_64-linux-gnu'}

    def start(self, words, environment=None):
        log = open(self.folder / 'server.log', 'ab')
        server = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

        def end():
            server.terminate()
            server.wait(WAIT)
            log.close()
        self.ends.append(end)
        return end

    def postfix(self, networks):
        config = self.root / 'etc/postfix'
        for name in ('queue', 'data'):
            (self.folder / name).mkdir(exist_ok=True)
        os.chown(self.folder / 'data', pwd.getpwnam('postfix').pw_uid, -1)
        (config / 'main.cf').write_text(f'''compatibility_level = 3.6
queue_directory = {self.folder}/queue
data_directory = {self.folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mail1.example.net
mydestination = mail1.example.net
mynetworks = {networks}
inet_interfaces = all
inet_protocols = ipv4
alias_maps =
maillog_file = {self.folder}/mail.log
maillog_file_prefixes = {self.folder}
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
''')
        (config / 'master.cf').write_text('''smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
smtp unix - - n - - smtp
error unix - - n - - error
postlog unix-dgram n - n - 1 postlogd
''')
        (self.root / 'usr/sbin/postfix').write_text('x')
        (self.root / 'usr/sbin/postfix').chmod(0o755)

    def test_a_relay_is_open_until_its_networks_are_its_own(self):
        self.postfix('127.0.0.0/8 0.0.0.0/0')
        config = self.root / 'etc/postfix'
        run('postfix', '-c', config, 'start')
        self.ends.append(lambda: run('postfix', '-c', config, 'stop', expect=None))
        until('the mail server', lambda: listens(25))
        status, form, told = self.verify(SPAM)
        self.assertEqual(status, 1, told)
        self.assertFalse(form['gone'])
        (good, seen), = self.proofs(form, 'mail server at 203.0.113.10:25')
        self.assertFalse(good)
        self.assertTrue(seen.startswith('250 '), seen)

        self.postfix('127.0.0.0/8')
        run('postfix', '-c', config, 'reload')
        until('the new configuration', lambda: self.proofs_after(SPAM, 'mail server at')[0][0])
        status, form, told = self.verify(SPAM)
        (good, seen), = self.proofs(form, 'mail server at 203.0.113.10:25')
        self.assertTrue(good)
        self.assertIn('Relay access denied', seen)
        self.assertEqual(status, 0, told)
        self.assertTrue(form['gone'])
        self.assertNotIn('status=', (self.folder / 'mail.log').read_text(), 'no mail was ever handed over')

    def proofs_after(self, report, word):
        return self.proofs(self.verify(report)[1], word) or [(False, '')]

    def test_a_page_is_there_until_every_visitor_gets_none(self):
        shown = {'page': True, 'phone': True}

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                is_phone = 'iPhone' in self.headers['User-Agent']
                there = self.headers['Host'] == 'shop.example' and (shown['page'] or (shown['phone'] and is_phone))
                self.send_response(200 if there else 404)
                self.end_headers()
                self.wfile.write(b'<form>' if there else b'none')

            def log_message(self, *_): pass
        server = http.server.ThreadingHTTPServer(('0.0.0.0', 80), Page)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.ends += [server.server_close, server.shutdown]

        status, form, told = self.verify(PHISHING)
        self.assertEqual(status, 1, told)
        tries = self.proofs(form, 'http://shop.example/kit/login.html')
        self.assertEqual(len(tries), 6, 'three visitors, by loopback and by the own address')
        self.assertFalse(any(good for good, _ in tries))
        shown['page'] = False
        status, form, told = self.verify(PHISHING)
        self.assertEqual(status, 1, 'it hides from all but phones')
        self.assertEqual(sum(good for good, _ in self.proofs(form, 'shop.example')), 4)
        shown['phone'] = False
        status, form, told = self.verify(PHISHING)
        self.assertEqual(status, 0, told)
        self.assertTrue(form['gone'])
        for proof in form['proofs']:
            self.assertEqual(len(proof['hash']), 64)

    def test_a_proxy_is_open_until_it_serves_itself_only(self):
        report = REPORT.format(category='vulnerability', type='open_service', more='"service": "http-proxy", "source_port": 3128,')
        for allow, wanted in (('0.0.0.0/0', False), ('127.0.0.1', True)):
            config = self.folder / 'tinyproxy.conf'
            config.write_text(f'Port 3128\nTimeout 20\nMaxClients 10\nAllow {allow}\n')
            end = self.start([SERVERS / 'usr/bin/tinyproxy', '-d', '-c', config], self.environment())
            until('the proxy', lambda: listens(3128))
            status, form, told = self.verify(report)
            tries = self.proofs(form, '203.0.113.10:3128')
            self.assertEqual({good for good, _ in tries if _ != ''} >= {wanted}, True, told)
            self.assertEqual(all(good for good, _ in tries), wanted, told)
            self.assertEqual(form['gone'], wanted, told)
            self.ends.remove(end)
            end()

    def test_a_resolver_that_serves_nobody_is_gone(self):
        config = self.folder / 'unbound.conf'
        report = REPORT.format(category='connection', type='ddos', more='"source_port": 53, "protocol": "udp",')
        config.write_text('''server:
 interface: 0.0.0.0
 chroot: ""
 directory: ""
 username: ""
 pidfile: ""
 use-syslog: no
 module-config: "iterator"
 access-control: 127.0.0.0/8 allow
remote-control:
 control-enable: no
''')
        self.start([SERVERS / 'usr/sbin/unbound', '-d', '-c', config], self.environment())
        until('the resolver', lambda: listens(53))
        status, form, told = self.verify(report)
        (good, seen), = self.proofs(form, 'name server at 203.0.113.10:53')
        self.assertTrue(good, told)
        self.assertIn('REFUSED', seen)

    def squid(self, access):
        """Its configuration lies where a server keeps it, so that the sweep reads what Squid reads."""
        config = self.root / 'etc/squid/squid.conf'
        # As root it gives its rights up, and still writes there.
        own = self.folder / 'squid'
        own.mkdir(exist_ok=True)
        os.chown(own, pwd.getpwnam('proxy').pw_uid, -1)
        config.write_text(f'''http_port 3128
acl ours src 127.0.0.1/32
http_access allow {access}
http_access deny all
pid_filename none
cache_log {own}/log
access_log none
mime_table {SERVERS}/usr/share/squid/mime.conf
error_directory {own}
icon_directory {own}
unlinkd_program {SERVERS}/usr/lib/squid/unlinkd
pinger_enable off
coredump_dir {own}
shutdown_lifetime 0 seconds
visible_hostname proxy.example.net
''')
        return self.start([SERVERS / 'usr/sbin/squid', '-N', '-f', config], self.environment())

    def test_a_squid_is_open_until_it_serves_its_own_only(self):
        report = REPORT.format(category='vulnerability', type='open_service', more='"service": "http-proxy", "source_port": 3128,')
        for access, wanted in (('all', False), ('ours', True)):
            end = self.squid(access)
            until('the proxy', lambda: listens(3128))
            status, form, told = self.verify(report)
            tries = self.proofs(form, '203.0.113.10:3128')
            self.assertTrue(tries, told)
            self.assertEqual(all(good for good, _ in tries), wanted, told)
            self.assertEqual((form['gone'], status), (wanted, 0 if wanted else 1), told)
            self.ends.remove(end)
            end()

    def bind(self, who):
        config = self.root / 'etc/bind/named.conf'
        config.parent.mkdir(exist_ok=True)
        (self.root / 'usr/sbin/named').write_text('x')
        (self.root / 'usr/sbin/named').chmod(0o755)
        config.write_text(f'''options {{
 directory "{self.folder}";
 listen-on {{ any; }};
 listen-on-v6 {{ none; }};
 recursion yes;
 allow-recursion {{ {who}; }};
 allow-query-cache {{ {who}; }};
 forward only;
 forwarders {{ 127.0.0.53; }};
 dnssec-validation no;
 pid-file none;
 session-keyfile "{self.folder}/session.key";
 managed-keys-directory "{self.folder}";
}};
controls {{ }};
''')
        return self.start([SERVERS / 'usr/sbin/named', '-f', '-c', config], self.environment())

    def test_a_bind_is_open_until_it_recurses_for_its_own_only(self):
        # It stands for the world, which the namespace has not.
        upstream = self.folder / 'unbound.conf'
        upstream.write_text('''server:
 interface: 127.0.0.53
 chroot: ""
 directory: ""
 username: ""
 pidfile: ""
 use-syslog: no
 module-config: "iterator"
 access-control: 127.0.0.0/8 allow
 local-zone: "example.com." static
 local-data: "www.example.com. A 192.0.2.80"
remote-control:
 control-enable: no
''')
        self.start([SERVERS / 'usr/sbin/unbound', '-d', '-c', upstream], self.environment())
        until('the world', lambda: listens(53, '127.0.0.53'))
        report = REPORT.format(category='connection', type='ddos', more='"source_port": 53, "protocol": "udp",')
        for who, wanted in (('any', False), ('127.0.0.1', True)):
            end = self.bind(who)
            until('the resolver', lambda: listens(53))
            status, form, told = self.verify(report)
            (good, seen), = self.proofs(form, 'name server at 203.0.113.10:53')
            self.assertEqual(good, wanted, told)
            self.assertEqual((form['gone'], status), (wanted, 0 if wanted else 1), told)
            self.ends.remove(end)
            end()

    def test_a_mounted_disk_says_what_it_cannot_try(self):
        (self.root / 'report.json').write_text(SPAM)
        out = self.folder / 'v.json'
        run(ABATE, 'verify', '--root', self.root, '--ticket', self.root / 'report.json', '--state', self.folder / 'state', '--json', out, expect=None)
        notes = {note['what']: note['why'] for note in json.loads(out.read_text())['not_examined']}
        self.assertEqual(notes.get('speaking to the services, as a stranger would'), 'needs the running server')


if __name__ == '__main__':
    enter_namespaces()
    run('ip', 'link', 'set', 'lo', 'up')
    run('ip', 'addr', 'add', f'{OWN}/32', 'dev', 'lo')
    # The checkout may lie beneath /tmp, and what runs from there is rightly found.
    run('mount', '--bind', SERVERS, '/mnt')
    SERVERS = pathlib.Path('/mnt')
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
