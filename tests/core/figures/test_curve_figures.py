from __future__ import annotations

import pytest

from core.analysis.curve import condition_curve
from core.analysis.records import CellSamples, ConditionSamples
from core.figures.accuracy import accuracy_figure
from core.figures.budget import budget_figure
from core.vocabulary import Control


def asked(budget, used, *, label="m", run=1, samples=1, cost=3_000_000):
    """A condition of two problems, one right and one wrong, every sample using `used` tokens."""
    cells = tuple(
        CellSamples(
            problem_id=problem,
            cluster=None,
            draws=samples,
            missing=0,
            answers=(answer,) * samples,
            right=(answer == "7",) * samples,
            truncated=(False,) * samples,
            completion_tokens=(used,) * samples,
            cost_pico=(cost,) * samples,
            seconds=(used / 50,) * samples,
        )
        for problem, answer in (("a", "7"), ("b", "1"))
    )
    tokens = budget if isinstance(budget, int) else None
    return ConditionSamples(run, label, label, Control.PROMPT, budget, tokens, cells)


def conditions(*samples):
    return [condition_curve(one) for one in samples]


def test_points_stand_at_the_tokens_used_with_their_intervals():
    (series,) = accuracy_figure(conditions(asked(64, 900), asked(16, 300))).series

    assert [(point.x, point.y) for point in series.points] == [(300, 0.5), (900, 0.5)]
    assert all(point.low < point.y < point.high for point in series.points)


def test_votes_go_on_from_the_largest_budget_at_k_times_its_tokens():
    _, votes = accuracy_figure(conditions(asked(16, 300), asked(64, 900, samples=4))).series

    assert votes.name == "votes"
    assert [point.x for point in votes.points] == [900, 1800, 3600]
    assert [point.marked for point in votes.points] == [False, True, True]


def test_budgets_come_in_their_order_though_a_smaller_one_used_more():
    curves = conditions(asked(64, 300), asked(16, 900))

    assert [point.x for point in accuracy_figure(curves).series[0].points] == [900, 300]


def test_labels_differ_by_marker_and_by_name():
    figure = accuracy_figure(conditions(asked(16, 300, label="m"), asked(16, 500, label="n")))

    assert [series.name for series in figure.series] == ["m", "n"]
    assert len({series.marker for series in figure.series}) == 2


def test_one_label_in_two_runs_says_which_run():
    figure = accuracy_figure(conditions(asked(16, 300, run=1), asked(16, 500, run=2)))

    assert [series.name for series in figure.series] == ["m (run 1)", "m (run 2)"]


def test_every_point_lies_within_the_axes():
    curves = conditions(asked(16, 300), asked(2048, 11_000, samples=8))
    for figure in (accuracy_figure(curves), accuracy_figure(curves, log=False), budget_figure(curves)):
        for series in figure.series:
            for point in series.points:
                if point.marked and series.marker:
                    assert figure.x.low < point.x < figure.x.high
                    assert figure.y.low <= point.y <= figure.y.high


@pytest.mark.parametrize(("x", "value", "unit"), [("cost", 3e-6, "$"), ("seconds", 6.0, "s")])
def test_accuracy_can_stand_against_dollars_or_seconds(x, value, unit):
    figure = accuracy_figure(conditions(asked(16, 300)), x)

    assert figure.series[0].points[0].x == pytest.approx(value)
    assert (figure.x.unit, figure.x.scale) == (unit, "log10")


def test_what_has_no_price_is_not_drawn_as_free():
    assert accuracy_figure(conditions(asked(16, 300, cost=None)), "cost").empty


def test_effort_levels_are_ordered_by_what_they_used_and_have_no_budget_axis():
    curves = conditions(asked("high", 900), asked("low", 300))

    assert [point.x for point in accuracy_figure(curves).series[0].points] == [300, 900]
    assert budget_figure(curves).empty


def test_budgets_show_medians_with_quartiles_beside_the_line_of_equality():
    points, equality = budget_figure(conditions(asked(16, 300), asked(64, 900))).series

    assert [(point.x, point.y) for point in points.points] == [(16, 300), (64, 900)]
    assert all(point.x == point.y for point in equality.points)
    assert not equality.marker


def test_nothing_asked_yet_is_an_empty_figure_with_axes():
    for figure in (accuracy_figure(()), budget_figure(()), accuracy_figure((), "cost", log=False)):
        assert figure.empty
        assert figure.x.low < figure.x.high
