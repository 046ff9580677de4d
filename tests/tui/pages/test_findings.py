from __future__ import annotations

import pytest

from core.analysis.crossover import Crossover
from core.analysis.study import Study
from core.store.opening import reading
from core.studying import study_of_runs
from tui.pages.findings import Line, findings, spend, table_of

CLIMB = Crossover("slow", "fast", "dollars", 30, 0.01, 1.0, "slow", 0.25, (None, 0.5), 0.9)


def lines_of(study: Study) -> list[Line]:
    return list(findings(study))


def with_crossovers(*found: Crossover) -> Study:
    study = Study((), ())
    study.__dict__["crossovers"] = found
    return study


def test_verdicts_come_first_and_stand_out(real):
    with reading(real) as db:
        study = study_of_runs(db, [1])

    lines = lines_of(study)

    assert (lines[0].about, lines[0].words, lines[0].strong) == ("thinking", study.verdicts[0].words, True)
    assert next(line.words for line in lines if line.about == "asked").startswith("twice the tokens asked for, 2^")


def test_a_margin_that_was_chosen_late_is_said(real):
    with reading(real) as db:
        study = study_of_runs(db, [1], margin=0.1)

    assert any(line.about == "margin" and line.words.startswith("10 points, chosen after") for line in lines_of(study))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (CLIMB, "slow overtakes fast at $0.25 [from the start, $0.50] a problem"),
        (
            Crossover("slow", "fast", "dollars", 30, 0.01, 1.0, None, None, None, 0.0),
            "slow and fast do not cross between $0.01 and $1.00 a problem",
        ),
    ],
)
def test_where_one_model_overtakes_another_is_a_sentence(found, said):
    assert [line.words for line in lines_of(with_crossovers(found))] == [said]


def test_a_name_from_outside_cannot_drive_the_terminal():
    hostile = Crossover("a\x1b[31m", "b\r", "tokens", 3, 256.0, 1024.0, "a\x1b[31m", 512.0, (300.0, 600.0), 1.0)

    (line,) = lines_of(with_crossovers(hostile))

    shown = "".join(str(cell) for column in table_of([line]).columns for cell in column.cells)
    assert "\x1b" not in shown
    assert "\r" not in shown
    assert "2^9.0 tokens [2^8.2 tokens, 2^9.2 tokens]" in line.words


@pytest.mark.parametrize(
    ("value", "basis", "said"),
    [
        (0.0046, "dollars", "$0.0046"),
        (1234.5, "dollars", "$1,234.50"),
        (-0.2, "dollars", "-$0.20"),
        (0.0, "dollars", "$0.00"),
        (11058, "tokens", "2^13.4 tokens"),
        (134, "seconds_parallel", "2m14s"),
        (2.5e14, "flops", "2.5e+14 FLOP"),
    ],
)
def test_a_spend_is_said_in_its_unit(value, basis, said):
    assert spend(value, basis) == said
