"""What becomes of a command that fails: one line on stderr and an exit code, never a traceback.

A traceback is for us, not for the person at the terminal: it goes into a file, without the values of variables, since
those could hold a key.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Meant = TypeVar("Meant", bound=Exception)

ERROR, INTERRUPTED, PIPE_CLOSED = 1, 130, 141
"""Exit codes: as other tools have them, and as a shell counts a death by SIGINT or SIGPIPE."""


def explained(command: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> int:
    """The exit code of a command; whatever it raises has been said in a line on stderr."""
    _have_streams()
    try:
        if sys.stdout is None:
            _say("standard output is closed, and results go there; nothing was done")
            return ERROR
        code = command(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _pipe_closed()
    except OSError as error:
        return _system_said(error)
    except Exception as error:  # noqa: BLE001 - the outermost door: nothing passes it unexplained
        return _told(error)
    return code


def _told(error: Exception) -> int:
    """The exit code of an error that was meant for a person; of any other, with word of where it is described."""
    from core.errors import ThinktopError  # noqa: PLC0415 - only where something went wrong

    cause = _first_meant(error, ThinktopError)
    if cause is not None:
        _say(str(cause))
        return cause.exit_code
    if isinstance(error, ExceptionGroup):
        system = _first_meant(error, OSError)
        if system is not None:
            return _system_said(system)
    _say(f"this is a bug in thinktop, not in what you did: {type(error).__name__}; {_described(error)}")
    return ERROR


def _first_meant(error: BaseException, kind: type[Meant]) -> Meant | None:
    """The first error of a kind: itself, or one that a group of tasks brought up."""
    if isinstance(error, kind):
        return error
    if isinstance(error, BaseExceptionGroup):
        return next((found for inner in error.exceptions if (found := _first_meant(inner, kind))), None)
    return None


def _described(error: Exception) -> str:
    """Where the traceback was written, in words."""
    import tempfile  # noqa: PLC0415 - as above
    import traceback  # noqa: PLC0415 - for a crash only

    try:
        number, path = tempfile.mkstemp(prefix="thinktop-bug-", suffix=".txt")
        with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write("".join(traceback.format_exception(error)))
    except OSError:
        return "its traceback could not be written anywhere"
    return f"please report it with {path}"


def _system_said(error: OSError) -> int:
    """The exit code of an error of the operating system that nobody else has explained."""
    if error.errno == errno.EPIPE:
        return _pipe_closed()
    where = f"{error.filename}: " if error.filename else ""
    advice = "; free some space and try again" if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
    _say(f"{where}{error.strerror or error}{advice}")
    forget_output()
    return ERROR


def _pipe_closed() -> int:
    """Whoever read our output has seen enough."""
    forget_output()
    return PIPE_CLOSED


def forget_output() -> None:
    """What is still unwritten goes nowhere; else Python complains about it when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _say(message: str) -> None:
    """A line for each line of a message, visible whatever is in it."""
    from core.visible import visible_line  # noqa: PLC0415 - only where something is said

    with suppress(OSError):
        # Not splitlines: what is quoted in a message may hold other separators, and must not begin a line of ours.
        for line in message.rstrip("\n").split("\n"):
            sys.stderr.write(f"thinktop: {visible_line(line)}\n")


def _have_streams() -> None:
    """Occupy closed standard streams, so that no file of ours becomes one of them."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 - stdin, stdout, stderr
        pass
    os.close(number)
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
