from __future__ import annotations

import json

import pytest

from tui.commands import main


def estimated(capsys, *options: str) -> dict:
    assert main(["estimate", "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_sweep_is_estimated_without_a_store_or_a_cent(sweep_folder, capsys):
    found = estimated(capsys)

    assert found["requests"] == 12
    assert float(found["expected_usd"]) < float(found["worst_usd"])
    assert [one["observed_draws"] for one in found["conditions"]] == [0, 0]
    assert not (sweep_folder / "runs.db").exists()


@pytest.mark.usefixtures("finished_sweep")
def test_earlier_draws_take_the_place_of_the_rule_of_thumb(capsys):
    found = estimated(capsys, "--set", "run.name=next")

    assert found["requests"] == 12
    assert [one["observed_draws"] for one in found["conditions"]] == [6, 6]


@pytest.mark.usefixtures("finished_sweep", "real_endpoint")
def test_simulated_draws_say_nothing_of_a_real_endpoint(capsys):
    found = estimated(capsys, "--set", "run.name=real")

    assert [one["observed_draws"] for one in found["conditions"]] == [0, 0]


@pytest.mark.usefixtures("finished_sweep")
def test_of_a_run_that_is_begun_only_what_is_owed_counts(capsys):
    assert estimated(capsys, "--set", "run.draws=5")["requests"] == 18


@pytest.mark.usefixtures("sweep_folder")
def test_the_cap_says_what_it_would_cut(capsys):
    assert main(["estimate", "--set", "run.cap_usd=0.3"]) == 0

    said = capsys.readouterr().out
    assert "$0.30 would cut short o1-mini" in said
    assert "within cap" in said


@pytest.mark.usefixtures("sweep_folder")
def test_a_config_that_is_wrong_is_one_line(capsys):
    assert main(["estimate", "--set", "run.draws=0"]) == 2

    assert capsys.readouterr().err.count("\n") == 1
