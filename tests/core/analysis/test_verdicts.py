from __future__ import annotations

import re
from dataclasses import replace
from math import comb

import numpy as np
import pytest

from core.analysis.equivalence import LEVEL
from core.analysis.obedience import Finding as Obeyed
from core.analysis.obedience import Obedience
from core.analysis.verdicts import Evidence, Finding, verdicts_of

OCTAVES = np.arange(8.0, 16.0)
RISING = 0.1 + 0.09 * (OCTAVES - 8)
SETTLED = 0.1 + 0.1 * np.minimum(OCTAVES - 8, 4)


@pytest.fixture
def swept(grid_of_sums):
    """A maker of sweeps of problems around a curve."""

    def make(curve, *, draws, problems=40):
        generator = np.random.default_rng(12)
        chances = np.clip(curve + generator.uniform(-0.15, 0.15, (problems, 1)), 0, 1)
        return grid_of_sums(generator.binomial(draws, chances), n=draws, name="one")

    return make


@pytest.fixture
def votes(table_of_votes):
    """A maker of votes between two answers, of which the right one is given with these chances."""

    def make(chances, draws):
        ks = tuple(1 << power for power in range(8) if 1 << power <= draws)
        chances = np.clip(chances + np.random.default_rng(3).normal(0, 0.005, len(chances)), 0, 1)
        credit = [
            sum(
                comb(k, right) * chances**right * (1 - chances) ** (k - right) * (0.5 if 2 * right == k else 1)
                for right in range(-(-k // 2), k + 1)
            )
            for k in ks
        ]
        return table_of_votes(2048, ks, np.array(credit).T, label="one", drawn=draws, tokens=1024.0)

    return make


@pytest.fixture
def over_votes(swept, votes):
    """What the verdict over such votes is."""

    def verdict_of(chances, draws):
        grid = replace(swept(RISING, draws=16).columns([0]), budgets=(2048,))
        (verdict,) = verdicts_of([Evidence(grid, [votes(chances, draws)])])
        return verdict

    return verdict_of


def test_a_curve_that_rises_to_its_end_is_growing(swept):
    verdict = thinking(swept(RISING, draws=16))

    assert verdict.finding is Finding.GROWING
    low, high = (f"{100 * end:.1f}" for end in verdict.ci95)
    whole = f"{100 * verdict.per_doubling:+.1f} points per doubling [{low}, {high}]"
    assert f"still growing: {whole}" == verdict.words or verdict.reasons[0].endswith(verdict.words.partition(": ")[2])
    assert verdict.beyond_tokens is None
    assert re.fullmatch(r"over the last 3.0 doublings: \+\d+\.\d points per doubling \[.*\]", verdict.reasons[0])


def test_where_a_curve_bends_the_growth_that_is_said_is_that_of_its_end(swept):
    bent = thinking(swept(np.array([0.1, 0.3, 0.5, 0.7, 0.72, 0.74, 0.76, 0.78]), draws=64))
    steeper = thinking(swept(np.array([0.1, 0.11, 0.12, 0.13, 0.3, 0.5, 0.7, 0.8]), draws=64))

    assert bent.finding is steeper.finding is Finding.GROWING
    assert bent.reasons[0].endswith(bent.words.removeprefix("still growing: "))
    assert bent.per_doubling > 0.05
    assert steeper.words.startswith(f"still growing: {100 * steeper.per_doubling:+.1f} points")


def test_problems_that_came_first_are_not_all_problems(grid_of_sums):
    right = np.full((40, 8), 4)
    drawn = np.full((40, 8), 4)
    drawn[30:, -1] = right[30:, -1] = 0

    verdict = thinking(grid_of_sums(right, drawn=drawn))

    assert verdict.words == "not enough to tell: 30 of 40 problems have a sample at every budget so far"


def test_a_curve_that_goes_down_at_its_end_is_falling_though_it_rose_before(swept):
    verdict = thinking(swept(np.array([0.1, 0.3, 0.5, 0.7, 0.75, 0.65, 0.55, 0.45]), draws=16))

    assert verdict.finding is Finding.FALLING
    assert verdict.per_doubling > 0
    assert verdict.words.startswith("falling: -")


def test_where_nearly_all_problems_are_always_right_the_ceiling_is_reached(grid_of_sums):
    right = np.full((45, 8), 4)
    right[:3] = [0, 0, 1, 1, 2, 2, 3, 3]

    verdict = thinking(grid_of_sums(right))

    assert verdict.finding is Finding.CEILING
    assert verdict.words == "at the ceiling (42 of 45 problems always right)"


def test_a_problem_with_a_missing_draw_is_not_always_right(grid_of_sums):
    right = np.full((45, 8), 4)
    missing = np.zeros_like(right)
    missing[:5, -1] = 1

    assert thinking(grid_of_sums(right, missing=missing)).finding is not Finding.CEILING


def test_a_plateau_is_said_with_where_it_starts_the_margin_and_the_test(swept):
    verdict = thinking(swept(SETTLED, draws=400))

    assert verdict.finding is Finding.NO_MORE_GAINS
    assert verdict.words == "no more gains beyond 2^12 tokens, within 2 points (equivalence test)"
    assert verdict.beyond_tokens == pytest.approx(2**12)
    assert verdict.p <= verdict.p_adjusted <= LEVEL
    assert verdict.reasons[0].startswith("tested up to 2^15 tokens: ")


def test_a_slope_that_is_not_significant_is_no_plateau(swept):
    verdict = thinking(swept(SETTLED, draws=4))

    assert verdict.finding is Finding.TOO_EARLY
    assert verdict.words.startswith("grew by +")
    assert "not enough to tell whether it still does: about " in verdict.words
    assert verdict.more_problems > 500


def test_a_flat_curve_of_few_draws_says_nothing_of_growth(swept):
    verdict = thinking(swept(np.full(8, 0.5), draws=2))

    assert verdict.finding is Finding.TOO_EARLY
    assert verdict.words.startswith("not enough to tell: about ")


def test_a_wider_margin_is_told_from_less(swept):
    grid = swept(SETTLED, draws=64)

    assert thinking(grid, margin=0.001).finding is Finding.TOO_EARLY
    assert thinking(grid, margin=0.05).words.endswith("within 5 points (equivalence test)")


def test_a_fall_within_the_margin_is_a_plateau_however_sure(swept):
    verdict = thinking(swept(SETTLED - 0.005 * np.maximum(OCTAVES - 12, 0), draws=4000))

    assert verdict.finding is Finding.NO_MORE_GAINS
    assert "over the last 3.0 doublings: -0." in verdict.reasons[1]


def test_what_would_tell_is_more_where_more_is_asked(swept):
    grid = swept(SETTLED, draws=4)

    assert verdicts_of([Evidence(grid)] * 9)[0].more_problems > 1.2 * thinking(grid).more_problems


def test_a_gain_above_the_margin_is_no_plateau_however_sure(swept):
    grid = swept(np.array([*SETTLED[:-1], SETTLED[-2] + 0.05]), draws=4000)

    verdict = thinking(grid)

    assert verdict.finding is not Finding.NO_MORE_GAINS
    assert verdict.p > 0.9


def test_a_fall_above_the_margin_is_no_plateau(swept):
    grid = swept(np.array([*SETTLED[:-1], SETTLED[-2] - 0.05]), draws=4000)

    assert thinking(grid).p > 0.9


@pytest.mark.parametrize("what", ["missing", "truncated"])
def test_where_too_much_was_lost_a_plateau_is_withheld(swept, what):
    grid = swept(SETTLED, draws=400)
    lost = np.zeros_like(grid.drawn)
    lost[:, -1] = 10

    verdict = thinking(replace(grid, **{what: lost}))

    assert verdict.finding is Finding.WITHHELD
    assert re.search(r"at 2\^15 tokens 2\.[45] % of the draws were cut off or failed", verdict.words)
    assert verdict.p is None


def test_the_plateau_starts_no_earlier_than_where_enough_came_back(swept):
    grid = swept(SETTLED, draws=400)
    lost = np.zeros_like(grid.drawn)
    lost[:, 5] = 10

    assert thinking(replace(grid, truncated=lost)).beyond_tokens == pytest.approx(2**14)


def test_growth_may_be_said_where_much_was_cut_off_since_that_only_hides_it(swept):
    grid = swept(RISING, draws=16)

    assert thinking(replace(grid, truncated=np.ones_like(grid.drawn))).finding is Finding.GROWING


def test_growth_that_missing_draws_might_undo_is_not_said(swept):
    grid = swept(RISING, draws=16)
    missing = np.zeros_like(grid.drawn)
    missing[:, -1] = 16

    verdict = thinking(replace(grid, missing=missing))

    assert verdict.finding is Finding.WITHHELD
    assert "not if the draws that failed had come out against it" in verdict.reasons
    missing[:, -1] = 1
    assert thinking(replace(grid, missing=missing)).finding is Finding.GROWING


def test_a_fall_that_missing_draws_might_undo_is_not_said(swept):
    grid = swept(RISING[::-1], draws=16)
    missing = np.zeros_like(grid.drawn)
    missing[:, -1] = 16

    assert thinking(grid).finding is Finding.FALLING
    assert thinking(replace(grid, missing=missing)).finding is Finding.WITHHELD


def test_a_control_that_was_ignored_gives_no_verdict(swept):
    ignored = Obedience(Obeyed.IGNORED, pairs=30, ratio=1.0, upper=1.1, p=0.5)

    (verdict,) = verdicts_of([Evidence(swept(SETTLED, draws=400), obedience=ignored)])

    assert verdict.finding is Finding.WITHHELD
    assert verdict.words.startswith("no verdict: this endpoint seems to ignore the control (prompt)")
    assert verdict.p is None


@pytest.mark.parametrize("finding", [Obeyed.OBEYED, Obeyed.UNDECIDED])
def test_other_findings_on_the_control_do_not_stand_in_the_way(swept, finding):
    obedience = Obedience(finding, pairs=30, ratio=4.0, upper=5.0, p=0.001)

    (verdict,) = verdicts_of([Evidence(swept(SETTLED, draws=400), obedience=obedience)])

    assert verdict.finding is Finding.NO_MORE_GAINS


def test_all_verdicts_of_a_report_are_adjusted_together(swept):
    grid = swept(SETTLED, draws=64)
    alone = thinking(grid, margin=0.04)
    other = Evidence(swept(RISING, draws=16))

    together = verdicts_of([Evidence(grid, margin=0.04), *[other] * 9])[0]

    assert alone.finding is Finding.NO_MORE_GAINS
    assert together.p_adjusted > alone.p_adjusted
    assert together.finding is Finding.TOO_EARLY
    assert "no more gains within 4 points taken alone" in together.words


def test_a_plateau_that_the_other_verdicts_stand_in_the_way_of_is_not_called_growth(swept):
    # It rises a little at its end, within the margin.
    grid = swept(0.3 + 0.1 * np.minimum(OCTAVES - 8, 3) + 0.006 * np.maximum(OCTAVES - 11, 0), draws=3000)
    others = [Evidence(swept(RISING, draws=16))] * 9

    alone = thinking(grid, margin=0.015)
    together = verdicts_of([Evidence(grid, margin=0.015), *others])[0]

    assert alone.finding is Finding.NO_MORE_GAINS
    assert together.finding is Finding.TOO_EARLY


def test_each_run_is_held_to_its_own_margin(swept):
    grid = swept(SETTLED, draws=64)

    wide, fine = verdicts_of([Evidence(grid, margin=0.1), Evidence(grid, margin=0.001)])

    assert (wide.margin, fine.margin) == (0.1, 0.001)
    assert wide.finding is Finding.NO_MORE_GAINS
    assert fine.finding is not Finding.NO_MORE_GAINS


def test_a_verdict_that_cannot_be_tested_costs_the_others_nothing(swept):
    grid = swept(SETTLED, draws=64)
    ignored = Obedience(Obeyed.IGNORED, pairs=30, ratio=1.0, upper=1.1, p=0.5)

    together = verdicts_of([Evidence(grid, margin=0.04), *[Evidence(grid, obedience=ignored)] * 9])[0]

    assert together == thinking(grid, margin=0.04)


def test_one_budget_has_no_verdict_and_tokens_that_hardly_differ_say_too_little(swept):
    grid = swept(RISING, draws=16)

    assert verdicts_of([Evidence(grid.columns([3]))]) == ()
    near = replace(swept(np.full(8, 0.5), draws=16), tokens=np.tile(2.0 ** (8 + 0.1 * np.arange(8)), (40, 1)))
    assert thinking(near).words == "not enough to tell: the most tokens used are not twice the fewest"


def test_budgets_without_common_problems_say_nothing(swept):
    grid = swept(RISING, draws=16)
    drawn = np.where(np.arange(40)[:, None] % 2 == np.arange(8) % 2, grid.drawn, 0)

    verdict = thinking(replace(grid, drawn=drawn, right=np.minimum(grid.right, drawn)))

    assert verdict.finding is Finding.TOO_EARLY
    assert verdict.words == "not enough to tell: no two problems have a sample at every budget"


def test_budgets_of_equally_many_tokens_are_no_curve(swept):
    grid = swept(RISING, draws=16)

    verdict = thinking(replace(grid, tokens=np.full(grid.drawn.shape, 256.0)))

    assert verdict.words == "not enough to tell: all budgets used equally many tokens"


def test_votes_that_settle_early_gain_no_more(over_votes):
    verdict = over_votes(0.05 + 0.9 * (np.arange(30) % 3 > 0), draws=128)

    assert verdict.finding is Finding.NO_MORE_GAINS
    assert verdict.over == "votes"
    assert verdict.words.startswith("no more gains beyond 2^1")
    assert verdict.reasons[0] == "votes at 2048"


def test_votes_that_go_on_helping_are_growing(over_votes):
    assert over_votes(np.linspace(0.5, 0.65, 30), draws=128).finding is Finding.GROWING


def test_votes_are_not_said_to_grow_where_the_last_of_them_bring_nothing_but_cannot_be_tested(over_votes):
    # A third of the problems are settled by 8 votes.
    verdict = over_votes(np.where(np.arange(30) % 3 > 0, 0.99, 0.86), draws=16)

    assert verdict.finding is Finding.TOO_EARLY
    assert re.match(r"grew by \+\d\.\d points per doubling \[.*\] up to 8 votes; not enough to tell", verdict.words)
    assert verdict.words.endswith("votes of 16 need 32 draws of each problem")
    assert re.fullmatch(r"from 8 to 16 votes: [+-]?\d\.\d points", verdict.reasons[1])


@pytest.mark.parametrize("draws", [2, 4, 7])
def test_votes_of_too_few_draws_say_so(over_votes, draws):
    verdict = over_votes(np.full(30, 0.9), draws=draws)

    assert verdict.finding is Finding.TOO_EARLY
    words = f"not enough to tell: votes of 4 need 8 draws of each problem, and there are {draws}"
    assert verdict.words == words


def test_nobody_voted_where_each_problem_was_asked_once(votes, swept):
    grid = swept(RISING, draws=16).columns([0])

    assert verdicts_of([Evidence(grid, [votes(np.full(40, 0.5), 1)])]) == ()
    assert verdicts_of([Evidence(grid, [])]) == ()


def test_of_several_conditions_the_one_with_the_most_draws_votes(votes, swept):
    grid = swept(RISING, draws=16)
    few = replace(votes(np.full(40, 0.9), 16), budget=16)
    many = votes(np.full(40, 0.9), 64)

    assert verdicts_of([Evidence(grid, [few, many, few])])[1].reasons[0] == "votes at 2048"


def test_votes_of_a_budget_that_was_cut_off_are_withheld(votes, swept):
    # What the table has lost counts, among all draws: the grid has those of the first plan only.
    grid = replace(swept(RISING, draws=16).columns([0]), budgets=(2048,))
    table = votes(0.05 + 0.9 * (np.arange(40) % 3 > 0), 128)

    assert verdicts_of([Evidence(grid, [table])])[0].finding is Finding.NO_MORE_GAINS
    assert verdicts_of([Evidence(grid, [replace(table, lost=5 / 128)])])[0].finding is Finding.WITHHELD


def test_without_a_margin_there_is_no_verdict(swept):
    with pytest.raises(ValueError, match="above 0"):
        Evidence(swept(SETTLED, draws=4), margin=0)


def test_a_verdict_says_what_it_is_in_json(swept):
    said = thinking(swept(SETTLED, draws=400)).to_json()

    assert said["finding"] == "no more gains"
    assert said["label"] == "one"
    assert said["ci95"][0] < said["per_doubling"] < said["ci95"][1]


def thinking(grid, margin=0.02):
    return verdicts_of([Evidence(grid, margin=margin)])[0]
