"""The headline: state, percentage, dollars and ETA are always whole, and never leave their columns."""

from __future__ import annotations

import itertools
import re

import pytest
from rich.cells import cell_len

from core.vocabulary import PICO, State
from tui.widgets import headline
from tui.widgets.headline import Headline, Standing, notice

WIDTHS = {120: 118, 80: 78, 60: 58}
"""Of a screen and of the headline in it."""
LONG = "a-very-long-name-of-a-run-" * 8
MILLION = 1_000_000
HUGE = {
    "planned": MILLION,
    "kept": MILLION - 1,
    "failed": 0,
    "worked_s": 863_999.0,
    "spent_pico": 999_999_990_000_000_000,
    "cap_pico": MILLION * PICO,
    "reserved_pico": 123_456 * PICO,
    "unknown_pico": 98_765 * PICO,
    "unknown_attempts": 12_345,
    "in_flight": 4096,
    "slots": 4096,
    "requests_per_s": 1234.5,
    "tokens_per_s": 9_876_543.0,
    "busy_replies": 123_456,
    "retries": 123_456,
    "name": LONG,
}


@pytest.fixture
def line_by_line(stands):
    """A maker of the headline's lines at a width."""

    def lines(screen, state="running", *, burn=4 * PICO, read_only=False, **how):
        shown = Headline()
        shown._standing = Standing(stands(state, **how), burn, read_only)
        return shown.lines(WIDTHS[screen], 4 if screen >= 100 else 3)

    return lines


def column(lines, words):
    """The line and the cell at which some words begin."""
    for number, line in enumerate(lines):
        at = line.plain.find(words)
        if at >= 0:
            return number, cell_len(line.plain[:at])
    raise AssertionError(f"{words!r} is not in\n" + "\n".join(line.plain for line in lines))


@pytest.mark.parametrize("screen", WIDTHS)
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("read_only", [False, True], ids=["steering", "read-only"])
@pytest.mark.parametrize("failed", [0, 123_456], ids=["none failed", "many failed"])
def test_state_percentage_dollars_and_eta_are_whole_however_large_the_numbers(
    line_by_line, screen, state, read_only, failed
):
    how = HUGE | {"failed": failed, "kept": MILLION - 1 - failed}
    lines = line_by_line(screen, state.value, read_only=read_only, reason="x" * 300, **how)

    text = "\n".join(line.plain for line in lines)
    assert re.search(rf"\b{state.value.upper()}\b", lines[0].plain)
    assert re.search(r" ETA +(\d+[a-z0-9.]+|–)( |$)", lines[0].plain)  # noqa: RUF001 - the sign for nothing
    assert re.search(rf" {'87' if failed else '99'}%( |$)", text, re.MULTILINE)
    assert re.search(r"\$999,999\.99 of \$1,000,000( |$)", text, re.MULTILINE)
    assert all(line.cell_len <= WIDTHS[screen] for line in lines)


MONEY = {
    "a cap": {},
    "a large cap": {"cap_pico": MILLION * PICO},
    "no cap": {"cap_pico": None},
    "a cap in tokens": {"cap_pico": None, "cap_tokens": 10**9, "spent_tokens": 10**8, "priced": False, "spent_pico": 0},
    "no price": {"cap_pico": None, "priced": False, "spent_pico": 0},
    "some prices": {"cap_pico": None, "cap_tokens": 10**6, "priced": False},
}
SPENT = {
    "a cap": "$9.17 of $60",
    "a large cap": "$9.17 of $1,000,000",
    "no cap": "$9.17 no cap",
    "a cap in tokens": "unpriced 100M of 1,000M tokens",
    "no price": "unpriced no cap",
    "some prices": "$9.17 + unpriced 744k of 1.0M tokens",
}


@pytest.mark.parametrize("screen", WIDTHS)
@pytest.mark.parametrize("money", MONEY)
def test_what_is_spent_is_told_of_what_it_may_be(line_by_line, screen, money):
    lines = line_by_line(screen, **MONEY[money])

    text = "\n".join(re.sub(" +", " ", line.plain) for line in lines)
    told = SPENT[money].replace("tokens", "tok") if screen == 60 else SPENT[money]
    assert re.search(rf"{re.escape(told)}( |$)", text, re.MULTILINE)
    assert column(lines, "33%")


