"""How soon the command answers: `thinktop --help` as a multiple of a Python that does nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from bench.figures import Figure

TIMES = 15


def startup(_folder: Path, _rounds: int) -> list[Figure]:
    """The ratio of the two medians, taken in turn; without a figure where the command does not work here."""
    command = Path(sys.executable).with_name("thinktop")
    if not command.exists() or _run([str(command), "--help"]) is None:
        return [Figure("startup", "thinktop --help / python -c pass", None, "", note="no working command here")]
    nothing, asked = [], []
    for _ in range(TIMES):
        nothing.append(_run([sys.executable, "-c", "pass"]) or 0.0)
        asked.append(_run([str(command), "--help"]) or 0.0)
    ratio = median(asked) / median(nothing)
    return [
        Figure("startup", "thinktop --help", 1000 * median(asked), "ms"),
        Figure("startup", "thinktop --help / python -c pass", ratio, "", at_most=15.0),
    ]


def _run(command: list[str]) -> float | None:
    """Seconds that a command took; None if it failed."""
    began = time.perf_counter()
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
    return time.perf_counter() - began if done.returncode == 0 else None
