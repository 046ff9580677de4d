"""What a grader is asked to do: its kind and options, and the name under which its grades are kept.

Owns the spec and its identity. Refuses to know how any kind reads a text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from core.errors import UsageError

VERSIONS = {"integer": 1, "choice": 1, "exact": 1, "regex": 1, "math": 1, "judge": 1}
"""The version of each kind; raise it when the kind reads any text differently, so that old grades stay as they were."""

JUDGE_READS = ("integer", "choice", "exact")
"""The kinds that can read what a judge model copied out."""


@dataclass(frozen=True, slots=True)
class GradingSpec:
    """A kind of grader and its options; options of other kinds are carried but have no effect.

    Raises:
        UsageError: the kind is unknown, or an option cannot be used.
    """

    kind: str
    low: int = 0
    """`integer`: the least answer that can be right."""
    high: int = 999
    """`integer`: the greatest answer that can be right."""
    choices: str = "ABCDE"
    """`choice`: the letters on offer, capitals."""
    ignore_case: bool = True
    """`exact` and `regex`: whether `Paris` and `paris` are the same answer."""
    pattern: str | None = None
    """`regex`: the answer is the group named `answer`, else the first group, else the whole of the last match."""
    reads: str = "integer"
    """`judge`: the kind that reads what the judge replied."""
    judge: str = ""
    """`judge`: whatever makes it the same judge (its model, a digest of its prompt); part of the identity only."""

    def __post_init__(self) -> None:
        if self.kind not in VERSIONS:
            raise UsageError(f"grading.kind: unknown kind {self.kind!r}; use one of {', '.join(VERSIONS)}")
        if self.low > self.high:
            raise UsageError(f"grading.range: {self.low} is above {self.high}; give the smaller number first")
        letters = self.choices
        if not (letters.isascii() and letters.isalpha() and letters.isupper() and len(set(letters)) == len(letters)):
            raise UsageError(f"grading.choices: must be different capital letters such as 'ABCD' (got {letters!r})")
        if self.reads not in JUDGE_READS:
            raise UsageError(f"grading.reads: must be one of {', '.join(JUDGE_READS)} (got {self.reads!r})")
        if self.kind == "regex":
            self._check_pattern()

    def _check_pattern(self) -> None:
        if not self.pattern:
            raise UsageError("grading.pattern: kind 'regex' needs a pattern, such as 'ANSWER: (\\d+)'")
        try:
            re.compile(self.pattern)
        except (re.error, OverflowError, RecursionError) as error:
            raise UsageError(f"grading.pattern: not a regular expression: {error}") from error

    @property
    def identity(self) -> str:
        """The grader's key in the store: kind, version and the options that have an effect, always written alike."""
        by_kind: dict[str, dict[str, object]] = {
            "integer": {"low": self.low, "high": self.high},
            "choice": {"choices": self.choices},
            "exact": {"ignore_case": self.ignore_case},
            "regex": {"ignore_case": self.ignore_case, "pattern": self.pattern},
            "math": {},
            "judge": {"judge": self.judge},
        }
        options = by_kind[self.kind]
        if self.kind == "judge":
            options["reads"] = self.read_by.identity
        written = json.dumps(options, sort_keys=True, separators=(",", ":")) if options else ""
        return f"{self.kind}-{VERSIONS[self.kind]}{written}"

    @property
    def read_by(self) -> GradingSpec:
        """The spec that reads a text: itself, or for a judge the spec that reads the judge's reply."""
        if self.kind != "judge":
            return self
        return GradingSpec(self.reads, low=self.low, high=self.high, choices=self.choices, ignore_case=self.ignore_case)
