from __future__ import annotations

import pytest

from tui.wire.pastes import Pastes

TYPED = "ab\x1b[A\x1b[200~one \x1b[2Jtwo\x1b\x1b[201~\x1b[201~c\x1bx\x1b[200~\x1b[200~3\x1b[201~\x1b"
TAMED = "ab\x1b[A\x1b[200~one ␛[2Jtwo␛\x1b[201~\x1b[201~c\x1bx\x1b[200~␛[200~3\x1b[201~\x1b"


@pytest.mark.parametrize("size", range(1, len(TYPED) + 1))
def test_escapes_in_a_paste_are_symbols_wherever_reads_end_and_keys_stay_keys(size) -> None:
    pastes = Pastes()

    parts = [pastes.tamed(TYPED[at : at + size]) for at in range(0, len(TYPED), size)]

    assert "".join(parts) == TAMED


def test_a_lone_escape_is_not_waited_with() -> None:
    assert Pastes().tamed("\x1b") == "\x1b"


def test_nothing_but_what_may_close_a_paste_is_held_back() -> None:
    pastes = Pastes()

    assert pastes.tamed("\x1b[200~abc\x1b[20") == "\x1b[200~abc"
    assert pastes.tamed("2") == "␛[202"
