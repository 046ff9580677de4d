"""What of the documents is made by a program can still be made, and is what was made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.made.__main__ import IMAGES, take
from docs.made.shots import SHOTS
from docs.made.svg import MOST_BYTES, NAMESPACE
from docs.made.sweeps import SMALL
from docs.made.tables import GUIDE, SCREENS, as_cell, filled
from tui.screens.help import EVERYWHERE

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


def named(page):
    """The images that a page shows, as paths."""
    text = page.read_text("utf-8")
    return {(page.parent / name).resolve() for name in re.findall(r"[\w./-]+\.(?:svg|png)\b", text) if "/" in name}


def test_a_picture_of_a_run_in_mid_sweep_can_still_be_taken(tmp_path):
    take(["monitor"], tmp_path, SMALL)

    drawn = (tmp_path / "monitor.svg").read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ")
    said = ("RUNNING", "SIMULATED", "in doubt (2)", "budgets", "problems", "10:07:", "</svg>")
    assert [words for words in said if words not in drawn] == []


def test_every_image_that_a_page_shows_is_there_and_every_image_there_is_shown():
    assert set().union(*map(named, PAGES)) == {path.resolve() for path in IMAGES.iterdir()}


def test_every_image_is_one_that_the_program_takes():
    assert {path.name for path in IMAGES.iterdir()} == {f"{name}.svg" for name in SHOTS}


@pytest.mark.parametrize("name", SHOTS)
def test_an_image_is_small_fetches_nothing_and_names_nobody(name):
    drawn = (IMAGES / f"{name}.svg").read_text("utf-8").replace(NAMESPACE, "").replace("url(#", "")

    assert len(drawn.encode()) < MOST_BYTES
    assert not re.findall(
        r"https?:|url\(|@import|<script|<image|href", drawn.replace(NAMESPACE, "").replace("url(#", "")
    )
    assert not re.findall(r"/tmp|/home|/root|/Users", drawn)


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=lambda page: page.stem)
def test_the_tables_of_a_page_are_what_the_screens_say_of_themselves(page):
    assert page.read_text("utf-8") == filled(page.read_text("utf-8")), "make them anew: python -m docs.made --tables"


def test_every_key_and_every_number_of_every_screen_stands_in_the_guide():
    guide = "\n".join(page.read_text("utf-8") for page in GUIDE.glob("*.md"))
    pairs = [*EVERYWHERE, *(pair for one in SCREENS.values() for pair in (*one.HELP_KEYS, *one.HELP_NUMBERS))]

    assert [name for name, said in pairs if f"| {as_cell(name)} | {as_cell(said)} |" not in guide] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_between_pages_leads_somewhere(page):
    links = re.findall(r"\]\(((?!https?:)[^)#\s]+)", page.read_text("utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_test_that_a_guarantee_names_is_there():
    money, monitor = (ROOT / "docs" / "guarantees.md").read_text("utf-8").split("\n## The monitor\n")

    named = [*named_tests(money, ROOT / "tests" / "core"), *named_tests(monitor, ROOT / "tests" / "tui")]

    assert [f"{file}::{name}" for file, name in named if not re.search(rf"\b{name}\b", file.read_text("utf-8"))] == []
    assert len(named) > 40


def named_tests(text, folder):
    """Pairs of a file and a name in it; a name without a file is of the file before."""
    file = None
    for path, name in re.findall(r"`([\w/]+\.py)?::(\w+)`", text):
        file = folder / path if path else file
        yield file, name
