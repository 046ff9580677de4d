from __future__ import annotations

import time

import pytest

from core.store.opening import reading
from tui.commands import main

SLOW = ["--set", "simulator.latency_s=0.15", "--set", "run.max_concurrency=1"]


def eventually(holds, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.fixture
def at_work(sweep_folder, capsys):  # noqa: ARG001 - where it stands
    assert main(["run", "--detach", *SLOW]) == 0
    capsys.readouterr()
    yield
    main(["stop", "--now"])


@pytest.mark.usefixtures("at_work")
def test_a_live_run_is_paused_resumed_and_stopped_without_being_named(sweep_now, capsys):
    assert main(["pause", "--wait"]) == 0
    said = capsys.readouterr().err
    assert "nothing new is sent" in said
    assert "sweep (1) is paused" in said
    paused_at = sweep_now()["done"]

    assert main(["resume"]) == 0
    assert "sweep (1) goes on" in capsys.readouterr().err
    eventually(lambda: sweep_now()["done"] > paused_at)

    assert main(["stop"]) == 0
    assert "thinktop resume sweep" in capsys.readouterr().err
    eventually(lambda: sweep_now()["state"] == "stopped")


@pytest.mark.usefixtures("at_work")
def test_resume_starts_a_sampler_where_none_lives_and_nothing_is_asked_twice(sweep_now, capsys):
    main(["stop"])
    eventually(lambda: not sweep_now()["sampler_alive"])
    capsys.readouterr()

    assert main(["resume", "sweep"]) == 0

    assert "has it; see thinktop status sweep" in capsys.readouterr().err
    eventually(lambda: sweep_now()["state"] == "finished")
    assert sweep_now()["attempts"] == 12


@pytest.mark.usefixtures("at_work")
def test_a_live_run_takes_up_what_is_set(sweep_now, capsys):
    assert main(["set", "sweep", "cap_usd=0.2"]) == 0

    assert "acts on it within a second" in capsys.readouterr().err
    eventually(lambda: sweep_now()["state"] == "capped")


@pytest.mark.parametrize("command", ["pause", "stop"])
@pytest.mark.usefixtures("finished_sweep")
def test_without_a_live_run_there_is_nothing_to_steer(command, capsys):
    assert main([command]) == 2

    assert "no run is at work; name the one you mean" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["pause", "stop"])
@pytest.mark.usefixtures("finished_sweep")
def test_a_finished_run_is_in_no_state_for_it(command, capsys):
    assert main([command, "sweep"]) == 1

    assert "sweep (1)" in capsys.readouterr().err


@pytest.mark.usefixtures("finished_sweep")
def test_resume_of_a_finished_run_says_how_to_ask_for_more(sweep_now, capsys):
    assert main(["resume", "sweep"]) == 0

    assert "thinktop extend sweep --draws +1" in capsys.readouterr().err
    assert not sweep_now()["sampler_alive"]


@pytest.mark.usefixtures("sweep_folder")
def test_runs_that_could_be_meant_are_named(capsys):
    for name in ("one", "two"):
        main(["run", "--headless", "--set", f"run.name={name}", "--set", "run.cap_usd=0.1"])
    capsys.readouterr()

    assert main(["resume"]) == 2

    assert "2 runs are to be gone on with: one (1), two (2); name the one you mean" in capsys.readouterr().err


@pytest.mark.usefixtures("real_endpoint")
def test_resume_asks_for_the_key_before_it_changes_anything(sweep_now, capsys, monkeypatch):
    monkeypatch.setenv("OWN_KEY", "k")
    main(["run", "--detach"])
    main(["stop", "--now"])
    eventually(lambda: not sweep_now()["sampler_alive"])
    main(["pause", "sweep"])
    monkeypatch.delenv("OWN_KEY")
    capsys.readouterr()

    assert main(["resume", "sweep"]) == 1

    assert "export OWN_KEY=" in capsys.readouterr().err
    assert sweep_now()["state"] in ("paused", "stopped")


@pytest.mark.usefixtures("sweep_folder")
def test_failed_draws_are_asked_again_after_retry(sweep_now, capsys):
    main(["run", "--headless", "--set", "run.max_attempts=1", "--set", "simulator.faults={ 500 = 0.5 }"])
    failed = sweep_now()["failed"]
    assert failed
    capsys.readouterr()

    assert main(["retry", "sweep"]) == 0

    said = capsys.readouterr().err
    assert f"{failed} draw" in said
    assert "go on with: thinktop resume sweep" in said
    assert sweep_now()["owed"] == failed


@pytest.mark.usefixtures("sweep_folder")
def test_a_doubt_is_settled_by_what_it_cost(sweep_now, sweep_place, capsys):
    fault = 'simulator.schedule=[{ kind = "reset", at = 1 }]'
    main(["run", "--headless", "--set", fault])
    assert sweep_now()["unknown_attempts"] == 1
    attempt = doubtful(sweep_place)
    capsys.readouterr()

    assert main(["settle", "sweep", str(attempt), "--usd", "0.02"]) == 0

    assert "has cost $0.02; 0 in doubt are left" in capsys.readouterr().err
    assert sweep_now()["unknown_usd"] == "0.000000000000"
    assert main(["settle", "sweep", str(attempt), "--usd", "0.02"]) == 1
    assert main(["settle", "sweep", str(attempt), "--usd=-1"]) == 2


def doubtful(sweep_place) -> int:
    with reading(sweep_place) as db:
        ((attempt,),) = db.execute("SELECT id FROM attempts WHERE outcome = 'unknown'").fetchall()
    return int(attempt)
