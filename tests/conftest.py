"""A run made by hand, row by row through the store's own functions, for cases that no simulator brings about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

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

NOW = "2026-11-22T10:00:00.000Z"
RESERVED = 10**12


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
        price: Price | None = Price("3.0", "12.0"),
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
        self.cells = {
            (cell.problem.id, cell.condition.label, cell.condition.budget): cell.id for cell in run.cells
        }

    def extend(self, draws_planned: int) -> None:
        """Plan more draws everywhere, as `thinktop extend` does."""
        more = replace(self.plan, planned=tuple(Planned(one.condition, draws_planned) for one in self.plan.planned))
        with self.writing() as db:
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
