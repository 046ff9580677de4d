"""Runs to read: one made by hand, row by row through the store's own functions, and one that the sampler really made.

The first is for cases that no simulator brings about; the second is made once a session, and copied for each test.
"""

# ruff: noqa: PLC0415 - what most tests do not need is imported where it is

from __future__ import annotations

import asyncio
import json
import shutil
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from core.config import config_from_mapping, resolved_json
from core.grading import GradingSpec
from core.plan import Live, Plan, Planned
from core.store import draws
from core.store.draws import Ended, Kept, Reservation
from core.store.opening import open_reader, open_writer, transaction
from core.store.place import Place
from core.store.runs import add_to_run, create_run, load_run
from core.store.turns import Turns
from core.vocabulary import Condition, Control, Endpoint, Grade, Outcome, Price, Problem, Reply, Usage, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bench.terminal import Terminal

NOW = "2026-11-22T10:00:00.000Z"
RESERVED = 10**12
PRICE = Price("3.0", "12.0")


class Book:
    """One run of a store, and ways to write down what happened in it."""

    def __init__(
        self,
        place: Place,
        *,
        name: str = "hand-made",
        problems: tuple[Problem, ...] = (Problem("p1", "What is 6 x 7?", "42"), Problem("p2", "What is 1 + 1?", "2")),
        budgets: tuple[Any, ...] = (100, 400),
        draws_planned: int = 4,
        labels: tuple[str, ...] = ("m",),
        price: Price | None = PRICE,
    ) -> None:
        self.place = place
        self._turns = Turns(place)
        self._db = open_writer(place, self._turns)
        self._db.execute("PRAGMA synchronous = OFF")  # no test pulls the plug, and many make runs
        config = config_from_mapping(
            {
                "run": {"name": "hand-made", "draws": draws_planned},
                "problems": {"source": "builtin:competition"},
                "grading": {"kind": "integer"},
                "models": [
                    {
                        "name": "model",
                        "endpoint": "simulator",
                        "token_cap": 1000,
                        "thinking": {"control": "prompt", "budgets": [100, 400]},
                    }
                ],
                "simulator": {"speed": 0},
            }
        )
        conditions = tuple(
            Planned(
                Condition(
                    label=label,
                    model="model",
                    endpoint="simulator",
                    control=Control.PROMPT if isinstance(budget, int) else Control.EFFORT,
                    budget=budget,
                    token_cap=1000,
                    prompt="{problem}",
                    system=None,
                    body="{}",
                    price=price,
                ),
                draws_planned,
            )
            for label in labels
            for budget in budgets
        )
        self.plan = Plan(
            name=name,
            seed=0,
            problems=problems,
            planned=conditions,
            endpoints=(Endpoint("simulator", None),),
            live=Live(max_concurrency=4),
            config=resolved_json(config),
        )
        with self.writing() as db:
            self.id = create_run(
                db, self.plan, grader=GradingSpec("integer").identity, versions='{"thinktop": "0.1.0"}', now=NOW
            )
        self._load()

    @contextmanager
    def writing(self):
        """A write transaction on the book's own connection."""
        with self._turns.turn(), transaction(self._db):
            yield self._db

    def close(self) -> None:
        """Let go of the store."""
        self._db.close()
        self._turns.close()

    def _load(self) -> None:
        with self.writing() as db:
            run = load_run(db, self.id)
        self.grader_id = run.grader_id
        self.cells = {(cell.problem.id, cell.condition.label, cell.condition.budget): cell.id for cell in run.cells}

    def extend(self, draws_planned: int) -> None:
        """Plan more draws everywhere, as `thinktop extend` does."""
        more = replace(self.plan, planned=tuple(Planned(one.condition, draws_planned) for one in self.plan.planned))
        with self.writing() as db:
            db.execute("UPDATE runs SET started_at = created_at")  # results may have been seen
            add_to_run(db, self.id, more)

    def keep(
        self,
        problem: str,
        budget: Any,
        draw: int,
        answer: str | None = "42",
        *,
        right: bool = False,
        label: str = "m",
        tokens: int = 100,
        pico: int | None = 5_000_000,
        finish: str | None = "stop",
        text: str | None = None,
        reasoning: str | None = None,
        graded: bool = True,
        note: str = "",
    ) -> int:
        """Record a sample with its grade; its row."""
        verdict = Verdict.NO_ANSWER if answer is None else Verdict.RIGHT if right else Verdict.WRONG
        reply = Reply(
            text=text if text is not None else f"The answer is \\boxed{{{answer}}}." if answer else "I cannot tell.",
            reasoning=reasoning,
            finish_reason=finish,
            usage=Usage(10, tokens),
            model="model",
            fingerprint="fp",
            request_id=f"req-{problem}-{budget}-{draw}",
            seconds=2.0,
        )
        with self.writing() as db:
            attempt = self._reserve(db, problem, label, budget, draw)
            assert reply.usage is not None
            sample = draws.keep(db, attempt, Kept(reply, reply.usage, pico, estimated=False), NOW)
            if graded:
                draws.grade(db, sample, self.grader_id, Grade(answer, verdict, note))
        return sample

    def fail(self, problem: str, budget: Any, draw: int, reason: str = "400: refused", label: str = "m") -> None:
        """A draw that failed for good."""
        with self.writing() as db:
            attempt = self._reserve(db, problem, label, budget, draw)
            draws.end(db, attempt, Ended(Outcome.REFUSED, 400, reason), NOW)
            draws.fail(db, self.cells[problem, label, budget], draw, 0, reason, NOW)

    def doubt(self, problem: str, budget: Any, draw: int, message: str = "cut", label: str = "m") -> int:
        """A request that may have been billed; its row."""
        with self.writing() as db:
            attempt = self._reserve(db, problem, label, budget, draw)
            draws.end(db, attempt, Ended(Outcome.UNKNOWN, None, message), NOW)
        return attempt

    def _reserve(self, db: Any, problem: str, label: str, budget: Any, draw: int) -> int:
        cell = self.cells[problem, label, budget]
        priced = self.plan.planned[0].condition.price is not None
        attempt = draws.reserve(db, Reservation(self.id, cell, draw, 0, "ask", 1, RESERVED if priced else 0, 1100), NOW)
        assert attempt is not None
        return attempt

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query finds, to check numbers against."""
        with closing(open_reader(self.place)) as db:
            return db.execute(query, values).fetchall()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Callable[..., Book]]:
    """A maker of runs; several of one test share a store."""
    made: list[Book] = []

    def make(**how: Any) -> Book:
        made.append(Book(Place.at(tmp_path / "runs.db"), **how))
        return made[-1]

    yield make
    for one in made:
        one.close()


SWEEP = {
    "run": {"name": "real", "draws": 4, "max_concurrency": 32},
    "problems": {"source": "builtin:competition", "limit": 6},
    "grading": {"kind": "integer"},
    "models": [
        {
            "name": "o1-mini",
            "endpoint": "simulator",
            "token_cap": 32768,
            "thinking": {"control": "prompt", "budgets": [16, 256, 2048]},
        }
    ],
    # Faults by the number of the request, so that how many there are is known.
    "simulator": {"speed": 0, "schedule": [{"kind": "reset", "at": [5, 6]}, {"kind": "500", "at": 9}]},
}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one run, worked off: 72 draws, two requests in doubt, one 500; not to be written."""
    from core.clock import utc_now
    from core.planning import grading_of, plan_of
    from core.sampler.run import Sampler
    from core.store.opening import writing

    place = Place.at(tmp_path_factory.mktemp("real") / "runs.db")
    config = config_from_mapping(SWEEP)
    with writing(place) as db:
        run_id = create_run(
            db, plan_of(config), grader=grading_of(config).identity, versions='{"thinktop": "0.1.0"}', now=utc_now()
        )
    asyncio.run(Sampler(place, run_id).work_off())
    return place.path


