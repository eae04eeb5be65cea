#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sweep_test.py SOURCE_DIR ABATE: the customer's side, with the demo's disk: compromised, and clean."""
import hashlib, json, os, pathlib, shutil, subprocess, sys, tempfile, time, unittest

import one_file

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


class OnDisk(unittest.TestCase):
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


class Sweep(OnDisk):
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

    def test_the_plan_is_applied_verified_told_and_undone_byte_for_byte(self):
        root = self.disk()
        state = ['--state', self.folder / 'state']
        before = {path: (mode, owner, size, written, content) for path, (mode, owner, size, written, _, content) in picture(root).items()}
        run = lambda *words: subprocess.run([ABATE, *words, *state], capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
        self.assertEqual(self.abate('verify', root)[0], 1)
        _, plan, _ = self.abate('plan', root)
        self.assertEqual(plan['root'], str(root.resolve()))
        for action in plan['actions']: self.assertTrue(action['changes'] or action['by_hand'], action)
        file = self.folder / 'plan.json'

        nobody = run('apply', file)
        self.assertEqual(nobody.returncode, 2)
        self.assertIn(b'--yes', nobody.stderr)
        self.assertEqual(run('apply', file, '--only', 'a000000000000', '--yes').returncode, 2)

        # One of them is not what it was when the plan was made: it is left, the others are done.
        late = root / (DOC[1:] + '/wp-content/languages/inbox.php')
        kept, times = late.read_bytes(), (late.stat().st_atime_ns, late.stat().st_mtime_ns)
        late.write_bytes(kept + b'// more')
        partly = run('apply', file, '--yes')
        self.assertEqual(partly.returncode, 1, partly.stderr)
        self.assertIn(b'changed since the plan was made', partly.stdout)
        self.assertTrue(late.exists())
        late.write_bytes(kept)
        os.utime(late, ns=times)
        self.assertEqual(self.abate('verify', root)[0], 1)
        whole = run('apply', file, '--yes')
        self.assertEqual(whole.returncode, 0, whole.stderr)
        self.assertFalse(late.exists())

        status, verification, _ = self.abate('verify', root)
        self.assertEqual((status, verification['gone']), (3, True))  # thirty files are no server: that they are clean says little
        for proof in verification['proofs']: self.assertTrue(proof['good'], proof)
        status, reply, told = self.abate('reply', root, '--prevention', 'Updates come every night now.')
        self.assertEqual(status, 0)
        self.assertEqual(reply['schema'], 'abate.reply/1')
        self.assertTrue(any('ride-booking' in row['says'] and row['standing'] == 'proved' for row in reply['cause']), reply['cause'])
        self.assertTrue(any('inbox.php' in row['says'] for row in reply['done']))
        self.assertEqual([row['standing'] for row in reply['prevention'] if 'every night' in row['says']], ['claimed'])
        known = {proof['id'] for proof in reply['proofs']} | {f['id'] for f in reply['findings']} | {a['id'] for a in plan['actions']}
        for part in ('cause', 'done', 'confirmed', 'prevention'):
            for row in reply[part]:
                self.assertEqual(bool(row['proof']), row['standing'] == 'proved', row)
                self.assertLessEqual(set(row['proof']), known, row)
        self.assertIn('[claimed]', told)
        proof = dict(reply['proofs'][0])
        said = proof.pop('hash')
        canonical = json.dumps(proof, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()
        self.assertEqual(hashlib.sha256(canonical).hexdigest(), said)

        history = run('history').stdout.decode()
        for name in sorted((self.folder / 'state/runs').iterdir(), reverse=True):
            undone = run('undo', name.name)
            self.assertEqual(undone.returncode, 0, undone.stdout + undone.stderr)
            self.assertEqual(name.name in history, b'undone' in undone.stdout)
        after = {path: (mode, owner, size, written, content) for path, (mode, owner, size, written, _, content) in picture(root).items()}
        self.assertEqual(before, after)
        self.assertEqual(self.abate('verify', root)[0], 1)

    def test_the_same_server_before_it_has_nothing_malicious(self):
        root = self.disk('--clean')
        status, sweep, _ = self.abate('sweep', root)
        self.assertEqual([f for f in sweep['findings'] if f['severity'] in ('malicious', 'weak')], [])
        self.assertEqual(status, 3)  # thirty files are no server: that they are clean says little
        status, diagnosis, _ = self.abate('diagnose', root)
        self.assertEqual((status, diagnosis['verdict']), (3, 'nothing_found'))
        status, plan, _ = self.abate('plan', root)
        self.assertEqual([a for a in plan['actions'] if a['default']], [])

    def test_an_output_that_cannot_be_written_is_said_at_once(self):
        for option in ('--json', '--html'):
            run = subprocess.run([ABATE, 'sweep', '--root', self.disk(), '--state', self.folder / 'state', option, self.folder / 'not-there/out'],
                                 capture_output=True, timeout=60)
            self.assertEqual(run.returncode, 2)
            self.assertIn(b'not-there', run.stderr)
            self.assertEqual(run.stdout, b'', 'it looked first')

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


@unittest.skipUnless(one_file.is_static(ABATE), 'only the release build is one static file')
class OneFile(OnDisk):
    def test_it_is_small_and_starts_at_once(self):
        self.assertLess(os.path.getsize(ABATE), 40 << 20)
        begin = time.monotonic()
        for _ in range(10): subprocess.run([ABATE, '--version'], check=True, capture_output=True)
        self.assertLess((time.monotonic() - begin) / 10, 0.5)  # 50 ms are measured by hand; a busy machine is slower

    @unittest.skipUnless(os.geteuid() == 0, 'chroot is for root')
    def test_it_runs_where_there_is_nothing_else(self):
        root = self.disk()
        shutil.copy(ABATE, self.folder / 'abate')
        run = subprocess.run(['/abate', 'diagnose', '--root', '/disk/root', '--ticket', '/disk/report.eml', '--json', '-'], capture_output=True, timeout=60, preexec_fn=lambda: os.chroot(self.folder), cwd='/')
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertEqual(json.loads(run.stdout)['entry']['kind'], 'vulnerable_application')

    def test_it_reads_every_kind_of_report_without_the_libraries_that_it_does_without(self):
        root, seen = self.disk('--clean'), 0
        for report in sorted((SOURCE / 'demo/reports').rglob('*')):
            if not report.is_file(): continue
            run = subprocess.run([ABATE, 'sweep', '--areas', 'processes', '--root', root, '--ticket', report], capture_output=True, timeout=60)
            self.assertIn(run.returncode, (0, 1, 2, 3), f'{report}: {run.stderr}')
            seen += run.returncode != 2
        self.assertGreater(seen, 10)


if __name__ == '__main__': unittest.main(argv=sys.argv[:1], verbosity=2)
