from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from core.figures.model import Axis, Figure, Point, Series
from tui.plotting.terminal import draw, legend

SWEEP = ((363.5, 0.2), (420.4, 0.27), (1106.3, 0.43), (5355.2, 0.4), (11103.6, 0.53))
ASKED = Series("asked", "●", "sky", tuple(Point(x, y, y - 0.15, y + 0.2) for x, y in SWEEP), line=True)
VOTES = Series(
    "votes",
    "◆",
    "orange",
    (Point(11103.6, 0.53, marked=False), Point(42867.7, 0.675, 0.5, 0.8), Point(88448.4, 0.7, 0.55, 0.83)),
    line=True,
)
FIGURE = Figure(
    "accuracy against tokens used",
    Axis("completion tokens used", "log2", 300, 110_000),
    Axis("accuracy", "percent", 0, 1),
    (ASKED, VOTES),
)


def lines_of(figure, width, height, **kwargs):
    return draw(figure, width, height, **kwargs).plain.split("\n")


def inside(lines):
    """What stands between the sides of the frame."""
    return [line[line.index(side) + 1 : -1] for line in lines if (side := next((s for s in "┤│" if s in line), ""))]


@pytest.mark.parametrize("width", [1, 5, 12, 30, 58, 80, 120, 211])
@pytest.mark.parametrize("height", [1, 2, 4, 7, 11, 16, 24, 40])
@pytest.mark.parametrize("heading", [True, False])
def test_it_fills_exactly_its_lines_and_never_more_than_its_width(width, height, heading):
    for figure in (FIGURE, replace(FIGURE, series=())):
        lines = lines_of(figure, width, height, heading=heading)

        assert len(lines) == height
        assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (58, 18)])
def test_every_marker_is_inside_the_frame_at_its_row(width, height):
    lines = lines_of(
        replace(FIGURE, series=(replace(ASKED, points=(Point(1000, 1.0), Point(1000, 0.0))),)), width, height
    )

    rows = [line for line in inside(lines) if "●" in line]
    labels = [line.split("┤")[0].strip() for line in lines if "●" in line and "┤" in line]

    assert len(rows) == 2
    assert labels == ["100%", "0%"]


def test_series_differ_by_marker_without_any_colour():
    drawn = "".join(inside(lines_of(FIGURE, 80, 24)))

    assert drawn.count("●") == 5
    assert drawn.count("◆") == 2


def test_the_first_series_lies_on_top():
    votes = replace(VOTES, points=ASKED.points)

    assert "◆" not in "".join(inside(lines_of(replace(FIGURE, series=(ASKED, votes)), 80, 24)))


def test_an_interval_reaches_from_its_low_to_its_high_end():
    alone = replace(ASKED, points=(Point(4000, 0.5, 0.25, 0.75),))
    rows = inside(lines_of(replace(FIGURE, series=(alone,)), 60, 27))

    column = next(row.index("●") for row in rows if "●" in row)
    touched = [i for i, row in enumerate(rows) if row[column] != " "]
    top, bottom = (
        next(i for i, row in enumerate(lines_of(FIGURE, 60, 27)) if row.startswith(s)) for s in ("100%", "  0%")
    )

    assert (touched[-1] - touched[0]) / (bottom - top) == pytest.approx(0.5, abs=0.06)


def test_ticks_have_their_labels_under_their_marks():
    lines = lines_of(FIGURE, 80, 24)
    bottom = next(i for i, line in enumerate(lines) if "└" in line)

    marks = [column for column, cell in enumerate(lines[bottom]) if cell == "┬"]

    assert len(marks) > 3
    for column in marks:
        assert lines[bottom + 1][column - 1 : column + 2].strip()


def test_values_that_are_not_finite_or_not_on_the_axes_are_left_out():
    odd = (
        Point(float("nan"), 0.5),
        Point(500, float("inf")),
        Point(0, 0.5),
        Point(1e300, 0.5),
        Point(500, -4.0, -9.0, 7.0),
    )
    drawn = "".join(inside(lines_of(replace(FIGURE, series=(replace(ASKED, points=(*odd, *ASKED.points)),)), 80, 24)))

    assert drawn.count("●") == 5


def test_without_data_there_is_a_frame_that_says_so():
    lines = lines_of(replace(FIGURE, series=()), 60, 14)

    assert any("no samples yet" in line for line in lines)
    assert any("┌" in line for line in lines)


def test_colour_can_be_left_out_altogether(monkeypatch):
    def ansi(*, colour):
        console = Console(force_terminal=True, color_system="256", width=80, height=24)
        with console.capture() as captured:
            console.print(draw(FIGURE, 80, 24, colour=colour))
        return captured.get()

    monkeypatch.delenv("NO_COLOR", raising=False)

    assert "\x1b" not in ansi(colour=False)
    assert "\x1b[38;5;74m" in ansi(colour=True)
    assert "\x1b[48" not in ansi(colour=True)


def test_names_from_outside_cannot_drive_the_terminal():
    hostile = replace(FIGURE, title="t\x1b[2J", series=(replace(ASKED, name="m\x1b]0;owned\x07\n\u202ex"),))

    drawn = draw(hostile, 100, 24).plain

    assert not set(drawn) & {"\x1b", "\x07", "\u202e"}
    assert len(drawn.split("\n")) == 24


def test_the_legend_moves_below_a_title_that_leaves_no_room():
    wide, narrow = lines_of(FIGURE, 80, 24), lines_of(FIGURE, 40, 24)

    assert "● asked   ◆ votes" in wide[0]
    assert narrow[0] == FIGURE.title
    assert narrow[1] == "● asked   ◆ votes"


def test_the_legend_alone_is_there_for_a_pane_with_its_own_title():
    assert legend(FIGURE).plain == "● asked   ◆ votes"
    assert "accuracy" not in lines_of(FIGURE, 80, 24, heading=False)[0]


def test_two_drawings_of_the_same_figure_are_the_same():
    assert draw(FIGURE, 80, 24) == draw(FIGURE, 80, 24)
