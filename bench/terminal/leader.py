"""The shell's part on a terminal: the session's leader, `leader.py REPORT ORDERS COMMAND [ARGUMENT ...]`.

A terminal must have a leader beside the command: when its leader dies, the kernel resets it, and what the command left
behind (echo off, say) could not be seen any more. Knows nothing of what is drawn.

On descriptor REPORT it says, a line of JSON each, that the command was started (`pid`, `at` in monotonic seconds), and
that it ended (`status`, negative for a signal, and `at`). The command is not collected before ORDERS is at its end, so
that its process id and its last figures in /proc stay its own; then whatever is left of its process group is killed.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import sys
import termios
import time
from contextlib import suppress

NOT_FOUND = 127
"""The exit code that shells give a command that cannot be started."""


def main(report: int, orders: int, command: list[str]) -> None:
    """Live for as long as the terminal is wanted."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.set_inheritable(report, False)
    os.set_inheritable(orders, False)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, _nothing)
    at = time.monotonic()
    pid = os.fork()
    if pid == 0:
        _become(command)
    with suppress(OSError):  # the command has done it itself, or is past it
        os.setpgid(pid, pid)

    def hang_up(*_: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGHUP)

    signal.signal(signal.SIGHUP, hang_up)
    _say(report, pid=pid, at=at)
    ended = False
    while orders not in select.select([orders, woken], [], [])[0]:
        os.read(woken, 1024)
        status = None if ended else _status(pid)
        if status is not None:
            ended = True
            _say(report, status=status, at=time.monotonic())
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _nothing(*_: object) -> None:
    """Take notice: a signal that is ignored wakes nobody."""


def _become(command: list[str]) -> None:
    """Be the command, in the foreground, with every signal as a fresh login has it."""
    try:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            with suppress(OSError, ValueError):  # some belong to the C library
                signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.execvp(command[0], command)  # noqa: S606 - the caller's own command, and no shell wanted
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\r\n".encode())
    finally:
        os._exit(NOT_FOUND)


def _status(pid: int) -> int | None:
    """The exit code of a process that has ended, negative for a signal; None for one that goes on."""
    found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if found is None:
        return None
    return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status


def _say(report: int, **what: float) -> None:
    with suppress(BrokenPipeError):  # who asked has gone, and the end of ORDERS says so
        os.write(report, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
