#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sweep_test.py SOURCE_DIR ABATE: the customer's side, with the demo's disk: compromised, and clean."""
import hashlib, json, os, pathlib, subprocess, sys, tempfile, unittest

SOURCE, ABATE = pathlib.Path(sys.argv[1]), sys.argv[2]
DOC = '/var/www/harbourcycling/htdocs'


def picture(root):
    """Everything that a sweep must leave alone."""
    seen = {}
    for folder, folders, names in os.walk(root):
        for name in folders + names:
            path = os.path.join(folder, name)
            stat = os.lstat(path)
            content = hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest() if os.path.isfile(path) and not os.path.islink(path) else ''
            seen[path] = stat.st_mode, stat.st_uid, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, content
    return seen


class Sweep(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory(prefix='abate-sweep-')
        self.folder = pathlib.Path(self.temp.name)

    def tearDown(self):
        self.temp.cleanup()

    def disk(self, *options):
        subprocess.run([sys.executable, SOURCE / 'demo/disk', self.folder / 'disk', *options], check=True)
        return self.folder / 'disk/root'

    def abate(self, command, root, *more):
        """Exit status and form; the root is as it was."""
        before, out = picture(root), self.folder / (command + '.json')
        run = subprocess.run([ABATE, command, '--root', root, '--ticket', self.folder / 'disk/report.eml', '--state', self.folder / 'state', '--json', out, *more],
                             capture_output=True, timeout=60)
        self.assertEqual(before, picture(root), f'{command} changed the disk')
        self.assertTrue(out.exists(), run.stderr)
        return run.returncode, json.loads(out.read_text()), run.stdout.decode()

    def test_a_hacked_site_is_followed_from_the_spam_to_the_hole(self):
        root = self.disk()
        status, sweep, _ = self.abate('sweep', root)
        self.assertEqual(status, 1)
        bad = {f['subject']['path'] for f in sweep['findings'] if f['severity'] == 'malicious' and 'path' in f['subject']}
        self.assertIn(DOC + '/wp-content/uploads/2026/10/ride-9.jpg.php', bad)
        self.assertIn(DOC + '/wp-content/languages/inbox.php', bad)
        self.assertIn('/var/spool/cron/crontabs/www-data', bad)
        self.assertNotIn(DOC + '/wp-content/plugins/guard/signatures.php', bad)
        self.assertNotIn('/var/spool/cron/crontabs/board', bad)

        status, diagnosis, told = self.abate('diagnose', root)
        self.assertEqual(status, 1)
        self.assertEqual(diagnosis['verdict'], 'cause_found')
        self.assertEqual(diagnosis['entry']['kind'], 'vulnerable_application')
        self.assertEqual(diagnosis['entry']['from'], '192.0.2.247')
        self.assertTrue(diagnosis['entry']['subject']['path'].endswith('/ride-booking/api/import.php'))
        self.assertEqual(diagnosis['entry']['at'], '2026-10-06T15:20:36Z')
        steps = [row['step'] for row in diagnosis['cause']]
        self.assertEqual(steps, sorted(steps, key=['entry', 'foothold', 'persistence', 'spread', 'harm'].index))
        harm = next(row for row in diagnosis['cause'] if row['step'] == 'harm' and 'inbox.php' in row['says'])
        named = {f['id'] for f in diagnosis['findings']}
        self.assertIn(harm['finding'], named)
        self.assertIn('a hole in a web application', told)

        status, plan, _ = self.abate('plan', root)
        kinds = {(a['kind'], a['default']) for a in plan['actions']}
        for kind in ('quarantine_file', 'disable_cron', 'disable_plugin', 'hold_queue'): self.assertIn((kind, True), kinds)
        self.assertEqual(plan['warnings'], [])

    def test_the_same_server_before_it_has_nothing_malicious(self):
        root = self.disk('--clean')
        status, sweep, _ = self.abate('sweep', root)
        self.assertEqual([f for f in sweep['findings'] if f['severity'] in ('malicious', 'weak')], [])
        self.assertEqual(status, 3)  # thirty files are no server: that they are clean says little
        status, diagnosis, _ = self.abate('diagnose', root)
        self.assertEqual((status, diagnosis['verdict']), (3, 'nothing_found'))
        status, plan, _ = self.abate('plan', root)
        self.assertEqual([a for a in plan['actions'] if a['default']], [])

    def test_a_finding_has_the_same_id_in_every_run(self):
        root = self.disk()
        ids = [sorted(f['id'] for f in self.abate('sweep', root)[1]['findings']) for _ in range(2)]
        self.assertEqual(ids[0], ids[1])
        self.assertEqual(len(ids[0]), len(set(ids[0])))

    def test_wrong_input_is_said_and_means_two(self):
        for arguments in (['sweep', '--root', '/nowhere'], ['diagnose'], ['sweep', '--areas', 'kitchen'], ['sweep', '--ticket', '/nowhere.eml'], ['explain', 'nothing_like_it']):
            run = subprocess.run([ABATE, *arguments], capture_output=True, timeout=60)
            self.assertEqual(run.returncode, 2, arguments)
            self.assertTrue(run.stderr, arguments)


if __name__ == '__main__': unittest.main(argv=sys.argv[:1], verbosity=2)