PROGRESS = [
    {"kept": 0, "spent_pico": 0, "reserved_pico": 0, "unknown_pico": 0, "unknown_attempts": 0, "worked_s": 0.0},
    {"kept": 7, "spent_pico": PICO // 1000, "unknown_pico": 0, "unknown_attempts": 0, "worked_s": 9.9},
    {"kept": 640, "spent_pico": 9 * PICO, "worked_s": 134.0},
    {"kept": 1900, "failed": 12, "spent_pico": 59 * PICO, "unknown_pico": 123 * PICO // 100, "worked_s": 90_000.0},
    {"kept": 1920, "spent_pico": 60 * PICO, "worked_s": 7_776_000.0, "retries": 1234, "busy_replies": 12_345},
]


@pytest.mark.parametrize("screen", WIDTHS)
@pytest.mark.parametrize("read_only", [False, True], ids=["steering", "read-only"])
def test_while_a_run_goes_on_nothing_of_these_leaves_its_column(line_by_line, screen, read_only):
    places = set()
    for state, progress, name in itertools.product(State, PROGRESS, ["r", LONG]):
        lines = line_by_line(screen, state.value, read_only=read_only, name=name, **progress)
        word = column(lines, state.value.upper())
        eta = column(lines, "ETA ")
        percent, of = column(lines, "%  " if screen == 120 else "% "), column(lines, " of $60")
        places.add((word, eta, percent, of))

    assert len(places) == 1


@pytest.mark.parametrize("screen", WIDTHS)
def test_all_of_a_line_is_used_but_no_more(line_by_line, screen):
    for state in State:
        assert {line.cell_len for line in line_by_line(screen, state.value, waiting="w" * 300, **HUGE)} <= {
            0,
            *range(WIDTHS[screen] + 1),
        }


@pytest.mark.parametrize("screen", WIDTHS)
def test_what_is_simulated_and_what_is_read_only_is_said_whole(line_by_line, screen):
    first = line_by_line(screen, read_only=True, simulated=True, name=LONG)[0].plain

    assert "SIMULATED" in first
    assert ("READ-ONLY" if screen == 120 else " RO") in first
    assert "SIMULATED" not in "".join(line.plain for line in line_by_line(screen, simulated=False))


def test_hundred_percent_is_all_of_them_and_not_one_less(line_by_line):
    assert column(line_by_line(120, kept=MILLION - 1, planned=MILLION), " 99%")
    assert column(line_by_line(120, kept=MILLION, planned=MILLION), " 100%")


def test_without_a_sampler_nothing_claims_to_be_going_on(line_by_line):
    text = "\n".join(line.plain for line in line_by_line(120, alive=False))

    assert "INTERRUPTED" in text
    assert "ETA –" in text  # noqa: RUF001 - the sign for nothing
    assert "req/s" not in text
    assert "/min" not in text


def test_before_anything_was_read_it_says_that_it_reads():
    assert Headline().lines(118, 4)[0].plain == "reading the store"


@pytest.mark.parametrize(
    ("state", "how", "said"),
    [
        ("pausing", {"in_flight": 37}, "PAUSING: 37 in flight will finish; nothing new is sent"),
        ("paused", {}, "PAUSED: nothing is sent, the clocks stand still; p goes on"),
        ("stopping", {"in_flight": 2}, "STOPPING: 2 in flight will finish; nothing new is sent"),
        (
            "running",
            {"alive": False, "open_attempts": 3, "reserved_pico": 2 * PICO},
            "INTERRUPTED: its sampler is gone with 3 in flight, up to $2.00; p goes on with a new one",
        ),
        ("capped", {"alive": False}, "CAPPED: the next draw does not fit; c raises the cap, D settles $0.39 in doubt"),
        ("stopped", {"alive": False, "reason": "stopped by a wish"}, "STOPPED: stopped by a wish; p goes on"),
        ("running", {}, ""),
        ("finished", {"alive": False}, ""),
        ("running", {"waiting": "waiting 12 s: 429"}, "waiting 12 s: 429"),
    ],
)
def test_what_must_be_known_now_is_one_line(stands, state, how, said):
    assert notice(Standing(stands(state, **how), None, read_only=False)).plain == said


@pytest.mark.parametrize("state", State)
def test_read_only_offers_no_key(stands, state):
    said = notice(Standing(stands(state.value, alive=state in (State.RUNNING, State.OUTAGE)), None, read_only=True))

    assert not re.search(r"\b[pc] (goes|raises)", said.plain)


def test_an_outage_says_since_when_and_why(stands, monkeypatch):
    monkeypatch.setattr(headline, "seconds_since", lambda _: 125.2)
    status = stands("outage", waiting="cannot connect to \x1b[2J", waiting_since="2026-11-22T10:00:00.000Z")

    assert notice(Standing(status, None, read_only=False)).plain == "OUTAGE for 2m05s: cannot connect to ␛[2J"


@pytest.mark.parametrize("screen", [80, 60])
def test_on_a_narrow_screen_what_must_be_known_now_takes_the_line_of_the_pace(line_by_line, screen):
    assert line_by_line(screen)[2].plain.startswith("in flight 64/64")
    assert line_by_line(screen, "pausing")[2].plain.startswith("PAUSING: 64 in flight")


def test_hostile_names_and_reasons_are_made_visible(line_by_line):
    lines = line_by_line(120, "stopped", alive=False, name="\x1b]0;x\x07\u202e[red]", reason="\x9b31m[/x]")

    text = "\n".join(line.plain for line in lines)
    assert "␛]0;x␇<U+202E>[red]" in text
    assert "<U+009B>31m[/x]" in text


async def test_only_lines_that_changed_are_drawn_again(alone, stands):
    shown = Headline()
    async with alone(shown, size=(120, 10)) as seen:
        shown.show(Standing(stands(), None, read_only=False))
        await seen.pilot.pause()
        seen.redrawn.clear()

        shown.show(Standing(stands(busy_replies=15), None, read_only=False))

        assert seen.redrawn == [3]
