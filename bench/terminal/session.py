"""One command on one terminal: started, typed to, looked at, waited for, measured, ended.

Draws what came when somebody looks, read by read, so that a wait can say which read brought what was waited for.
"""

from __future__ import annotations

import os
import shutil
import time
from threading import RLock
from typing import TYPE_CHECKING, Self

from bench.terminal.connection import PATIENCE_S, Connection, TerminalError
from bench.terminal.keys import typed
from bench.terminal.picture import Picture
from bench.terminal.process import Usage, usage_of
from bench.terminal.replies import KNOWN
from bench.terminal.transcript import Transcript

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Container, Mapping, Sequence
    from pathlib import Path

    from bench.terminal.attributes import Attributes
    from bench.terminal.modes import Modes

ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
_NOT_HANDED_ON = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLUMNS", "LINES", "TERM_PROGRAM", "TMUX", "TEXTUAL")
"""What variables begin with that would show on this terminal how another one is."""
_LOOK_S = 0.02


class Terminal:
    """A command on a pseudo-terminal, in a session of its own; killed with its process group in the end.

    All times are monotonic seconds.
    """

    def __init__(
        self,
        command: Sequence[str | os.PathLike[str]],
        *,
        columns: int = 120,
        lines: int = 40,
        environment: Mapping[str, str | None] | None = None,
        folder: Path | None = None,
        knows: Container[int] | None = KNOWN,
        remember: bool = True,
    ) -> None:
        """Start a command.

        Args:
            command: Program and arguments.
            columns: Width of the terminal.
            lines: Its height.
            environment: Variables on top of this process's and of TERM and COLORTERM; None takes one away.
            folder: The directory to start in; default: this process's.
            knows: DEC private modes that the terminal says it knows when asked; None: it never answers anything.
            remember: Keep the bytes themselves; without, only their number and times, for long watches.

        Raises:
            FileNotFoundError: There is no such program.
        """
        self.command = [os.fspath(word) for word in command]
        variables = _variables(environment or {})
        if shutil.which(self.command[0], path=variables.get("PATH")) is None:
            raise FileNotFoundError(f"{self.command[0]}: no such program")
        self._picture = Picture(columns, lines)
        self._drawing = RLock()
        self._transcript = Transcript(remember=remember)
        self._line = Connection(
            self.command,
            (columns, lines),
            self._transcript,
            variables=variables,
            folder=folder,
            knows=knows,
            cursor=lambda: self.picture.cursor,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill what still runs of the command's process group, and let go of everything; twice is fine."""
        self._line.close()

    @property
    def pid(self) -> int:
        """The command's process."""
        return self._line.pid

    @property
    def started_at(self) -> float:
        """When the command was started."""
        return self._line.started_at

    @property
    def ended_at(self) -> float | None:
        """When the command ended; None while it goes on."""
        return self._line.ended_at

    @property
    def exit_code(self) -> int | None:
        """Negative for a signal; None while it goes on."""
        return self._line.exit_code

    @property
    def picture(self) -> Picture:
        """What is to be seen now."""
        with self._drawing:
            while self._draw_one() is not None:
                pass
        return self._picture

    @property
    def text(self) -> str:
        """The characters on show, without the blanks at the ends of lines."""
        return self.picture.text

    @property
    def output(self) -> bytes:
        """Every byte that came; none where they are not remembered."""
        return self._transcript.raw

    def output_between(self, since: float, until: float | None = None) -> bytes:
        """The bytes that came in a window of time, up to now where no end is given."""
        return self._transcript.raw_between(since, time.monotonic() if until is None else until)

    def written(self, since: float, until: float | None = None) -> int:
        """How many bytes came in a window of time, up to now where no end is given."""
        return self._transcript.written(since, time.monotonic() if until is None else until)

    @property
    def modes(self) -> Modes:
        """What the command has switched on and off: the alternate screen, the mouse, paste ..."""
        return self._line.modes

    @property
    def attributes(self) -> Attributes:
        """The line settings now: echo, line editing, signals by keys."""
        return self._line.attributes()

    def left_behind(self) -> list[str]:
        """What the next program here would suffer from, a few words each; nothing where the terminal is clean.

        After `hang_up` there are no line settings any more; what was written is judged all the same.
        """
        line = self._line
        settings = [] if line.hung_up else line.attributes_at_first.changed_to(line.attributes())
        return [*settings, *self.modes.left_behind(), *self.picture.left_behind()]

    @property
    def usage(self) -> Usage:
        """What the command's process has taken so far; its processor time can be asked for after its end too.

        Raises:
            TerminalError: This system does not say.
        """
        usage = usage_of(self.pid)
        if usage is None:
            raise TerminalError(f"{self.command[0]}: nothing in /proc to read its processor time and memory from")
        return usage

    def send(self, what: str | bytes) -> float:
        """Type something; the time just before, which nothing that answers it can precede."""
        return self._line.send(what.encode() if isinstance(what, str) else what)

    def press(self, *keys: str) -> float:
        """Type keys by their names (`down`, `ctrl+c`, `enter`, `2`); the time just before."""
        application = 1 in self.modes.on
        return self.send("".join(typed(key, application=application) for key in keys))

    def resize(self, columns: int, lines: int) -> None:
        """Be of another size, and tell the command as any terminal does."""
        self._line.resize((columns, lines))

    def hang_up(self) -> None:
        """Go away, as a closed window or a lost line does."""
        self._line.hang_up()

    def signal(self, number: signal.Signals) -> None:
        """Send the command's process, and no other, a signal; nothing where it has ended."""
        self._line.signal(number)

    def wait_for(self, what: str | Callable[[Picture], bool], timeout_s: float = PATIENCE_S) -> float:
        """When something was to be seen: the time of the read that brought it, or now.

        Args:
            what: A text somewhere on a line, or a question to the picture (which must not ask the terminal for it).
            timeout_s: How long to wait for it.

        Raises:
            TerminalError: It was not to be seen in time, or the command ended without showing it.
        """
        deadline = time.monotonic() + timeout_s
        if _shows(self.picture, what):
            return time.monotonic()
        while self._transcript.wait(deadline):
            with self._drawing:
                at = self._draw_one()
                if at is not None and _shows(self._picture, what):
                    return at
        why = f"not within {timeout_s:g} s" if self.exit_code is None else f"it ended with {self.exit_code}"
        raise TerminalError(f"{self.command[0]} did not show {what!r}: {why}; it shows\n{self.text}")

    def wait_for_calm(self, calm_s: float, timeout_s: float = PATIENCE_S) -> None:
        """Return once nothing has been written for so many seconds.

        Raises:
            TerminalError: It goes on and on.
        """
        began = time.monotonic()
        while (now := time.monotonic()) - (self._transcript.last_at or began) < calm_s:
            if now - began > timeout_s:
                raise TerminalError(f"{self.command[0]} was never quiet for {calm_s:g} s within {timeout_s:g} s")
            time.sleep(_LOOK_S)

    def wait_for_end(self, timeout_s: float = PATIENCE_S) -> int:
        """The exit code, negative for a signal, once the command has ended and all that it wrote is here.

        Raises:
            TerminalError: It goes on.
        """
        self._line.over.wait(timeout_s)
        if self.exit_code is None:
            raise TerminalError(f"{self.command[0]} has not ended within {timeout_s:g} s; it shows\n{self.text}")
        return self.exit_code

    def _draw_one(self) -> float | None:
        """The time of the next read, now that it is drawn; None where all were."""
        read = self._transcript.next_undrawn()
        if read is None:
            return None
        if read.size is not None:
            self._picture.resize(*read.size)
        for piece in read.pieces:
            self._picture.take(piece)
        return read.at


def _shows(picture: Picture, what: str | Callable[[Picture], bool]) -> bool:
    return any(what in line for line in picture.lines) if isinstance(what, str) else what(picture)


def _variables(changes: Mapping[str, str | None]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_HANDED_ON)}
    return {name: value for name, value in {**inherited, **ENVIRONMENT, **changes}.items() if value is not None}
