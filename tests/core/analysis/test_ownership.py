from __future__ import annotations

import json
from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.ownership import Owned, best_training, break_even_queries, owned_at, ownership_of, reigns
from core.analysis.trade import Contour, Trade

SMALL = Owned("small", train_usd=1000, query_usd=0.05)
LARGE = Owned("large", train_usd=11_000, query_usd=0.01)

LEVEL = Contour(0.8, ("small", "large"), (20.0, 22.0), (-1.0, -3.0), intercept=19.0)


def trade(basis="dollars", slope=-1.0):
    return Trade(basis, 30, ("small", "large"), (0, 0), (), (LEVEL,), slope, None)


def test_training_pays_for_itself_after_so_many_queries():
    queries = break_even_queries(SMALL, LARGE)

    assert queries == pytest.approx(250_000)
    assert SMALL.total_usd(queries) == pytest.approx(LARGE.total_usd(queries))
    assert break_even_queries(LARGE, SMALL) == queries


def test_what_is_no_dearer_in_either_way_never_breaks_even():
    assert break_even_queries(SMALL, Owned("dearer", 2000, 0.06)) is None
    assert break_even_queries(SMALL, Owned("as dear to ask", 2000, 0.05)) is None
    assert break_even_queries(SMALL, Owned("as dear to train", 1000, 0.01)) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6), st.floats(0, 20))
def test_whoever_reigns_costs_the_least(prices, queries):
    owned = [Owned(str(i), float(train), float(query)) for i, (train, query) in enumerate(prices)]

    found = reigns(owned)

    reigning = next(reign for reign in found if reign.from_queries <= queries <= reign.to_queries)
    assert reigning.owned.total_usd(queries) == pytest.approx(min(one.total_usd(queries) for one in owned))
    assert found[0].from_queries == 0
    for one, following in pairwise(found):
        assert one.owned.total_usd(one.to_queries) == pytest.approx(following.owned.total_usd(one.to_queries))
    assert [reign.to_queries for reign in found] == [*(reign.from_queries for reign in found[1:]), inf]


def test_each_model_is_priced_where_it_reaches_the_accuracy():
    small, large = owned_at(trade(), 0.8, usd_per_train_flop=1e-18)

    assert (small.name, small.train_usd, small.query_usd) == ("small", pytest.approx(100), pytest.approx(0.1))
    assert (large.name, large.train_usd, large.query_usd) == ("large", pytest.approx(10_000), pytest.approx(0.001))
    assert json.loads(json.dumps(reigns([small, large])[-1].to_json()))["to_queries"] is None


def test_every_accuracy_of_a_trade_has_its_models_their_reigns_and_the_best_split():
    (found,) = ownership_of(trade(), 1e-18, queries=1e4)

    assert [one.name for one in found.owned] == ["small", "large"]
    assert [reign.owned.name for reign in found.reigns] == ["small", "large"]
    assert found.reigns[0].to_queries == pytest.approx(9900 / 0.099)
    assert found.split == best_training(trade(), 0.8, 1e4, 1e-18)
    assert json.loads(json.dumps(found.to_json()))["best_split"]["train_share"] == pytest.approx(0.5)
    assert ownership_of(trade(), 1e-18)[0].split is None
    assert ownership_of(trade("flops"), 1e-18) == ()


def test_test_compute_in_flop_needs_a_price():
    assert owned_at(trade("flops"), 0.8, 1e-18) == ()
    assert owned_at(trade("flops"), 0.8, 1e-18, usd_per_test=2.0)[0].query_usd == pytest.approx(0.2)
    assert owned_at(trade(), 0.7, 1e-18) == ()
    assert best_training(trade("flops"), 0.8, 1e6, 1e-18) is None


@pytest.mark.parametrize(("slope", "queries"), [(-1.0, 1e4), (-1.2, 1e6), (-0.4, 3e3)])
def test_the_best_training_is_the_cheapest_of_all(slope, queries):
    found = best_training(trade(slope=slope), 0.8, queries, usd_per_train_flop=1e-18)

    log_train = np.linspace(0, 40, 400_001)
    total = 10**log_train * 1e-18 + queries * 10 ** (19 + slope * log_train)
    assert np.log10(found.train_flop) == pytest.approx(log_train[np.argmin(total)], abs=1e-3)
    assert found.total_usd == pytest.approx(total.min())
    assert found.train_share == pytest.approx(-slope / (1 - slope))


def test_beyond_the_models_that_were_measured_the_best_training_is_extrapolated():
    few, many = (best_training(trade(), 0.8, queries, 1e-18) for queries in (1e4, 1e10))

    assert (few.extrapolated, many.extrapolated) == (False, True)
    assert json.loads(json.dumps(few.to_json()))["train_share"] == pytest.approx(0.5)


def test_where_training_saves_no_thinking_there_is_nothing_to_split():
    assert best_training(trade(slope=0.1), 0.8, 1e6, 1e-18) is None
    assert best_training(trade(), 0.8, 0, 1e-18) is None
