from __future__ import annotations

from core.analysis.crossover import Crossover
from core.analysis.ownership import Owned, Ownership, Split, reigns
from core.analysis.study import Study
from core.store.opening import reading
from core.studying import study_of_runs
from tui.pages.findings import Line, findings, table_of


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

    (said,) = [line.words for line in lines_of(study) if line.about == "margin"]
    assert said.startswith("10 points was chosen after")


def test_a_name_from_outside_cannot_drive_the_terminal():
    hostile = Crossover("a\x1b[31m", "b\r", "tokens", 3, 256.0, 1024.0, "a\x1b[31m", 512.0, (300.0, 600.0), 1.0)

    (line,) = lines_of(with_crossovers(hostile))

    shown = "".join(str(cell) for column in table_of([line]).columns for cell in column.cells)
    assert "\x1b" not in shown
    assert "\r" not in shown
    assert "2^9 tokens a problem [2^8.2 tokens, 2^9.2 tokens]" in line.words


def test_what_an_accuracy_costs_to_own_is_said_by_the_number_of_queries():
    small, large = Owned("small", 1e5, 0.02), Owned("large", 1e7, 0.001)
    study = Study((), ())
    study.__dict__["ownership"] = (
        Ownership(0.6, (small, large), reigns([small, large]), Split(0.6, 1e6, 3e22, 6e5, 0.004, extrapolated=True)),
    )

    (line,) = lines_of(study)

    assert line.words == (
        "60% accuracy: cheapest is small up to 521M queries, then large; for 1.0M queries train 3.0e+22 FLOP, more or "
        "less than was measured: 99% of $604,000"
    )


def test_of_a_run_that_may_go_on_it_is_said_that_its_verdicts_are_not_the_last(real, book):
    run = book(name="half")
    for budget in (100, 400):
        for problem in ("p1", "p2"):
            run.keep(problem, budget, 0, right=True)

    with reading(real) as db:
        whole = lines_of(study_of_runs(db, [1]))
    with reading(run.place) as db:
        half = lines_of(study_of_runs(db, [run.id]))

    assert "so far" not in [line.about for line in whole]
    assert half[0].about == "so far"
    assert half[0].words.startswith("half may yet go on")
