"""Whatever texts hold, the terminal is told nothing but what thinktop tells it: every byte is read, strictly."""

from __future__ import annotations

import base64
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

SIZES = {"120x40": {"columns": 120, "lines": 40}, "80x24": {"columns": 80, "lines": 24}}
KNOWN = re.compile(
    r"\x1b\[\?1049h\x1b\[m\x1b\[2J"  # the alternate screen, cleared; the only time that anything is cleared
    r"|\x1b\[\?(?:7|25|1000|1002|1004|1006|2004|2026)[hl]|\x1b\[\?1049l"  # wrap, cursor, mouse, focus, paste, sync
    r"|\x1b\[\?2026\$p"  # do you know synchronised output?
    r"|\x1b\[>[0-9]{1,2}u|\x1b\[<u"  # kitty's keyboard
    r"|\x1b\[[0-9;]*m"  # a style
    r"|\x1b\[[0-9]{0,3}(?:;[0-9]{1,3})?H|\x1b\[[0-9]{0,3}[ABCDGd]|[\r\b]|\x1b\[K"  # to a place; to the row's end
)
"""What the monitor has to say to a terminal, besides text."""
SPOKEN = re.compile(r"\x1b\[[0-9;]*m|\r\n|\r(?:\x1b\[K)?(?=[0-9]|$)|\x1b\[K")
"""What commands have to say to it."""
JOINERS = "\u200c\u200d"
"""Characters without a shape that honest text is spelt with."""
SHOWN = (
    "ANS", "COPY", "DIR", "DOUBT", "EVENT", "FAILED", "FILE", "FINISH", "KEY", "KIND", "LABEL", "LIVE", "LV", "MODEL",
    "NAME", "NOTES", "NOTE", "OTHER", "PRINT", "QUESTION", "REASON", "REFUSED", "REPORTED", "SYSTEM", "TAG", "TEXT",
    "THINKING", "TOAST", "TRUE", "TYPED", "WAITING",
)  # fmt: skip
"""Hostile texts that a way through all screens comes by, by their beginning."""


@pytest.fixture(scope="module")
def walked(walk):
    """A way through every screen, at each size."""
    with ThreadPoolExecutor(len(SIZES)) as pool:
        return dict(zip(SIZES, pool.map(lambda size: walk(**size), SIZES.values()), strict=True))


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_sends_text_and_known_sequences_only(walked, size) -> None:
    drawn, left, said = walked[size].output.decode().rpartition("\x1b[?1049l")

    assert improper(drawn + left, KNOWN) == []
    assert drawn.count("\x1b[?1049h") == 1
    assert improper(KNOWN.sub("", said.replace("\r\n", "")), SPOKEN) == []
    assert walked[size].exit_code == 0
    assert walked[size].left_behind == []


def test_every_text_is_shown_as_it_is_spelt_and_none_of_it_is_markup(walked) -> None:
    seen = walked["120x40"].seen

    assert [tag for tag in SHOWN if f"[b]{tag}" not in seen] == []
    for literal in ("[/b][/x][@click=app.quit]go[/]\\[i]", "␛[2J", "␛]52;c;", "<U+009B>31m", "<U+202E>", "<U+D800>␀"):
        assert literal in seen


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


def test_a_copied_text_is_as_harmless_as_it_is_on_the_screen(hostile_folder, terminal, thinktop_path) -> None:
    shown = terminal(thinktop_path, "monitor", "1", "--store", hostile_folder / "runs.db", folder=hostile_folder)
    for keys, to in (("", "─ 3 problems ─"), ("\r", "─ 2 answers ─"), ("\r", "─ 1 text "), ("y", "copied")):
        shown.send(keys)
        shown.wait_for(to)

    (copied,) = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", shown.output)

    text = base64.b64decode(copied).decode()
    assert text.startswith("[b]TEXT␛[2J")
    assert improper(text.replace("\n", "").replace("\t", ""), SPOKEN) == []


COMMANDS = (
    "status", "status --all", "status 1", "show 1", "show 1 {key}", "show 1 {key} 1 --label [b]LABEL --budget 64",
    "show 1 plain 2", "log 1", "curve 1", "curve 1 2", "plot 1", "plot 1 2 --figure budget --x tokens",
    "export 1 {file}", "regrade 1 --grading kind=exact --dry-run", "rm 1", "doctor {config}",
    # What is wrong, and says so:
    "show 1 {hostile}", "extend 1 --draws {hostile}", "estimate {config}", "run {config}", "status {hostile}",
    "settle 1 4 --usd {hostile}", "set 1 {hostile}=1", "status --store {hostile}", "{hostile}",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_says_anything_but_text_and_styles(
    hostile_folder, terminal, thinktop_path, hostile_words, command
) -> None:
    words = [_spelt(word, hostile_words) for word in command.split()]
    shown = terminal(thinktop_path, *words, folder=hostile_folder, environment={"THINKTOP_STORE": "runs.db"})
    if words[0] == "rm":
        shown.wait_for("[y/N]")
        shown.send("n\n")

    shown.wait_for_end(20)

    said = shown.output.decode()
    assert improper(said, SPOKEN) == []
    assert said.strip()
    assert "this is a bug" not in said


def _spelt(word, meanings):
    for name, meaning in meanings.items():
        word = word.replace(name, meaning)
    return word


def improper(text: str, known: re.Pattern[str]) -> list[str]:
    """What of a text is neither a known sequence nor to be seen as it is, each with a little of what follows it."""
    found, at = [], 0
    while at < len(text):
        if sequence := known.match(text, at):
            at = sequence.end()
            continue
        if not (text[at].isprintable() or text[at] in JOINERS):
            found.append(text[at : at + 20])
        at += 1
    return found
