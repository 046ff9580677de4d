from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from core.analysis.options import Option, options_of
from core.analysis.payoff import what_pays

RIGHT = [[0, 2, 3], [1, 3, 3], [2, 4, 4]]
"""Accuracies of 3, 9 and 10 of 12."""


def test_the_more_a_right_answer_is_worth_the_more_it_pays_to_think(grid_of_sums):
    options = options_of(grid_of_sums(RIGHT, 1, dollars=[0.1, 0.2, 0.4]))

    paying = [what_pays(options, value).option.budget for value in (0.0, 0.19, 0.21, 2.3, 2.5)]

    assert paying == [100, 100, 200, 200, 400]


def test_the_net_is_what_right_answers_earn_less_what_asking_costs(grid_of_sums):
    paying = what_pays(options_of(grid_of_sums(RIGHT, 1, dollars=[0.1, 0.2, 0.4])), 1.0)

    assert (paying.accuracy, paying.cost_usd, paying.net_usd) == pytest.approx((0.75, 0.2, 0.55))
    assert json.loads(json.dumps(paying.to_json()))["net_usd"] == pytest.approx(0.55)


def test_agreement_is_the_share_of_resamples_that_would_choose_the_same(grid_of_sums):
    right, dollars = np.array([[0, 3], [2, 2], [2, 3]]), np.array([[0.1, 0.3], [0.1, 0.5], [0.1, 0.3]])
    options = options_of(grid_of_sums(right, 1, dollars=dollars))

    paying = what_pays(options, 1.0, times=20_000)

    nets = right / 4 - dollars
    best = [np.argmax(nets[list(rows)].mean(axis=0).round(9)) for rows in product(range(3), repeat=3)]
    assert paying.option == Option(200, 1)
    assert paying.agrees == pytest.approx(np.mean(best), abs=0.01)
    assert paying.rival == Option(100, 1)
    assert paying.agrees + paying.rival_agrees == pytest.approx(1)
    assert paying.net_usd_ci95[0] < paying.net_usd < paying.net_usd_ci95[1]


def test_without_dollars_nothing_pays(grid_of_sums):
    assert what_pays(options_of(grid_of_sums(RIGHT, [1, 2, 3])), 1.0) is None
