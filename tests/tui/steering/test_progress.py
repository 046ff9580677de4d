from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from core.status import Status, status_of
from core.store.progress import ConditionRow, Progress, RunRow, Sums
from core.vocabulary import State
from tui.steering.progress import block, line, over

SUMS = Sums(
    planned=1920, kept=742, failed=3, graded=740, answered=730, right=300, truncated=2, estimated=0,
    prompt_tokens=81234, completion_tokens=743900, reasoning_tokens=700200, log2_tokens=9000.0,
    billed_pico=9 * 10**12, seconds=8000.0,
)  # fmt: skip


def status(*, alive: bool = True, priced: bool = True, **run: object) -> Status:
    row = RunRow(
        id=3, name="aime-2024", state="running", reason="", simulated=True, imported=False,
        created_at="2026-11-22T10:00:00.000Z",
        started_at="2026-11-22T10:00:00.000Z", ended_at=None, worked_s=134.0, paused=False, cap_pico=60 * 10**12,
        cap_tokens=None, max_concurrency=64, attempts=748, retries=6, open_attempts=64, unknown_attempts=1,
        spent_pico=9_170_502_000_000, reserved_pico=25_171_200_000_000, unknown_pico=393_300_000_000,
        spent_tokens=800_000, reserved_tokens=64 * 32768, unknown_tokens=32768, pid=1, host="here",
        sampler_started_at="2026-11-22T10:00:00.000Z", beat_at="2026-11-22T10:02:14.000Z", in_flight=64, slots=64,
        requests_per_s=12.4, tokens_per_s=41_000.0, busy_replies=3, waiting="", waiting_since=None,
    )  # fmt: skip
    condition = ConditionRow(1, "o1-mini", "o1-mini", "simulator", "prompt", 2048, 32768, priced, SUMS, ())
    return status_of(Progress(replace(row, **run), (condition,)), sampler_alive=alive)  # type: ignore[arg-type] # fields by their names


def test_the_block_says_how_far_how_dear_and_how_fast():
    words = block(status(), 120).plain

    for part in ("SIMULATED", "aime-2024", "● RUNNING", "2m14s", "ETA", "742/1,920 38%", "$9.17 of $60.00",
                 "$0.39 in doubt", "+$25.17 reserved", "64/64 in flight", "12.4 req/s", "41k tok/s", "3 failed",
                 "429: 3", "overrun "):  # fmt: skip
        assert part in words, part


@pytest.mark.parametrize("width", [1, 10, 20, 40, 79, 80, 120])
@pytest.mark.parametrize("name", ["short", "a" * 300, "漢字" * 50, "\x1b[31m\u202e"])
def test_no_line_is_ever_wider_than_the_terminal(width, name):
    text = block(status(name=name, waiting="429: wait " * 50), width)

    assert all(cell_len(one) <= width for one in text.plain.splitlines())


def test_at_eighty_columns_the_state_the_share_the_dollars_and_the_time_left_are_there():
    words = block(status(), 79).plain

    for part in ("RUNNING", "38%", "$9.17 of $60.00", "$0.39 in doubt", "ETA", "SIMULATED"):
        assert part in words, part


def test_what_does_not_fit_is_left_out_whole_the_least_telling_first():
    words = block(status(), 60).plain

    assert "…" not in words
    assert "$9.17 of $60.00" in words
    assert "reserved" not in words


def test_what_it_waits_for_has_a_line_of_its_own():
    assert block(status(waiting="12 s: 429"), 80).plain.splitlines()[-1] == "12 s: 429"


def test_a_server_cannot_drive_the_terminal():
    said = status(name="n\x1b[2J", waiting="\x1b]0;owned\x07")

    for words in (block(said, 120).plain, line(said)):
        assert "\x1b" not in words
        assert "\x07" not in words


def test_unpriced_is_never_zero_dollars():
    words = line(
        status(priced=False, spent_pico=0, reserved_pico=0, unknown_pico=0, cap_pico=None, cap_tokens=5_000_000)
    )

    assert "unpriced" in words
    assert "800k tokens of 5.0M" in words
    assert "$" not in words


def test_a_plain_line_is_one_line_and_marked():
    words = line(status())

    assert words.startswith("aime-2024 · running · 742/1,920 38%")
    assert words.endswith("SIMULATED")
    assert "\n" not in words


def test_without_a_sampler_nothing_is_said_to_be_in_flight():
    assert "in flight" not in line(status(alive=False))


@pytest.mark.parametrize(
    ("state", "alive", "ended"),
    [("running", True, False), ("running", False, True), ("paused", True, False), ("finished", False, True),
     ("capped", False, True), ("stopping", True, False), ("planned", False, False)],
)  # fmt: skip
def test_it_is_over_when_nothing_will_come_of_watching(state, alive, ended):
    assert over(status(alive=alive, state=state)) is ended


def test_all_but_one_draw_is_not_a_hundred_percent():
    nearly = status()
    nearly = replace(nearly, sums=replace(nearly.sums, kept=1919), state=State.RUNNING)

    assert "1,919/1,920 99%" in line(nearly)
