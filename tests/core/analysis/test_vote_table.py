from __future__ import annotations

import json
from dataclasses import replace
from math import isnan
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.curve import condition_curve
from core.analysis.records import CellSamples, CellTotals, ConditionSamples, ConditionTotals
from core.analysis.vote_table import vote_table, vote_table_of_tallies, votes_where
from core.analysis.votes import maj_at, tally
from core.vocabulary import Control

EPOCH = Path(__file__).parents[4] / "shared" / "data" / "epoch_otis_aime" / "gpt-5.2_samples.jsonl"


def cell(problem, answers, *, cluster=None, cost=2_000_000, tokens=300):
    n = len(answers)
    return CellSamples(
        problem_id=problem,
        cluster=cluster,
        draws=n,
        missing=0,
        answers=tuple(None if answer == "-" else answer for answer in answers),
        right=tuple(answer == "7" for answer in answers),
        truncated=(False,) * n,
        completion_tokens=(tokens,) * n,
        cost_pico=(cost,) * n,
        seconds=(1.5,) * n,
    )


def condition(*cells, label="a", budget=512):
    asked = budget if isinstance(budget, int) else None
    return ConditionSamples(1, label, "a", Control.PROMPT, budget, asked, cells)


def totals(samples):
    return ConditionTotals(
        1,
        samples.label,
        "a",
        Control.PROMPT,
        samples.budget,
        None,
        None,
        tuple(
            CellTotals(
                cluster=one.cluster,
                draws=one.draws,
                missing=one.missing,
                samples=one.samples,
                right=sum(right for _, right in one.ballots),
                answered=one.samples,
                truncated=sum(one.truncated),
                summed=one.samples,
                completion_tokens=sum(one.completion_tokens),
                log2_tokens=0.0,
                cost_pico=sum(cost or 0 for cost in one.cost_pico),
                seconds=sum(one.seconds),
                tallied=tally(one.ballots),
            )
            for one in samples.cells
        ),
    )


def test_a_row_is_a_problem_and_a_column_a_number_of_votes():
    first, second = cell("a", "7777-112"), cell("b", "1123", cluster="x")

    table = vote_table(condition(first, cell("none", ""), second))

    assert table.ks == (1, 2, 4)
    assert (table.problems, table.clusters, table.drawn) == (("a", "b"), (None, "x"), (8, 4))
    assert table.credit[0].tolist() == list(maj_at(first.ballots, (1, 2, 4)))
    assert table.coverage[0] == pytest.approx([1 / 2, 1 - 4 * 3 / (8 * 7), 1 - 1 / 70])
    assert table.coverage[1].tolist() == table.credit[1].tolist() == [0, 0, 0]


def test_tokens_dollars_and_seconds_are_those_of_one_sample_each_problem_counting_once():
    table = vote_table(
        condition(cell("a", "7" * 9, tokens=100, cost=1_000_000_000), cell("b", "7", tokens=300, cost=0))
    )

    assert (table.tokens, table.dollars, table.seconds) == pytest.approx((200, 0.0005, 1.5))


def test_one_unpriced_sample_leaves_the_cost_unknown():
    assert vote_table(condition(cell("a", "7"), cell("b", "7", cost=None))).dollars is None


def test_a_condition_without_a_sample_has_an_empty_table():
    table = vote_table(condition(cell("a", "")))

    assert (table.ks, table.credit.shape, table.coverage.shape) == ((), (0, 0), (0, 0))
    assert isnan(table.tokens)
    assert json.loads(json.dumps(table.to_json()))["tokens_per_sample"] is None


@pytest.mark.parametrize("k", [0, 5])
def test_a_k_that_not_every_problem_has_is_refused(k):
    with pytest.raises(ValueError, match="needs 1 <= k <= 4"):
        vote_table(condition(cell("a", "7777"), cell("b", "77777")), (k,))


def test_sums_give_the_same_table_as_samples():
    samples = condition(cell("a", "77112-", cluster="x"), cell("none", ""), cell("b", "1271"), budget="high")

    kept, summed = vote_table(samples, (3, 1)), vote_table_of_tallies(totals(samples), ["a", "none", "b"], (1, 3))

    assert kept.to_json() == summed.to_json()
    assert (kept.credit == summed.credit).all()
    assert (kept.coverage == summed.coverage).all()
    assert (kept.problems, kept.clusters, kept.drawn) == (summed.problems, summed.clusters, summed.drawn)


def test_samples_that_are_not_graded_yet_count_for_what_one_takes_and_for_nothing_else():
    sums = totals(condition(cell("a", "71", tokens=100)))
    more = replace(sums, cells=(sums.cells[0]._replace(summed=8, completion_tokens=1600, seconds=4.0),))

    table = vote_table_of_tallies(more, ["a"])

    assert (table.tokens, table.seconds, table.drawn, table.ks) == (200, 0.5, (2,), (1, 2))


