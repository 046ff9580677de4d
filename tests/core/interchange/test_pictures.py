import sys

import pytest

from core.interchange import pictures
from core.interchange.pictures import pictures_of
from core.store.opening import reading
from core.studying import study_of_runs


def studied(run):
    with reading(run.place) as db:
        return study_of_runs(db, [run.id])


@pytest.fixture
def run(book):
    made = book()
    for problem in ("p1", "p2"):
        for draw in range(2):
            made.keep(problem, 100, draw, right=draw == 0, tokens=120)
            made.keep(problem, 400, draw, right=True, tokens=500)
    return made


def test_a_figure_is_drawn_for_all_that_there_is_to_show(run, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(
        pictures, "FIGURES", {name: pictures.FIGURES[name] for name in ("accuracy", "compare", "trade")}
    )

    (accuracy,), why = pictures_of(studied(run))

    assert (accuracy.name, why) == ("accuracy", "")
    assert "<svg" in accuracy.svg
    assert accuracy.title


def test_a_page_holds_its_figures_and_nothing_from_elsewhere(run, report, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(pictures, "FIGURES", {"accuracy": pictures.FIGURES["accuracy"]})

    text = report(run, form="html", drawn=True)

    assert text.count("<svg") == 1
    assert "<?xml" not in text
    assert "<!--" not in text
    assert "<script" not in text


def test_without_matplotlib_the_report_is_written_and_says_how_to_have_figures(run, report, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    text = report(run, form="html", drawn=True)

    assert "<svg" not in text
    assert "pip install &#x27;thinktop[figures]&#x27;" in text


def test_a_run_without_samples_has_a_report_too(book, report):
    assert "0 samples" in report(book(), form="html", drawn=True)
