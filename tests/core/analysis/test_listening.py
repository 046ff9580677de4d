from __future__ import annotations

import json
from math import log2
from pathlib import Path

import numpy as np
import pytest

from core.analysis.grid import Grid
from core.analysis.listening import Listening, LocalSlope, listening_of, slopes_of_points
from core.analysis.resampling import problem_weights, weighted_means
from core.vocabulary import Control

SHARED = Path(__file__).parents[4] / "shared" / "data" / "o1_mini_published" / "results_log_just_ask_nicely.json"
ASKED = (16, 32, 64, 128, 256, 512, 1024, 2048)


def grid(tokens, asked=ASKED, clusters=None, drawn=None):
    """A row of mean tokens for each problem."""
    tokens = np.array(tokens, dtype=np.float64)
    rows, columns = tokens.shape
    drawn = np.where(np.isnan(tokens), 0, 4) if drawn is None else np.array(drawn)
    none = np.zeros((rows, columns), dtype=np.int64)
    names = tuple(f"p{i}" for i in range(rows))
    return Grid(
        run=1,
        name="m",
        label="m",
        model="m",
        control=Control.PROMPT,
        budgets=tuple("default" if budget is None else budget for budget in asked),
        asked=tuple(asked),
        problems=names,
        contents=names,
        clusters=tuple(clusters or [None] * rows),
        drawn=drawn.astype(np.int64),
        right=none,
        missing=none,
        truncated=none,
        tokens=tokens,
        dollars=np.full(tokens.shape, np.nan),
        seconds=np.ones(tokens.shape),
    )


def drawn_tokens(rng, problems, asked=ASKED, slopes=(0.8, 0.2)):
    """Problems differ in length by a factor of several, in how far they listen, and from draw to draw."""
    base = 500 * np.exp(0.7 * rng.standard_normal((problems, 1)))
    listens = slopes[0] + slopes[1] * rng.standard_normal((problems, 1))
    noise = np.exp(0.2 * rng.standard_normal((problems, len(asked))))
    return base * (np.array(asked) / 128) ** listens * noise


def expected_means(asked=ASKED, slopes=(0.8, 0.2)):
    """What the means of `drawn_tokens` would be over all problems, but for a factor that all budgets share."""
    x = np.log(np.array(asked) / 128)
    return np.exp(slopes[0] * x + (slopes[1] * x) ** 2 / 2)


def test_twice_the_tokens_for_twice_as_many_asked_is_a_slope_of_one():
    found = slopes_of_points([100, 200, 400], [900, 1800, 3600])

    assert found.slope == pytest.approx(1.0)
    assert [(one.low, one.high, one.slope) for one in found.local] == [(100, 200, 1.0), (200, 400, 1.0)]


def test_the_slope_is_that_of_least_squares_on_logarithms():
    asked, used = [16, 100, 333, 5000], [500.0, 420.0, 700.0, 9000.0]

    found = slopes_of_points(asked, used)

    assert found.slope == pytest.approx(np.polyfit(np.log2(asked), np.log2(used), 1)[0])
    assert found.local[2].slope == pytest.approx(log2(9000 / 700) / log2(5000 / 333))


def test_points_may_come_in_any_order():
    assert slopes_of_points([400, 100, 200], [3, 1, 2]) == slopes_of_points([100, 200, 400], [1, 2, 3])


def test_bare_means_have_no_interval_and_no_range():
    found = slopes_of_points([100, 200], [100, 200])

    assert found.ci95 is found.local[0].ci95 is found.low is found.high is None
    assert not found.local[0].listens


@pytest.mark.parametrize(
    ("asked", "used"), [([], []), ([100], [5]), ([100, 100], [5, 6]), ([0, 100], [5, 6]), ([50, 100], [0, 6])]
)
def test_points_that_have_no_slope_are_refused(asked, used):
    with pytest.raises(ValueError, match=r"slope needs two|above 0"):
        slopes_of_points(asked, used)


def test_a_grid_has_the_slopes_of_its_conditions_means():
    tokens = drawn_tokens(np.random.default_rng(1), 12)

    found, bare = listening_of(grid(tokens)), slopes_of_points(ASKED, tokens.mean(axis=0))

    assert found.slope == pytest.approx(bare.slope)
    assert [one.slope for one in found.local] == pytest.approx([one.slope for one in bare.local])


