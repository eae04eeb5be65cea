#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""guide_test.py SOURCE_DIR ABATED ABATE: plain abate on a terminal leads from the report to the answer, whatever comes in between."""
import os, pathlib, re, subprocess, sys, tempfile, unittest

import desk
from terminal import COLOUR, Terminal

SOURCE, ABATE = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[3])
SHELL = 'var/www/harbourcycling/htdocs/wp-content/uploads/2026/10/ride-9.jpg.php'


def picture(root):
    """Owner, mode, time and bytes of every file; all that undo must bring back."""
    seen = {}
    for path in sorted(root.rglob('*')):
        node = path.lstat()
        content = os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else b''
        seen[str(path.relative_to(root))] = (node.st_mode, node.st_uid, node.st_mtime_ns if not path.is_dir() else 0, content)
    return seen


class Guide(unittest.TestCase):
    def setUp(self):
        self.temp = tempfile.TemporaryDirectory(prefix='abate-guide-')
        self.folder = pathlib.Path(self.temp.name)
        self.root, self.state = self.folder / 'disk/root', self.folder / 'state'

    def tearDown(self):
        self.temp.cleanup()

    def disk(self, *words):
        subprocess.run([sys.executable, SOURCE / 'demo/disk', self.folder / 'disk', *words], check=True)
        return self.folder / 'disk/report.eml'

    def abate(self, *words, columns=80, **environment):
        return Terminal([ABATE, '--root', self.root, '--state', self.state, *words], columns, **environment)

    def go(self, terminal, answers, by_default='n'):
        """Answers each question by the first of `answers` whose words stand in it; returns at the end."""
        asked = 0
        while True:
            before = len(terminal.text)
            said = terminal.prompt()
            if terminal.status is not None: return said
            asked += 1
            self.assertLess(asked, 200, said[-3000:])
            question = said[said.rfind('\n\n'):].replace('\n', ' ')
            terminal.type(next((answer for words, answer in answers if words in re.sub(r'\s+', ' ', question)), by_default))

    YES = [('Link or file', 'n'), ('Look now?', ''), ('See the plan?', ''), ('Go on?', ''), ('Do this?', 'y'), ('Have you done it?', 'n'), ('Make ', 'y'),
           ('What next?', 'g'), ('Is it so?', 'n'), ('Your answer is ready', 'f'), ('Enter leaves it open', '')]

    def test_the_whole_way_with_an_edited_answer_and_all_of_it_taken_back(self):
        report = self.disk()
        before = picture(self.root)
        editor = self.folder / 'editor'
        editor.write_text('#!/bin/sh\nsed -i "s/^- Removed .*ride-9.*/- I threw the pictures away/" "$1"\n')
        editor.chmod(0o755)
        t = self.abate('--ticket', report, EDITOR=str(editor))
        said = t.prompt()
        self.assertIn('(spam) is sent from', said)
        self.assertIn('203.0.113.12', said)
        self.assertIn('2026-10-09', said)
        t.type('')
        said = t.prompt()
        self.assertIn('Found: what did the harm, and how it came in.', said)
        self.assertIn('ride-booking', said)
        self.assertTrue((self.root / SHELL).exists(), 'looking changes nothing')
        t.type('')
        self.assertIn('1 of ', t.prompt())
        t.type('e')
        self.assertIn('What shows that it worked:', t.prompt())
        edited = False
        while True:
            said = t.prompt()
            if t.status is not None: break
            question = re.sub(r'\s+', ' ', said[said.rfind('\n\n'):])
            if 'Your answer is ready' in question and not edited:
                edited = True
                t.type('e')
                continue
            t.type(next((answer for words, answer in self.YES if words in question), 'n'))
        self.assertTrue(edited, said[-2000:])
        self.assertEqual(t.status, 0, said[-3000:])
        self.assertIn('It is gone: every check holds', said)
        self.assertFalse((self.root / SHELL).exists())
        reply = (self.state / 'guide/reply.txt').read_text()
        self.assertIn('- I threw the pictures away [claimed]', reply)
        self.assertRegex(reply, r'- SSH by key only|- What is uploaded is not run', 'the sixth step made the server stronger')
        self.assertRegex(reply[reply.index('again'):], r'is not run.*\[proved\]|by key only.*\[proved\]')
        self.assertRegex(reply, r'ride-booking.*\[proved\]')
        self.assertEqual((self.state / 'guide/reply.txt').stat().st_mode & 0o777, 0o600)

        for run in sorted((self.state / 'runs').iterdir(), reverse=True):
            undone = subprocess.run([ABATE, 'undo', run.name, '--root', self.root, '--state', self.state], capture_output=True, timeout=60)
            self.assertEqual(undone.returncode, 0, undone.stdout + undone.stderr)
        self.assertEqual(picture(self.root), before)

    def test_interrupted_anywhere_it_goes_on_there(self):
        report = self.disk()
        ways = ['interrupt', 'hang_up', 'kill']
        t = self.abate('--ticket', report)
        stops = 0
        while True:
            said = t.prompt()
            if t.status is not None: break
            question = re.sub(r'\s+', ' ', said[said.rfind('\n\n'):])
            # Stopped at this question, and come back to it.
            way = ways[stops % 3]
            getattr(t, way)()
            if way == 'interrupt':
                t.finish()
                self.assertEqual(t.status, 1)
                self.assertIn('Nothing is lost', t.text)
            stops += 1
            self.assertLess(stops, 100, said[-2000:])
            t = self.abate()
            again = t.prompt()
            if t.status is not None: break
            asked = re.sub(r'\s+', ' ', again[again.rfind('\n\n'):])
            self.assertEqual(asked, question, again)
            if stops > 1: self.assertIn('You were at step', again)
            t.type(next((answer for words, answer in self.YES if words in question), 'n'))
        self.assertEqual(t.status, 0, t.text[-3000:])
        self.assertGreater(stops, 15)
        self.assertFalse((self.root / SHELL).exists())

    def test_stopped_in_the_middle_of_the_changes_they_are_finished_the_next_time(self):
        report = self.disk()
        t = self.abate('--ticket', report)
        t.answer('', '', 'a')
        self.assertIn('Make these', t.prompt())
        t.type('y')
        while '✔' not in t.text[t.text.rfind('Make these'):] and t.read(): pass
        t.kill()
        t = self.abate()
        said = self.go(t, self.YES)
        self.assertEqual(t.status, 0, said[-3000:])
        self.assertIn('It is gone', said)
        self.assertEqual(len(list((self.state / 'runs').iterdir())), 2, 'the same run went on; the other one is of the sixth step')

    def test_a_clean_server_is_led_through_passwords_updates_and_an_audit(self):
        report = self.disk('--clean')
        t = self.abate('--ticket', report)
        t.answer('', '')
        said = t.prompt()
        self.assertIn('Nothing was found that explains the report.', said)
        self.assertIn('New passwords', said)
        t.type('e')
        self.assertIn('passwd NAME', t.prompt())
        said = self.go(t, [('Is it so?', 'y')] + self.YES)
        self.assertEqual(t.status, 3, said[-2000:])  # thirty files are no server
        reply = (self.state / 'guide/reply.txt').read_text()
        self.assertIn('gone through by hand. [claimed]', reply)
        self.assertIn('no proof that it is clean', reply)

    def test_a_pasted_report_does_as_well_and_what_follows_it_answers_nothing(self):
        report = self.disk()
        t = self.abate()
        t.answer('p')
        while 'Paste it now' not in t.text: t.read()
        os.write(t.end, report.read_bytes().replace(b'\r\n', b'\n') + b'\n.\ny\ny\ny\n')
        said = t.prompt()
        self.assertIn('203.0.113.12', said)
        self.assertIn('Look now?', said[said.rfind('\n\n'):])
        t.type('q')
        t.finish()
        t = self.abate()
        self.assertIn('203.0.113.12', t.prompt(), 'the pasted text is kept')
        t.kill()
        t = self.abate('--start-over')
        self.assertIn('Which report is it about?', t.prompt())
        t.kill()

    def test_with_the_link_of_a_ticket_the_question_and_the_answer_go_into_it(self):
        self.disk()
        with desk.Desk(desk.program()) as d:
            d.ledger('203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,ada@example.net')
            d.start()
            d.lmtp(desk.arf(1))
            ticket = d.until('a ticket', lambda: d.items('/api/v1/tickets'))[0]['id']
            d.act(ticket, 'open')
            link = f'{d.base}/tickets/{ticket}#{d.token("ada", "customer:c-1")}'
            t = self.abate('--ticket', link)
            said = t.prompt()
            self.assertIn(ticket, said)
            self.assertIn('Answer by', said)
            t.answer('s', 'n', 's', 'y')
            self.assertIn('Sent.', t.prompt())
            self.assertEqual(len(d.entries(ticket, 'reply')), 1)
            self.assertIn('do not know how to go on', d.entries(ticket, 'reply')[0]['body']['text'])
            t.kill()
            t = self.abate()  # the link is kept
            said = self.go(t, [('Your answer is ready', 'p'), ('Send it now?', 'y')] + self.YES)
            self.assertIn('Sent.', said[-2000:])
            texts = [entry['body']['text'] for kind in ('reply', 'claim') for entry in d.entries(ticket, kind)]
            self.assertTrue(any('What caused it' in text for text in texts), texts)
            self.assertIn('so that the team can check it', said, 'what goes with it is shown')
            self.assertEqual(len(d.entries(ticket, 'proof')), 1)
            self.assertEqual(d.entries(ticket, 'proof')[0]['body']['checks']['names_ticket'], 'yes')
            for path in (self.state / 'guide').iterdir(): self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_it_is_as_narrow_as_the_terminal_and_has_colours_only_where_they_are_wanted(self):
        report = self.disk()
        for columns in (44, 80):
            t = self.abate('--ticket', report, '--start-over', columns=columns, NO_COLOR='1')
            t.answer('', '', 'e', 'n')
            t.prompt()
            t.kill()
            self.assertIsNone(COLOUR.search(t.raw))
            for line in t.text.split('\n'):
                if '\r' in line: continue  # the line of progress
                self.assertLessEqual(len(line.split(' > ')[0]), columns, line)
        t = self.abate('--start-over')
        t.prompt()
        t.kill()
        self.assertIsNotNone(COLOUR.search(t.raw))

    def test_without_a_terminal_it_names_the_single_commands(self):
        self.disk()
        run = subprocess.run([ABATE, '--root', self.root, '--state', self.state], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        self.assertEqual(run.returncode, 2)
        self.assertIn(b'abate sweep', run.stderr)
        self.assertFalse(self.state.exists())

    def test_two_at_once_do_not_disturb_each_other(self):
        report = self.disk()
        t = self.abate('--ticket', report)
        t.prompt()
        other = self.abate()
        other.finish()
        self.assertEqual(other.status, 2)
        self.assertIn('at work here already', other.text)
        t.kill()


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
