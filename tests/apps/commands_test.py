#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the command lines answer to right and wrong words.

    commands_test.py ABATE ABATED
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ABATE = ABATED = ""
DEADLINE_S = 60


def run(program, *words, feed=b""):
    return subprocess.run([program, *map(str, words)], input=feed, capture_output=True, timeout=DEADLINE_S, check=False,
                          env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})


class Commands(unittest.TestCase):
    def setUp(self):
        around = tempfile.TemporaryDirectory(prefix="abate-commands-")
        self.addCleanup(around.cleanup)
        self.folder = pathlib.Path(around.name)
        self.config = self.folder / "abated.toml"
        self.config.write_text(f'[store]\nurl = "sqlite:{self.folder}/desk.db"\n[reading]\nmessage_max = "1K"\n')

    def desk(self, *words, expect=0, feed=b""):
        done = run(ABATED, *words, "--config", self.config, feed=feed)
        self.assertEqual(done.returncode, expect, done)
        return (done.stdout + done.stderr).decode()

    def test_every_command_of_both_has_help_and_version(self):
        def walk(program, words):
            self.assertIn(b"0.", run(program, *words, "--version").stdout, words)
            told = run(program, *words, "--help").stdout.decode()
            for line in told.partition("Subcommands:\n")[2].partition("\n\n")[0].splitlines():
                if line.startswith("  ") and line[2] != " ":
                    walk(program, [*words, line.split()[0]])
        walk(ABATED, [])
        walk(ABATE, [])

    def test_a_word_that_is_no_command_is_named_with_the_nearest(self):
        for words, near in ((["migrat"], "migrate"), (["tokn", "add"], "token"), (["token", "ad"], "add")):
            done = run(ABATED, *words)
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"did you mean '{near}'?", done.stderr.decode())

    def test_probes_have_their_manual_in_both(self):
        for program in (ABATE, ABATED):
            self.assertIn(b"SOCKS5", run(program, "explain", "open_proxy").stdout)

    def test_an_empty_root_never_means_the_running_server(self):
        for words in (["sweep"], ["harden", "--apply", "--yes"], ["undo", "x"], ["watch"]):
            done = run(ABATE, *words, "--root", "")
            self.assertEqual(done.returncode, 2, done)
            self.assertIn(b"--root", done.stderr)
        self.assertEqual(run(ABATE, "diagnose", "--ticket", "", "--root", self.folder, "--state", self.folder / "s").returncode, 2)

    def test_a_time_that_cannot_be_read_says_how_to_write_it(self):
        policy = self.folder / "policy.toml"
        policy.write_text("")
        self.assertIn("--since: 'yesterday' is no time that can be read; write it as 2026-",
                      self.desk("policy", "try", policy, "--since", "yesterday", expect=1))
        done = run(ABATE, "sweep", "--root", self.folder, "--state", self.folder / "s", "--since", "2026-01-01")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"--since: '2026-01-01' is no time that can be read; write it as 2026-", done.stderr)

    def test_read_ends_with_0_when_every_file_could_be_opened(self):
        small, big = self.folder / "small", self.folder / "big"
        small.write_bytes(b"hello")
        big.write_bytes(b"x" * 1025)
        lines = [json.loads(line) for line in self.desk("read", "--json", big, small).splitlines()]
        self.assertEqual([line["outcome"] for line in lines], ["unreadable"] * 2)
        self.assertIn("message_max (1024 bytes)", lines[0]["warnings"][0])
        self.assertIn("cannot be opened", self.desk("read", "--json", small, self.folder / "none", expect=1))
        self.assertIn("cannot be opened", self.desk("read", "--json", self.folder, expect=1))

    def test_config_check_refuses_what_the_start_would_refuse(self):
        def check(more, *named):
            self.config.write_text(more)
            told = self.desk("config", "check", expect=1)
            for words in (str(self.config), *named):
                self.assertIn(words, told)
        check('[http]\nlisten = "nonsense"\n', "http.listen", "127.0.0.1:2424")
        check('[lmtp]\nlisten = "unix:relative"\n', "lmtp.listen", "absolute")
        check('[store]\nurl = "mysql://x"\n', "postgresql://")
        check('[smtp]\nurl = "http://x"\n', "smtp://")
        check('[[enforcer]]\nname = "x"\nkind = "wehook"\nurl = "http://a"\n', "webhook")
        check('[[enforcer]]\nname = "x"\nkind = "webhook"\nurl = "http://a"\nsecret_file = "none.key"\n', "none.key")
        check('[[enforcer]]\nname = "x"\nkind = "command"\nrun = ["relative"]\n', "whole path")
        self.config.unlink()
        self.config.mkdir()
        self.assertIn("cannot be opened", self.desk("config", "check", expect=1))

    def test_accounts_and_tokens_are_listed_renewed_and_taken_back(self):
        self.assertIn("abated user password --email ada@example.net", self.desk("user", "add", "--email", "ada@example.net", "--role", "lead"))
        self.assertIn("no password yet", self.desk("user", "list"))
        self.assertIn("at least", self.desk("user", "password", "--email", "ada@example.net", feed=b"short\n", expect=1))
        self.desk("user", "password", "--email", "ada@example.net", feed=b"a long enough password\n")
        self.assertEqual(self.desk("user", "list"), "ada@example.net  lead\n")
        self.assertIn("nobody", self.desk("user", "password", "--email", "bob@example.net", feed=b"a long enough password\n", expect=1))
        self.desk("user", "remove", "--email", "ADA@example.net")
        self.assertEqual(self.desk("user", "list"), "")
        secret = self.desk("token", "add", "--name", "siem", "--scope", "reports", "--reporter", "example.org").split()[-1]
        listed = self.desk("token", "list")
        self.assertIn("siem  reports  speaks for example.org", listed)
        self.assertNotIn(secret, listed)
        self.desk("token", "remove", "--name", "siem")
        self.assertIn("no token is called siem", self.desk("token", "remove", "--name", "siem", expect=1))

    def test_a_dry_run_shows_what_differs_also_where_only_the_mail_address_does(self):
        header = "range,from,until,service_id,service_name,customer_id,customer_name,customer_email\n"
        row = "203.0.113.10,2026-01-01T00:00:00Z,,vps-1,mail1,c-1,Ada,{}@example.net\n"
        ledger = self.folder / "ledger.csv"
        ledger.write_text(header + row.format("ada"))
        self.desk("assignments", "import", ledger)
        ledger.write_text(header + row.format("lovelace"))
        told = self.desk("assignments", "import", ledger, "--dry-run")
        for words in ("- 203.0.113.10", "<ada@example.net>", "+ 203.0.113.10", "<lovelace@example.net>", "nothing was changed"):
            self.assertIn(words, told)
        self.assertIn("cannot be opened", self.desk("assignments", "import", self.folder, expect=1))


if __name__ == "__main__":
    ABATED = sys.argv.pop(2)
    ABATE = sys.argv.pop(1)
    unittest.main(verbosity=2)
