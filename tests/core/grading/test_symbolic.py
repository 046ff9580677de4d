from __future__ import annotations

import importlib.util

import pytest

from core.errors import UsageError
from core.grading import GradingSpec, check_truth, grader
from core.vocabulary import Verdict

MATH = GradingSpec("math")


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        (r"\boxed{\frac{1}{2}}", "1/2"),
        (r"\boxed{0.5}", r"\frac12"),
        (r"\boxed{2\sqrt{2}}", r"\sqrt{8}"),
        (r"\boxed{(x+1)^2}", "x^2+2x+1"),
        (r"\boxed{x = 5}", "5"),
        ("The final answer is $\\frac{\\pi}{4}$.", r"$\pi/4$"),
        ("The answer is \\(3\\sqrt{2}\\), as drawn.", r"3\sqrt{2}"),
        ("**Answer:** 7/3", r"\dfrac{7}{3}"),
        ("So:\n\n**-5**", "-5"),
        ("$x^2$", "x^2"),
        (r"\boxed{\text{even}}", r"\text{even}"),
        (r"\boxed{even}", "even"),
        (r"\boxed{1}. Wait: \boxed{\frac{4}{2}}", "2"),
        (r"\boxed{\{1, 2\}}", r"\{2, 1\}"),
    ],
)
def test_equal_formulas_are_right_and_spelled_as_the_truth(text: str, truth: str) -> None:
    grade = grader(MATH).grade(text, truth)

    assert grade.verdict is Verdict.RIGHT
    assert grade.answer == truth.strip("$")


def test_different_formulas_are_wrong() -> None:
    assert grader(MATH).grade(r"\boxed{\frac{1}{3}}", "1/2").verdict is Verdict.WRONG


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We have 12 cases and x = 5 in the first, so",
        "The answer is the number of cases with x = 5",
        r"\boxed{1} or \boxed{2}",
        r"\boxed{\frac{}",
        "The answer is clear from the figure.",
    ],
)
def test_prose_is_never_fished_in(text: str) -> None:
    assert grader(MATH).grade(text, "5").verdict is Verdict.NO_ANSWER


def test_a_truth_that_cannot_be_read_makes_no_answer_wrong() -> None:
    grade = grader(MATH).grade(r"\boxed{5}", r"\frac{")

    assert grade.verdict is Verdict.NO_ANSWER
    assert grade.note


def test_truths_are_looked_at_without_computing() -> None:
    assert check_truth(MATH, " ") == "the answer is empty"
    assert check_truth(MATH, "x" * 1001) == "the answer is longer than 1000 characters"
    assert check_truth(MATH, "9^{9^{9^9}}") is None


def test_without_math_verify_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(UsageError, match=r"install thinktop\[math\]"):
        grader(MATH)
