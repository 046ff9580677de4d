from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from core.figures.model import Axis, Band, Edge, Figure, HeatMap, Point, Reference, Region, Series
from tui.plotting.terminal import draw, legend

PICTURES = Path(__file__).with_name("pictures")
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


FULL = replace(
    FIGURE,
    bands=(Band("95 % band", (Edge(363.5, 0.1, 0.3), Edge(11103.6, 0.4, 0.7))),),
    regions=(Region("asked to think longer", 363.5, 11103.6), Region("majority vote", 11103.6, 88448.4)),
    references=(Reference("human", None, 0.9), Reference("paper", 30_000, 0.2), Reference("overtakes", 1000, None)),
    notes=("still growing: +6.6 points per doubling [4.9, 8.4]", "a second sentence"),
)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
def test_regions_are_named_over_their_stretch_of_the_frame(width, height):
    lines = lines_of(FULL, width, height)
    top = next(line for line in lines if "┌" in line)
    borders = [column for column, cell in enumerate(top) if cell == "┬"]

    assert top.index("asked to think longer") < borders[1] < top.index("majority vote")
    assert all(lines[lines.index(top) + 1][column] in "┊┈" for column in borders)


def test_a_region_with_little_room_has_its_name_cut_or_left_out():
    narrow = replace(FULL, regions=(Region("asked to think longer", 363.5, 700.0), Region("x", 700.0, 720.0)))

    top = next(line for line in lines_of(narrow, 120, 40) if "┌" in line)

    assert " asked to… " in top
    assert "x" not in top


def test_a_band_lies_under_the_lines_and_keeps_its_place():
    rows = inside(lines_of(FULL, 80, 24))
    plain = inside(lines_of(replace(FULL, bands=(replace(FULL.bands[0], edges=()),)), 80, 24))

    shaded = {(x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell == "░"}
    inked = {(x, y) for y, row in enumerate(plain) for x, cell in enumerate(row) if cell.strip() and cell != "⠀"}
    assert len(shaded) > 40
    assert not shaded & inked
    assert "".join(rows).count("●") == 5


def test_references_are_named_at_their_place_on_their_line_or_beside_it():
    lines = lines_of(FULL, 80, 24)

    assert any("✚ paper" in line for line in lines)
    assert any("┈human┈" in line for line in lines)
    assert any("┊overtakes" in line for line in lines)


def test_whole_sentences_stand_below_where_there_is_room():
    high, low = lines_of(FULL, 80, 24), lines_of(FULL, 80, 14)

    assert high[-2:] == ["still growing: +6.6 points per doubling [4.9, 8.4]", "a second sentence"]
    assert not any("still growing" in line for line in low)
    assert "still growing: +6.6" in "\n".join(lines_of(FULL, 80, 24, heading=False))


def test_a_figure_without_data_says_why_in_the_figure():
    assert any(" unpriced " in line for line in lines_of(replace(FIGURE, series=(), notes=("unpriced",)), 60, 14))


def test_quartiles_are_thick_and_whiskers_thin():
    alone = replace(ASKED, points=(Point(4000, 0.5, 0.1, 0.9, q1=0.4, q3=0.6),))
    rows = inside(lines_of(replace(FIGURE, series=(alone,)), 60, 27))
    column = next(row.index("●") for row in rows if "●" in row)

    drawn = [row[column] for row in rows if row[column].strip()]

    thick = drawn.count("┃")
    assert thick >= 2
    assert len(drawn) > 2 * thick


def test_a_horizontal_interval_reaches_to_both_sides():
    alone = replace(ASKED, points=(Point(4000, 0.5, left=1000, right=16_000),))
    row = next(row for row in inside(lines_of(replace(FIGURE, series=(alone,)), 60, 27)) if "●" in row)

    assert row.strip().index("●") > 5
    assert len(row.strip()) > 12


def test_a_long_legend_goes_on_below():
    many = tuple(replace(ASKED, name=f"a label with a long name {i}") for i in range(5))

    lines = lines_of(replace(FIGURE, series=many), 80, 24)

    assert [line.count("a label") for line in lines[1:4]] == [2, 2, 1]


def test_what_is_called_the_same_is_in_the_legend_once():
    line = replace(ASKED, name="equal", marker="")

    assert legend(replace(FIGURE, series=(line, line))).plain == "─ equal"


HEAT = replace(
    FIGURE,
    series=(),
    heat=HeatMap(
        tuple(f"2024-II-{i}" for i in range(30)),
        ("2⁴", "2⁸", "2¹¹"),
        tuple((0.0, None if i == 3 else 0.3, 1.0 if i < 15 else 0.8) for i in range(30)),
    ),
)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (60, 18), (30, 12), (12, 5), (200, 60)])
def test_a_heat_map_keeps_to_its_room(width, height):
    lines = lines_of(HEAT, width, height)

    assert len(lines) == height
    assert max(map(cell_len, lines)) <= width


