from __future__ import annotations

import pytest

from core.grading import GradingSpec, check_truth, grader
from core.vocabulary import Verdict


@pytest.mark.parametrize(
    ("pattern", "text", "answer"),
    [
        (r"ANS: (\d+)", "ANS: 12, then ANS: 13.", "13"),
        (r"(?P<unit>[$])(?P<answer>\d+)", "it costs $5", "5"),
        (r"\d+$", "x 1 2 3", "3"),
        (r"= *(.+)", "x =  New   York ", "new york"),
    ],
)
def test_the_last_match_is_the_answer(pattern: str, text: str, answer: str) -> None:
    grade = grader(GradingSpec("regex", pattern=pattern)).grade(text, answer.upper())

    assert (grade.answer, grade.verdict) == (answer, Verdict.RIGHT)


@pytest.mark.parametrize(
    ("pattern", "note"),
    [
        ("nowhere", "the pattern matches nowhere"),
        ("x*$", "the pattern's last match is empty"),
        ("(nowhere)?abc", "the pattern's last match is empty"),
        ("(?s).*", "the pattern's last match is empty"),
        ("(?s).+", "the pattern caught 1,005 characters: abc aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…"),
    ],
)
def test_a_match_that_is_nothing_or_everything_is_no_answer(pattern: str, note: str) -> None:
    grade = grader(GradingSpec("regex", pattern=pattern)).grade("abc " + "a" * 1001 + " ", "12")

    assert (grade.verdict, grade.note) == (Verdict.NO_ANSWER, note)


def test_case_counts_where_the_spec_says_so() -> None:
    assert grader(GradingSpec("regex", pattern=r"\w+", ignore_case=False)).grade("Abc", "abc").verdict is Verdict.WRONG


def test_it_is_heavy_and_its_truths_are_not_empty() -> None:
    spec = GradingSpec("regex", pattern="x")

    assert grader(spec).heavy
    assert check_truth(spec, " ") == "the answer is empty"
