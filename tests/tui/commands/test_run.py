from __future__ import annotations

import time

import pytest

from core import wishes
from core.store.opening import reading
from core.watching import status
from tui.commands import main


def said_of(capsys) -> str:
    return capsys.readouterr().err


@pytest.mark.usefixtures("sweep_folder")
def test_a_headless_run_prints_its_progress_and_then_its_result(sweep_now, capsys):
    assert main(["run", "--headless"]) == 0

    said = capsys.readouterr()
    assert "SIMULATED" in said.out
    assert "accuracy against tokens used" in said.out
    assert "sweep (1) is finished" in said.err
    assert "12 of 12 draws done, 0 failed for good; spent $" in said.err
    assert all("SIMULATED" in line for line in said.err.splitlines() if "·" in line)
    assert sweep_now()["state"] == "finished"


@pytest.mark.usefixtures("finished_sweep")
def test_a_finished_run_owes_nothing_and_shows_its_result_again(sweep_now, capsys):
    before = sweep_now()

    assert main(["run", "--headless"]) == 0

    said = capsys.readouterr()
    assert "nothing is owed" in said.err
    assert "SIMULATED" in said.out
    assert sweep_now() == before


@pytest.mark.usefixtures("finished_sweep")
def test_another_plan_under_the_same_name_is_refused_with_what_differs(sweep_now, capsys):
    assert main(["run", "--headless", "--set", "models.0.token_cap=4096"]) == 2

    said = said_of(capsys)
    assert "o1-mini 1024: another token_cap" in said
    assert "--set run.name=sweep-2" in said
    assert sweep_now()["attempts"] == 12


@pytest.mark.usefixtures("finished_sweep")
def test_more_draws_in_the_config_are_asked_and_no_draw_twice(sweep_now, capsys):
    assert main(["run", "--headless", "--set", "run.draws=3"]) == 0

    assert "new in the config: 2 conditions with more draws" in said_of(capsys)
    assert (sweep_now()["done"], sweep_now()["attempts"]) == (18, 18)


@pytest.mark.usefixtures("finished_sweep")
def test_a_stored_wish_beats_an_unchanged_config_line_and_is_named(sweep_place, sweep_now, capsys):
    wishes.set_live(sweep_place, 1, {"cap_pico": 20 * 10**12})

    main(["run", "--headless"])

    assert "cap_usd is $20.00 by a wish (the config says $60.00)" in said_of(capsys)
    assert sweep_now()["cap_usd"] == "20.000000000000"


@pytest.mark.usefixtures("finished_sweep")
def test_a_changed_config_line_beats_a_stored_wish_once(sweep_place, sweep_now, capsys):
    wishes.set_live(sweep_place, 1, {"cap_pico": 20 * 10**12})

    main(["run", "--headless", "--set", "run.cap_usd=30"])
    assert "cap_usd is now $30.00, as the config says (was $20.00)" in said_of(capsys)
    assert sweep_now()["cap_usd"] == "30.000000000000"

    wishes.set_live(sweep_place, 1, {"cap_pico": 40 * 10**12})
    main(["run", "--headless", "--set", "run.cap_usd=30"])
    assert "cap_usd is $40.00 by a wish (the config says $30.00)" in said_of(capsys)
    assert sweep_now()["cap_usd"] == "40.000000000000"


@pytest.mark.usefixtures("real_endpoint")
def test_a_wish_for_an_endpoint_outlives_the_next_start(sweep_place, capsys, monkeypatch):
    monkeypatch.setenv("OWN_KEY", "k")
    assert main(["run", "--detach"]) == 0
    assert main(["stop", "--now"]) == 0
    wait_for_the_end(sweep_place)
    assert main(["set", "sweep", "own.timeout_s=7"]) == 0
    capsys.readouterr()

    assert main(["run", "--detach"]) == 0

    assert "own.timeout_s is 7 s by a wish (the config says 60 s)" in said_of(capsys)
    assert main(["stop", "--now"]) == 0
    wait_for_the_end(sweep_place)


