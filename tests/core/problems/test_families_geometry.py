"""Every answer again, from nothing but the words of the question, by looking at every figure or point."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations, pairwise

from core.problems import families_geometry

CONVEX = {
    "triangle": [(0, 0), (12, 0), (0, 12)],
    "quadrilateral": [(0, 0), (12, 1), (11, 12), (1, 11)],
    "pentagon": [(0, 0), (8, -2), (13, 4), (9, 11), (1, 9)],
    "hexagon": [(0, 0), (6, -3), (12, 0), (13, 7), (6, 11), (-1, 6)],
}


def turn(a, b, c):
    """Twice the signed area of a triangle."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def test_triangles_with_whole_sides_are_counted_one_by_one(drawn):
    for exercise in drawn(families_geometry.integer_triangles, 30):
        least, perimeter = exercise.numbers[:2]
        bounded, scalene = "at most" in exercise.question, "no two" in exercise.question
        count = 0
        for a in range(least, perimeter):
            for b in range(a, perimeter - a):
                for c in range(b, min(a + b, perimeter - a - b + 1)):
                    fits = a + b + c <= perimeter if bounded else a + b + c == perimeter
                    count += fits and (not scalene or a < b < c)

        assert exercise.agrees(count), exercise.question


def test_triangles_on_sides_are_those_of_real_points_that_are_not_in_line(drawn):
    for exercise in drawn(families_geometry.points_on_sides, 24):
        shape = next(name for name in CONVEX if name in exercise.question.split(" lie ")[0])
        corners = CONVEX[shape]
        counts = exercise.numbers[: len(corners)]
        marked = list(corners) if "marked too" in exercise.question else []
        for (start, end), count in zip(pairwise([*corners, corners[0]]), counts, strict=True):
            for place in range(1, count + 1):
                part = Fraction(place, count + 1)
                marked.append(tuple(s + (e - s) * part for s, e in zip(start, end, strict=True)))
        assert len(set(marked)) == len(marked)
        scale = 2520  # all shares of a side are whole then, and arithmetic is quick
        whole = [(int(x * scale), int(y * scale)) for x, y in marked]
        count = sum(turn(a, b, c) != 0 for a, b, c in combinations(whole, 3))

        assert exercise.agrees(count), exercise.question


def test_lattice_points_inside_are_those_to_the_left_of_every_side(drawn):
    for exercise in drawn(families_geometry.lattice_points, 40):
        corners = [(int(x), int(y)) for x, y in re.findall(r"\((\d+), (\d+)\)", exercise.question)]
        sides = list(pairwise([*corners, corners[0]]))
        width, height = (max(corner[axis] for corner in corners) for axis in (0, 1))
        inside = sum(
            all(turn(start, end, (x, y)) > 0 for start, end in sides)
            for x in range(width + 1)
            for y in range(height + 1)
        )

        assert exercise.agrees(inside), exercise.question


def test_the_corners_of_a_figure_go_round_it_once_and_it_is_convex(drawn):
    for exercise in drawn(families_geometry.lattice_points):
        corners = [(int(x), int(y)) for x, y in re.findall(r"\((\d+), (\d+)\)", exercise.question)]
        around = [*corners, *corners[:2]]
        assert all(turn(*around[i : i + 3]) > 0 for i in range(len(corners))), exercise.question
