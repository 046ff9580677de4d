"""The monitor over a real terminal: how soon it shows, what it writes, what it takes, how soon it answers a key.

All of it from outside, as a person's terminal and the machine have it: bytes that came, processor time and memory of
its process, cells that changed. The sampler is a process of its own, on the simulator.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.live import Sweep, live
from bench.terminal import Terminal, TerminalError
from core.vocabulary import State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.live import Live
    from bench.terminal import Picture
    from core.store.place import Place

MONITOR = (str(Path(sys.executable).with_name("thinktop")), "--store", "{store}")
"""The command that is measured."""
YARDSTICK = (sys.executable, "-c", "import textual.app")
"""What its first screen is held against."""


@dataclass(frozen=True, slots=True)
class Size:
    """A terminal's size, what must be on it for the screen to be whole, and how much may be written to it."""

    columns: int
    lines: int
    whole: tuple[str, ...]
    """Patterns that must all be found, in small letters."""
    bytes_per_s: float

    def __str__(self) -> str:
        return f"{self.columns}x{self.lines}"


SIZES = (
    Size(120, 40, (r"\bbudgets\b", r"\bproblems\b", r"\d ?%"), 2000.0),
    Size(80, 24, (r"\bbudgets\b|\bproblems\b", r"\d ?%", r"\$ ?\d"), 1000.0),
)

BUDGETS = [2**power for power in range(4, 12)]
FAST = Sweep(problems=100, budgets=BUDGETS, draws=60, at_once=64, per_s=100.0)
"""48,000 draws: eight minutes of them."""
SHORT = Sweep(problems=30, budgets=BUDGETS, draws=2, at_once=32, per_s=30.0)
"""480 draws, or 16 s: a monitor is open when it ends."""
LARGE = Sweep(
    problems=1000, budgets=[2**power for power in range(4, 16)], draws=85, at_once=1, per_s=1.0, filled=84
)  # fmt: skip
"""1,008,000 samples in 12,000 cells, and one more a second."""

START_S = 30.0
SETTLE_S = 3.0
LIVE_S, STILL_S, TICKS_S = 60.0, 20.0, 30.0
TIMES_FIRST = 3.0
CPU_LIVE, CPU_IDLE = 3.0, 1.0
MEMORY_MB = 120.0
TICK_MS = 50.0
KEY_MS, KEY_S = 100.0, 2.0
KEYS = 20
PAUSE_S = 0.37
"""Between keys: out of step with anything that happens once a second."""


@dataclass(frozen=True, slots=True)
class Pressing:
    """Keys whose answers are timed."""

    what: str
    before: tuple[str, ...]
    """Pressed once, to be where the others do something."""
    keys: tuple[str, str]
    """Pressed in turn: each takes back the other."""
    cells: int
    """That change at least when one is answered: more than by a second's news."""


PRESSINGS = (
    Pressing("a pane", (), ("3", "1"), 300),
    Pressing("an arrow", ("3",), ("down", "up"), 60),
)


def monitor(folder: Path, rounds: int, command: Sequence[str] = MONITOR) -> list[Figure]:
    """All figures of the monitor; with another command, those of a stand-in."""
    with tempfile.TemporaryDirectory(dir=folder) as inside:
        return [
            *_large(Path(inside, "large"), rounds, command),
            *_fast(Path(inside, "fast"), command),
            *_finished(Path(inside, "short"), command),
        ]


def _large(folder: Path, rounds: int, command: Sequence[str]) -> list[Figure]:
    """The first screen and the cost of a tick, on a store with a million samples."""
    with live(folder, LARGE) as run:
        run.wait_for(State.RUNNING, START_S)
        figures = []
        for size in SIZES:
            figures += _or_why(f"first screen, {size}", partial(_first, run.place, size, rounds, command))
        return figures + _or_why("processor time a tick, 1,000 x 12", partial(_tick, run, command))


def _first(place: Place, size: Size, rounds: int, command: Sequence[str]) -> list[Figure]:
    """Start to whole screen, in turn with the yardstick; one of each beforehand, for the disk's caches."""
    pairs = [(_yardstick(), _first_screen(place, size, command)) for _ in range(rounds + 1)][1:]
    imports, screens = (median(times) for times in zip(*pairs, strict=True))
    note = f"{1000 * screens:.0f} ms where `import textual.app` takes {1000 * imports:.0f} ms"
    what = f"first screen / import textual.app, {size}"
    return [Figure("monitor", what, screens / imports, "", at_most=TIMES_FIRST, note=note)]


def _yardstick() -> float:
    with Terminal(YARDSTICK) as imports:
        imports.wait_for_end(START_S)
        assert imports.ended_at is not None
        return imports.ended_at - imports.started_at


def _first_screen(place: Place, size: Size, command: Sequence[str]) -> float:
    with _on(place, size, command) as shown:
        return shown.wait_for(_whole(size), START_S) - shown.started_at


def _tick(run: Live, command: Sequence[str]) -> list[Figure]:
    """Processor time of a snapshot with its repaint, where every second brings something new."""
    size = SIZES[0]
    with _on(run.place, size, command) as shown:
        shown.wait_for(_whole(size), START_S)
        time.sleep(SETTLE_S)
        kept = run.status().sums.kept
        window = _window(shown, TICKS_S)
        news = run.status().sums.kept - kept
        note = f"{news} samples came in {TICKS_S:g} s; {run.status().sums.kept:,} are in the store"
        ms = 1000 * window.cpu_s / TICKS_S
        return [Figure("monitor", "processor time a tick, 1,000 x 12", ms, "ms", at_most=TICK_MS, note=note)]


