#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""harden_test.py SOURCE_DIR ABATE: a small real Debian with a real sshd and nftables in a network of its own, made
stronger; and taken back byte for byte."""
import hashlib, json, os, pathlib, re, shutil, socket, subprocess, sys, tempfile, time, unittest

import small_debian
from terminal import Terminal

SOURCE, ABATE = pathlib.Path(sys.argv[1]), sys.argv[2]
SERVER, OUTSIDE = "203.0.113.10", "203.0.113.1"
SERVER6, OUTSIDE6 = "2001:db8::10", "2001:db8::1"
LISTENER = """
import socket, sys, threading
def echo(c):
    while (d := c.recv(100)): c.sendall(d)
s = socket.create_server(("::", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True)
print("ready", flush=True)
while True:
    threading.Thread(target=echo, args=(s.accept()[0],), daemon=True).start()
"""
CONNECT = "import socket,sys\nsocket.create_connection((sys.argv[1], int(sys.argv[2])), 5)\n"


def own_network():
    if os.geteuid() != 0:
        os.execvp("sudo", ["sudo", "-n", "--preserve-env=PATH", sys.executable, *sys.argv])
    if os.getpid() != 1:
        os.execvp("unshare", ["unshare", "--net", "--pid", "--mount-proc", "--fork", "--kill-child", sys.executable, *sys.argv])


def say(*words):
    subprocess.run(words, check=True, capture_output=True, text=True)


def until(what, holds, seconds=60):
    end = time.monotonic() + seconds
    while not (value := holds()):
        assert time.monotonic() < end, what
        time.sleep(0.05)
    return value


def is_reached(port, address=SERVER, seconds=1.5):
    try:
        socket.create_connection((address, port), seconds).close()
        return True
    except OSError:
        return False


def picture(root):
    """Every file and folder of /etc and /root: mode, owner, date of writing, bytes."""
    seen = {}
    for top in ("etc", "root"):
        for folder, folders, names in os.walk(root / top):
            for path in [folder, *(os.path.join(folder, name) for name in names)]:
                stat = os.lstat(path)
                content = os.readlink(path) if os.path.islink(path) else hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest() if os.path.isfile(path) else ""
                seen[path] = stat.st_mode, stat.st_uid, stat.st_gid, stat.st_mtime_ns, content
    return seen


class OnServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory(prefix="abate-harden-")
        cls.root = pathlib.Path(cls.temp.name) / "root"
        small_debian.make(cls.root, ["bash", "coreutils", "nftables", "openssh-server", "postfix"])
        shutil.copy2(ABATE, cls.root / "usr/local/bin/abate")
        (cls.root / "etc/cron.d").mkdir(exist_ok=True)
        for name, (major, minor) in {"null": (1, 3), "zero": (1, 5), "random": (1, 8), "urandom": (1, 9)}.items():
            say("mknod", "-m", "666", str(cls.root / "dev" / name), "c", str(major), str(minor))
        (cls.root / "run/sshd").mkdir(exist_ok=True)
        (cls.root / "etc/ssh").mkdir(exist_ok=True)
        for old in (cls.root / "etc/ssh").glob("ssh_host_*"):
            old.unlink()
        say("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(cls.root / "etc/ssh/ssh_host_ed25519_key"))
        say("ip", "link", "set", "lo", "up")
        cls.process = subprocess.Popen(["unshare", "--net", "--pid", "--mount", "--fork", "--kill-child", "sh", "-c",
                                        f"mount -t proc proc {cls.root}/proc && exec chroot {cls.root} sleep infinity"])
        cls.init = until("the server's first process", cls.first_process)
        say("ip", "link", "add", "cable", "type", "veth", "peer", "name", "eth0", "netns", str(cls.init))
        say("ip", "address", "add", f"{OUTSIDE}/24", "dev", "cable")
        say("ip", "address", "add", f"{OUTSIDE6}/64", "dev", "cable", "nodad")
        say("ip", "link", "set", "cable", "up")
        for words in ("link set lo up", f"address add {SERVER}/24 dev eth0", f"address add {SERVER6}/64 dev eth0 nodad", "link set eth0 up"):
            say("nsenter", "-t", str(cls.init), "-n", "ip", *words.split())
        cls.listeners = []

    @classmethod
    def first_process(cls):
        children = subprocess.run(["pgrep", "-P", str(cls.process.pid)], capture_output=True, text=True).stdout.split()
        return int(children[0]) if children and os.readlink(f"/proc/{children[0]}/root") == str(cls.root) else None

    @classmethod
    def tearDownClass(cls):
        for one in cls.listeners:
            one.stdout.close()
        cls.process.kill()
        cls.process.wait()
        subprocess.run(["ip", "link", "delete", "cable"], capture_output=True)  # the namespace may end a moment later
        for one in cls.listeners:
            one.wait()
        cls.temp.cleanup()

    @classmethod
    def listen(cls, port):
        one = subprocess.Popen(["nsenter", "-t", str(cls.init), "-n", "-p", sys.executable, "-c", LISTENER, str(port)], stdout=subprocess.PIPE)
        cls.listeners.append(one)
        assert one.stdout.readline() == b"ready\n"

    def run_there(self, *words, timeout=120, **more):
        more.setdefault("input", "")
        return subprocess.run([*self.there(), *words], capture_output=True, text=True, timeout=timeout, **more)

    def there(self):
        return ["/usr/bin/nsenter", "-t", str(self.init), "-n", "-p", "-m", f"--root=/proc/{self.init}/root", "env", "-C", "/", "-i",
                "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "TERM=xterm"]

    def abate(self, *words, status=None, **more):
        done = self.run_there("abate", *words, **more)
        if status is not None:
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def put(self, path, text, mode=0o644):
        real = self.root / path.lstrip("/")
        real.parent.mkdir(parents=True, exist_ok=True)
        real.write_text(text)
        real.chmod(mode)

    def last_action(self, kind):
        rows = [line.split() for line in self.abate("history", status=0).splitlines() if f"  {kind}  " in line]
        return rows[-1][2]

    def connects_as(self, uid, port):
        return subprocess.run(["nsenter", "-t", str(self.init), "-n", "-S", str(uid), "/usr/bin/python3", "-c", CONNECT, OUTSIDE, str(port)],
                              capture_output=True).returncode == 0


class Firewall(OnServer):
    def test_what_listens_stays_open_the_rest_is_shut_and_nobody_is_locked_out(self):
        self.put("/etc/ssh/sshd_config", "Port 2222\nUsePAM no\n")
        self.assertEqual(self.run_there("/usr/sbin/sshd").returncode, 0)
        for port in (8080, 6379):
            self.listen(port)
        ports = (2222, 8080, 6379)
        for port in ports:
            until(f"port {port}", lambda: is_reached(port))
            self.assertTrue(is_reached(port, SERVER6))
        session = socket.create_connection((SERVER, 6379), 10)
        self.addCleanup(session.close)
        before = picture(self.root)

        def session_lives():
            session.sendall(b"still here")
            return session.recv(100) == b"still here"
        self.assertTrue(session_lives())

        told = self.abate("harden", "--apply", "--yes", "--only", "firewall_on", status=1)
        self.assertIn("run there: abate confirm", told)
        for address in (SERVER, SERVER6):
            self.assertTrue(is_reached(2222, address), "sshd's own port, though it is not 22")
            self.assertTrue(is_reached(8080, address))
            self.assertFalse(is_reached(6379, address), f"a database is for nobody outside ({address})")
        self.assertTrue(session_lives(), "what is open already goes on")
        self.assertFalse((self.root / "var/lib/abate/firewall-kept").exists(), "not loaded at the start before it is confirmed")

        # Nobody confirms: the kernel itself forgets. Its patience is made short here.
        self.assertIn("expires", self.run_there("nft", "list", "set", "inet", "abate", "trial").stdout)
        self.run_there("nft", "delete element inet abate trial { tcp, udp }; add element inet abate trial { tcp timeout 1s, udp timeout 1s }")
        until("everything is open again by itself", lambda: is_reached(6379))
        self.assertIn("no firewall is on trial", self.abate("confirm", status=2))

        self.abate("harden", "--apply", "--yes", "--only", "firewall_on", status=1)
        self.assertFalse(is_reached(6379))
        self.assertIn("lasts", self.abate("confirm", status=0))
        self.assertIn("policy drop", self.run_there("nft", "list", "table", "inet", "abate").stdout)
        self.assertTrue(is_reached(2222))
        self.assertFalse(is_reached(6379))
        self.assertTrue(session_lives())
        self.assertIn("abate's own firewall is on", self.abate("harden"))
        self.assertEqual(self.run_there("nft", "-c", "-f", "/etc/abate-firewall.nft").returncode, 0)

        while "  firewall_on  " in "".join(line for line in self.abate("history").splitlines() if line.split("  ")[-1] == "done"):
            self.abate("undo", self.last_action("firewall_on"), status=0)
        self.assertTrue(is_reached(6379), "undone: open as before")
        self.assertEqual(self.run_there("nft", "list", "tables").stdout, "")
        self.assertEqual(picture(self.root), before)

    def test_a_person_says_keep_or_open(self):
        self.put("/etc/ssh/sshd_config", "Port 2222\nUsePAM no\n")
        before = picture(self.root)
        harden = ("harden", "--apply", "--only", "firewall_on")
        self.assertIn("the firewall is taken back", self.abate(*harden, status=1, input="y\nopen\n"))
        self.assertEqual(self.run_there("nft", "list", "tables").stdout, "")
        self.assertEqual(picture(self.root), before)
        self.assertIn("taken back", self.abate(*harden, status=1, input="y\n"), "nobody answers any more")
        self.assertEqual(self.run_there("nft", "list", "tables").stdout, "")
        self.assertEqual(picture(self.root), before)
        self.assertIn("It lasts", self.abate(*harden, input="y\nkeep\n"))
        self.assertIn("policy drop", self.run_there("nft", "list", "table", "inet", "abate").stdout)
        self.abate("undo", self.last_action("firewall_on"), status=0)
        self.assertEqual(self.run_there("nft", "list", "tables").stdout, "")
        self.assertEqual(picture(self.root), before)

    def test_the_guide_asks_whether_you_still_get_in(self):
        self.put("/etc/ssh/sshd_config", "Port 2222\nUsePAM no\n")
        before = picture(self.root)
        for word, lasts in (("open", False), ("keep", True)):
            t = Terminal([*self.there(), "abate", "--start-over"])
            answers = [("keep or open", word), ("Link or file", "n"), ("Look now?", ""), ("Go on?", ""), ("See the plan?", ""), ("Go on without?", "y"), ("Make ", "y")]
            while "To take all of it back" not in t.text:
                answered = len(t.text)
                while not t.text[answered:].rstrip(" ").endswith((" >", "keep or open:")):
                    self.assertTrue(t.read(), t.text[-3000:])
                asked = re.sub(r"\s+", " ", t.text[max(t.text.rfind("\n\n"), t.text.rfind("keep or open")):])
                chosen = next((answer for words, answer in answers if words in asked), None)
                if chosen is None:
                    chosen = "y" if "Do this?" in asked and " A firewall is on:" in t.text[answered:] else "n"
                time.sleep(0.3)  # what is typed before it listens is thrown away
                os.write(t.end, chosen.encode() + b"\n")
            self.assertEqual("policy drop" in self.run_there("nft", "list", "ruleset").stdout, lasts, t.text[-3000:])
            self.assertEqual("nobody said in time that they still get in" in re.sub(r"\s+", " ", t.text), not lasts, t.text[-3000:])
            t.kill()
        self.abate("undo", self.last_action("firewall_on"), status=0)
        self.assertEqual(self.run_there("nft", "list", "tables").stdout, "")
        self.assertEqual(picture(self.root), before)

    def test_port_25_elsewhere_is_for_the_mail_server_only(self):
        for port in (25, 8025):
            self.addCleanup(socket.create_server((OUTSIDE, port)).close)
        mail = next(int(line.split(":")[2]) for line in (self.root / "etc/passwd").read_text().splitlines() if line.startswith("postfix:"))
        plan = {"schema": "abate.plan/1", "ticket": None, "root": "/", "made_at": "2026-01-01T00:00:00Z", "warnings": [], "findings": [],
                "actions": [{"id": "a00000000e9e5", "kind": "block_egress", "requirement": "R29", "default": True, "findings": [], "why": "w", "effect": "e",
                             "undo": "u", "proof": "p", "subject": {"kind": "port", "port": 25, "protocol": "tcp"}}]}
        before = picture(self.root)
        self.put("/tmp/plan.json", json.dumps(plan))
        self.assertTrue(self.connects_as(33, 25))
        self.abate("apply", "/tmp/plan.json", "--yes", status=0)
        self.assertFalse(self.connects_as(33, 25), "a script sends past the mail server")
        self.assertFalse(self.connects_as(0, 25))
        self.assertTrue(self.connects_as(mail, 25))
        self.assertTrue(self.connects_as(33, 8025), "other ports are not touched")
        self.abate("undo", "a00000000e9e5", status=0)
        self.assertTrue(self.connects_as(33, 25))
        self.assertEqual(picture(self.root), before)


class Ssh(OnServer):
    def in_force(self, key):
        said = self.run_there("/usr/sbin/sshd", "-T").stdout.splitlines()
        return next(line.split(" ", 1)[1] for line in said if line.startswith(key + " "))

    def test_passwords_go_off_only_with_a_key_that_lets_in_and_come_back_by_undo(self):
        self.put("/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes # as the provider set it\nUsePAM no\nMaxAuthTries 50\n")
        self.put("/etc/ssh/sshd_config.d/50-cloud-init.conf", "PasswordAuthentication yes\n")
        told = self.abate("harden", "--apply", "--yes", "--only", "ssh_keys_only,ssh_root_by_key", status=1)
        self.assertIn("for you to do", told)
        self.assertEqual(self.in_force("passwordauthentication"), "yes", "nobody has a key: nothing changes")

        say("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{self.temp.name}/key")
        (self.root / "root/.ssh").mkdir(mode=0o700)
        self.put("/root/.ssh/authorized_keys", pathlib.Path(f"{self.temp.name}/key.pub").read_text(), 0o600)
        before = picture(self.root)
        told = self.abate("harden", "--apply", "--yes", "--only", "ssh_keys_only,ssh_root_by_key,ssh_few_tries")
        self.assertEqual(self.in_force("passwordauthentication"), "no", told)
        self.assertEqual(self.in_force("kbdinteractiveauthentication"), "no")
        self.assertEqual(self.in_force("permitrootlogin"), "without-password")
        self.assertEqual(self.in_force("maxauthtries"), "6")
        self.assertIn("# as the provider set it", (self.root / "etc/ssh/sshd_config").read_text())
        # The key lets in, for real.
        self.assertEqual(self.run_there("/usr/sbin/sshd", "-p", "2200").returncode, 0)
        ssh = ["ssh", "-F", "none", "-p", "2200", "-i", f"{self.temp.name}/key", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
               "-o", "BatchMode=yes", f"root@{SERVER}", "echo in"]
        done = subprocess.run(ssh, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        self.assertEqual(done.stdout, "in\n", done.stderr)
        run = self.abate("history", status=0).splitlines()[-1].split()[1]
        self.abate("undo", run, status=0)
        self.assertEqual(picture(self.root), before)

    def test_what_sshd_itself_refuses_is_taken_back(self):
        self.put("/etc/ssh/sshd_config", "MaxAuthTries 50\nNoSuchWord yes\n")
        before = picture(self.root)
        told = self.abate("harden", "--apply", "--yes", "--only", "ssh_few_tries", status=1)
        self.assertIn("sshd refuses the new configuration", told)
        self.assertEqual(picture(self.root), before)


class Watch(OnServer):
    def test_it_learns_tells_once_and_goes_without_a_trace(self):
        before = picture(self.root)
        # The desk is not to be reached: the letter goes by mail.
        told = self.abate("watch", "--install", "--mail", "owner@example.org", "--ticket", "http://127.0.0.1:9/tickets/T-2026-000001#token", status=0)
        self.assertIn("abate-watch", told)
        settings = self.root / "var/lib/abate/watch/settings.json"
        self.assertEqual(settings.stat().st_mode & 0o777, 0o600)
        # A sendmail that keeps what it is given.
        mailbox = self.root / "var/tmp/letter"
        (self.root / "usr/sbin/sendmail").unlink(missing_ok=True)
        self.put("/usr/sbin/sendmail", "#!/bin/bash\necho \"$@\" >/var/tmp/words; cat >/var/tmp/letter\n", 0o755)
        self.assertIn("first look", self.abate("watch", "--once", status=0))
        self.assertIn("Nothing new", self.abate("watch", "--once", status=0))
        self.listen(31337)
        self.put("/etc/cron.d/x", "* * * * * root /bin/true\n")
        told = self.abate("watch", "--once", status=1)
        self.assertIn("tcp port 31337 is open to everybody", told)
        self.assertIn("To: owner@example.org", mailbox.read_text())
        self.assertIn("31337", mailbox.read_text())
        self.assertNotIn("/bin/true", mailbox.read_text(), "names only, never contents")
        self.assertEqual((self.root / "var/tmp/words").read_text(), "-i -- owner@example.org\n")
        self.assertIn("Nothing new", self.abate("watch", "--once", status=0), "told once")
        (self.root / "etc/cron.d/x").unlink()
        self.abate("watch", "--remove", status=0)
        self.assertFalse((self.root / "var/lib/abate/watch").exists())
        after = picture(self.root)
        for seen in (before, after):
            seen[str(self.root / "etc/cron.d")] = None  # its date: the test itself wrote there
        self.assertEqual(after, before)


class OnADisk(unittest.TestCase):
    def test_the_plan_is_made_done_and_undone_on_a_mounted_disk(self):
        with tempfile.TemporaryDirectory(prefix="abate-harden-") as folder:
            subprocess.run([sys.executable, SOURCE / "demo/disk", f"{folder}/disk"], check=True)
            root = pathlib.Path(folder, "disk/root")
            ssh, web = root / "etc/ssh", root / "var/www"
            ssh.mkdir(parents=True, exist_ok=True)
            (ssh / "sshd_config").write_text("MaxAuthTries 99\n")
            before = picture(root), {path: path.read_bytes() for path in web.rglob("*") if path.is_file()}

            def abate(*words):
                return subprocess.run([ABATE, *words, "--state", f"{folder}/state"], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
            looked = abate("harden", "--root", str(root), "--json", "-")
            self.assertEqual(looked.returncode, 1, looked.stderr)
            plan = json.loads(looked.stdout)
            schema = json.loads((SOURCE / "docs/schemas/plan.schema.json").read_text())
            self.assertEqual(set(plan) - set(schema["properties"]), set())
            for action in plan["actions"]:
                self.assertRegex(action["requirement"], "^R(2[789]|3[012])$")
                self.assertEqual(set(schema["properties"]["actions"]["items"]["required"]) - set(action), set())
            self.assertEqual({row["standing"] for row in plan["already"]} - {"already", "good to know"}, set())
            self.assertEqual((picture(root), {path: path.read_bytes() for path in web.rglob("*") if path.is_file()}), before, "looking changes nothing")

            done = abate("harden", "--root", str(root), "--apply", "--yes")
            self.assertEqual(done.returncode, 1, "a firewall is not made on a disk, so something is left")
            self.assertIn("MaxAuthTries 6", (ssh / "sshd_config").read_text())
            self.assertTrue(any("Require all denied" in path.read_text() for path in web.rglob("uploads/.htaccess")))
            run = done.stdout.split("abate undo ")[1].split()[0]
            self.assertEqual(abate("undo", run, "--root", str(root)).returncode, 0)
            self.assertEqual((picture(root), {path: path.read_bytes() for path in web.rglob("*") if path.is_file()}), before)

            self.assertEqual(abate("harden", "--root", str(root), "--only", "no_such_measure", "--apply").returncode, 2)
            os.mkdir(f"{folder}/empty")
            self.assertNotEqual(abate("harden", "--root", f"{folder}/empty").returncode, 0, "silence never means that all is well")


if __name__ == "__main__":
    own_network()
    unittest.main(argv=sys.argv[:1], verbosity=2)
