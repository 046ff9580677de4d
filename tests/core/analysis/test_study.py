"""What a study makes of its labels: who is beside whom, and what is left out where a label has no samples."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.curve import Aggregate, curve_of_aggregates
from core.analysis.study import LabelStudy, Study
from core.vocabulary import Control

RIGHT = [[1, 2, 3], [3, 4, 4], [0, 1, 3], [2, 2, 4], [1, 3, 3]]
TOKENS = [10, 20, 40]


@pytest.fixture
def label(grid_of_sums):
    """A maker of labels of three conditions, from sums."""

    def make(name, right=RIGHT, tokens=TOKENS, **known):
        grid = grid_of_sums(right, tokens, name=name, **known)
        return LabelStudy(1, name, name, False, (), grid, tuple)

    return make


def published(*points):
    """A label of (asked, votes, accuracy, tokens) without samples."""
    curves = tuple(
        curve_of_aggregates(1, "p", "p", Control.PROMPT, asked, [Aggregate(votes, 30, accuracy, tokens)])
        for asked, votes, accuracy, tokens in points
    )
    return LabelStudy(1, "p", "p", False, curves, None, tuple)


def test_a_label_without_samples_has_what_means_alone_can_say():
    label = published((16, 1, 0.2, 100.0), (64, 1, 0.4, 200.0), (256, 1, 0.6, 400.0))

    (line,) = label.lines
    assert (line.slope, line.r2) == pytest.approx((0.2, 1.0))
    assert label.listening.slope == pytest.approx(0.5)
    made = (label.gain, label.fits, label.knee, label.options, label.frontier, label.splits, label.payoff, label.s1)
    assert made == (None,) * len(made)
    assert Study((), (label,)).verdicts == Study((), (label,)).pairs == ()


def test_points_of_as_many_tokens_have_no_line():
    assert published((16, 1, 0.2, 100.0), (64, 1, 0.4, 100.0)).lines == ()
    assert published((16, 1, 0.2, 100.0)).lines == ()


def test_each_two_labels_with_samples_stand_beside_each_other(label, grid_of_sums):
    nothing = LabelStudy(1, "n", "n", False, (), grid_of_sums([[0]], [10], drawn=[[0]], name="n"), tuple)

    study = Study((), (label("a"), nothing, label("b"), label("c"), published((16, 1, 0.2, 100.0))))

    assert [(first.name, second.name) for first, _, second, _ in study.pairs] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert [(one.first, one.second) for one in study.comparisons] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert {(one.first, one.second) for one in study.differences} == {("a", "b"), ("a", "c"), ("b", "c")}


def test_models_are_compared_in_dollars_where_both_are_priced_and_by_each_basis_that_both_have(label):
    priced = label("a", dollars=np.array(TOKENS) / 100)
    both, one = Study((), (priced, label("b", dollars=np.array(TOKENS) / 50))), Study((), (priced, label("b")))

    assert [study.comparisons[0].basis for study in (both, one)] == ["dollars", "tokens"]
    assert one.compared_by("dollars") == one.compared_by("flops") == ()
    assert [comparison.basis for comparison, _ in both.compared_by("tokens")] == ["tokens"]


def test_what_pays_needs_a_value_and_dollars(label, grid_of_sums):
    grid = grid_of_sums(RIGHT, TOKENS, dollars=np.array(TOKENS) / 100)

    paid = LabelStudy(1, "m", "m", False, (), grid, tuple, value_usd=10.0).payoff

    assert paid.option.budget == grid.budgets[-1]
    assert LabelStudy(1, "m", "m", False, (), grid, tuple).payoff is None
    assert LabelStudy(1, "m", "m", False, (), label("m").grid, tuple, value_usd=10.0).payoff is None


def test_owning_needs_a_price_of_training(label):
    better = np.minimum(np.array(RIGHT) + 1, 4).tolist()
    labels = tuple(
        label(name, right, dollars=np.array(TOKENS) / 100, train_flops=flops)
        for name, right, flops in (("small", RIGHT, 1e20), ("large", better, 1e22))
    )

    assert Study((), labels).ownership == ()
    assert {one.basis for one in Study((), labels).trades} == {"tokens", "dollars"}
    assert Study((), labels, usd_per_train_flop=1e-18).ownership[0].owned[0].name == "small"
