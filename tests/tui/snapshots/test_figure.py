"""The curve as the monitor reads it."""

from __future__ import annotations

from core.store.opening import reading
from tui.snapshots.figure import curve_of


def test_votes_are_those_of_the_largest_budget_and_of_more_than_one_draw(book):
    run = book()
    for draw, answer in enumerate(("42", "42", "17", "42")):
        run.keep("p1", 400, draw, answer, right=answer == "42")
        run.keep("p2", 400, draw, "2", right=True)
    with reading(run.place) as db:
        (votes,) = curve_of(db, run.id).votes

    assert (votes.label, votes.budget) == ("m", 400)
    assert [at.k for at in votes.maj_at] == [2, 4]
    assert votes.maj_at[-1].value == 1.0


def test_a_run_without_samples_has_a_figure_without_votes(book):
    run = book()
    with reading(run.place) as db:
        assert curve_of(db, run.id).votes == []
