"""effc on a terminal: a pseudo-terminal whose screen is kept as a person would see it."""

import fcntl
import os
import pty
import re
import select
import struct
import termios
import time

from .program import BUILD

LIMIT_S = 30
TOKEN = re.compile(rb"\x1b\[(\??)([\d;]*)([A-Za-z])|\r|\n|[^\x1b\r\n]+|\x1b")


class Screen:
    """The lines of a terminal of some width, without a height: what effc uses of one, anything else is an error."""

    def __init__(self, columns):
        self.columns, self.lines, self.row, self.column, self.wraps = columns, [""], 0, 0, True

    def feed(self, data):
        for token in TOKEN.finditer(data):
            text = token.group()
            if text == b"\r":
                self.column = 0
            elif text == b"\n":
                self._down()
            elif text.startswith(b"\x1b"):
                self._control(token.group(1), token.group(2), token.group(3))
            else:
                for character in text.decode("utf-8", "replace"):
                    self._put(character)

    def _down(self):
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append("")

    def _put(self, character):
        if self.column == self.columns:
            if not self.wraps:
                self.column -= 1
            else:
                self._down()
                self.column = 0
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[:self.column] + character + line[self.column + 1:]
        self.column += 1

    def _control(self, private, number, letter):
        if letter == b"m":
            return
        if (private, number) == (b"?", b"7") and letter in (b"l", b"h"):
            self.wraps = letter == b"h"
        elif letter == b"A":
            self.row -= int(number)
            if self.row < 0:
                raise AssertionError("the cursor went above what was written")
        elif letter == b"J" and not number:
            self.lines[self.row] = self.lines[self.row][:self.column]
            del self.lines[self.row + 1:]
        else:
            raise AssertionError("effc sent an unknown control: %r %r %r" % (private, number, letter))

    def __str__(self):
        return "\n".join(line.rstrip() for line in self.lines).strip()


class Terminal:
    """Runs effc; `steps` are (text to wait for, keys to type), in order.  `frames` are all screens that were seen."""

    def __init__(self, workspace, proxy, *args, columns=60, steps=()):
        self.screen, self.frames, self.raw, self.fed = Screen(columns), [], b"", 0
        environment = workspace.environment(proxy.url, TERM="xterm")
        pid, fd = pty.fork()
        if pid == 0:
            try:
                os.chdir(workspace.spec)
                os.execve(str(BUILD / "effc"), ["effc", *args], environment)
            finally:
                os._exit(127)
        proxy.pid = pid
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.code = self._follow(pid, fd, list(steps))

    def _follow(self, pid, fd, steps):
        end, since = time.monotonic() + LIMIT_S, 0
        while time.monotonic() < end:
            if not select.select([fd], [], [], 1)[0]:
                continue
            try:
                data = os.read(fd, 65536)
            except OSError:
                data = b""
            if not data:
                os.close(fd)
                return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            self.raw += data
            if steps and steps[0][0].encode() in self.raw[since:]:
                since = len(self.raw)
                os.write(fd, steps.pop(0)[1].encode())
            # A read may end anywhere; where the block has just been drawn, the screen is whole.
            if self.raw.endswith(b"\x1b[?7h\r\n"):
                self.screen.feed(self.raw[self.fed:])
                self.fed = len(self.raw)
                self.frames.append(str(self.screen))
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        raise AssertionError("effc did not end in %d s\n%s" % (LIMIT_S, self.screen))

    @property
    def text(self):
        self.screen.feed(self.raw[self.fed:])
        self.fed = len(self.raw)
        return str(self.screen)
