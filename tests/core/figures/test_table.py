"""Every figure of studies whose numbers can be told beforehand."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import combinations, pairwise

import pytest

from core.analysis.study import Reference
from core.analysis.wording import in_points
from core.figures.budget import budget_figure
from core.figures.latency import expected_longest, latency_figure
from core.figures.table import FIGURES, figure_of, titled


def series_of(figure, name):
    return next(one for one in figure.series if one.name == name)


def places(series):
    return [(point.x, point.y) for point in series.points]


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_is_finite_within_its_axes_and_has_something_to_show(name, label_study, study_of):
    study = study_of(label_study("a", flops=1e22, params=1e9), label_study("b", shift=1, flops=1e24, params=2e9))

    for linear in (False, True):
        figure = figure_of(study, name, linear=linear)

        json.dumps(asdict(figure), allow_nan=False)
        assert not figure.empty
        for series in figure.series:
            for point in series.points:
                if point.marked and series.marker:
                    assert figure.x.low <= point.x <= figure.x.high
                    assert figure.y.low <= point.y <= figure.y.high


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_of_nothing_and_of_published_points_can_be_had(name, published, study_of):
    for study in (study_of(), study_of(published)):
        json.dumps(asdict(figure_of(study, name)), allow_nan=False)


def test_labels_differ_by_marker_in_every_figure(label_study, study_of):
    study = study_of(label_study("a"), label_study("b", shift=1), label_study("c", shift=2))

    for name in FIGURES:
        marked = [one.marker for one in figure_of(study, name).series if one.marker]
        assert len(set(marked)) == len(marked)


def test_regions_of_a_lone_label_go_from_asking_to_voting_without_overlap(label_study, study_of):
    figure = figure_of(study_of(label_study()), "accuracy")

    asked = series_of(figure, "asked").points
    assert [one.name for one in figure.regions][:2] == ["asked to think longer", "majority vote"]
    assert (figure.regions[0].low, figure.regions[0].high) == (asked[0].x, asked[-1].x)
    assert all(left.high <= right.low for left, right in pairwise(figure.regions))


def test_a_verdict_of_no_more_gains_ends_the_region_and_names_the_rest(label_study, study_of):
    label = label_study()
    study = study_of(label)
    verdict = replace(study.verdicts[0], over="thinking", beyond_tokens=1000.0, words="no more gains")
    study.__dict__["verdicts"] = (verdict,)

    figure = figure_of(study, "accuracy")

    regions = [(one.name, one.low, one.high) for one in figure.regions]
    most = series_of(figure, "asked").points[-1].x
    assert regions[0][2] == 1000.0
    assert regions[1] == ("no gains", 1000.0, most)
    assert regions[2][0] == "majority vote"
    assert figure.notes[0] == "no more gains"


def test_the_chosen_fit_is_a_line_within_its_band(label_study, study_of):
    figure = figure_of(study_of(label_study()), "accuracy")

    fit = next(one for one in figure.series if not one.marker)
    assert fit.name.endswith("fit")
    for point, edge in zip(fit.points, figure.bands[0].edges, strict=True):
        assert edge.x == point.x
        assert edge.low - 0.05 <= point.y <= edge.high + 0.05


def test_a_reference_stands_at_its_tokens_its_dollars_or_across(label_study, study_of):
    study = study_of(label_study())

    found = {x: figure_of(study, "accuracy", x).references for x in ("tokens", "cost", "seconds")}

    assert [one.x for one in found["tokens"]] == [None, 3000.0]
    assert [one.x for one in found["cost"]] == [None, 0.01]
    assert [one.x for one in found["seconds"]] == [None, None]


@pytest.mark.parametrize(("name", "x"), [("accuracy", "cost"), ("cost", "cost"), ("vote", "tokens")])
def test_an_axis_reaches_to_every_reference(name, x, label_study, study_of):
    far = Reference("a person", 0.95, 1e7, 15.0)
    study = replace(study_of(label_study()), references=(far,))

    figure = figure_of(study, name, x)

    assert figure.x.high > next(one.x for one in figure.references if one.x is not None)


def test_published_votes_stand_at_the_tokens_that_were_published(published, study_of):
    figure = figure_of(study_of(published), "accuracy")

    assert places(series_of(figure, "votes")) == [(2000.0, 0.4), (3900.0, 0.5), (7700.0, 0.6)]
    assert [one.name for one in figure.series if not one.marker] == ["straight fit", "straight fit, votes included"]
    assert "0.1000 log2(tokens)" in figure.notes[0]


def test_the_budget_figure_names_where_the_model_listens_and_keeps_to_it_in_focus(label_study, study_of):
    study = study_of(label_study())
    heard = study.labels[0].listening

    whole, near = figure_of(study, "budget"), figure_of(study, "budget", focus=True)

    assert [(one.name, one.low, one.high) for one in whole.regions] == [("listens", heard.low, heard.high)]
    assert all(heard.low <= point.x <= heard.high for point in series_of(near, "asked").points)
    assert any("listens from" in note for note in whole.notes)


def test_focus_leaves_out_what_the_model_does_not_listen_to(label_study):
    curves = label_study().curves

    near = budget_figure(curves, listens=(128.0, 512.0), focus=True)

    assert [point.x for point in series_of(near, "asked").points] == [128, 256, 512]
    assert near.x.low > 64
    assert near.x.high < 1024


def test_overrun_has_quartiles_within_whiskers(label_study, study_of):
    figure = figure_of(study_of(label_study()), "overrun")

    for point in series_of(figure, "median").points:
        assert point.low <= point.q1 <= point.y <= point.q3 <= point.high
    assert len(series_of(figure, "geometric mean").points) == 5
    assert figure.references[0].y == 1.0


def test_votes_and_coverage_start_from_one_sample_and_coverage_lies_above(label_study, study_of):
    figure = figure_of(study_of(label_study()), "vote")

    votes, passed = series_of(figure, "maj@k").points, series_of(figure, "pass@k").points
    assert (votes[0].x, votes[0].y) == pytest.approx((passed[0].x, passed[0].y))
    assert [point.x / votes[0].x for point in votes] == pytest.approx([1, 2, 4])
    assert all(vote.y <= cover.y for vote, cover in zip(votes, passed, strict=True))
    assert any(one.name.startswith("limit of votes") for one in figure.references)


def test_cost_puts_the_steps_of_the_frontier_into_words(label_study, study_of):
    study = study_of(label_study())

    figure = figure_of(study, "cost")

    path = series_of(figure, "nothing cheaper is better").points
    assert all(left.x < right.x and left.y < right.y for left, right in pairwise(path))
    step = study.labels[0].frontier.places[0].onward
    said = f"{100 * step.gain:+.1f} points for ${step.extra:.3g} more, {step.rate:.3g} points a cent"
    assert said in figure.notes[-1]
    dearest = [place for place in study.labels[0].frontier.places if place.onward][-1].onward
    assert figure.notes[0].startswith(f"{dearest.start.budget}")


def test_of_several_models_cost_says_how_to_have_the_steps(label_study, study_of):
    figure = figure_of(study_of(label_study("a"), label_study("b", shift=1)), "cost")

    assert figure.notes[-1] == "shown alone, a model also says where its next dollar goes"


def test_unpriced_runs_say_why_there_is_no_figure_of_dollars(label_study, study_of):
    study = study_of(label_study(price=None), label_study("b", price=None))

    assert figure_of(study, "cost").notes == ("unpriced: no dollars are known",)
    assert figure_of(study, "compare").title == "accuracy at equal tokens"


def test_problems_stand_from_the_easiest_to_the_hardest_and_match_across_labels(label_study, study_of):
    figure = figure_of(study_of(label_study("a"), label_study("b", shift=1)), "problems")

    heat = figure.heat
    assert heat.rows == tuple(f"p{p}" for p in range(10))
    assert heat.columns == ("2⁶", "2⁷", "2⁸", "2⁹", "2¹⁰", "", "2⁶", "2⁷", "2⁸", "2⁹", "2¹⁰")
    assert heat.shares[0][:5] == (0.75, 1, 1, 1, 1)
    assert heat.shares[3][6:] == (0.5, 1, 1, 1, 1)
    assert all(row[5] is None for row in heat.shares)
    assert figure.notes[0] == "columns: a, then b"


def test_votes_at_once_take_as_long_as_the_slowest(label_study, study_of):
    figure = figure_of(study_of(label_study()), "latency")

    at_once = series_of(figure, "votes, all at once").points
    one_by_one = series_of(figure, "votes, one after another").points
    assert [point.y for point in at_once] == [point.y for point in one_by_one]
    assert all(left.x <= right.x for left, right in zip(at_once, one_by_one, strict=True))
    # All four of a problem: its own slowest, a mean over problems.
    assert at_once[-1].x == pytest.approx(sum((1024 * 4 + 10 * p + 3) / 100 for p in range(10)) / 10)


def test_a_problem_of_which_no_time_is_known_does_not_shorten_the_wait(label_study):
    label = label_study()
    untold = [replace(one.cells[0], seconds=(0.0,) * 4) for one in label.grid.samples]
    samples = [
        replace(one, cells=(first, *one.cells[1:])) for one, first in zip(label.grid.samples, untold, strict=True)
    ]

    figure = latency_figure(label.curves, {(label.run, label.label): samples})

    longest = [max(cell.seconds) for cell in samples[-1].cells[1:]]
    assert series_of(figure, "votes, all at once").points[-1].x == pytest.approx(sum(longest) / len(longest))


def test_the_expected_longest_of_k_is_the_mean_over_all_subsets():
    seconds = (3.0, 1.0, 7.0, 4.0, 4.0)

    for k in range(1, 6):
        subsets = [max(some) for some in combinations(seconds, k)]
        assert expected_longest(seconds, k) == pytest.approx(sum(subsets) / len(subsets))
    with pytest.raises(ValueError, match="6 of 5"):
        expected_longest(seconds, 6)


def test_the_hard_lie_below_the_easy(label_study, study_of):
    series = figure_of(study_of(label_study()), "difficulty").series

    assert [one.name for one in series] == ["1 easiest", "2", "3", "4", "5 hardest"]
    assert series[0].points[0].y > series[-1].points[0].y


def test_comparing_says_the_paired_difference_and_where_one_overtakes(label_study, study_of):
    study = study_of(label_study("cheap", price=1), label_study("good", shift=1, price=4))

    figure = figure_of(study, "compare")

    assert figure.title == "accuracy at equal dollars"
    last = study.comparisons[0].at[-1]
    assert figure.notes[0].startswith("good less cheap, 10 problems paired: ")
    assert f"{in_points(last.difference)} points [" in figure.notes[0]
    assert figure.notes[0].endswith(f"at ${last.spend:.3g}")
    upright = [one for one in figure.references if one.y is None]
    assert len(upright) == sum(one.spend is not None for one in study.crossovers)


def test_comparing_can_be_held_at_equal_tokens_or_time(label_study, study_of):
    study = study_of(label_study("a"), label_study("b", shift=1))

    assert "tokens" in figure_of(study, "compare", "tokens").notes[0]
    assert figure_of(study, "compare", "seconds").x.unit == "s"


def test_one_label_alone_is_told_that_it_takes_two(label_study, study_of):
    assert any("one label only" in note for note in figure_of(study_of(label_study()), "compare").notes)


def test_the_trade_has_a_line_for_each_level_that_models_share(label_study, study_of):
    study = study_of(label_study("a", flops=1e22, params=1e9), label_study("b", shift=1, flops=1e24, params=1e9))

    figure, from_zero = figure_of(study, "trade"), figure_of(study, "trade", linear=True)

    contours = study.trades[0].contours
    assert [one.name for one in figure.references] == [f"{one.level:.0%}" for one in contours]
    assert (figure.x.unit, figure.y.unit) == ("FLOP", "FLOP")
    assert min(point.x for one in from_zero.series for point in one.points) == 0
    assert figure.notes[0] == study.trades[0].words


def test_coverage_goes_on_beyond_the_samples_by_its_fits(label_study, study_of):
    figure = figure_of(study_of(label_study()), "coverage")

    assert [point.x for point in series_of(figure, "pass@k").points] == [1, 2, 4]
    for name in ("power law", "Beta-Binomial"):
        line = series_of(figure, name).points
        assert (line[0].x, line[-1].x) == (1, 16)


def test_one_label_can_be_shown_alone(label_study, study_of):
    study = study_of(label_study("a"), label_study("b"))

    assert [one.name for one in figure_of(study, "accuracy", label="b").series][:2] == ["asked", "votes"]


def test_the_title_has_the_mark_first_and_every_run(label_study, study_of, published):
    study = study_of(label_study("a\x1b[2J"), published)

    title = titled(figure_of(study, "accuracy"), study, "a\x1b[2J").title

    assert title.startswith("SIMULATED · run 1, run 2 · a␛[2J · accuracy")


def test_labels_of_one_condition_are_compared_problem_by_problem(label_study, study_of):
    lone = [
        replace(label, grid=label.grid.columns([-1]), curves=label.curves[-1:], voting=tuple)
        for label in (label_study("a"), label_study("b", shift=-1))
    ]
    study = study_of(*lone)

    figure = figure_of(study, "compare")

    (found,) = study.differences
    assert figure.notes[0].startswith("b less a at 1024, 10 problems paired, whatever they spent: ")
    assert f"{in_points(found.found.difference)} points [" in figure.notes[0]


def test_a_seventh_label_does_not_look_like_the_first(label_study, study_of):
    study = study_of(*(label_study(f"m{i}") for i in range(8)))

    asked = [one for one in figure_of(study, "accuracy").series if "votes" not in one.name]
    assert len({(one.marker, one.colour) for one in asked}) == 8


def test_coverage_needs_no_tokens(label_study, study_of):
    label = label_study()
    untold = tuple(replace(curve, mean_completion_tokens=None) for curve in label.curves)

    figure = figure_of(study_of(replace(label, curves=untold)), "coverage")

    assert series_of(figure, "pass@k").points
