from __future__ import annotations

import pytest

from core.simulator.capacity import Gate


def test_requests_above_the_ceiling_in_flight_are_refused():
    gate = Gate(in_flight=2, per_s=None)
    assert [gate.refuses(n, 0.0) is None for n in (1, 2, 3)] == [True, True, False]


def test_a_second_takes_its_number_of_requests_and_says_when_the_next_one_fits():
    gate = Gate(in_flight=None, per_s=4)
    assert [gate.refuses(1, 10.0) for _ in range(4)] == [None] * 4
    assert gate.refuses(1, 10.0) == pytest.approx(0.25)
    assert gate.refuses(1, 10.25) is None


def test_an_idle_hour_is_not_saved_up():
    gate = Gate(in_flight=None, per_s=4)
    gate.refuses(1, 0.0)
    assert sum(gate.refuses(1, 3600.0) is None for _ in range(20)) == 4
