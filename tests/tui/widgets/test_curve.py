"""The curve's pane: drawn anew when the figure or the room changed, and not otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.content import Content

from core.store.opening import reading
from tui.plotting import terminal
from tui.snapshots.figure import curve_of
from tui.widgets.curve import Curve


@pytest.fixture
def figure(book):
    one = book()
    for draw in range(3):
        one.keep("p1", 100, draw, right=draw > 0, tokens=300)
        one.keep("p2", 400, draw, "2", right=True, tokens=1200)
    with reading(one.place) as db:
        return curve_of(db, one.id).figure


async def test_it_draws_the_figure_and_names_its_marks_in_the_frame(alone, figure):
    async with alone(Curve("2 accuracy")) as seen:
        assert seen.lines[0] == "no samples yet"

        seen.widget.show(figure)
        await seen.pilot.pause()

        assert "●" in seen.text
        assert "100%" in seen.text
        assert Content.from_markup(seen.widget.border_title).plain == "2 accuracy"
        assert "asked" in Content.from_markup(seen.widget.border_subtitle).plain


async def test_the_same_figure_is_not_drawn_again_and_another_size_is(alone, figure, monkeypatch):
    drawn = []

    def counting(*what, **how):
        drawn.append(what[1:])
        return original(*what, **how)

    original = terminal.draw
    monkeypatch.setattr(terminal, "draw", counting)
    async with alone(Curve("2 accuracy")) as seen:
        for _ in range(3):
            seen.widget.show(replace(figure))
            seen.widget.redraw()
        await seen.pilot.resize_terminal(60, 20)
        await seen.pilot.pause()

    assert drawn == [(80, 24), (60, 20)]
