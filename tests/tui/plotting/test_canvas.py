from __future__ import annotations

import random
import subprocess
import sys

import pytest

from tui.plotting.canvas import Mark, Stroke, clip, paint

INFINITE, NOTHING = float("inf"), float("nan")


def plain(*args, **kwargs):
    return [line.plain for line in paint(*args, **kwargs)]


@pytest.mark.parametrize("size", [(10, 4), (73, 19), (300, 90)])
def test_a_mark_stands_in_exactly_the_cell_that_was_said(size):
    width, height = size
    for x, y in ((0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1), (width // 2, height // 3)):
        lines = plain(width, height, [], [Mark((x, y), "●")])

        assert len(lines) == height
        assert lines[height - 1 - y].index("●") == x


def test_marks_lie_over_strokes_and_later_marks_over_earlier_ones():
    lines = plain(5, 1, [Stroke((0, 0), (4, 0))], [Mark((2, 0), "◆"), Mark((2, 0), "●")])

    assert lines[0][2] == "●"
    assert all(ord(cell) > 0x2800 for cell in lines[0][:2] + lines[0][3:])


def test_the_figure_before_leaves_nothing_behind():
    paint(8, 3, [Stroke((0, 0), (7, 2))], [Mark((3, 1), "●")])

    assert "".join(plain(8, 3, [], [])).strip() == ""


def test_what_is_not_finite_or_far_outside_never_reaches_plotext():
    # In a process of its own: were it to reach plotext, the process would die.
    script = """
from tui.plotting.canvas import Mark, Stroke, paint
bad = [float("nan"), float("inf"), -float("inf"), 1e308, -1e308, 1e18]
strokes = [Stroke((a, 1), (2, b)) for a in bad for b in bad] + [Stroke((a, b), (b, a)) for a in bad for b in bad]
lines = paint(20, 5, strokes, [Mark((a, b), "o") for a in bad for b in [*bad, 1]])
print(len(lines), "o" in "".join(line.plain for line in lines))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout.split()) == (0, ["5", "False"]), done.stderr


def test_a_segment_is_cut_where_it_leaves():
    (x0, y0), (x1, y1) = clip((-10, 2), (10, 2), 8, 5)

    assert (x0, y0, x1, y1) == pytest.approx((-0.49, 2, 7.49, 2))


def test_a_slanted_segment_keeps_its_slope():
    (x0, y0), (x1, y1) = clip((-4, -4), (8, 20), 8, 5)

    assert (y1 - y0) / (x1 - x0) == pytest.approx(2)
    assert (x0, y0, x1, y1) == pytest.approx((-0.49, 3.02, 0.245, 4.49))


def test_what_comes_from_very_far_is_on_the_canvas_when_clipped():
    rng = random.Random(1)
    for _ in range(2000):
        start = (rng.uniform(-1, 1) * 10 ** rng.randint(1, 300), rng.uniform(-1, 1) * 10 ** rng.randint(1, 300))
        for x, y in clip(start, (rng.uniform(0, 7), rng.uniform(0, 4)), 8, 5) or ():
            assert -0.5 < x < 7.5
            assert -0.5 < y < 4.5


@pytest.mark.parametrize(
    "segment",
    [((-2, -2), (-2, 9)), ((9, 0), (20, 4)), ((-3, 4), (4, 12)), ((NOTHING, 1), (2, 2)), ((1, 1), (INFINITE, 2))],
)
def test_a_segment_outside_or_without_end_is_dropped(segment):
    assert clip(*segment, 8, 5) is None


def test_without_colour_there_is_no_code_at_all():
    lines = paint(8, 3, [Stroke((0, 0), (7, 2), 74)], [Mark((3, 1), "●", 214)], colour=False)

    assert all(not line.spans and not line.style for line in lines)
    assert any(line.spans for line in paint(8, 3, [Stroke((0, 0), (7, 2), 74)], []))
