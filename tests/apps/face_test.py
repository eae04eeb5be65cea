#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What people see of abate: on a real terminal, as a page, as a manual, in their shell.

    face_test.py CLASS ABATE [ABATED]
"""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

ABATE = ABATED = ""
SHELL = b"<?php eval(base64_decode('aGk='));\n"
HOSTILE = b"x\x1b[2J\x1b]0;gone\x07\n\xe2\x80\xaegpj.php"
COLOUR = re.compile(rb"\x1b\[[0-9;]*m")
DEADLINE_S = 30


def make_root(folder, hostile=False):
    root = pathlib.Path(folder, "root")
    for name in ("etc", "var/www/html", "usr/share/many"):
        root.joinpath(name).mkdir(parents=True)
    root.joinpath("etc/passwd").write_text("root:x:0:0::/root:/bin/sh\n")
    for i in range(200):
        root.joinpath(f"usr/share/many/{i}").write_text("x")
    if hostile:
        os.makedirs(bytes(root) + b"/var/www/html/sub")
        with open(bytes(root) + b"/var/www/html/sub/" + HOSTILE, "wb") as out:
            out.write(SHELL)
    return str(root)


def run(*words, **environment):
    kept = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment}
    return subprocess.run([ABATE, *words], capture_output=True, env=kept, timeout=DEADLINE_S, check=False)


def on_terminal(words, columns=80, **environment):
    """What a terminal of so many columns is sent: standard output and standard error together."""
    pid, terminal = pty.fork()
    if pid == 0:
        # The child waits for its terminal's size.
        while struct.unpack("hhhh", fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8))[1] != columns:
            time.sleep(0.001)
        os.execve(ABATE, [ABATE, *words], {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm", **environment})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("hhhh", 50, columns, 0, 0))
    said = b""
    until = time.monotonic() + DEADLINE_S
    while time.monotonic() < until and select.select([terminal], [], [], DEADLINE_S)[0]:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        said += part
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return said, os.waitstatus_to_exitcode(status)


class Face(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)


class OnATerminal(Face):
    def test_no_byte_of_a_name_steers_the_terminal(self):
        said, status = on_terminal(["sweep", "--root", make_root(self.folder, hostile=True)])
        self.assertEqual(status, 1)
        self.assertIn(b"\\x1b[2J", said)
        left = COLOUR.sub(b"", said).replace(b"\r\x1b[K", b"").replace(b"\r\n", b"\n")
        self.assertNotRegex(left, rb"[\x00-\x09\x0b-\x1f\x7f]")
        self.assertNotIn(b"\xe2\x80\xae", left)

    def test_progress_is_shown_and_erased_before_the_report(self):
        said, _ = on_terminal(["sweep", "--root", make_root(self.folder)])
        self.assertIn(b"\r\x1b[K", said)
        report = said[said.rindex(b"\r\x1b[K"):]
        self.assertIn(b"What to do next", report)
        self.assertTrue(report.startswith(b"\r\x1b[K"), report[:80])

    def test_no_progress_where_standard_error_is_no_terminal(self):
        self.assertEqual(run("sweep", "--root", make_root(self.folder)).stderr, b"")

    def test_colours_only_on_a_terminal_and_as_asked(self):
        root = make_root(self.folder)
        self.assertRegex(on_terminal(["sweep", "--root", root])[0], COLOUR)
        self.assertNotRegex(on_terminal(["sweep", "--root", root], NO_COLOR="1")[0], COLOUR)
        self.assertNotRegex(on_terminal(["sweep", "--root", root, "--color", "never"])[0], COLOUR)
        self.assertNotRegex(run("sweep", "--root", root).stdout, COLOUR)
        self.assertRegex(run("sweep", "--root", root, "--color", "always", NO_COLOR="1").stdout, COLOUR)
        self.assertEqual(run("sweep", "--root", root, "--color", "blue").returncode, 2)

    def test_it_is_as_wide_as_the_terminal(self):
        root = make_root(self.folder, hostile=True)
        for columns, widest in ((60, 60), (100, 100), (200, 120)):
            said, _ = on_terminal(["sweep", "--root", root], columns, TERM="dumb")
            lines = COLOUR.sub(b"", said).decode().splitlines()
            self.assertEqual(max(len(line) for line in lines), widest)

    def test_a_locale_without_utf8_gets_ascii(self):
        self.assertTrue(run("sweep", "--root", make_root(self.folder, hostile=True), LANG="C").stdout.isascii())

    def test_a_clean_server_fits_on_a_screen(self):
        answer = run("sweep", "--root", make_root(self.folder))
        self.assertEqual(answer.returncode, 0, answer.stdout)
        self.assertLess(answer.stdout.count(b"\n"), 24)

    def test_json_or_a_page_on_standard_output_stands_alone(self):
        root = make_root(self.folder, hostile=True)
        self.assertEqual(json.loads(run("sweep", "--root", root, "--json", "-").stdout)["schema"], "abate.sweep/1")
        page = run("sweep", "--root", root, "--html", "-").stdout
        self.assertTrue(page.startswith(b"<!DOCTYPE html>") and page.endswith(b"</html>\n"))

    def test_a_page_is_written_for_its_owner_only(self):
        page = os.path.join(self.folder, "r.html")
        self.assertIn(b"What to do next", run("sweep", "--root", make_root(self.folder), "--html", page).stdout)
        self.assertEqual(os.stat(page).st_mode & 0o777, 0o600)


class SaysWhatItIs(Face):
    def test_explain_lists_all_shows_one_and_says_what_was_meant(self):
        self.assertIn(b"php_decoded_eval", run("explain").stdout)
        one = run("explain", "php_decoded_eval")
        self.assertIn(b"PHP runs a decoded blob", one.stdout)
        self.assertTrue(all(len(line) <= 80 for line in one.stdout.decode().splitlines()))
        meant = run("explain", "php_decode_eval")
        self.assertEqual(meant.returncode, 2)
        self.assertIn(b"did you mean php_decoded_eval?", meant.stderr)
        self.assertIn(b"abate explain lists", run("explain", "zzzzzzzzzzzz").stderr)
        self.assertNotIn(b"\x1b", run("explain", "\x1b[2J").stderr)

    def test_the_manual_page_has_no_warnings_and_every_command(self):
        page = run("man").stdout
        made = subprocess.run(["groff", "-man", "-ww", "-Tutf8"], input=page, capture_output=True, check=True)
        self.assertEqual(made.stderr, b"")
        text = re.sub(rb".\x08|\x1b\[[0-9;]*m", b"", made.stdout).decode()
        commands = re.findall(r"^  (\w+) ", run("--help").stdout.decode().split("Subcommands:")[1], re.M)
        self.assertGreater(len(commands), 4)
        for command in commands:
            self.assertIn(f"abate {command}", text)
        for heading in ("EXIT STATUS", "EXAMPLES", "FILES", "SEE ALSO"):
            self.assertIn(heading, text)

    def test_the_desk_has_its_manual_and_completions_too(self):
        page = subprocess.run([ABATED, "man"], capture_output=True, check=True).stdout
        made = subprocess.run(["groff", "-man", "-ww", "-Tutf8"], input=page, capture_output=True, check=True)
        self.assertEqual(made.stderr, b"")
        text = re.sub(rb".\x08|\x1b\[[0-9;]*m", b"", made.stdout).decode()
        for words in ("ABATED(8)", "abated assignments import", "--dry-run", "abated history verify"):
            self.assertIn(words, text)
        with open(os.path.join(self.folder, "abated.bash"), "wb") as out:
            out.write(subprocess.run([ABATED, "completion", "bash"], capture_output=True, check=True).stdout)
        self.assertIn("import", self.completes("bash", ". ./abated.bash; COMP_WORDS=(abated assignments i); COMP_CWORD=2; _abated; "
                                               "printf '%s\\n' \"${COMPREPLY[@]}\""))

    def completes(self, shell, script):
        with open(os.path.join(self.folder, f"abate.{shell}"), "wb") as out:
            out.write(run("completion", shell).stdout)
        made = subprocess.run([shell, *(["--noprofile", "--norc"] if shell == "bash" else []), "-c", script], cwd=self.folder,
                              capture_output=True, timeout=DEADLINE_S, check=False,
                              env={"PATH": os.path.dirname(ABATE) + ":" + os.environ["PATH"], "HOME": self.folder, "LANG": "C.UTF-8"})
        self.assertEqual(made.stderr, b"")
        return made.stdout.decode().split("\n")

    def test_bash_completes(self):
        def ask(*words):
            return self.completes("bash", "compopt() { :; }; . ./abate.bash; COMP_WORDS=(abate %s); COMP_CWORD=%d; _abate; printf '%%s\\n' \"${COMPREPLY[@]}\""
                                  % (" ".join(f"'{word}'" for word in words), len(words)))
        self.assertIn("sweep", ask("sw"))
        self.assertIn("--root", ask("sweep", "--r"))
        self.assertEqual(ask("sweep", "--color", "a")[:2], ["auto", "always"])
        self.assertIn("php_decoded_eval", ask("explain", "php_d"))
        self.assertIn("fish", ask("completion", ""))
        os.mkdir(os.path.join(self.folder, "disk"))
        self.assertIn("disk", ask("sweep", "--root", "d"))

    def test_fish_completes(self):
        def ask(line):
            return [one.split("\t")[0] for one in self.completes("fish", f"source abate.fish; complete -C '{line}'")]
        self.assertIn("sweep", ask("abate sw"))
        self.assertIn("--root", ask("abate sweep --r"))
        self.assertIn("always", ask("abate sweep --color a"))
        self.assertIn("php_decoded_eval", ask("abate explain php_d"))

    def test_zsh_completes(self):
        self.assertEqual(self.completes("zsh", "zsh -n abate.zsh"), [""])
        for line, want in (("abate swe", "abate sweep"), ("abate sweep --verb", "--verbose"),
                           ("abate explain php_decoded_e", "php_decoded_eval")):
            self.assertIn(want, self.typed_in_zsh(line, want))

    def typed_in_zsh(self, line, want):
        """What an interactive zsh shows when `line` and a tab are typed."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execve(shutil.which("zsh"), ["zsh", "-f", "-i"], {"PATH": os.environ["PATH"], "HOME": self.folder, "TERM": "xterm"})
        self.addCleanup(os.waitpid, pid, 0)
        self.addCleanup(os.close, terminal)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("hhhh", 50, 120, 0, 0))
        said = ""

        def until(wanted):
            nonlocal said
            while wanted not in said:
                if not select.select([terminal], [], [], DEADLINE_S)[0]:
                    return
                said += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", os.read(terminal, 65536).decode(errors="replace"))
        os.write(terminal, b"autoload -Uz compinit; compinit -D -u; source ./abate.zsh; print READY$((6 * 7))\n")
        until("READY42")
        said = ""
        os.write(terminal, line.encode() + b"\t")
        until(want)
        return said


if __name__ == "__main__":
    ABATE = sys.argv.pop(2)
    ABATED = sys.argv.pop(2) if len(sys.argv) > 2 else ""
    unittest.main(verbosity=2)
