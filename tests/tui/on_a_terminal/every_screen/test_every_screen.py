"""Whatever texts hold, the terminal is told nothing but what thinktop tells it: every byte of every screen is read."""

from __future__ import annotations

import base64
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

PLAIN = {"environment": {"NO_COLOR": "1"}}
WALKS = {
    "120x40": {"columns": 120, "lines": 40},
    "120x40 without colours": {"columns": 120, "lines": 40, **PLAIN},
    "80x24 without colours": {"columns": 80, "lines": 24, **PLAIN},
}
KNOWN = re.compile(
    r"\x1b\[\?1049h\x1b\[m\x1b\[2J"  # the alternate screen, cleared; the only time that anything is cleared
    r"|\x1b\[\?(?:7|25|1000|1002|1004|1006|2004|2026)[hl]|\x1b\[\?1049l"  # wrap, cursor, mouse, focus, paste, sync
    r"|\x1b\[\?2026\$p"  # do you know synchronised output?
    r"|\x1b\[>[0-9]{1,2}u|\x1b\[<u"  # kitty's keyboard
    r"|\x1b\[[0-9;]*m"  # a style
    r"|\x1b\[[0-9]{0,3}(?:;[0-9]{1,3})?H|\x1b\[[0-9]{0,3}[ABCDGd]|[\r\b]|\x1b\[K"  # to a place; to the row's end
)
"""What the monitor has to say to a terminal, besides text."""
COLOURS = frozenset([*range(30, 50), 58, 59, *range(90, 98), *range(100, 108)])
"""Every setting of a colour, of text, ground and underline; extended (38, 48, 58) and a terminal's own (39, 49) too."""
SHOWN = (
    "ANS", "COPY", "DIR", "DOUBT", "EVENT", "FAILED", "FILE", "FINISH", "KEY", "KIND", "LABEL", "LIVE", "LV", "MODEL",
    "NAME", "NOTES", "NOTE", "OTHER", "PRINT", "QUESTION", "REASON", "REFUSED", "REPORTED", "SYSTEM", "TAG", "TEXT",
    "THINKING", "TOAST", "TRUE", "TYPED", "WAITING",
)  # fmt: skip
"""Hostile texts that a way through all screens comes by, by their beginning."""


@pytest.fixture(scope="module")
def walked(walk):
    """Ways through every screen."""
    with ThreadPoolExecutor(len(WALKS)) as pool:
        return dict(zip(WALKS, pool.map(lambda how: walk(**how), WALKS.values()), strict=True))


@pytest.mark.parametrize("how", WALKS)
def test_every_screen_sends_text_and_known_sequences_only(walked, improper, how) -> None:
    drawn, left, said = walked[how].output.decode().rpartition("\x1b[?1049l")

    assert improper(drawn + left, KNOWN) == []
    assert (drawn + left).count("\x1b[?1049") == 2
    assert improper(KNOWN.sub("", said.replace("\r\n", "")), re.compile("(?!)")) == []
    assert walked[how].exit_code == 0
    assert walked[how].left_behind == []


def test_every_text_is_shown_as_it_is_spelt_and_none_of_it_is_markup(walked) -> None:
    seen = walked["120x40"].seen

    assert [tag for tag in SHOWN if f"[b]{tag}" not in seen] == []
    for literal in ("[/b][/x][@click=app.quit]go[/]\\[i]", "␛[2J", "␛]52;c;", "<U+009B>31m", "<U+202E>", "<U+D800>␀"):
        assert literal in seen


@pytest.mark.parametrize("how", [how for how in WALKS if "without" in how])
def test_without_colours_not_one_is_sent_by_any_screen(walked, style_settings, how) -> None:
    settings = style_settings(walked[how].output)

    assert settings & COLOURS == set()
    assert settings >= {1, 4, 7}  # bold, underlined, reversed


def test_with_colours_some_are(walked, style_settings) -> None:
    assert style_settings(walked["120x40"].output) & COLOURS


def test_what_looks_like_a_link_is_none(hostile_folder, terminal, thinktop_path) -> None:
    shown = terminal(thinktop_path, "monitor", "1", "--store", hostile_folder / "runs.db", folder=hostile_folder)
    shown.wait_for("─ 3 problems ─")
    shown.press("enter")
    shown.wait_for("@click=app.quit]go")
    row, line = next((row, line) for row, line in enumerate(shown.picture.lines) if "@click=app.quit]go" in line)
    place = f"{line.index(']go') + 2};{row + 1}"

    for modifiers in (0, 8, 16):  # plain, alt, ctrl
        shown.send(f"\x1b[<{modifiers};{place}M\x1b[<{modifiers};{place}m")
    shown.press("?")

    shown.wait_for("─ One problem ─")


def test_a_copied_text_is_as_harmless_as_it_is_on_the_screen(hostile_folder, terminal, thinktop_path, improper) -> None:
    shown = terminal(thinktop_path, "monitor", "1", "--store", hostile_folder / "runs.db", folder=hostile_folder)
    for keys, to in (("", "─ 3 problems ─"), ("\r", "─ 2 answers ─"), ("\r", "─ 1 text "), ("y", "copied")):
        shown.send(keys)
        shown.wait_for(to)

    (copied,) = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", shown.output)

    text = base64.b64decode(copied).decode()
    assert text.startswith("[b]TEXT␛[2J")
    assert improper(text, re.compile("[\n\t]")) == []
