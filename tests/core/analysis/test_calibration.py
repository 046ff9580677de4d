"""Simulated sweeps in small: `python -m bench calibration` makes thousands of them."""

from __future__ import annotations

import numpy as np
import pytest

from bench.calibration import Tally, simulate
from bench.truths import TRUTHS, Sweep
from core.analysis.verdicts import Finding

TIMES = 60


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    generator = np.random.default_rng(5)
    return {
        name: simulate(name, Sweep(30, 4), TIMES, generator, knees=False) for name in ("just growing", "soft", "flat")
    }


@pytest.mark.parametrize("kind", ["accuracy", "gain per doubling", "paired difference"])
def test_intervals_hold_the_truth_about_as_often_as_they_say(tallies, kind):
    held = sum(tally.held[kind] for tally in tallies.values())
    made = sum(tally.made[kind] for tally in tallies.values())

    assert 0.92 < held / made < 0.985


def test_no_plateau_is_found_where_there_is_none_and_none_where_so_little_was_asked(tallies):
    assert all(tally.findings[Finding.NO_MORE_GAINS] == tally.wrong == 0 for tally in tallies.values())
    assert set(tallies) < set(TRUTHS)


def test_a_flat_curve_is_seldom_called_growing(tallies):
    assert tallies["flat"].findings[Finding.GROWING] <= 0.1 * TIMES
