"""What the analysis is given: the samples of each cell as plain columns, or only their sums, which say nearly as much.

Whoever reads the store fills them in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from core.analysis.overrun import Overrun
    from core.analysis.votes import Tallied
    from core.vocabulary import Budget, Control


@dataclass(frozen=True, slots=True)
class CellSamples:
    """The samples of one problem under one condition, a column per fact, all in the same order.

    Raises:
        ValueError: the columns differ in length.
    """

    problem_id: str
    cluster: str | None
    """Problems of one cluster belong together; None stands for itself."""
    draws: int
    """Samples planned here."""
    missing: int
    """Draws that failed for good; one still to come is not missing."""
    answers: tuple[str | None, ...]
    """As read by the grader; None could not be read."""
    right: tuple[bool, ...]
    truncated: tuple[bool, ...]
    """Cut by the token cap before the end."""
    completion_tokens: tuple[int, ...]
    """As billed, reasoning included."""
    cost_pico: tuple[int | None, ...]
    """Picodollars; None is unpriced."""
    seconds: tuple[float, ...]
    content: str = ""
    """What the problem says, the same in every run that asks it; empty where its id has to do."""
    scores: tuple[tuple[str, tuple[float | None, ...]], ...] = ()
    """(scorer, what it thought of each sample), of the scorers that scored any."""

    def __post_init__(self) -> None:
        columns = (self.answers, self.right, self.truncated, self.completion_tokens, self.cost_pico, self.seconds)
        if len({len(column) for column in columns}) > 1:
            raise ValueError(f"the columns of {self.problem_id} differ in length: {[len(c) for c in columns]}")

    @property
    def samples(self) -> int:
        """Draws that came back."""
        return len(self.answers)

    @property
    def ballots(self) -> tuple[tuple[str | None, bool], ...]:
        """Each sample's answer and whether it is right; what is unread or truncated has none and is wrong."""
        return tuple(
            (None, False) if answer is None or cut else (answer, right)
            for answer, right, cut in zip(self.answers, self.right, self.truncated, strict=True)
        )


@dataclass(frozen=True, slots=True)
class ConditionSamples:
    """All cells of one condition of one run."""

    run: int
    label: str
    model: str
    control: Control
    budget: Budget
    budget_tokens: int | None
    """Tokens asked for; None for an effort level, or where nothing was asked."""
    cells: tuple[CellSamples, ...]


class CellTotals(NamedTuple):
    """What the samples of one problem under one condition come to."""

    cluster: str | None
    draws: int
    missing: int
    samples: int
    """Graded ones: what accuracy and votes are made of."""
    right: int
    answered: int
    truncated: int
    summed: int
    """Samples behind the next four; more than `samples` while some are not graded yet."""
    completion_tokens: int
    log2_tokens: float
    cost_pico: int | None
    """None where a sample is unpriced."""
    seconds: float
    tallied: tuple[Tallied, ...] | None
    """Votes by answer; None where nobody wants to know of votes."""


@dataclass(frozen=True, slots=True)
class ConditionTotals:
    """All cells of one condition of one run, by their sums."""

    run: int
    label: str
    model: str
    control: Control
    budget: Budget
    budget_tokens: int | None
    overrun: Overrun | None
    cells: tuple[CellTotals, ...]
