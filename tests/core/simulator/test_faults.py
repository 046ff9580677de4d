from __future__ import annotations

from random import Random

import pytest

from core.simulator.faults import FAULTS, Scheduled, choose_fault


def test_a_scheduled_request_gets_its_fault_and_its_neighbours_do_not():
    schedule = [Scheduled("reset", at=(2, 3))]
    struck = [choose_fault(schedule, {}, number, 0.0, lot=0.5) for number in (1, 2, 3, 4)]
    assert struck == [None, FAULTS["reset"], FAULTS["reset"], None]


@pytest.mark.parametrize(("elapsed", "strikes"), [(0.9, False), (1.0, True), (2.9, True), (3.0, False)])
def test_a_fault_can_last_for_a_while(elapsed, strikes):
    found = choose_fault([Scheduled("500", from_s=1.0, to_s=3.0)], {}, 1, elapsed, lot=0.5)
    assert (found is FAULTS["500"]) is strikes


def test_chances_are_kept_to():
    lots = Random(0)
    found = [choose_fault((), {"429": 0.1, "reset": 0.2}, 1, 0.0, lots.random()) for _ in range(10_000)]
    assert found.count(FAULTS["429"]) / 10_000 == pytest.approx(0.1, abs=0.01)
    assert found.count(FAULTS["reset"]) / 10_000 == pytest.approx(0.2, abs=0.01)


def test_an_outage_is_nothing_that_a_request_can_get():
    assert choose_fault([Scheduled("outage", from_s=0.0)], {}, 1, 5.0, lot=0.5) is None


def test_only_refusals_and_outages_are_free_and_one_refusal_is_not():
    free = {kind for kind, fault in FAULTS.items() if not fault.billed}
    whole_errors = {"400", "401", "402", "403", "404", "429", "429_reset", "429_bare", "500", "502", "503"}
    assert free == whole_errors | {"insufficient_quota", "outage"}
