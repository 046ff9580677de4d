from __future__ import annotations

import io
import json

import pytest

from tui.cli import confirming
from tui.commands import main


@pytest.mark.usefixtures("finished_sweep")
def test_a_dry_run_shows_the_estimate_and_changes_nothing(sweep_now, capsys):
    assert main(["extend", "sweep", "--draws", "+4", "--budget", "1024", "--dry-run"]) == 0

    said = capsys.readouterr().err
    assert "12 requests" in said
    assert "nothing was changed" in said
    assert sweep_now()["planned"] == 12


@pytest.mark.usefixtures("finished_sweep")
def test_draws_are_added_and_only_they_are_asked(sweep_now, capsys):
    assert main(["extend", "sweep", "--draws", "+4", "--budget", "1024", "--yes"]) == 0
    assert "go on with: thinktop resume sweep" in capsys.readouterr().err
    assert (sweep_now()["planned"], sweep_now()["owed"]) == (24, 12)

    assert main(["run", "--headless"]) == 0

    assert sweep_now()["attempts"] == 24
    assert "draws stay planned (the config says 2)" in capsys.readouterr().err


@pytest.mark.usefixtures("finished_sweep")
def test_where_nobody_can_be_asked_it_wants_a_yes(sweep_now, capsys):
    assert main(["extend", "sweep", "--draws", "+4"]) == 2

    assert "--yes" in capsys.readouterr().err
    assert sweep_now()["planned"] == 12


@pytest.mark.parametrize(("answer", "planned"), [("y\n", 18), ("yes\n", 18), ("\n", 12), ("n\n", 12), ("", 12)])
@pytest.mark.usefixtures("finished_sweep")
def test_in_a_terminal_it_asks_and_only_yes_is_yes(sweep_now, capsys, monkeypatch, answer, planned):
    monkeypatch.setattr(confirming, "can_ask", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))

    main(["extend", "sweep", "--draws", "+1"])

    assert "Add 6 draws for about $" in capsys.readouterr().err
    assert sweep_now()["planned"] == planned


@pytest.mark.usefixtures("finished_sweep")
def test_new_budgets_become_conditions_of_the_run(sweep_now, capsys):
    assert main(["extend", "sweep", "--budgets", "64,128", "--draws", "1", "--yes"]) == 0

    assert "new o1-mini 64, o1-mini 128, 6 draws" in capsys.readouterr().err
    assert sweep_now()["planned"] == 18


@pytest.mark.usefixtures("finished_sweep")
def test_problems_of_a_file_are_added_to_every_condition(sweep_folder, sweep_now, capsys):
    rows = [{"problem": f"What is {n} + {n}?", "answer": str(2 * n)} for n in range(1, 6)]
    (sweep_folder / "more.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    assert main(["extend", "sweep", "--problems", "more.jsonl", "--yes"]) == 0

    assert "5 problems, 20 draws" in capsys.readouterr().err
    assert sweep_now()["planned"] == 12 + 5 * 2 * 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "nothing to add"),
        (["--draws", "1"], "has 2 planned already, and draws are only added"),
        (["--draws", "+0"], "must be +N for N more"),
        (["--draws", "many"], "must be +N for N more"),
        (["--draws", "+1", "--budget", "77"], "the run has 16, 1024; a new one is added by --budgets 77"),
        (["--draws", "+1", "--label", "o3"], "the run has o1-mini; a new one is added by its config"),
        (["--budgets", "high"], "must be a number of tokens"),
        (["--budgets", "16"], "nothing to add"),
        (["--problems", "gone.jsonl"], "gone.jsonl"),
    ],
)
@pytest.mark.usefixtures("finished_sweep")
def test_what_cannot_be_added_is_said_in_one_line(sweep_now, capsys, options, words):
    assert main(["extend", "sweep", *options, "--yes"]) == 2

    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert sweep_now()["planned"] == 12
