"""How a simulator behaves, as one frozen record that travels as one line of JSON.

Owns the names, the defaults and the checks. Refuses what it does not know by name, with the nearest name that it does.
"""

from __future__ import annotations

import difflib
import json
import math
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.simulator.budget import IGNORABLE
from core.simulator.faults import FAULTS, Scheduled
from core.vocabulary import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Address:
    """Where a simulator listens, and the key that it takes."""

    base_url: str
    api_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """A simulator's problems, pace and faults."""

    problems: tuple[Problem, ...] = ()
    """What it knows the answers of; empty is the built-in competition's 30."""
    models: tuple[str, ...] = ()
    """The only model names that it serves; empty serves any name."""
    seed: int = 0
    speed: float = 400.0
    """Times faster than life: 400 answers in 10 to 200 ms, 1 in seconds to minutes; 0 or infinity at once."""
    latency_s: float | None = None
    """Every reply takes this long instead, in seconds."""
    faults: Mapping[str, float] = field(default_factory=dict)
    """Probability of each kind of fault."""
    schedule: tuple[Scheduled, ...] = ()
    ignore: tuple[str, ...] = ()
    """Controls or request fields that it silently ignores, as real servers do."""
    port: int | None = None
    """None takes a free one."""
    api_key: str | None = field(default=None, repr=False)
    """None makes a random one."""
    capacity: int | None = None
    """Requests in flight at most: 429 above it."""
    capacity_per_s: float | None = None
    """Requests a second at most: 429 above it."""
    retry_after_s: float = 1.0
    """What a 429 says about how long to wait, in seconds."""
    text_chars: int | None = None
    """Length of the reply's text in characters; None is a few hundred."""

    def __post_init__(self) -> None:
        """Refuse values that mean nothing.

        Raises:
            UsageError: Which setting, what is wrong with it, what would do.
        """
        for kind, chance in self.faults.items():
            _check_kind(kind, "faults")
            _check(0 <= chance <= 1, f"faults.{kind}", "a probability from 0 to 1", chance)
            _check(kind != "outage", "faults.outage", "in the schedule, with from_s and to_s", "a probability")
        _check(sum(self.faults.values()) <= 1 + 1e-9, "faults", "1 at most in all", sum(self.faults.values()))
        for entry in self.schedule:
            _check_kind(entry.kind, "schedule")
            _check((entry.at is None) != (entry.from_s is None), "schedule", "`at`, or else `from_s`", entry.kind)
            _check(entry.kind != "outage" or entry.at is None, "schedule", "an outage from_s, to_s", "at")
        for name in self.ignore:
            if name not in IGNORABLE:
                raise UsageError(f"simulator setting ignore: unknown name {name!r}{_nearest(name, IGNORABLE)}")
        for name in ("seed", "port", "capacity", "text_chars"):
            value = getattr(self, name)
            _check(value is None or type(value) is int, name, "a whole number", repr(value))
        _check(self.speed >= 0, "speed", "0 (at once) or more", self.speed)
        _check(self.latency_s is None or self.latency_s >= 0, "latency_s", "0 or more seconds", self.latency_s)
        _check(self.port is None or 0 < self.port < 2**16, "port", "from 1 to 65535", self.port)
        _check(self.api_key is None or (self.api_key.isascii() and self.api_key.isprintable() and self.api_key != ""),
               "api_key", "printable ASCII", "something else")  # fmt: skip
        _check(self.capacity is None or self.capacity > 0, "capacity", "1 or more", self.capacity)
        _check(self.capacity_per_s is None or self.capacity_per_s > 0, "capacity_per_s", "above 0", self.capacity_per_s)
        _check(self.retry_after_s >= 0, "retry_after_s", "0 or more seconds", self.retry_after_s)
        _check(self.text_chars is None or self.text_chars > 0, "text_chars", "1 or more", self.text_chars)

    def latency(self, tokens: int) -> float:
        """Seconds that a reply of so many tokens takes: a second before the first, then 150 a second, over `speed`."""
        if self.latency_s is not None:
            return self.latency_s
        if self.speed == 0 or math.isinf(self.speed):
            return 0.0
        return (1.0 + tokens / 150.0) / self.speed

    def to_json(self) -> str:
        """The settings as one line of JSON, the key included: for a pipe, never for a log."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        plain["speed"] = 0 if math.isinf(self.speed) else self.speed
        plain["faults"] = dict(self.faults)
        plain["problems"] = [
            {"id": p.id, "question": p.question, "answer": p.answer, "difficulty": p.difficulty} for p in self.problems
        ]
        plain["schedule"] = [
            {"kind": s.kind, "at": list(s.at)} if s.at else {"kind": s.kind, "from_s": s.from_s, "to_s": s.to_s}
            for s in self.schedule
        ]
        return json.dumps(plain)

    @classmethod
    def from_json(cls, line: str | bytes) -> SimulatorSettings:
        """The settings that a line of JSON spells out; what it leaves out stays at its default.

        Raises:
            UsageError: It is no JSON object, or a name or a value in it is unknown.
        """
        try:
            plain = json.loads(line)
        except ValueError as error:
            raise UsageError(f"simulator settings: not JSON ({error}); give one line of JSON, such as {{}}") from error
        if not isinstance(plain, dict):
            raise UsageError("simulator settings: give a JSON object, such as {}")
        known = [each.name for each in fields(cls)]
        for name in plain:
            if name not in known:
                raise UsageError(f"simulator settings: unknown setting {name!r}{_nearest(name, known)}")
        try:
            plain["problems"] = tuple(_problem(each) for each in plain.get("problems") or ())
            plain["schedule"] = tuple(_scheduled(each) for each in plain.get("schedule") or ())
            for name in ("models", "ignore"):
                plain[name] = tuple(plain.get(name) or ())
            return cls(**plain)
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise UsageError(f"simulator settings: a value has the wrong type or a part is missing: {error}") from error


def _problem(plain: Mapping[str, Any]) -> Problem:
    difficulty = plain.get("difficulty")
    return Problem(
        str(plain["id"]),
        str(plain["question"]),
        str(plain["answer"]),
        difficulty=None if difficulty is None else float(difficulty),
    )


def _scheduled(plain: Mapping[str, Any]) -> Scheduled:
    for name in plain:
        if name not in (known := ("kind", "at", "from_s", "to_s")):
            raise UsageError(f"simulator setting schedule: unknown part {name!r}{_nearest(name, known)}")
    at, from_s, to_s = plain.get("at"), plain.get("from_s"), plain.get("to_s")
    first, last = (None, None) if at is None else (at, at) if isinstance(at, int) else at
    return Scheduled(
        str(plain["kind"]),
        at=None if first is None or last is None else (int(first), int(last)),
        from_s=None if from_s is None else float(from_s),
        to_s=None if to_s is None else float(to_s),
    )


def _check_kind(kind: str, setting: str) -> None:
    if kind not in FAULTS:
        raise UsageError(f"simulator setting {setting}: unknown fault {kind!r}{_nearest(kind, FAULTS)}")


def _check(holds: bool, setting: str, wanted: str, got: Any) -> None:
    if not holds:
        raise UsageError(f"simulator setting {setting}: must be {wanted} (got {got})")


def _nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'reset'?`, or the names that there are."""
    names = sorted(known)
    close = difflib.get_close_matches(str(name), names, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(names)}"
