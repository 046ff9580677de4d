"""The near end of a pseudo-terminal: its command's session, and a thread that reads and answers whatever happens.

Owns the descriptors and the processes. The thread never draws, so the time that it gives a read is that of the read;
only where the command asks for the cursor's place must the picture be caught up with, by the caller's function.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import selectors
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from bench.terminal.attributes import Attributes
from bench.terminal.modes import RESIZE, Modes
from bench.terminal.replies import answer_to
from bench.terminal.stream import Splitter

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Container, Mapping, Sequence

    from bench.terminal.transcript import Transcript

PATIENCE_S = 10.0
"""Seconds that anything may take which is a matter of milliseconds."""
LEADER = Path(__file__).with_name("leader.py")
_ON_ITS_WAY_S = 0.05
"""What a command wrote may be so long in the kernel before it can be read, also when the command has ended."""
_AT_ONCE = 1 << 16
_CELL = (8, 16)
"""Width and height of a character in pixels, for commands that ask."""


class TerminalError(AssertionError):
    """What was waited for did not come; the message says what was to be seen instead."""


class Connection:
    """A terminal with a command on it, as far as bytes and processes go."""

    def __init__(
        self,
        command: Sequence[str],
        size: tuple[int, int],
        transcript: Transcript,
        *,
        variables: Mapping[str, str],
        folder: Path | None,
        knows: Container[int] | None,
        cursor: Callable[[], tuple[int, int]],
    ) -> None:
        self.modes = Modes()
        self.pid = 0
        self.started_at = 0.0
        self.ended_at: float | None = None
        self.exit_code: int | None = None
        self.over = Event()
        """Set once the command has ended and all that it wrote is in the transcript."""
        self.hung_up = False
        self._name, self._size, self._knows, self._cursor = command[0], size, knows, cursor
        self._transcript = transcript
        self._splitter = Splitter()
        self._started, self._let_go, self._closed = Event(), Event(), False
        self._master, slave = pty.openpty()
        os.set_blocking(self._master, False)
        self._tell_size()
        self.attributes_at_first = self.attributes()
        self._report, report = os.pipe()
        orders, self._orders = os.pipe()
        self._woken, self._wake = os.pipe()
        self._selector = selectors.DefaultSelector()
        for descriptor in (self._master, self._report, self._woken):
            self._selector.register(descriptor, selectors.EVENT_READ)
        try:
            self._leader = subprocess.Popen(  # noqa: S603 - our own script, and the caller's command
                [sys.executable, "-I", "-S", str(LEADER), str(report), str(orders), *command],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
                pass_fds=(report, orders),
                env=variables,
                cwd=folder,
            )
        finally:
            for descriptor in (slave, report, orders):
                os.close(descriptor)
        self._reader = Thread(target=self._read, name=f"terminal of {self._name}", daemon=True)
        self._reader.start()
        if not self._started.wait(PATIENCE_S) or not self.pid:
            self.close()
            raise TerminalError(f"{self._name} did not start: {self._transcript.raw.decode(errors='replace')}")

    def attributes(self) -> Attributes:
        """The line settings now."""
        return Attributes.of(self._master)

    def send(self, data: bytes) -> float:
        """Type something; the time just before, which nothing that answers it can precede.

        Raises:
            TerminalError: The command does not read.
        """
        began = time.monotonic()
        while data:
            try:
                data = data[os.write(self._master, data) :]
            except BlockingIOError:
                if time.monotonic() - began > PATIENCE_S:
                    raise TerminalError(f"{self._name} does not read what is typed") from None
                time.sleep(_ON_ITS_WAY_S)
        return began

    def signal(self, number: signal.Signals) -> None:
        """Send the command's process a signal; nothing, where it has ended."""
        if self.exit_code is None and not self._closed:
            os.kill(self.pid, number)

    def resize(self, size: tuple[int, int]) -> None:
        """Be of another size (columns, lines), and tell the command as any terminal does."""
        self._size = size
        self._transcript.add_size(time.monotonic(), size)
        self._tell_size()
        if RESIZE in self.modes.on:
            self.send(self._size_in_band())

    def hang_up(self) -> None:
        """Go away, as a closed window or a lost line does."""
        self.hung_up = True
        os.write(self._wake, b"h")
        self._let_go.wait(PATIENCE_S)

    def close(self) -> None:
        """Have the command's process group killed, and let go of everything; twice is fine."""
        if self._closed:
            return
        self._closed = True
        os.close(self._orders)  # at which the leader kills, collects and ends
        try:
            self._leader.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._leader.kill()
            self._leader.wait()
        os.write(self._wake, b"c")
        self._reader.join(PATIENCE_S)
        for descriptor in (self._report, self._woken, self._wake):
            os.close(descriptor)

    def _read(self) -> None:
        reported = b""
        with self._selector:
            while not self._closed:
                ready = [key.fd for key, _ in self._selector.select()]
                if self._master in ready:
                    self._take()
                if self._woken in ready:
                    os.read(self._woken, 1)
                    if self.hung_up:
                        self._let_go_of_the_terminal()
                if self._report in ready:
                    part = os.read(self._report, 4096)
                    *lines, reported = (reported + part).split(b"\n")
                    for line in lines:
                        self._hear(line)
                    if not part:
                        self._selector.unregister(self._report)
                        self._end()
        self._end()
        self._let_go_of_the_terminal()

    def _hear(self, line: bytes) -> None:
        """Take what the session's leader says."""
        said = json.loads(line)
        if "pid" in said:
            self.pid, self.started_at = said["pid"], said["at"]
            self._started.set()
            return
        while self._take(_ON_ITS_WAY_S):
            pass
        self.ended_at, self.exit_code = said["at"], said["status"]
        self._end()

    def _end(self) -> None:
        self._transcript.end()
        self.over.set()
        self._started.set()

    def _take(self, wait_s: float = 0.0) -> bool:
        """Whether there was something to read, and if so, have it on the transcript and answered."""
        if self._let_go.is_set() or not self._comes(wait_s):
            return False
        try:
            data = os.read(self._master, _AT_ONCE)
        except OSError:  # nobody has the other end open any more
            data = b""
        at = time.monotonic()
        if not data:
            self._let_go_of_the_terminal()
            return False
        pieces = tuple(self._splitter.feed(data))
        answers = b""
        self._transcript.add(at, data, pieces)
        for piece in pieces:
            was_on = RESIZE in self.modes.on
            self.modes.take(piece)
            if self._knows is not None:
                answers += answer_to(piece, self.modes, self._knows, self._cursor)
            if RESIZE in self.modes.on and not was_on:
                answers += self._size_in_band()
        if answers:
            with suppress(OSError):  # it does not listen, and that is its business
                os.write(self._master, answers)
        return True

    def _comes(self, wait_s: float) -> bool:
        master = select.poll()
        master.register(self._master, select.POLLIN)
        return bool(master.poll(1000 * wait_s))

    def _let_go_of_the_terminal(self) -> None:
        if not self._let_go.is_set():
            self._let_go.set()
            with suppress(KeyError, RuntimeError):
                self._selector.unregister(self._master)
            os.close(self._master)

    def _tell_size(self) -> None:
        """At which the kernel sends SIGWINCH to what is in the foreground."""
        columns, lines = self._size
        words = struct.pack("HHHH", lines, columns, columns * _CELL[0], lines * _CELL[1])
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, words)

    def _size_in_band(self) -> bytes:
        columns, lines = self._size
        return f"\x1b[48;{lines};{columns};{lines * _CELL[1]};{columns * _CELL[0]}t".encode()
