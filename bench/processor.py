"""The processor's time that a piece of work takes: its own, and that of the threads of numpy and SQLite.

Not the clock's: a machine that others work on lets it wait, and wait is no work. What the analysis remembers is
forgotten before each round, so that work is measured and not memory; a round that nobody counts loads what loads late.
"""

from __future__ import annotations

import sys
import time
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_REMEMBERING = "core.analysis."


def cpu_ms(work: Callable[[], object], rounds: int, *, remembered: bool = False) -> float:
    """Median milliseconds of the processor; with `remembered` of doing again what was done a moment ago."""
    work()
    return median(_once(work, remembered=remembered) for _ in range(rounds))


def _once(work: Callable[[], object], *, remembered: bool) -> float:
    if not remembered:
        forget()
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


def forget() -> None:
    """Empty every cache of the analysis."""
    for name, module in list(sys.modules.items()):
        if name.startswith(_REMEMBERING):
            for value in vars(module).values():
                clear = getattr(value, "cache_clear", None)
                if clear is not None:
                    clear()