@pytest.mark.parametrize("clusters", [None, [f"c{i // 3}" for i in range(90)]])
def test_the_interval_is_as_wide_as_resampling_problems_makes_it(clusters):
    tokens = drawn_tokens(np.random.default_rng(2), 90)
    tokens[:, 5] *= np.repeat(np.exp(np.random.default_rng(3).standard_normal(30)), 3)
    found = listening_of(grid(tokens, clusters=clusters))

    means = weighted_means(tokens, problem_weights(clusters or [None] * 90, 4000, 7))
    slopes = [slopes_of_points(ASKED, row) for row in means[:1000]]
    for ours, theirs in [(found.ci95, [one.slope for one in slopes])] + [
        (found.local[i].ci95, [one.local[i].slope for one in slopes]) for i in range(7)
    ]:
        assert ours[1] - ours[0] == pytest.approx(2 * 1.98 * np.std(theirs), rel=0.12)


def test_what_problems_share_does_not_widen_the_interval():
    """A problem that takes ten times as many tokens does so at every budget: slopes are paired."""
    rng = np.random.default_rng(4)
    noise = np.exp(0.05 * rng.standard_normal((20, 8)))
    alike, unlike = np.full((20, 1), 500.0), 500 * np.exp(rng.standard_normal((20, 1)))

    narrow, wide = (listening_of(grid(base * np.array(ASKED) ** 0.8 * noise)).ci95 for base in (alike, unlike))

    assert wide[1] - wide[0] < 3 * (narrow[1] - narrow[0])
    assert wide[1] - wide[0] < 0.04


def test_the_intervals_hold_the_truth_about_95_times_in_100():
    rng, times = np.random.default_rng(8), 300
    truth = slopes_of_points(ASKED, expected_means())
    held = np.zeros(2)
    for _ in range(times):
        found = listening_of(grid(drawn_tokens(rng, 40)))
        pairs = (found.ci95, truth.slope), (found.local[3].ci95, truth.local[3].slope)
        held += [low <= value <= high for (low, high), value in pairs]
    assert all(0.91 <= share <= 0.98 for share in held / times)


def test_the_range_is_where_the_model_listens():
    rng = np.random.default_rng(5)
    flat_then_rising = 400 * np.maximum(1, np.array(ASKED) / 128) * np.exp(0.1 * rng.standard_normal((30, 8)))

    found = listening_of(grid(flat_then_rising))

    assert (found.low, found.high) == (128, 2048)
    assert [one.listens for one in found.local] == [False] * 3 + [True] * 4


@pytest.mark.parametrize(
    ("rises", "asked", "expected"),
    [
        ((1, 1, 0, 1), (1, 2, 4, 8, 16), (1, 4)),
        ((1, 0, 1, 1), (1, 2, 4, 8, 16), (4, 16)),
        ((1, 0, 0, 1), (1, 2, 4, 8, 16), (8, 16)),
        ((1, 0, 1, 1), (1, 64, 128, 256, 512), (1, 64)),
        ((0, 0, 0, 0), (1, 2, 4, 8, 16), (None, None)),
    ],
)
def test_of_several_stretches_the_longest_in_doublings_counts_and_of_equals_the_one_of_larger_budgets(
    rises, asked, expected
):
    doublings = np.concatenate([[0], np.cumsum(np.array(rises) * np.diff(np.log2(asked)))])
    tokens = 100 * 2**doublings * np.exp(0.02 * np.random.default_rng(6).standard_normal((9, 5)))

    found = listening_of(grid(tokens, asked))

    assert (found.low, found.high) == expected


def test_a_slope_that_may_as_well_be_below_a_half_is_not_shown_to_listen():
    assert not LocalSlope(100, 200, 0.9, (0.5, 1.3)).listens
    assert LocalSlope(100, 200, 0.9, (0.51, 1.29)).listens


