"""Read a final answer out of a completion, and judge it. Knows nothing of models, money or storage.

The front door: a `GradingSpec` says what is asked for, `grader` builds what grades by it. Heavy graders (`regex`,
`math`) belong in a `core.grading.workers.GradingPool`, which grades the light ones too. A judge's prompt and the
reading of its reply are in `core.grading.judge`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from core.grading.choice import ChoiceGrader
from core.grading.exact import ExactGrader
from core.grading.flips import flip_kind
from core.grading.integer import IntegerGrader
from core.grading.pattern import PatternGrader
from core.grading.spec import GradingSpec

if TYPE_CHECKING:
    from core.vocabulary import Grade

__all__ = ["Grader", "GradingSpec", "check_truth", "flip_kind", "grader"]


class Grader(Protocol):
    """Reads an answer out of a text and judges it."""

    identity: str
    """Its key in the store: kind, version, options."""

    @property
    def heavy(self) -> bool:
        """Whether a text can hold it up for long, so that it must run in a process with a deadline."""

    def grade(self, text: str, truth: str) -> Grade:
        """The answer that `text` gives, and whether it is `truth`. No text makes it raise."""

    def canonical(self, truth: str) -> str | None:
        """The truth as right answers are spelled, or None where this kind cannot grade it."""

    def refusal(self, truth: str) -> str | None:
        """Why this kind cannot grade a truth, or None where it can."""


def grader(spec: GradingSpec) -> Grader:
    """The grader that a spec asks for.

    Raises:
        UsageError: kind `math` without the package that it needs.
        ValueError: kind `judge`, which asks a model: `judge.ask` and `judge.read_verdict` are its two halves.
    """
    match spec.kind:
        case "integer":
            return IntegerGrader(spec)
        case "choice":
            return ChoiceGrader(spec)
        case "exact":
            return ExactGrader(spec)
        case "regex":
            return PatternGrader(spec)
        case "math":
            from core.grading.symbolic import MathGrader  # noqa: PLC0415 - looks for an optional package

            return MathGrader(spec)
    raise ValueError(f"kind {spec.kind!r} grades through a model")


def check_truth(spec: GradingSpec, answer: str) -> str | None:
    """Why a problem's known answer cannot be graded by this kind, in words for a person, or None where it can.

    Kind `math` looks at emptiness only: reading a formula takes a worker; see `MathGrader.grade`.
    """
    return grader(spec.read_by).refusal(answer)
