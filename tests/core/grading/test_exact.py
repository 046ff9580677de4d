from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.grading import GradingSpec, check_truth, grader
from core.vocabulary import Verdict

EXACT = GradingSpec("exact")


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("Paris", "Paris"),
        ("  paris. ", "Paris"),
        ("Let me think.\n\nParis", "Paris"),
        ("The answer is Paris.", "Paris"),
        ("**Answer:** New   York", "new york"),
        ("**Answer**\n\n**St. Louis**", "St. Louis"),
        (r"\boxed{\text{Paris}}", "Paris"),
        ("<answer>Paris</answer> as everyone knows", "Paris"),
        (r"\boxed{London}. Wait, no: \boxed{Paris}", "Paris"),
        ("<think>London?</think>Paris", "Paris"),
        ("Cafe\u0301", "Caf\u00e9"),
    ],
)
def test_the_marked_answer_or_the_last_line_is_compared(text: str, truth: str) -> None:
    assert grader(EXACT).grade(text, truth).verdict is Verdict.RIGHT


def test_case_counts_where_the_spec_says_so() -> None:
    strict = grader(GradingSpec("exact", ignore_case=False))

    assert strict.grade("paris", "Paris").verdict is Verdict.WRONG
    assert strict.grade("Paris", "Paris").answer == "Paris"


@pytest.mark.parametrize("text", ["", " \n", "---", r"\boxed{Paris} or \boxed{Rome}", "<think>Paris"])
def test_nothing_or_several_is_no_answer(text: str) -> None:
    assert grader(EXACT).grade(text, "Paris").verdict is Verdict.NO_ANSWER


def test_a_truth_has_to_be_something() -> None:
    assert check_truth(EXACT, "  ") == "the answer is empty"
    assert check_truth(EXACT, "x" * 201) is not None
    assert check_truth(EXACT, "Paris") is None


@given(st.text())
@settings(deadline=None)  # the machine may be busy
def test_no_text_makes_it_raise(text: str) -> None:
    grader(EXACT).grade(text, text)


@given(st.text(alphabet="abcXYZ 0189", min_size=1).filter(str.strip))
@example("XX")  # twenty, and no placeholder
@example("nN")
@settings(deadline=None)  # the machine may be busy
def test_a_boxed_truth_is_right(truth: str) -> None:
    assert grader(EXACT).grade(f"So: \\boxed{{{truth}}}", truth).verdict is Verdict.RIGHT
