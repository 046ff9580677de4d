from __future__ import annotations

from random import Random

import pytest

from core.grading import GradingSpec, grader
from core.simulator.texts import compose, undecided

INTEGER = grader(GradingSpec(kind="integer"))


def test_what_the_model_answers_is_what_a_grader_reads():
    read = [INTEGER.grade("".join(compose(str(n), Random(n))), "7").answer for n in range(300)]
    assert read == [str(n) for n in range(300)]


@pytest.mark.parametrize("letter", ["A", "D"])
def test_letters_are_read_too(letter):
    read = {
        grader(GradingSpec(kind="choice")).grade("".join(compose(letter, Random(n))), "A").answer for n in range(100)
    }
    assert read == {letter}


def test_an_undecided_text_gives_a_grader_nothing():
    read = {INTEGER.grade("".join(undecided(Random(n))), "7").answer for n in range(100)}
    assert read == {None}


def test_a_text_cut_before_its_ending_gives_a_grader_nothing():
    cut = [compose("204", Random(n))[0] for n in range(100)]
    assert {INTEGER.grade(text[: len(text) * part // 4], "204").answer for text in cut for part in (1, 2, 3, 4)} == {
        None
    }
