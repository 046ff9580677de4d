"""The monitor as commands have it: which run it opens on, how it looks, and its last words."""

from __future__ import annotations

import io
import os
import signal
import socket

import pytest

from core.errors import UsageError
from core.store.place import Place
from tui import look, monitoring
from tui.monitoring import THEMES, monitor, only_live, theme_of, usable

FUTURE = "2999-01-01T00:00:00.000Z"


class Ended:
    """An app that has ended in some way."""

    crash = None
    ended_by = None
    made: tuple = ()
    ran: dict = {}  # noqa: RUF012 - read by the test that made it

    def __init__(self, place, **how):
        Ended.made = (place, how)

    def run(self, **how):
        Ended.ran = how


@pytest.fixture
def ended(monkeypatch):
    """The app replaced by one that ends at once, in a way that a test says."""

    def how(**facts):
        monkeypatch.setattr("tui.app.Thinktop", type("OfTest", (Ended,), facts))

    how()
    monkeypatch.delenv("THINKTOP_MOUSE", raising=False)
    return how


def at_work(run):
    with run.writing() as db:
        db.execute("UPDATE runs SET state = 'running', started_at = created_at WHERE id = ?", (run.id,))
        db.execute(
            f"INSERT INTO samplers (run_id, pid, host, started_at, beat_at) VALUES (?, ?, ?, '{FUTURE}', '{FUTURE}')",
            (run.id, os.getpid(), socket.gethostname()),
        )


@pytest.mark.usefixtures("ended")
def test_its_last_words_say_who_goes_on_and_how_to_come_back_and_to_stop(book, capsys):
    run = book(name="night run")
    at_work(run)

    assert monitor(run.place) == 0

    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith(
        f"night run (1) goes on without you: sampler {os.getpid()}; end it: thinktop stop 'night run'"
    )
    assert last.startswith("come back: thinktop")
    assert str(run.place.path) in last


@pytest.mark.usefixtures("ended")
def test_where_nobody_goes_on_it_ends_in_silence(book, capsys, tmp_path):
    assert monitor(book().place) == 0
    assert monitor(Place.at(tmp_path / "none.db")) == 0

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("number", "code", "said"), [(signal.SIGINT, 130, True), (signal.SIGTERM, 143, True), (signal.SIGHUP, 129, False)]
)
def test_a_signal_is_told_as_shells_do_and_to_no_terminal_that_is_gone(book, ended, capsys, number, code, said):
    run = book()
    at_work(run)
    ended(ended_by=number)

    assert monitor(run.place) == code

    assert bool(capsys.readouterr().err) == said


def test_what_ended_the_app_is_raised(book, ended):
    ended(crash=ZeroDivisionError("of a test"))

    with pytest.raises(ZeroDivisionError, match="of a test"):
        monitor(book().place)


@pytest.mark.usefixtures("ended")
def test_it_opens_on_the_only_run_at_work_or_on_the_list(book):
    one = book(name="one")
    assert only_live(one.place) is None

    at_work(one)
    monitor(one.place)
    assert Ended.made[1]["run_id"] == one.id

    other = book(name="other")
    at_work(other)
    monitor(one.place)
    assert Ended.made[1]["run_id"] is None
    monitor(one.place, other.id, read_only=True)
    assert (Ended.made[1]["run_id"], Ended.made[1]["read_only"]) == (other.id, True)


@pytest.mark.usefixtures("ended")
@pytest.mark.parametrize("said", ["0", "no", "off", "false"])
def test_the_mouse_can_be_left_to_the_terminal(book, monkeypatch, said):
    place = book().place
    monitor(place)
    assert Ended.ran == {"mouse": True}
    monitor(place, mouse=False)
    assert Ended.ran == {"mouse": False}

    monkeypatch.setenv("THINKTOP_MOUSE", said)
    monitor(place)
    assert Ended.ran == {"mouse": False}


@pytest.fixture
def environment(monkeypatch):
    """A setter of what a terminal says of itself, and of nothing else."""

    def is_(**facts):
        for name in ("THINKTOP_THEME", "COLORFGBG", "NO_COLOR", "COLORTERM", "TERM", "TEXTUAL_DRIVER"):
            monkeypatch.delenv(name, raising=False)
        for name, value in facts.items():
            monkeypatch.setenv(name, value)

    return is_


@pytest.mark.parametrize(
    ("facts", "theme"),
    [
        ({"TERM": "xterm-256color"}, "night"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "night"),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "day"),
        ({"TERM": "xterm-256color", "COLORFGBG": "15;default;0"}, "night"),
        ({"TERM": "xterm"}, "terminal"),
        ({"TERM": "linux", "COLORFGBG": "0;7"}, "terminal-light"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "terminal"),
        ({"TERM": "xterm-256color", "THINKTOP_THEME": "day"}, "day"),
        ({}, "terminal"),
    ],
)
def test_the_theme_is_what_fits_the_terminal(environment, facts, theme):
    environment(**facts)

    assert theme_of(None) == theme


def test_a_theme_that_is_asked_for_wins_and_one_that_is_none_is_refused(environment):
    environment(TERM="xterm", THINKTOP_THEME="night")
    assert theme_of("day") == "day"

    with pytest.raises(UsageError, match="no theme 'dusk'; there are night, day, terminal, terminal-light"):
        theme_of("dusk")
    environment(THINKTOP_THEME="\x1b[2J")
    with pytest.raises(UsageError, match="no theme"):
        theme_of(None)


def test_the_themes_that_can_be_asked_for_are_those_that_there_are():
    assert [theme.name for theme in look.themes()] == list(THEMES)


class Tty(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("term", "piped", "fits"),
    [
        ("xterm", None, True),
        ("dumb", None, False),
        ("", None, False),
        ("xterm", "stdin", False),
        ("xterm", "stdout", False),
        ("xterm", "stderr", False),
    ],
)
def test_it_wants_a_terminal_on_all_three_streams(environment, monkeypatch, term, piped, fits):
    environment(TERM=term)
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(monitoring.sys, name, io.StringIO() if name == piped else Tty())

    assert usable() is fits


def test_without_a_standard_input_it_is_not_usable(environment, monkeypatch):
    environment(TERM="xterm")
    monkeypatch.setattr(monitoring.sys, "stdin", None)

    assert not usable()


def test_a_browser_will_do(environment):
    environment(TEXTUAL_DRIVER="textual.drivers.web_driver:WebDriver")

    assert usable()
