"""Dollars a minute: of late, by the run's own clock."""

from __future__ import annotations

import pytest

from core.vocabulary import PICO
from tui.snapshots.burn import Burn


def test_before_anything_is_spent_there_is_no_rate():
    assert Burn().pico_a_minute(0.0, 0) is None
    assert Burn().pico_a_minute(12.0, 0) is None


def test_at_first_the_whole_run_says_it():
    assert Burn().pico_a_minute(120.0, 4 * PICO) == 2 * PICO


def test_of_late_is_the_last_minute():
    burn = Burn()
    for second in range(0, 200, 5):
        late = max(second - 100, 0)
        rate = burn.pico_a_minute(float(second), second * PICO // 60 + late * 9 * PICO // 60)

    assert rate == pytest.approx(10 * PICO, rel=0.01)


def test_while_the_clock_stands_still_so_does_the_rate():
    burn = Burn()
    for second in (0.0, 30.0, 60.0):
        before = burn.pico_a_minute(second, round(second) * PICO)

    assert [burn.pico_a_minute(60.0, 60 * PICO) for _ in range(3)] == [before] * 3


def test_another_run_under_the_same_number_does_not_go_backwards():
    burn = Burn()
    for second in (0.0, 100.0, 200.0):
        burn.pico_a_minute(second, round(second) * PICO)

    assert burn.pico_a_minute(30.0, PICO) == 2 * PICO


def test_a_run_that_is_paused_for_a_night_takes_no_memory():
    burn = Burn()
    for _ in range(1000):
        burn.pico_a_minute(60.0, 60 * PICO)

    assert len(burn._seen) == 1
