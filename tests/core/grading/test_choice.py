from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.grading import GradingSpec, check_truth, grader
from core.vocabulary import Verdict

CHOICE = GradingSpec("choice", choices="ABCDE")


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("C", "C"),
        ("(C)", "C"),
        ("C.", "C"),
        ("**C**", "C"),
        ("We compare.\n\n**(C)**", "C"),
        ("We compare.\n\nC", "C"),
        (r"\boxed{C}", "C"),
        (r"\boxed{c}", "C"),
        (r"\boxed{\text{(C)}}", "C"),
        (r"\boxed{\textbf{(C)}\ 204}", "C"),
        (r"\boxed{\textbf{C}}", "C"),
        (r"\boxed{\text{C: Paris}}", "C"),
        ("answer: C", "C"),
        ("Answer: (c)", "C"),
        ("**Answer: C. Paris**", "C"),
        ("The correct answer is (C) 204.", "C"),
        ("The correct answer is **C**, since A is too small.", "C"),
        ("The correct option is C.", "C"),
        ("The answer is option C because B is false.", "C"),
        ("The answer is A because B is false.", "A"),
        ("So the answer is $\\mathbf{(C)}$.", "C"),
        ("<answer>C</answer>", "C"),
        (r"First \boxed{A}. No: \boxed{B}.", "B"),
        ("### Final Answer\nB", "B"),
        ("Answer: E) none of these", "E"),
    ],
)
def test_a_letter_is_read_however_it_is_written(text: str, letter: str) -> None:
    grade = grader(CHOICE).grade(text, letter)

    assert (grade.answer, grade.verdict) == (letter, Verdict.RIGHT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The answer is a number that we do not know",
        "The answer is A number of them",
        "A is too small, so we look at B and",
        "(A) 12\n(B) 13\n(C) 14",
        "The answer is B or C.",
        r"\boxed{A} or \boxed{B}",
        r"\boxed{A, C}",
        r"\boxed{F}",
        r"\boxed{Cat}",
        "Answer: I cannot tell",
        "A. Paris",
    ],
)
def test_what_is_no_letter_or_several_is_no_answer(text: str) -> None:
    assert grader(CHOICE).grade(text, "A").verdict is Verdict.NO_ANSWER


def test_truths_are_letters_on_offer() -> None:
    assert check_truth(CHOICE, "(b)") is None
    assert grader(CHOICE).canonical("(b)") == "B"
    assert check_truth(CHOICE, "F") == "the answer 'F' is not one of the letters A, B, C, D, E"
    assert check_truth(CHOICE, "") == "the answer '' is not one of the letters A, B, C, D, E"
    assert grader(CHOICE).grade("B", "(b)").verdict is Verdict.RIGHT


@given(st.text())
@settings(deadline=None)  # the machine may be busy
def test_no_text_makes_it_raise(text: str) -> None:
    grader(CHOICE).grade(text, "A")
    grader(CHOICE).grade(f"\\boxed{{{text}}}", text)
