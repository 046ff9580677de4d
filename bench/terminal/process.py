"""What a process takes of the machine, read from /proc: processor time and memory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM = 11, 12
"""Places of the two times in /proc/PID/stat, counted behind the name, which may hold spaces and brackets."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Of one process, its threads included and its children not."""

    cpu_s: float
    """Seconds of processor time since its start, in steps of a hundredth."""
    rss_kib: int | None
    """Memory that it holds now, in KiB; None once it has ended."""
    peak_kib: int | None
    """The most that it has held at a time."""


def usage_of(pid: int) -> Usage | None:
    """What a process has taken so far; None where there is none of that number, or no /proc."""
    folder = Path(f"/proc/{pid}")
    try:
        times = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        status = (folder / "status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    held = {name: int(value.split()[0]) for name, _, value in _lines(status) if name in ("VmRSS", "VmHWM")}
    cpu_s = (int(times[_USER]) + int(times[_SYSTEM])) / _TICKS_PER_S
    return Usage(cpu_s, held.get("VmRSS"), held.get("VmHWM"))


def _lines(status: str) -> list[tuple[str, str, str]]:
    return [line.partition(":") for line in status.splitlines()]