def test_sums_without_tallies_are_refused():
    sums = totals(condition(cell("a", "77")))
    bare = replace(sums, cells=tuple(one._replace(tallied=None) for one in sums.cells))

    with pytest.raises(ValueError, match="not tallied"):
        vote_table_of_tallies(bare, ["a"])


def test_beyond_the_fewest_draws_votes_are_about_the_problems_that_have_them():
    uneven = condition(cell("a", "7771"), cell("b", "11777777"), cell("c", "1111"))

    assert votes_where(uneven, 8) == (1.0, 1.0, 1)
    assert votes_where(uneven, 4) == pytest.approx(
        (1 / 3 * (1 + votes_where(condition(cell("b", "11777777")), 4).maj), 2 / 3, 3)
    )
    assert votes_where(uneven, 9) == (None, None, 0)
    with pytest.raises(ValueError, match="cannot vote"):
        votes_where(uneven, 0)


@settings(max_examples=25)
@given(st.lists(st.text("712", min_size=2, max_size=9), min_size=1, max_size=4))
def test_one_vote_is_accuracy_and_so_are_two_where_nobody_abstains(answers):
    samples = condition(*(cell(str(i), one) for i, one in enumerate(answers)))

    table = vote_table(samples, (1, 2))

    assert table.coverage[:, 0].tolist() == pytest.approx(table.credit[:, 0].tolist(), abs=1e-15)
    assert table.credit[:, 1] == pytest.approx(table.credit[:, 0], abs=1e-15)
    assert table.credit[:, 0].mean() == pytest.approx(condition_curve(samples).accuracy)


def epoch(effort):
    """The samples of one effort level, read as the README of the data says."""
    rows = [row for line in EPOCH.open() if (row := json.loads(line))["reasoning_effort"] == effort]
    cells = {}
    for row in rows:
        cells.setdefault(row["id"], []).append(row)
    return condition(
        *(
            CellSamples(
                problem_id=problem,
                cluster=None,
                draws=len(held),
                missing=0,
                answers=tuple(row.get("answer") or None for row in held),
                right=tuple(row.get("graded") == "C" for row in held),
                truncated=(False,) * len(held),
                completion_tokens=tuple(row.get("output_tokens", 0) for row in held),
                cost_pico=(None,) * len(held),
                seconds=tuple(row.get("total_time", 0) for row in held),
            )
            for problem, held in cells.items()
        ),
        budget=effort,
    )


@pytest.mark.skipif(not EPOCH.exists(), reason="the shared data is not here")
@pytest.mark.parametrize(
    ("effort", "tokens", "accuracy", "at"),
    [
        ("low", "4537.9", "0.7889", {4: ("0.8943", "0.8606"), 8: ("0.9111", "0.9000")}),
        ("medium", "7995.4", "0.9389", {4: ("0.9714", "0.9505"), 8: ("0.9778", "0.9556")}),
        ("high", "11016.8", "0.9611", {4: ("0.9762", "0.9619"), 8: ("0.9778", "0.9556")}),
        ("xhigh", "18614.8", "0.9611", {4: ("0.9778", "0.9556")}),
    ],
)
def test_the_shared_logs_give_the_readings_known_to_be_right(effort, tokens, accuracy, at):
    table = vote_table(epoch(effort))

    passed, maj = ({k: f"{value:.4f}" for k, value in zip(table.ks, of.mean(axis=0), strict=True)}
                   for of in (table.coverage, table.credit))  # fmt: skip

    assert {k: (passed[k], maj[k]) for k in at} == at
    assert (passed[1], maj[1], f"{table.tokens:.1f}") == (accuracy, accuracy, tokens)


def test_what_was_cut_off_or_failed_is_a_share_of_all_draws():
    cut = replace(cell("a", "1112"), truncated=(True, False, False, False), missing=2)
    gone = replace(cell("b", ""), missing=4)
    samples = condition(cut, gone)

    assert vote_table(samples).lost == (1 + 6) / (4 + 6)
    assert vote_table_of_tallies(totals(samples), ("a", "b")).lost == (1 + 6) / (4 + 6)
    assert vote_table(condition()).lost == 0.0


def test_a_problem_whose_tokens_nobody_said_is_left_out_of_their_mean():
    told, untold = cell("a", "11", tokens=300), cell("b", "11", tokens=0)

    assert vote_table(condition(told, untold)).tokens == 300
    assert vote_table(condition(untold)).to_json()["tokens_per_sample"] is None
