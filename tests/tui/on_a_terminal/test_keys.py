"""Keys and pastes go where they are meant to, also when a bad line brings many at once."""

from __future__ import annotations

import pytest

from core.store.opening import reading
from core.store.progress import run_ids


@pytest.fixture
def runs(monitor, real):
    """The list of runs, the cursor on a finished one."""
    shown = monitor(real)
    shown.wait_for("▸ ")
    shown.wait_for("FINISHED")
    return shown


def test_what_is_typed_into_a_filter_is_no_command_though_it_came_with_the_key_that_opens_it(runs, real) -> None:
    runs.send("/dy\r")

    runs.wait_for("/dy")
    runs.wait_for("none of 1")
    # The footer, painted last, offers to delete until the row is gone; a question would stay.
    runs.wait_for(lambda picture: "elete" not in picture.text)
    with reading(real) as db:
        assert len(run_ids(db)) == 1


def test_a_question_is_answered_by_what_is_typed_right_behind_the_key_that_asks_it(runs, real) -> None:
    runs.send("c25\r")

    runs.wait_for("cap_usd=25")
    with reading(real) as db:
        assert db.execute("SELECT cap_pico FROM runs").fetchone()[0] == 25 * 10**12


def test_many_moves_at_once_are_all_made(runs) -> None:
    runs.send("\r")
    runs.wait_for("3 problems")
    runs.send("\x1b[B" * 3 + "\x1b[A")

    runs.wait_for(lambda picture: any("▸ c-003" in line for line in picture.lines))


@pytest.mark.parametrize("pasted", ["\x1bdy", "x\x1b[201ddy\r" + "dy" * 20])
def test_what_is_pasted_is_text_and_never_a_command(runs, real, pasted) -> None:
    runs.send(f"\x1b[200~{pasted}\x1b[201~?")

    runs.wait_for("│  Keys  ")
    runs.press("?", "/")
    runs.wait_for(lambda picture: picture.lines[-1].strip() == "filter")
    runs.send(f"\x1b[200~{pasted}\x1b[201~")
    runs.wait_for("none of 1")
    with reading(real) as db:
        assert len(run_ids(db)) == 1


def test_bytes_that_are_no_keys_and_answers_nobody_asked_for_are_put_up_with(runs) -> None:
    runs.send(b"\xff\xc3\x28\x1b[?62;22c\x1b[12;40R\x1b]11;rgb:0/0/0\x1b\\\x1bP1$r0m\x1b\\\x1b[999;999~\x00")

    runs.send("?")
    runs.wait_for("│  Keys  ")
