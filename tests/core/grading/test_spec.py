from __future__ import annotations

import subprocess
import sys

import pytest

from core.errors import UsageError
from core.grading import GradingSpec, grader


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "int"}, "grading.kind: unknown kind 'int'; use one of integer, choice, exact, regex, math, judge"),
        ({"kind": "integer", "low": 5, "high": 1}, "grading.range: 5 is above 1"),
        ({"kind": "choice", "choices": "abcd"}, "grading.choices: must be different capital letters"),
        ({"kind": "choice", "choices": "ABBA"}, "grading.choices: must be different capital letters"),
        ({"kind": "choice", "choices": ""}, "grading.choices: must be different capital letters"),
        ({"kind": "regex"}, "grading.pattern: kind 'regex' needs a pattern"),
        ({"kind": "regex", "pattern": "(a"}, "grading.pattern: not a regular expression"),
        ({"kind": "judge", "reads": "judge"}, "grading.reads: must be one of integer, choice, exact"),
    ],
)
def test_an_option_that_cannot_be_used_is_a_usage_error(options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        GradingSpec(**options)

    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


def test_identities_are_stable_and_hold_the_options_that_count() -> None:
    assert GradingSpec("integer").identity == 'integer-1{"high":999,"low":0}'
    assert GradingSpec("integer", choices="AB").identity == GradingSpec("integer").identity
    assert GradingSpec("math").identity == "math-1"
    assert GradingSpec("judge", judge="o1 4f2a", reads="exact").identity == (
        'judge-1{"judge":"o1 4f2a","reads":"exact-1{\\"ignore_case\\":true}"}'
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (GradingSpec("integer"), GradingSpec("integer", high=9999)),
        (GradingSpec("choice"), GradingSpec("choice", choices="ABCD")),
        (GradingSpec("exact"), GradingSpec("exact", ignore_case=False)),
        (GradingSpec("regex", pattern="a"), GradingSpec("regex", pattern="b")),
        (GradingSpec("judge"), GradingSpec("judge", judge="other")),
        (GradingSpec("judge"), GradingSpec("judge", high=9)),
    ],
)
def test_graders_that_could_disagree_have_different_identities(one: GradingSpec, other: GradingSpec) -> None:
    assert one.identity != other.identity


def test_a_grader_has_its_specs_identity_and_knows_its_weight() -> None:
    specs = [GradingSpec(kind, pattern="x") for kind in ("integer", "choice", "exact", "regex", "math")]

    assert [grader(spec).identity for spec in specs] == [spec.identity for spec in specs]
    assert [grader(spec).heavy for spec in specs] == [False, False, False, True, True]


def test_a_judge_is_no_grader_of_its_own() -> None:
    with pytest.raises(ValueError, match="through a model"):
        grader(GradingSpec("judge"))


def test_importing_the_front_door_loads_nothing_heavy() -> None:
    heavy = "{'math_verify', 'sympy', 'multiprocessing', 'asyncio', 'numpy', 'concurrent.futures.process'}"

    loaded = subprocess.run(
        [sys.executable, "-c", f"import core.grading, sys; print(sorted({heavy} & set(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout.strip() == "[]"