def test_shares_are_read_without_colour():
    lines = lines_of(HEAT, 120, 40)

    easy, hard = (next(line for line in lines if f"2024-II-{i} " in line) for i in (3, 20))
    assert "·" in easy
    assert "█" in easy
    assert "▒" not in easy
    assert "▒" in hard
    assert "▓" in hard
    assert any("never right" in line and "always" in line for line in lines)


def test_more_rows_than_lines_stand_beside_each_other_each_with_the_columns_named():
    lines = lines_of(HEAT, 80, 24)

    assert "2024-II-0 " in lines[2]
    assert "2024-II-15 " in lines[2]
    assert lines[1].count("2⁴") == 2


def test_of_names_that_would_touch_the_last_is_kept():
    columns = tuple(f"2{power}" for power in ("⁸", "⁹", "¹⁰", "¹¹"))
    narrow = replace(HEAT.heat, columns=columns, shares=tuple((0.5,) * 4 for _ in range(30)))

    assert lines_of(replace(HEAT, heat=narrow), 50, 24)[1].split() == ["2⁸", "2⁹", "2¹¹"] * 2


def test_where_even_that_has_no_room_neighbours_are_shown_as_one():
    lines = lines_of(HEAT, 24, 14)

    assert any(" +2 " in line for line in lines)


def test_a_long_name_keeps_its_end():
    long = replace(HEAT, heat=replace(HEAT.heat, rows=tuple(f"OTIS-Mock-AIME-Problem-{i:02d}" for i in range(30))))

    assert any("…-Problem-07" in line or "…AIME-Problem-07" in line for line in lines_of(long, 80, 24))


def test_names_on_the_canvas_cannot_drive_the_terminal():
    hostile = "m\x1b]0;owned\x07\n\u202ex"
    drawn = [
        replace(FULL, regions=(replace(FULL.regions[0], name=hostile),), notes=(hostile,)),
        replace(FULL, references=tuple(replace(one, name=hostile) for one in FULL.references)),
        replace(FULL, bands=(replace(FULL.bands[0], name=hostile),)),
        replace(HEAT, heat=replace(HEAT.heat, rows=(hostile,) * 30, columns=(hostile,) * 3)),
    ]
    for figure in drawn:
        text = draw(figure, 100, 24).plain

        assert not set(text) & {"\x1b", "\x07", "\u202e"}
        assert len(text.split("\n")) == 24


def test_bands_regions_and_references_far_outside_the_axes_are_left_out():
    far = replace(
        FULL,
        bands=(Band("far", (Edge(1e-300, -1e300, 1e300), Edge(1e300, 0.5, 0.6), Edge(float("nan"), 0.1, 0.2))),),
        regions=(Region("far", 1e200, 1e300), Region("nothing", float("nan"), 5.0)),
        references=(Reference("a", 1e300, 0.5), Reference("b", None, float("inf")), Reference("c", 1e-300, None)),
    )

    lines = lines_of(far, 80, 24)

    assert len(lines) == 24
    assert max(map(cell_len, lines)) <= 80


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("name", ["chart", "heat"])
def test_it_looks_as_it_did(name, size):
    """After a change that is meant: THINKTOP_PICTURES=1 pytest tests/tui/plotting, and look at the diff."""
    figure = {"chart": FULL, "heat": HEAT}[name]
    file = PICTURES / f"{name}-{size[0]}x{size[1]}.txt"
    drawn = "\n".join(lines_of(figure, *size)) + "\n"
    if "THINKTOP_PICTURES" in os.environ:
        file.write_text(drawn, "utf-8")

    assert file.read_text("utf-8") == drawn


def test_what_is_left_out_below_a_figure_is_counted():
    many = replace(FULL, notes=tuple(f"sentence {number}" for number in range(9)))

    small, high = lines_of(many, 80, 24), lines_of(many, 80, 60)

    assert "sentence 2" in small[-2]
    assert small[-1] == "6 more in a higher window"
    assert high[-1] == "sentence 8"
