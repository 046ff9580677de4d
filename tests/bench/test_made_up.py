from __future__ import annotations

import pytest

from bench.made_up import FAVOURITE, RIGHT, conditions


@pytest.fixture(scope="module")
def cell():
    """4,000 draws of one problem, under a truth in which six answers in ten are right."""
    return conditions(lambda hardness, x: 0.6 + 0.0 * hardness + 0.0 * x, problems=1, draws=4000)[0].cells[0]


def test_so_many_are_right_as_the_truth_says(cell):
    share = sum(cell.right) / cell.samples

    assert share == pytest.approx(0.6, abs=0.03)


def test_there_is_a_favourite_wrong_answer_and_a_tail_of_rare_ones(cell):
    wrong = [answer for answer in cell.answers if answer not in {RIGHT, None}]

    counts = sorted((wrong.count(answer) for answer in set(wrong)), reverse=True)

    assert counts[0] == wrong.count(FAVOURITE)
    assert len(counts) == 13
    assert counts[0] > 5 * counts[1]


def test_some_cannot_be_read_and_some_are_cut_off(cell):
    assert 0 < cell.answers.count(None) < 200
    assert 0 < sum(cell.truncated) < 120
    assert not any(right for right, answer in zip(cell.right, cell.answers, strict=True) if answer is None)