@pytest.mark.usefixtures("sweep_folder")
def test_a_run_that_reaches_its_cap_ends_with_3_and_says_how_to_go_on(capsys):
    assert main(["run", "--headless", "--set", "run.cap_usd=0.25"]) == 3

    said = said_of(capsys)
    assert "sweep (1) is capped" in said
    assert "go on with: thinktop set sweep cap_usd=MORE && thinktop resume sweep" in said


@pytest.mark.usefixtures("sweep_folder")
def test_draws_that_failed_for_good_make_it_4(capsys):
    assert main(["run", "--headless", "--set", "run.max_attempts=1", "--set", "simulator.faults={ 500 = 0.4 }"]) == 4

    assert "thinktop retry sweep && thinktop run --headless" in said_of(capsys)


@pytest.mark.usefixtures("sweep_folder")
def test_a_fault_that_stops_the_run_makes_it_1(capsys):
    assert main(["run", "--headless", "--set", "simulator.faults={ 401 = 1.0 }"]) == 1

    assert "401" in said_of(capsys)


@pytest.mark.usefixtures("real_endpoint")
def test_a_missing_key_is_told_before_anything_starts(sweep_folder, capsys):

    assert main(["run", "--headless"]) == 1

    assert "export OWN_KEY=" in said_of(capsys)
    assert not (sweep_folder / "runs.db").exists()


@pytest.mark.usefixtures("finished_sweep")
def test_a_run_that_was_paused_stays_so_and_says_how_to_resume(sweep_place, capsys):
    wishes.pause(sweep_place, 1)

    assert main(["run", "--headless", "--set", "run.draws=3"]) == 1

    assert "thinktop resume sweep" in said_of(capsys)


@pytest.mark.usefixtures("sweep_folder")
def test_a_detached_sampler_gives_the_runs_id_and_cannot_be_had_twice(sweep_place, sweep_now, capsys):
    assert main(["run", "--detach", "--set", "simulator.latency_s=0.4", "--set", "run.max_concurrency=1"]) == 0
    said = capsys.readouterr()
    assert said.out == "1\n"
    assert "thinktop stop sweep" in said.err

    assert main(["run", "--headless", "--set", "simulator.latency_s=0.4", "--set", "run.max_concurrency=1"]) == 5
    assert "another sampler" in said_of(capsys)

    assert main(["stop"]) == 0
    wait_for_the_end(sweep_place)
    assert sweep_now()["state"] == "stopped"


@pytest.mark.usefixtures("sweep_folder")
def test_headless_and_detach_exclude_each_other():
    assert main(["run", "--headless", "--detach"]) == 2


def test_the_store_can_be_named_in_the_config_the_environment_and_the_command(sweep_folder, capsys, monkeypatch):
    main(["run", "--headless", "--set", "run.store=a.db"])
    monkeypatch.setenv("THINKTOP_STORE", str(sweep_folder / "b.db"))
    main(["run", "--headless", "--set", "run.store=a.db"])
    main(["run", "--headless", "--set", "run.store=a.db", "--store", "c d.db"])

    assert sorted(path.name for path in sweep_folder.glob("*.db")) == ["a.db", "b.db", "c d.db"]
    assert not capsys.readouterr().err.count("bug")


@pytest.mark.parametrize("line", ["run.draws=0", "nonsense", "run.nmae=x"])
@pytest.mark.usefixtures("sweep_folder")
def test_a_bad_override_is_one_line_and_2(capsys, line):
    assert main(["run", "--headless", "--set", line]) == 2

    assert said_of(capsys).count("\n") == 1


def wait_for_the_end(place, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with reading(place) as db:
            if not status(db, place, 1).sampler_alive:
                return
        time.sleep(0.1)
    raise AssertionError("its sampler is still there")
