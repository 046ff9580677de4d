"""Families about figures with whole-number results: triangles, points on sides, lattice points inside.

Each function makes one exercise from a generator and a difficulty; nothing else is read or kept.
"""

from __future__ import annotations

from itertools import pairwise
from math import comb, gcd
from typing import TYPE_CHECKING

from core.problems.exercise import EASY, HARD, Exercise, asking, listed, scaled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_SHAPES = {3: "triangle", 4: "convex quadrilateral", 5: "convex pentagon", 6: "convex hexagon"}


def integer_triangles(rng: Random, difficulty: float) -> Exercise:
    """Triangles with whole sides and a given perimeter, then scalene ones, then all perimeters up to one."""
    longest = scaled(difficulty, 60, 110)
    perimeter = rng.randint(longest // 2, longest)
    least = rng.randint(2, perimeter // 5)
    scalene = difficulty >= EASY
    bounded = difficulty >= HARD
    story = (
        f"Consider triangles whose sides have integer lengths of at least {least}"
        f"{', no two of them equal,' if scalene else ''} and whose perimeter is {'at most ' if bounded else ''}"
        f"{perimeter}. Congruent triangles count as one."
    )
    sums = range(3 * least, perimeter + 1) if bounded else (perimeter,)
    value = sum(_triangles(total, least, scalene=scalene) for total in sums)
    return asking(story, "the number of such triangles", value)


def _triangles(perimeter: int, least: int, *, scalene: bool) -> int:
    """Triangles a <= b <= c with a >= least: for each a, the b that leave b <= c < a + b, at once."""
    apart = int(scalene)
    return sum(
        # From c = perimeter - a - b: b is above perimeter/2 - a, and 2b is at most perimeter - a (less one if scalene).
        max(0, (perimeter - a - apart) // 2 - max(perimeter // 2 - a + 1, a + apart) + 1)
        for a in range(least, perimeter // 3 + 1)
    )


def points_on_sides(rng: Random, difficulty: float) -> Exercise:
    """Triangles with corners among points on a polygon's sides; both grow in number, then the vertices join in."""
    points = [rng.randint(2, scaled(difficulty, 5, 8)) for _ in range(scaled(difficulty, 3, 6))]
    corners = len(points) if difficulty >= HARD else 0
    extra = 2 if corners else 0
    story = (
        f"On the sides of a {_SHAPES[len(points)]} lie {listed(points)} marked points, side by side in this order, "
        f"{'besides its vertices, which are marked too' if corners else 'none of them at a vertex'}."
    )
    value = comb(sum(points) + corners, 3) - sum(comb(on_side + extra, 3) for on_side in points)
    return asking(story, "the number of triangles (of positive area) whose three corners are marked points", value)


def lattice_points(rng: Random, difficulty: float) -> Exercise:
    """Lattice points strictly inside a triangle, then a quadrilateral, by Pick's theorem; the figure grows."""
    width, height = (rng.randint(scaled(difficulty, 6, 25), scaled(difficulty, 16, 60)) for _ in range(2))
    if difficulty < EASY:
        corners = [(0, 0), (width, rng.randint(0, height // 2)), (rng.randint(0, width // 2), height)]
    else:  # one corner on each side of a box is always convex
        x, other_x = rng.randint(1, width - 1), rng.randint(1, width - 1)
        y, other_y = rng.randint(1, height - 1), rng.randint(1, height - 1)
        corners = [(x, 0), (width, y), (other_x, height), (0, other_y)]
    story = (
        f"A {_SHAPES[len(corners)]} has its vertices, in order, at {listed([f'({x}, {y})' for x, y in corners])}. "
        f"A lattice point is a point with integer coordinates."
    )
    return asking(story, "the number of lattice points strictly inside the figure", _inside(corners))


def _inside(corners: Sequence[tuple[int, int]]) -> int:
    """Lattice points strictly inside a polygon: area - boundary/2 + 1 (Pick), the area by the shoelace formula."""
    sides = list(pairwise([*corners, corners[0]]))
    doubled_area = abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in sides))
    boundary = sum(gcd(next_x - x, next_y - y) for (x, y), (next_x, next_y) in sides)
    return (doubled_area - boundary + 2) // 2