def test_only_budgets_in_tokens_that_have_samples_and_problems_that_have_all_of_them_count():
    nan = np.nan
    tokens = [[100, 210, 5, nan, 400], [200, 390, 5, nan, 800], [300, 610, 5, nan, 1300], [9, nan, 5, nan, 9]]

    found = listening_of(grid(tokens, (100, 200, None, 300, 400)))

    assert found.slope == slopes_of_points([100, 200, 400], [200, 1210 / 3, 2500 / 3]).slope
    assert [(one.low, one.high) for one in found.local] == [(100, 200), (200, 400)]


def test_budgets_stand_in_order_where_some_conditions_ask_for_nothing():
    tokens = np.array([[100, 200, 50, 700], [210, 390, 40, 900], [150, 310, 60, 500]])

    found = listening_of(grid(tokens, (400, None, 100, 1600)))

    assert found == listening_of(grid(tokens[:, [2, 0, 3]], (100, 400, 1600)))
    assert [(one.low, one.high) for one in found.local] == [(100, 400), (400, 1600)]


def test_the_intervals_come_from_leaving_out_each_problem():
    tokens = np.array([[100, 300, 900], [200, 350, 700], [300, 700, 800]])

    found = listening_of(grid(tokens, (100, 400, 500)))

    less = [slopes_of_points((100, 400, 500), np.delete(tokens, p, axis=0).mean(axis=0)) for p in range(3)]
    for ours, slope, others in [
        (found.ci95, found.slope, [one.slope for one in less]),
        (found.local[0].ci95, found.local[0].slope, [one.local[0].slope for one in less]),
        (found.local[1].ci95, found.local[1].slope, [one.local[1].slope for one in less]),
    ]:
        reach = 4.302653 * np.std(others) * 2**0.5
        assert ours == pytest.approx((slope - reach, slope + reach))


@pytest.mark.parametrize(
    ("tokens", "asked"),
    [
        ([[100.0], [200.0]], (100,)),
        ([[100.0, 5.0]], (None, None)),
        ([[100.0, np.nan], [np.nan, 200.0]], (100, 200)),
        ([[0.0, 100.0], [0.0, 200.0]], (100, 200)),
    ],
)
def test_there_is_none_below_two_budgets_with_samples_of_the_same_problems(tokens, asked):
    assert listening_of(grid(tokens, asked)) is None


def test_problems_that_agree_to_the_last_digit_and_a_lone_one_make_no_interval():
    agree = listening_of(grid([[100, 200, 300], [70, 140, 210], [90, 180, 270]], (100, 200, 400)))
    lone = listening_of(grid([[100, 200, 300]], (100, 200, 400)))

    assert agree.ci95 is lone.ci95 is agree.local[0].ci95 is None
    assert agree.slope == pytest.approx(lone.slope)
    assert agree.low is None


def test_its_json_has_plain_names():
    found = Listening(0.8, (0.7, 0.9), (LocalSlope(100, 200, 0.8, (0.6, 1.0)),), 100, 200)

    assert json.loads(json.dumps(found.to_json())) == {
        "slope": 0.8,
        "ci95": [0.7, 0.9],
        "local": [{"from_tokens": 100, "to_tokens": 200, "slope": 0.8, "ci95": [0.6, 1.0]}],
        "listens_from_tokens": 100,
        "listens_to_tokens": 200,
    }


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared data are not here")
def test_o1_mini_does_not_listen_below_128_tokens():
    points = json.loads(SHARED.read_text(encoding="utf-8"))
    asked, used = [one["token_limit"] for one in points], [one["avg_tokens_used"] for one in points]

    slopes = [slopes_of_points(asked[part], used[part]).slope for part in (slice(None), slice(3, None), slice(3))]

    assert [round(slope, 3) for slope in slopes] == [0.808, 0.864, 0.186]


def test_a_problem_of_which_one_budget_was_not_told_stands_at_the_mean_there():
    told = [[200, 420], [100, 190], [400, 820], [300, 900]]
    some = grid([*told, [250, np.nan]], asked=(128, 256), drawn=[[4, 4]] * 5)

    found = listening_of(some)

    mean = np.mean([row[1] for row in told])
    assert found == listening_of(grid([*told, [250, mean]], asked=(128, 256)))
    assert found.ci95 is not None
