from __future__ import annotations

from dataclasses import replace

from core.problems.fingerprint import problem_hash, question_id
from core.vocabulary import Problem

PROBLEM = Problem("a-1", "What is 2 + 2?", "4", cluster="sums", difficulty=0.1)


def test_a_problem_is_its_question_and_its_answer_whatever_it_is_called():
    assert problem_hash(PROBLEM) == problem_hash(Problem("other", PROBLEM.question, PROBLEM.answer))


def test_another_question_or_answer_is_another_problem():
    others = [replace(PROBLEM, question="What is 2 + 3?"), replace(PROBLEM, answer="5")]

    assert len({problem_hash(problem) for problem in [PROBLEM, *others]}) == 3


def test_what_moves_from_the_question_to_the_answer_changes_the_hash():
    assert problem_hash(Problem("x", "ab", "c")) != problem_hash(Problem("x", "a", "bc"))


def test_hashes_never_change_since_stored_runs_are_known_by_them():
    expected = "7196e5f92aa9a022c594a671e0c47b8ca89e5b00b35e5c1aebb6ed48e0b33d2b"
    assert problem_hash(PROBLEM) == expected
    assert question_id("What is 2 + 2?") == "38d46ad36188"


def test_letters_beyond_ascii_are_hashed_as_utf_8():
    assert len(problem_hash(Problem("x", "Wie groß ist π?", "3"))) == 64