def _fast(folder: Path, command: Sequence[str]) -> list[Figure]:
    """Both sizes, one after the other, on one run at full speed."""
    figures = []
    with live(folder, FAST) as run:
        run.wait_for(State.RUNNING, START_S)
        for size in SIZES:
            figures += _or_why(f"live, {size}", partial(_live, run, size, command))
    return figures


def _live(run: Live, size: Size, command: Sequence[str]) -> list[Figure]:
    """One monitor while a run is at full speed, under keys, and paused."""
    with _on(run.place, size, command) as shown:
        shown.wait_for(_whole(size), START_S)
        time.sleep(SETTLE_S)
        kept = run.status().sums.kept
        window = _window(shown, LIVE_S)
        per_s = (run.status().sums.kept - kept) / LIVE_S
        peak_kib = shown.usage.peak_kib
        keys = [figure for pressing in PRESSINGS for figure in _keys(shown, size, pressing)]
        run.pause()
        time.sleep(SETTLE_S)
        still = _window(shown, STILL_S)
        run.resume()
    note = f"at {per_s:.0f} samples/s for {LIVE_S:g} s"
    megabytes = None if peak_kib is None else peak_kib * 1024 / 1e6
    return [
        Figure("monitor", f"live, {size}", window.bytes_per_s, "bytes/s", at_most=size.bytes_per_s, note=note),
        Figure("monitor", f"live, {size}: of a core", window.cpu_percent, "%", at_most=CPU_LIVE, note=note),
        Figure("monitor", f"peak memory, {size}", megabytes, "MB", at_most=MEMORY_MB),
        *keys,
        Figure("monitor", f"paused, {size}", still.bytes_per_s, "bytes/s", at_most=0.0),
        Figure("monitor", f"paused, {size}: of a core", still.cpu_percent, "%", at_most=CPU_IDLE),
    ]


def _keys(shown: Terminal, size: Size, pressing: Pressing) -> list[Figure]:
    """From a key to the read that shows its answer."""
    shown.press(*pressing.before)
    answered = []
    for number in range(KEYS):
        time.sleep(PAUSE_S)
        before = shown.picture.cells
        began = shown.press(pressing.keys[number % 2])
        try:
            at = shown.wait_for(partial(_differs, before, pressing.cells), KEY_S)
        except TerminalError:
            continue
        answered.append(1000 * (at - began))
    lost = KEYS - len(answered)
    note = f"of {KEYS}" + (f"; {lost} WERE NOT ANSWERED within {KEY_S:g} s" if lost else "")
    what = f"{pressing.what} by key, {size}"
    return [
        Figure("monitor", f"{what}: median", median(answered) if answered else None, "ms", at_most=KEY_MS, note=note),
        Figure("monitor", f"{what}: worst", max(answered, default=None), "ms", at_most=KEY_MS, note=note),
    ]


def _finished(folder: Path, command: Sequence[str]) -> list[Figure]:
    """Monitors that have seen a run end, and are left alone."""
    with live(folder, SHORT) as run, ExitStack() as open_ones:
        shown = [(size, open_ones.enter_context(_on(run.place, size, command))) for size in SIZES]
        run.wait_for(State.FINISHED, 3 * START_S)
        time.sleep(SETTLE_S)
        began, taken = time.monotonic(), [one.usage.cpu_s for _, one in shown]
        time.sleep(STILL_S)
        ended = time.monotonic()
        figures = []
        for (size, one), cpu_s in zip(shown, taken, strict=True):
            window = Window(one.written(began, ended), one.usage.cpu_s - cpu_s, ended - began)
            figures += [
                Figure("monitor", f"finished, {size}", window.bytes_per_s, "bytes/s", at_most=0.0),
                Figure("monitor", f"finished, {size}: of a core", window.cpu_percent, "%", at_most=CPU_IDLE),
            ]
        return figures


@dataclass(frozen=True, slots=True)
class Window:
    """What a command wrote and took in a stretch of time."""

    written: int
    cpu_s: float
    seconds: float

    @property
    def bytes_per_s(self) -> float:
        """Over the whole stretch."""
        return self.written / self.seconds

    @property
    def cpu_percent(self) -> float:
        """Of one core."""
        return 100 * self.cpu_s / self.seconds


def _window(shown: Terminal, seconds: float) -> Window:
    began, taken = time.monotonic(), shown.usage.cpu_s
    time.sleep(seconds)
    ended = time.monotonic()
    return Window(shown.written(began, ended), shown.usage.cpu_s - taken, ended - began)


def _on(place: Place, size: Size, command: Sequence[str]) -> Terminal:
    words = [word.replace("{store}", str(place.path)) for word in command]
    return Terminal(words, columns=size.columns, lines=size.lines)


def _whole(size: Size) -> Callable[[Picture], bool]:
    """Whether all that belongs on a screen of this size is there."""

    def whole(picture: Picture) -> bool:
        text = picture.text.lower()
        return all(re.search(pattern, text) for pattern in size.whole)

    return whole


def _differs(before: Sequence[Sequence[object]], cells: int, picture: Picture) -> bool:
    """Whether so many cells have another character or style than before."""
    lines = zip(before, picture.cells, strict=True)
    return sum(was != now for old, new in lines for was, now in zip(old, new, strict=True)) >= cells


def _or_why(what: str, measured: Callable[[], list[Figure]]) -> list[Figure]:
    """The figures, or one that has no value and says why."""
    try:
        return measured()
    except TerminalError as error:
        return [Figure("monitor", what, None, "", note=str(error).splitlines()[0])]