@pytest.fixture
def real(made: Path, tmp_path: Path) -> Place:
    """A copy of that store, to do with what one likes."""
    return Place.at(shutil.copy(made, tmp_path / "runs.db"))


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def widest(self) -> int:
        """Cells of its longest line."""
        from rich.cells import cell_len

        return max(map(cell_len, self.out.splitlines()), default=0)

    @property
    def harmless(self) -> bool:
        """Whether nothing in it could drive a terminal or hide."""
        return not any(bad in self.out + self.err for bad in HOSTILE_PARTS)


HOSTILE = "\x1b]0;owned\x07\x9b31m\u202e[red]x[/red]\u200b"
HOSTILE_PARTS = ("\x1b", "\x07", "\x9b", "\u202e", "\u200b")


@pytest.fixture
def hostile() -> str:
    """A text that drives a terminal, hides, turns around, and would be markup."""
    return HOSTILE


@pytest.fixture
def thinktop(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """A command as a shell calls it, 80 columns wide unless said otherwise."""
    from tui.commands import main

    monkeypatch.delenv("THINKTOP_STORE", raising=False)

    def call(*words: object, store: Place | None = None, columns: int = 80) -> Said:
        monkeypatch.setenv("COLUMNS", str(columns))
        capsys.readouterr()
        code = main([str(word) for word in words] + ([] if store is None else ["--store", str(store.path)]))
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """A starter of commands on terminals of their own (`bench.terminal`), all ended after the test."""
    from bench.terminal import Terminal

    with ExitStack() as open_ones:

        def start(*command: Any, **how: Any) -> Terminal:
            return open_ones.enter_context(Terminal(command, **how))

        yield start
