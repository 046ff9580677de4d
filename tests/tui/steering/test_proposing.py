from __future__ import annotations

import pytest

from core.errors import EndpointError, UsageError
from core.store.opening import reading
from core.store.progress import run_rows
from tui.commands import main
from tui.steering.drafting import file_draft
from tui.steering.growth import Wanted
from tui.steering.proposing import FLAGGED, Extension, Shelf, Sweep


@pytest.fixture
def sweep(sweep_folder):
    return Sweep(file_draft(sweep_folder / "config.toml"))


def with_typed(sweep: Sweep, key: str, text: str) -> Sweep:
    return Sweep(sweep.draft.typed(tuple(key.split(".")), text))


def names(place) -> list[str]:
    if not place.path.exists():
        return []
    with reading(place) as db:
        return [run.name for run in run_rows(db)]


def test_a_simulated_sweep_spends_nothing_and_a_real_one_does(sweep, sweep_place, real_endpoint_text):
    assert not sweep.foresee(sweep_place, Shelf()).spends

    real = Sweep(sweep.draft.rewritten(real_endpoint_text)).foresee(sweep_place, Shelf())

    assert real.spends
    assert (real.real_requests, real.real_worst_pico) == (12, real.estimate.worst_pico)


def test_of_a_mixed_sweep_only_the_real_part_is_money(sweep, sweep_place, real_endpoint_text):
    simulated = '[[models]]\nname = "o1"\nendpoint = "simulator"\ntoken_cap = 8192\n'

    found = Sweep(sweep.draft.rewritten(f"{real_endpoint_text}\n{simulated}")).foresee(sweep_place, Shelf())

    assert found.plan.simulated
    assert found.spends
    assert found.real_requests == 12
    assert found.real_worst_pico < found.estimate.worst_pico


def test_a_missing_key_is_said_and_nothing_starts(sweep, sweep_place, real_endpoint_text, monkeypatch):
    monkeypatch.delenv("OWN_KEY", raising=False)
    real = Sweep(sweep.draft.rewritten(real_endpoint_text))
    found = real.foresee(sweep_place, Shelf())

    assert found.refusal[0].startswith("endpoint own: the variable OWN_KEY is not set")
    with pytest.raises(EndpointError):
        real.begin(sweep_place, found)
    assert names(sweep_place) == []


@pytest.mark.usefixtures("finished_sweep")
def test_a_name_with_another_plan_is_refused_and_still_estimated(sweep, sweep_place):
    other = Sweep(sweep.draft.rewritten(sweep.draft.text.replace("8192", "4096"))).foresee(sweep_place, Shelf())

    assert other.name_taken
    assert "another token_cap" in other.refusal[1]
    assert other.estimate.requests == 12


@pytest.mark.usefixtures("finished_sweep")
def test_going_on_says_what_is_owed_and_what_is_new(sweep, sweep_place):
    found = with_typed(sweep, "run.draws", "5").foresee(sweep_place, Shelf())

    assert found.run is not None
    assert found.estimate.requests == 18
    assert found.notes == ("new in the config: 2 conditions with more draws",)


@pytest.mark.usefixtures("finished_sweep")
def test_a_wish_beats_a_line_that_has_not_changed(sweep, sweep_place):
    assert main(["set", "sweep", "cap_usd=7"]) == 0

    found = sweep.foresee(sweep_place, Shelf())

    assert found.plan.live.cap_pico == 7 * 10**12
    assert found.notes == ("cap_usd is $7.00 by a wish (the config says $60.00)",)


def test_what_the_environment_overrides_is_said(sweep, sweep_place, monkeypatch):
    monkeypatch.setenv("THINKTOP_RUN__DRAWS", "3")

    found = sweep.foresee(sweep_place, Shelf())

    assert found.estimate.requests == 18
    assert found.notes == ("THINKTOP_RUN__DRAWS in the environment beats run.draws here",)


@pytest.mark.usefixtures("finished_sweep")
def test_more_of_a_run_is_foreseen_with_a_word_on_what_that_does_to_its_headline(sweep_place):
    more = Extension(1, Wanted(draws="+4", budgets=("1024",)))

    found = more.foresee(sweep_place, Shelf())

    assert (found.estimate.requests, found.added, found.notes) == (12, "12 draws", (FLAGGED,))
    with pytest.raises(UsageError, match="--draws x: must be"):
        Extension(1, Wanted(draws="x")).foresee(sweep_place, Shelf())
