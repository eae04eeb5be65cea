# SPDX-License-Identifier: Apache-2.0
"""A program on a pseudo-terminal, and somebody who types: Terminal(argv, columns).answer('y')."""
import fcntl, os, pty, re, select, signal, struct, termios, time

COLOUR = re.compile(rb'\x1b\[[0-9;]*m')
PROMPT = b' > '
DEADLINE_S = 120


class Terminal:
    def __init__(self, argv, columns=80, **environment):
        kept = {'PATH': os.environ['PATH'], 'HOME': os.environ.get('HOME', '/'), 'LANG': 'C.UTF-8', 'TERM': 'xterm', **environment}
        self.raw, self.status, self.answered = b'', None, 0
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            # The child waits for its terminal's size.
            while struct.unpack('hhhh', fcntl.ioctl(0, termios.TIOCGWINSZ, b'\0' * 8))[1] != columns: time.sleep(0.001)
            os.execve(argv[0], [str(one) for one in argv], kept)
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack('hhhh', 50, columns, 0, 0))

    @property
    def text(self):
        return COLOUR.sub(b'', self.raw).replace(b'\r\n', b'\n').decode(errors='replace')

    def read(self):
        """False: nothing more comes."""
        if not select.select([self.end], [], [], DEADLINE_S)[0]: raise TimeoutError(self.text[-3000:])
        try:
            part = os.read(self.end, 65536)
        except OSError:  # the other end is closed
            part = b''
        self.raw += part
        return bool(part)

    def prompt(self):
        """What was said since the last answer, up to the next question; what was said at all, at the program's end."""
        while len(self.raw) == self.answered or not COLOUR.sub(b'', self.raw).endswith(PROMPT):
            if not self.read(): return self.finish() and self.text
        # What is typed before the program listens is thrown away: it listens once it sleeps in a read of the terminal.
        until = time.monotonic() + DEADLINE_S
        while time.monotonic() < until:
            with open(f'/proc/{self.pid}/syscall') as f: now = f.read().split()
            if now[0] == '0' and now[1] == '0x0': break
            time.sleep(0.002)
        return self.text

    def type(self, line):
        self.answered = len(self.raw)
        os.write(self.end, line.encode() + b'\n')

    def answer(self, *lines):
        for line in lines:
            self.prompt()
            self.type(line)

    def interrupt(self):
        os.write(self.end, b'\x03')

    def hang_up(self):
        os.close(self.end)
        self.wait()

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        self.wait()
        os.close(self.end)

    def wait(self):
        if self.status is None: self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def finish(self):
        while self.read(): pass
        self.wait()
        os.close(self.end)
        return True
