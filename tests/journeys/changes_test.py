#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""changes_test.py SOURCE_DIR ABATED ABATE: what abate changes on a server that runs: a real nginx, a real Postfix queue, real processes; and back.

The server is a small real Debian with processes of its own, in a network of its own; the plans are written by hand, so that each
change is made by itself.
"""
import http.client, json, os, pathlib, shutil, signal, subprocess, sys, tempfile, unittest

import one_file, small_debian
from sinks import until

SOURCE, ABATE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[3])
PACKAGES = ('procps', 'nginx', 'postfix', 'util-linux')
SITE = '/srv/club'
NGINX = '''user www-data;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
events { worker_connections 64; }
http {
    access_log /var/log/nginx/access.log;
    # the club's page
    server {  # not the other one
        listen 127.0.0.1:8080;
        server_name club.example;
        root /srv/club;
    }
    server { listen 127.0.0.1:8081; server_name other.example; root /srv/other; }
}
'''


def own_namespaces():
    if os.geteuid() != 0: os.execvp('sudo', ['sudo', '-n', '--preserve-env=PATH', sys.executable, *sys.argv])
    if os.getpid() != 1: os.execvp('unshare', ['unshare', '--net', '--pid', '--mount-proc', '--fork', '--kill-child', sys.executable, *sys.argv])
    subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)


class Server:
    def __init__(self, folder):
        self.root = folder / 'root'
        small_debian.make(self.root, PACKAGES)
        shutil.copytree('/etc/nginx', self.root / 'etc/nginx', symlinks=True, dirs_exist_ok=True)
        self.put('/etc/nginx/nginx.conf', NGINX)
        for path in (f'{SITE}/index.html', f'{SITE}/a "b".html', f'{SITE}/x.html', '/srv/other/x.html'): self.put(path, 'a page\n')
        (self.root / 'var/log/nginx').mkdir(parents=True, exist_ok=True)
        (self.root / 'var/lib/nginx').mkdir(parents=True, exist_ok=True)
        self.put('/etc/postfix/main.cf', 'compatibility_level = 3.6\nmyhostname = vps.meadow.example\nmydestination = localhost\ninet_interfaces = loopback-only\n'
                 'inet_protocols = ipv4\ndefer_transports = smtp\nmaillog_file = /var/log/mail.log\nalias_maps =\nalias_database =\n')
        lines = pathlib.Path('/usr/share/postfix/master.cf.dist').read_text().splitlines()
        self.put('/etc/postfix/master.cf', '\n'.join('\t'.join([*one.split()[:4], 'n', *one.split()[5:]]) if one[:1].isalpha() and len(one.split()) > 7 else one
                                                     for one in lines) + '\n')
        for name, text in (('passwd', 'kim:x:2000:2000::/home/kim:/bin/sh\n'), ('group', 'kim:x:2000:\n'), ('shadow', 'kim:$6$a$b:19000::::::\n')):
            with open(self.root / 'etc' / name, 'a') as file: file.write(text)
        for name, (major, minor) in {'null': (1, 3), 'zero': (1, 5), 'random': (1, 8), 'urandom': (1, 9)}.items():
            subprocess.run(['mknod', '-m', '666', self.root / 'dev' / name, 'c', str(major), str(minor)], check=True)
        shutil.copy2(ABATE, self.root / 'usr/local/bin/abate')
        self.process = subprocess.Popen(['unshare', '--pid', '--mount', '--fork', '--kill-child', 'sh', '-c',
                                         f'mount -t proc proc {self.root}/proc && exec chroot {self.root} sleep infinity'])
        self.init = until("the server's first process", self._first_process)

    def _first_process(self):
        children = subprocess.run(['pgrep', '-P', str(self.process.pid)], capture_output=True, text=True).stdout.split()
        return int(children[0]) if children and os.readlink(f'/proc/{children[0]}/root') == str(self.root) else None

    def stop(self):
        self.process.kill()
        self.process.wait()

    def put(self, path, text):
        real = self.root / path.lstrip('/')
        real.parent.mkdir(parents=True, exist_ok=True)
        real.write_text(text)

    def read(self, path):
        return (self.root / path.lstrip('/')).read_text()

    def command(self, *words):
        return ['nsenter', '-t', str(self.init), '-p', '-m', f'--root=/proc/{self.init}/root', 'env', '-C', '/', '-i', 'PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
                'LANG=C.UTF-8', *words]

    def run(self, *words, text_in=None, status=0):
        more = {'input': text_in} if text_in is not None else {'stdin': subprocess.DEVNULL}
        done = subprocess.run(self.command(*words), capture_output=True, text=True, timeout=120, **more)
        assert status is None or done.returncode == status, f'{words}: {done.returncode}\n{done.stdout}\n{done.stderr}'
        return done.stdout + done.stderr

    def apply(self, kind, subject, status=0):
        """One action of a plan made by hand."""
        plan = {'schema': 'abate.plan/1', 'ticket': 'T-1', 'root': '/', 'made_at': '2026-11-30T00:00:00Z', 'warnings': [],
                'actions': [{'id': 'a1', 'kind': kind, 'requirement': 'R20', 'subject': subject, 'findings': [], 'why': '', 'effect': '', 'undo': '', 'proof': '', 'default': True}]}
        self.put('/plan.json', json.dumps(plan))
        return self.run('abate', 'apply', '/plan.json', '--yes', status=status)

    def undo(self):
        return self.run('abate', 'undo', sorted(os.listdir(self.root / 'var/lib/abate/runs'))[-1])

    def ask(self, path, port=8080):
        line = http.client.HTTPConnection('127.0.0.1', port, timeout=30)
        try:
            line.request('GET', path)
            return line.getresponse().status
        except OSError:
            return None
        finally:
            line.close()


@unittest.skipUnless(one_file.is_static(ABATE), 'a Debian as small as this one has no libraries for another build')
class Running(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory(prefix='abate-changes-')
        cls.server = Server(pathlib.Path(cls.temp.name))

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        subprocess.run(['umount', '-l', cls.server.root / 'proc'], capture_output=True)
        cls.temp.cleanup()

    def becomes(self, wanted, path, port=8080):
        until(f'{wanted} for {path}', lambda: self.server.ask(path, port) == wanted)
        # Workers of before the reload go on for a while: until they are gone, an answer does not tell which configuration is read.
        until('the former workers gone', lambda: subprocess.run(['pgrep', '-fc', '^nginx: worker process'], capture_output=True,
                                                                text=True).stdout.strip() == '1')
        self.assertEqual(self.server.ask(path, port), wanted)

    def start_nginx(self):
        self.server.put('/etc/nginx/nginx.conf', NGINX)
        if self.server.ask('/') is None: self.server.run('nginx')
        else: self.server.run('nginx', '-s', 'reload')
        self.becomes(200, '/x.html')

    def test_nginx_answers_gone_and_paused_by_its_own_grammar_and_comes_back(self):
        s = self.server
        self.start_nginx()
        for name in ('x.html', 'a "b".html'):
            url = '/' + name.replace(' ', '%20').replace('"', '%22')
            told = s.apply('gone_path', {'kind': 'file', 'path': f'{SITE}/{name}'})
            self.assertIn('done', told)
            self.becomes(410, url)
            self.assertEqual((s.ask('/'), s.ask('/x.html', 8081)), (200, 200), 'no other page, no other site')
            s.undo()
            self.becomes(200, url)
            self.assertEqual(s.read('/etc/nginx/nginx.conf'), NGINX)
        s.apply('pause_site', {'kind': 'file', 'path': SITE})
        self.becomes(503, '/x.html')
        self.assertEqual(s.ask('/x.html', 8081), 200)
        self.assertIn('# not the other one', s.read('/etc/nginx/nginx.conf'))
        s.undo()
        self.becomes(200, '/x.html')

        # What nginx itself refuses is taken back: here somebody else's mistake, which our change must not cover.
        broken = NGINX.replace('worker_connections 64;', 'no_such_directive 64;')
        s.put('/etc/nginx/nginx.conf', broken)
        told = s.apply('gone_path', {'kind': 'file', 'path': f'{SITE}/x.html'}, status=1)
        self.assertIn('nginx refuses the new configuration', told)
        self.assertEqual(s.read('/etc/nginx/nginx.conf'), broken)
        self.assertEqual(s.ask('/x.html'), 200)

    def test_content_that_may_not_be_served_is_neither_served_nor_copied(self):
        s = self.server
        self.start_nginx()
        s.apply('unpublish_content', {'kind': 'file', 'path': f'{SITE}/x.html'})
        self.becomes(410, '/x.html')
        self.assertEqual((s.root / f'{SITE[1:]}/x.html').stat().st_mode & 0o777, 0)
        run = sorted((s.root / 'var/lib/abate/runs').iterdir())[-1]
        rows = [json.loads(line) for line in (run / 'journal').read_text().splitlines()]
        changes = {row['change']: row['path'] for row in rows if 'path' in row and 'change' in row}
        self.assertTrue(changes, rows)
        for number, path in changes.items():
            if path.endswith('x.html'): self.assertFalse((run / 'sealed' / str(number)).exists(), 'a copy was made')
        s.undo()
        self.becomes(200, '/x.html')
        self.assertEqual((s.root / f'{SITE[1:]}/x.html').stat().st_mode & 0o777, 0o644)

    def test_what_waits_in_a_real_queue_is_held_and_released_but_not_what_the_owner_held(self):
        s = self.server
        s.run('postfix', 'start')
        try:
            for n in range(3): s.run('sendmail', '-f', 'info@club.example', f'user{n}@mailbox.example', text_in='Subject: x\n\nx\n')
            queue = lambda: [json.loads(line) for line in s.run('postqueue', '-j').splitlines() if line.startswith('{')]
            until('three deferred mails', lambda: [row['queue_name'] for row in queue()] == ['deferred'] * 3)
            owners = queue()[0]['queue_id']
            s.run('postsuper', '-h', owners)
            s.apply('hold_queue', {'kind': 'queue', 'path': '/var/spool/postfix'})
            self.assertEqual(sorted(row['queue_name'] for row in queue()), ['hold'] * 3)
            s.undo()
            until('two released mails', lambda: sum(row['queue_name'] != 'hold' for row in queue()) == 2)
            self.assertEqual([row['queue_id'] for row in queue() if row['queue_name'] == 'hold'], [owners])
        finally:
            s.run('postfix', 'stop')

    def test_a_process_ends_with_what_it_started_and_its_program_is_sealed(self):
        s = self.server
        shutil.copy2(s.root / 'usr/bin/sleep', s.root / 'tmp/.miner')
        held = subprocess.Popen(s.command('sh', '-c', '/tmp/.miner 4000 & exec /tmp/.miner 4001'))
        pids = lambda: s.run('pgrep', '-f', '^/tmp/.miner 400', status=None).split()
        until('two processes', lambda: len(pids()) == 2)
        (s.root / 'tmp/.miner').unlink()  # as many do once they run
        leader = s.run('pgrep', '-f', '^/tmp/.miner 4001').strip()
        s.apply('stop_process', {'kind': 'process', 'pid': int(leader), 'path': '/tmp/.miner'})
        until('no process', lambda: not pids())
        held.send_signal(signal.SIGCONT)  # nsenter stops itself with what it started
        held.wait(timeout=60)
        run = sorted((s.root / 'var/lib/abate/runs').iterdir())[-1]
        self.assertEqual(len(list((run / 'sealed').iterdir())), 1)

    def test_a_copy_of_what_was_put_away_is_seen_where_it_only_runs(self):
        s = self.server
        miner = s.root / 'srv/club/miner'
        miner.write_bytes((s.root / 'usr/bin/sleep').read_bytes() + b'of its own')
        miner.chmod(0o755)
        shutil.copy2(miner, s.root / 'tmp/.kworker')
        held = subprocess.Popen(s.command('/tmp/.kworker', '4000'))
        until('the process', lambda: s.run('pgrep', '-f', '^/tmp/.kworker 4000', status=None).strip())
        pid = s.run('pgrep', '-f', '^/tmp/.kworker 4000').strip()
        (s.root / 'tmp/.kworker').unlink()
        s.apply('quarantine_file', {'kind': 'file', 'path': '/srv/club/miner'})
        s.put('/report.txt', 'Spam from 203.0.113.10 at 2026-11-30T00:00:00Z\n')

        def copies():
            s.run('abate', 'verify', '--ticket', '/report.txt', '--json', '/v.json', '--fast', status=None)
            return [(proof['good'], proof['seen']) for proof in json.loads(s.read('/v.json'))['proofs'] if proof['about'] == 'copies']
        (good, seen), = copies()
        self.assertEqual((good, f'process {pid} runs the same program as /srv/club/miner was' in seen), (False, True), seen)
        s.run('kill', '-9', pid)
        held.wait(timeout=60)
        self.assertEqual([good for good, _ in copies()], [True])
        s.undo()
        miner.unlink()

    def test_sessions_of_an_account_end_and_no_others(self):
        s = self.server
        theirs = subprocess.Popen(s.command('setpriv', '--reuid=2000', '--regid=2000', '--clear-groups', 'sleep', '5000'))
        ours = subprocess.Popen(s.command('sleep', '5000'))
        until('the session', lambda: s.run('pgrep', '-u', '2000', status=None).strip())
        s.apply('end_sessions', {'kind': 'account', 'name': 'kim'})
        theirs.wait(timeout=60)
        self.assertIsNone(ours.poll())
        ours.kill()
        ours.wait()

    def test_an_account_and_a_mailbox_are_locked_where_their_passwords_are(self):
        s = self.server
        before = s.read('/etc/shadow')
        s.put('/etc/dovecot/users', 'info@club.example:{PLAIN}x:5000:5000::/m/info\n')
        s.apply('lock_mailbox', {'kind': 'mailbox', 'name': 'info@club.example'})
        self.assertEqual(s.read('/etc/dovecot/users'), 'info@club.example:!{PLAIN}x:5000:5000::/m/info\n')
        s.undo()
        s.apply('lock_account', {'kind': 'account', 'name': 'kim'})
        self.assertIn('kim:!$6$a$b:19000::::', s.read('/etc/shadow'))
        self.assertEqual(s.run('passwd', '-S', 'kim').split()[1], 'L')
        s.undo()
        self.assertEqual(s.read('/etc/shadow'), before)

    def test_a_unit_is_masked_and_comes_back(self):
        s = self.server
        s.apply('disable_unit', {'kind': 'unit', 'name': 'kworkerd.service'})
        self.assertEqual(os.readlink(s.root / 'etc/systemd/system/kworkerd.service'), '/dev/null')
        s.undo()
        self.assertFalse((s.root / 'etc/systemd/system/kworkerd.service').is_symlink())

    def test_a_changed_program_comes_back_from_the_package_that_apt_kept(self):
        s = self.server
        name, version = 'procps', next(line.split(': ')[1] for stanza in s.read('/var/lib/dpkg/status').split('\n\n') if '\nPackage: procps\n' in '\n' + stanza + '\n'
                                       for line in stanza.splitlines() if line.startswith('Version: '))
        good = (s.root / 'usr/bin/free').read_bytes()
        build = pathlib.Path(self.temp.name) / 'deb'
        (build / 'DEBIAN').mkdir(parents=True)
        (build / 'usr/bin').mkdir(parents=True)
        (build / 'usr/bin/free').write_bytes(good)
        (build / 'DEBIAN/control').write_text(f'Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n')
        cache = s.root / 'var/cache/apt/archives'
        cache.mkdir(parents=True, exist_ok=True)
        deb = cache / f'{name}_{version.replace(":", "%3a")}_all.deb'
        subprocess.run(['dpkg-deb', '--root-owner-group', '-b', build, deb], check=True, capture_output=True)
        (s.root / 'usr/bin/free').write_bytes(good[:4096] + b'changed')
        os.chmod(s.root / 'usr/bin/free', 0o755)
        s.apply('restore_package_file', {'kind': 'file', 'path': '/usr/bin/free'})
        self.assertEqual((s.root / 'usr/bin/free').read_bytes(), good)
        s.run('free')
        s.undo()
        self.assertEqual((s.root / 'usr/bin/free').read_bytes()[4096:], b'changed')
        # A package with other bytes, which somebody may have put there, is not believed.
        (build / 'usr/bin/free').write_bytes(b'\x7fELF forged')
        subprocess.run(['dpkg-deb', '--root-owner-group', '-b', build, deb], check=True, capture_output=True)
        self.assertIn(f'apt-get install --reinstall {name}', s.apply('restore_package_file', {'kind': 'file', 'path': '/usr/bin/free'}))
        (s.root / 'usr/bin/free').write_bytes(good)


if __name__ == '__main__':
    own_namespaces()
    unittest.main(argv=sys.argv[:1], verbosity=2)
