from __future__ import annotations

from dataclasses import replace

import pytest

from core.status import Status, status_of
from core.store.opening import reading
from core.store.progress import progress
from core.vocabulary import State
from tui.steering.parting import exit_code, in_flight_will_finish, parting


@pytest.fixture
def status(finished_sweep, sweep_place) -> Status:  # noqa: ARG001 - what is read
    with reading(sweep_place) as db:
        return status_of(progress(db, 1), sampler_alive=False)


def ended(status: Status, state: State, reason: str = "", **sums: int) -> Status:
    run = replace(status.progress.run, reason=reason, reserved_pico=3 * 10**12, open_attempts=4)
    return replace(
        status, state=state, sums=replace(status.sums, **sums), progress=replace(status.progress, run=run)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "reason", "failed", "code"),
    [
        (State.FINISHED, "", 0, 0),
        (State.FINISHED, "", 2, 4),
        (State.CAPPED, "the next request does not fit", 0, 3),
        (State.STOPPED, "stopped by a wish", 0, 130),
        (State.STOPPED, "interrupted", 0, 130),
        (State.STOPPED, "the key was refused", 0, 1),
        (State.INTERRUPTED, "", 0, 1),
    ],
)
def test_each_ending_has_its_exit_code(status, state, reason, failed, code):
    assert exit_code(ended(status, state, reason, failed=failed)) == code


def test_a_finished_run_needs_no_command_to_go_on(status, sweep_place):
    lines = parting(status, sweep_place, "thinktop run")

    assert lines[0] == "sweep (1) is finished"
    assert lines[1].startswith("12 of 12 draws done, 0 failed for good; spent $")
    assert lines[1].endswith("cap $60.00 · SIMULATED")
    assert len(lines) == 2


def test_a_sampler_that_vanished_leaves_what_was_in_flight_as_possibly_billed(status, sweep_place):
    lines = parting(ended(status, State.INTERRUPTED), sweep_place, "thinktop run")

    assert "4 requests in flight: they count as possibly billed ($3.00)" in lines[2]
    assert lines[-1] == "go on with: thinktop run"


def test_a_servers_words_are_made_visible(status, sweep_place):
    lines = parting(ended(status, State.STOPPED, "refused: \x1b[31mno"), sweep_place, "thinktop run")

    assert lines[0] == "sweep (1) is stopped: refused: ␛[31mno"


def test_a_store_elsewhere_is_named_in_every_command(status, sweep_place, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("else where"))

    (*_, last) = parting(ended(status, State.CAPPED), sweep_place, "thinktop run")

    where = f"--store {sweep_place.path}"
    assert last == f"go on with: thinktop set sweep cap_usd=MORE {where} && thinktop resume sweep {where}"


@pytest.mark.parametrize(
    ("number", "words"), [(0, "nothing is in flight"), (1, "1 request in"), (37, "37 requests in")]
)
def test_what_is_in_flight_is_counted_in_words(number, words):
    assert in_flight_will_finish(number).startswith(words)
