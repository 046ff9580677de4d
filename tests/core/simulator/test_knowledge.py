from __future__ import annotations

import pytest

from core.simulator.knowledge import Knowledge, wrong_answers
from core.vocabulary import Problem


def problem(number, difficulty=None):
    return Problem(f"p{number}", f"Let $ABC$ be a triangle.\nFind the side, given {number}.", "5", None, difficulty)


def test_a_problem_is_found_in_any_template_and_then_in_the_same_one_again():
    knowledge = Knowledge([problem(n) for n in range(500)])
    for n in (3, 499, 3):
        assert knowledge.find((f"Solve:\n{problem(n).question}\nAbout 64 tokens.",)).id == f"p{n}"
        assert knowledge.find((f"In one line: {problem(n).question}",)).id == f"p{n}"


def test_among_questions_within_each_other_the_longest_is_meant():
    knowledge = Knowledge([Problem("short", "What is 2 + 2?", "4"), Problem("long", "What is 2 + 2? Explain.", "4")])
    assert knowledge.find(("Hi. What is 2 + 2? Explain. Bye.",)).id == "long"
    assert knowledge.find(("Hi. What is 2 + 2? Bye.",)).id == "short"


def test_hardness_is_rank_so_that_any_set_spans_the_same_range():
    knowledge = Knowledge([problem(n, difficulty=0.9 + n / 1000) for n in range(10)])
    found = [knowledge.find((problem(n).question,)).hardness for n in range(10)]
    assert found == pytest.approx([(n + 0.5) / 10 for n in range(10)])


def test_problems_without_a_difficulty_are_ranked_by_their_text_whatever_their_order():
    some = [problem(n) for n in range(10)]
    one, other = Knowledge(some), Knowledge(some[::-1])
    assert all(one.find((p.question,)) == other.find((p.question,)) for p in some)


def test_an_unknown_question_has_an_answer_of_its_own_every_time():
    one, other = Knowledge([]).find(("Why?",)), Knowledge([problem(1)]).find(("Why?",))
    assert one == other
    assert 0 <= int(one.answer) <= 999
    assert one != Knowledge([]).find(("Why not?",))


def test_later_messages_do_not_hide_the_problem():
    knowledge = Knowledge([problem(n) for n in range(5)])
    assert knowledge.find((problem(2).question, "Check that again.")).id == "p2"


@pytest.mark.parametrize(
    ("answer", "kind"), [("204", str.isdigit), ("B", "ABCDE".__contains__), ("\\frac{1}{2}", str.isdigit)]
)
def test_wrong_answers_are_of_the_right_ones_kind(answer, kind):
    wrong = wrong_answers(answer, seed=1)
    assert len(set(wrong)) == len(wrong) >= 3
    assert answer not in wrong
    assert all(map(kind, wrong))


@pytest.mark.parametrize("answer", ["-1", "1000", "123456789", "-3", "1" + "0" * 40])
def test_a_number_outside_the_usual_range_has_wrong_answers_too(answer):
    assert len(wrong_answers(answer, seed=1)) >= 3
    assert answer not in wrong_answers(answer, seed=1)
