"""A long run at true speed with a monitor beside it: `python -m bench soak --minutes 60 --store DIR [--faults]`.

A simulator, a detached sampler and a monitor on a terminal, each a process of its own, all on this machine. What they
take is written to DIR/soak.csv as it goes on, and its start is held against its end. Ctrl-C ends it early, in order.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import select
import shlex
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bench.live import Live
from bench.monitor import MONITOR
from bench.terminal import Terminal, usage_of
from core.errors import ThinktopError
from core.problems.builtin import competition
from core.simulator.faults import Scheduled
from core.simulator.model import tokens_for_words
from core.simulator.settings import SimulatorSettings
from core.store.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROBLEMS = 300
BUDGETS = [2**power for power in range(4, 12)]
SPARE = 1.5
"""So many times the draws that would do, so that the run does not end before the soak does."""
MOST_MINUTES = 24 * 60.0
CHANCES = {"429": 0.01, "500": 0.005, "reset": 0.002, "cut_body": 0.002, "drip": 0.002, "bad_json": 0.001}
"""No 503 by chance: a sampler takes one for an outage, which are to come by the clock."""
ROUND_S, OUTAGE, STORM = 720.0, (300.0, 345.0), (560.0, 585.0)
"""Every twelve minutes, an outage and a storm of 429s, from and to so many seconds."""
KEY = "THINKTOP_SOAK_KEY"
START_S = 90.0
AT_EACH_END = 5
"""Rows that the start and the end are the medians of, where there are as many."""

CONFIG = """\
[run]
name = "soak"
draws = {draws}
max_concurrency = {at_once}
cap_usd = 1_000_000
[problems]
source = "builtin:competition"
limit = {problems}
[grading]
kind = "integer"
range = [0, 999]
[endpoints.simulated]
base_url = "{base_url}"
api_key_env = "{key}"
timeout_s = 600
[[models]]
name = "o1-mini"
endpoint = "simulated"
token_cap = 32768
price = {{ input = 3.0, output = 12.0 }}
[models.thinking]
control = "prompt"
budgets = {budgets}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What was seen at the end of one interval; None where there was nothing to see."""

    minute: float
    state: str
    draws: int
    failed: int
    in_doubt: int
    retries: int
    busy_replies: int | None
    """429s so far."""
    store_mb: float
    monitor_bytes_per_s: float | None
    monitor_cpu_percent: float | None
    monitor_mb: float | None
    sampler_cpu_percent: float | None
    sampler_mb: float | None


COMPARED = ("monitor_bytes_per_s", "monitor_cpu_percent", "monitor_mb", "sampler_cpu_percent", "sampler_mb")


class Watch:
    """Looks at the run, the sampler and the monitor, and remembers what it saw last."""

    def __init__(self, run: Live, shown: Terminal) -> None:
        self._run, self._shown = run, shown
        self._began = self._last = time.monotonic()
        self._cpu_s = {pid: usage.cpu_s for pid in (run.pid, shown.pid) if (usage := usage_of(pid))}

    def look(self) -> Row:
        """What there is to see, over the time since the last look."""
        now, status = time.monotonic(), self._run.status()
        seconds = now - self._last
        written = self._shown.written(self._last, now)
        goes_on = self._shown.exit_code is None
        sampler_cpu, sampler_mb = self._taken(status.progress.run.pid or 0, seconds)
        monitor_cpu, monitor_mb = self._taken(self._shown.pid, seconds) if goes_on else (None, None)
        _ = self._shown.picture  # what came is drawn, so that it need not be kept
        self._last = now
        run, sums = status.progress.run, status.sums
        return Row(
            minute=round((now - self._began) / 60, 2),
            state=status.state.value,
            draws=sums.kept,
            failed=sums.failed,
            in_doubt=run.unknown_attempts,
            retries=run.retries,
            busy_replies=run.busy_replies,
            store_mb=_store_mb(self._run.place),
            monitor_bytes_per_s=round(written / seconds, 1) if goes_on else None,
            monitor_cpu_percent=monitor_cpu,
            monitor_mb=monitor_mb,
            sampler_cpu_percent=sampler_cpu,
            sampler_mb=sampler_mb,
        )

    def _taken(self, pid: int, seconds: float) -> tuple[float | None, float | None]:
        """Percent of a core since the last look, and megabytes now."""
        usage = usage_of(pid)
        if usage is None or usage.rss_kib is None:
            return None, None
        before = self._cpu_s.get(pid, 0.0)
        self._cpu_s[pid] = usage.cpu_s
        return round(100 * (usage.cpu_s - before) / seconds, 2), round(usage.rss_kib * 1024 / 1e6, 1)


def soak(words: Sequence[str]) -> int:
    """The exit code of a whole soak; 1 where it could not begin."""
    wanted = _arguments(words)
    folder: Path = wanted.store
    console = Console(stderr=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    rows: list[Row] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as running:
            run = running.enter_context(_sampler(folder, wanted, running.enter_context(_simulator(folder, wanted))))
            command = [word.replace("{store}", str(run.place.path)) for word in wanted.monitor]
            shown = running.enter_context(Terminal(command, remember=False))
            up = f"simulator, sampler {run.pid} and monitor {shown.pid} are up; see {folder / 'soak.csv'}"
            console.print(up, markup=False, soft_wrap=True)
            for row in _rows(Watch(run, shown), folder, wanted.minutes, wanted.every):
                rows.append(row)
                _say(console, row, shown)
    except KeyboardInterrupt:
        console.print(f"interrupted after {len(rows)} looks; everything is ended")
    except (OSError, ThinktopError) as error:
        console.print(f"soak: {error}", markup=False)
        return 1
    if rows:
        Console().print(_comparison(rows))
    return 0


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument(
        "--store", type=Path, required=True, metavar="DIR", help="where all is kept; holds no store yet"
    )
    parser.add_argument("--faults", action="store_true", help="429, 500, reset, cut body, slow replies, outages")
    parser.add_argument("--speed", type=float, default=1.0, help="of the simulator; 1 is true to life")
    parser.add_argument("--at-once", type=int, default=64, help="requests in flight")
    parser.add_argument("--every", type=float, default=60.0, help="seconds between looks")
    parser.add_argument(
        "--monitor", type=shlex.split, default=MONITOR, help="its command; {store} stands for the store's path"
    )
    wanted = parser.parse_args(words)
    if not 0 < wanted.minutes <= MOST_MINUTES or wanted.every <= 0 or wanted.speed <= 0 or wanted.at_once < 1:
        parser.error(f"--minutes is above 0 and at most {MOST_MINUTES:g}; --every, --speed, --at-once are above 0")
    if (wanted.store / "runs.db").exists():
        parser.error(f"--store {wanted.store}: holds a store already; name an empty folder")
    wanted.store = wanted.store.absolute()
    return wanted


@contextmanager
def _simulator(folder: Path, wanted: argparse.Namespace) -> Iterator[dict[str, str]]:
    """The address and the key of a simulator that lives as long as the context: it ends when its input closes."""
    settings = SimulatorSettings(
        problems=tuple(competition(PROBLEMS)),
        speed=wanted.speed,
        faults=CHANCES if wanted.faults else {},
        schedule=tuple(_schedule(60 * wanted.minutes)) if wanted.faults else (),
    )
    command = [sys.executable, "-P", "-m", "core.simulator"]
    with (
        (folder / "simulator.log").open("wb") as log,
        subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(settings.to_json().encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline() if select.select([process.stdout], [], [], START_S)[0] else b""
            if not line:
                raise ThinktopError(f"the simulator did not start; see {folder / 'simulator.log'}")
            yield json.loads(line)
        finally:
            process.kill()


def _schedule(seconds: float) -> Iterator[Scheduled]:
    for number in range(math.ceil(seconds / ROUND_S)):
        for kind, (begins, ends) in (("outage", OUTAGE), ("429", STORM)):
            yield Scheduled(kind, from_s=number * ROUND_S + begins, to_s=number * ROUND_S + ends)


@contextmanager
def _sampler(folder: Path, wanted: argparse.Namespace, server: dict[str, str]) -> Iterator[Live]:
    """A run with a detached sampler, begun as a person begins it; stopped with the context."""
    latency_s = SimulatorSettings(speed=wanted.speed).latency
    typical_s = mean(latency_s(round(tokens_for_words(budget))) for budget in BUDGETS)
    draws = math.ceil(SPARE * 60 * wanted.minutes * wanted.at_once / typical_s / (PROBLEMS * len(BUDGETS)))
    config, place = folder / "config.toml", Place.at(folder / "runs.db")
    config.write_text(
        CONFIG.format(
            draws=draws,
            at_once=wanted.at_once,
            problems=PROBLEMS,
            base_url=server["base_url"],
            key=KEY,
            budgets=BUDGETS,
        )
    )
    begun = subprocess.run(  # noqa: S603 - our own command
        [MONITOR[0], "run", str(config), "--detach", "--store", str(place.path)],
        env={**os.environ, KEY: server["api_key"]},
        capture_output=True,
        text=True,
        timeout=START_S,
        check=False,
    )
    if begun.returncode != 0:
        raise ThinktopError(f"the run did not begin: {begun.stderr.strip()}")
    run_id = int(begun.stdout.split()[0])
    found = Live(place, run_id, 0).status().progress.run.pid
    run = Live(place, run_id, found or 0)
    try:
        yield run
    finally:
        run.end()


def _rows(watch: Watch, folder: Path, minutes: float, every_s: float) -> Iterator[Row]:
    """A look at the end of each interval, on disk before the next begins."""
    names = [field.name for field in fields(Row)]
    began = time.monotonic()
    with (folder / "soak.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(names)
        for number in range(1, max(1, round(60 * minutes / every_s)) + 1):
            time.sleep(max(0.0, began + number * every_s - time.monotonic()))
            row = watch.look()
            table.writerow([getattr(row, name) for name in names])
            file.flush()
            yield row


def _say(console: Console, row: Row, shown: Terminal) -> None:
    monitor = f"{row.monitor_bytes_per_s:,.0f} bytes/s, {row.monitor_mb} MB" if row.monitor_mb else "none"
    if shown.exit_code is not None:
        monitor = f"ended with exit code {shown.exit_code}, having shown {shown.text.strip()[-60:]!r}"
    text = f"{row.minute:6.1f} min  {row.state}, {row.draws:,} draws, 429: {row.busy_replies}; monitor: {monitor}"
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _comparison(rows: Sequence[Row]) -> Table:
    """The start beside the end, as medians over a few looks; the last look for what only grows."""
    ends = max(1, min(AT_EACH_END, len(rows) // 2))
    shown = Table(box=None, pad_edge=False)
    for name in ("what", f"first {ends}", f"last {ends}", "last / first"):
        shown.add_column(name, justify="left" if name == "what" else "right")
    for name in COMPARED:
        first, last = (_median(name, part) for part in (rows[:ends], rows[-ends:]))
        ratio = f"{last / first:.2f}" if first and last is not None else ""
        shown.add_row(name, *("-" if one is None else f"{one:,.4g}" for one in (first, last)), ratio)
    for name in ("draws", "failed", "in_doubt", "retries", "busy_replies", "store_mb"):
        shown.add_row(name, *(f"{getattr(row, name) or 0:,}" for row in (rows[0], rows[-1])))
    return shown


def _median(name: str, rows: Sequence[Row]) -> float | None:
    found = [value for row in rows if (value := getattr(row, name)) is not None]
    return median(found) if found else None


def _store_mb(place: Place) -> float:
    return round(sum(path.stat().st_size for path in (place.path, place.wal) if path.exists()) / 1e6, 2)
