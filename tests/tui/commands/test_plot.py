from __future__ import annotations

import sys
from importlib import util

import pytest

from core.figures.table import FIGURES

EVERY = list(FIGURES)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_each_figure_has_the_size_that_was_asked_for_and_the_mark(thinktop, real, size):
    width, height = size
    for figure in EVERY:
        said = thinktop("plot", "real", "--figure", figure, "--width", width, "--height", height, store=real)

        assert (figure, said.code) == (figure, 0)
        assert said.widest <= width
        assert len(said.out.splitlines()) == height
        assert said.out.startswith("SIMULATED · real")


def test_without_a_terminal_it_is_a_hundred_by_thirty(thinktop, real):
    assert len(thinktop("plot", store=real).out.splitlines()) == 30


@pytest.mark.parametrize(
    ("x", "axis"), [("tokens", "completion tokens used"), ("cost", "dollars"), ("seconds", "seconds")]
)
def test_accuracy_can_be_held_against_what_was_spent(thinktop, real, x, axis):
    assert axis in thinktop("plot", "--x", x, store=real).out


def test_each_figure_has_an_axis_of_its_own_unless_another_is_asked_for(thinktop, real):
    assert "dollars per problem" in thinktop("plot", "--figure", "cost", store=real).out
    assert "seconds" in thinktop("plot", "--figure", "latency", store=real).out
    assert "completion tokens" in thinktop("plot", "--figure", "compare", "--x", "tokens", store=real).out


def test_linear_axes_begin_at_nothing(thinktop, real):
    for figure in ("accuracy", "budget"):
        said = thinktop("plot", "--figure", figure, "--linear", store=real)
        assert "2¹" not in said.out


def test_the_figures_are_named_without_a_store(thinktop, tmp_path):
    said = thinktop("plot", "--list", "--store", tmp_path / "none.db")

    assert (said.code, [line.split()[0] for line in said.out.splitlines()]) == (0, EVERY)


@pytest.mark.parametrize(
    ("suffix", "first"),
    [("png", b"\x89PNG\r\n"), ("svg", b"<?xml"), ("pdf", b"%PDF-"), ("txt", b"SIM"), ("ansi", b"\x1b[")],
)  # fmt: skip
def test_a_figure_goes_into_a_new_file_of_its_kind(thinktop, real, tmp_path, suffix, first):
    path = tmp_path / f"f.{suffix}"

    assert thinktop("plot", "-o", path, store=real).code == 0
    again = thinktop("plot", "-o", path, store=real)

    assert path.read_bytes().startswith(first)
    assert (again.code, "--force" in again.err) == (2, True)
    assert thinktop("plot", "-o", path, "--force", store=real).code == 0


def test_a_picture_in_a_page_fetches_nothing_and_keeps_the_mark(thinktop, real, tmp_path):
    thinktop("plot", "-o", tmp_path / "f.svg", store=real)

    text = (tmp_path / "f.svg").read_text()
    assert "SIMULATED" in text
    assert "font-face" not in text
    assert "<image" not in text


def test_without_matplotlib_the_missing_extra_is_named(thinktop, real, tmp_path, monkeypatch):
    monkeypatch.setattr(util, "find_spec", lambda _: None)
    monkeypatch.delitem(sys.modules, "tui.plotting.files", raising=False)

    said = thinktop("plot", "-o", tmp_path / "f.pdf", store=real)

    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "thinktop[figures]" in said.err


@pytest.mark.parametrize(
    "words",
    [("--figure", "nope"), ("-o", "f.gif"), ("--width", "3"), ("--height", "5000"),
     ("--figure", "budget", "--x", "cost"), ("--label", "nobody"),
     ("--json", "-o", "f.svg")],
)  # fmt: skip
def test_what_cannot_be_drawn_is_one_line_and_exit_code_2(thinktop, real, words):
    said = thinktop("plot", *words, store=real)

    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)


def test_for_scripts_a_figure_is_its_numbers(thinktop, real):
    figure = thinktop("plot", "--json", store=real).json

    asked, votes = figure["series"][:2]
    assert (asked["name"], votes["name"]) == ("asked", "votes")
    assert (figure["x"]["scale"], figure["y"]["high"]) == ("log2", 1.0)
    assert all(point["low"] <= point["y"] <= point["high"] for point in asked["points"])
    assert [one["name"] for one in figure["regions"]][:2] == ["asked to think longer", "majority vote"]


@pytest.mark.parametrize("figure", EVERY)
def test_the_numbers_of_every_figure_are_json_and_finite(thinktop, real, figure):
    said = thinktop("plot", "--figure", figure, "--json", store=real)

    assert said.code == 0
    assert "NaN" not in said.out
    assert "Infinity" not in said.out


def test_one_label_can_be_shown_alone(thinktop, book):
    run = book(labels=("big", "small"))
    for label in ("big", "small"):
        run.keep("p1", 100, 0, label=label, right=True)

    both = thinktop("plot", store=run.place).out
    alone = thinktop("plot", "--label", "big", store=run.place).out

    assert "small" in both
    assert "small" not in alone
    assert "big · accuracy" in alone


def test_a_run_without_samples_says_so_in_its_figure(thinktop, book):
    place = book().place
    for figure in EVERY:
        said = thinktop("plot", "--figure", figure, store=place)
        assert said.code == 0
    assert "no samples yet" in thinktop("plot", store=place).out


def test_hostile_labels_are_made_visible(thinktop, book, hostile):
    run = book(labels=(hostile, "m"))
    run.keep("p1", 100, 0, label=hostile)
    run.keep("p1", 100, 0)

    for figure in ("accuracy", "problems", "compare"):
        assert thinktop("plot", "--figure", figure, store=run.place).harmless
