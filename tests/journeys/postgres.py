# SPDX-License-Identifier: Apache-2.0
"""A real PostgreSQL for the journeys, as tests/support/postgres_cluster.h is for the unit tests."""
import os
import pathlib
import pwd
import subprocess
import tempfile

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")


class PostgresCluster:
    """A PostgreSQL of our own in a temporary folder, on a unix socket only; unprivileged when we are root."""

    def __init__(self):
        self.folder, self.made = pathlib.Path(tempfile.mkdtemp(prefix="abate-journey-pg-")), 0
        self.user = None
        if os.geteuid() == 0:
            names = {entry.pw_name for entry in pwd.getpwall()}
            self.user = "postgres" if "postgres" in names else "nobody"
            who = pwd.getpwnam(self.user)
            os.chown(self.folder, who.pw_uid, who.pw_gid)
        # Waits until our end of its input is closed, however we ended, then stops the server and removes the folder.
        end = " ".join(map(str, self._as_user("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")))
        self._guard = subprocess.Popen(
            ["sh", "-c", f"cat >/dev/null; cd /; {end} >/dev/null 2>&1; rm -rf {self.folder}"],
            stdin=subprocess.PIPE, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._run("initdb", "-D", self.folder / "data", "-U", "abate", "-A", "trust", "-E", "UTF8", "--locale=C",
                  "--no-sync")
        self.start()

    def start(self):
        options = (f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off -c full_page_writes=off"
                   " -c max_connections=100 -c shared_buffers=32MB -c autovacuum=off -c log_min_messages=fatal")
        self._control("-l", self.folder / "server.log", "-o", options, "start")

    def stop(self, at_once=True):
        """At once: as after a power cut."""
        self._control("-m", "immediate" if at_once else "fast", "stop")

    def new_database(self):
        """Its URL."""
        self.made += 1
        self._run("psql", "-XqAt", "-h", self.folder, "-U", "abate", "-d", "postgres",
                  "-c", f"CREATE DATABASE d{self.made}")
        return f"postgresql://abate@/d{self.made}?host={self.folder}"

    def close(self):
        self._guard.stdin.close()
        self._guard.wait(60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _control(self, *words):
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-t", "30", *words)

    def _as_user(self, name, *words):
        return ([] if self.user is None else ["runuser", "-u", self.user, "--"]) + [BIN / name, *words]

    def _run(self, *words):
        log = self.folder / "run.log"
        with open(log, "ab") as out:
            done = subprocess.run(self._as_user(*words), cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                  timeout=120)
        assert done.returncode == 0, f"{words[0]}: {log.read_text(errors='replace')}"
