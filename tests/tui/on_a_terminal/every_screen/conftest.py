"""A store in which every text is hostile, and a way through every screen of the monitor."""

from __future__ import annotations

import os
import shutil
import socket
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from bench.terminal import Terminal
from bench.terminal.modes import SYNC
from core.config import config_from_mapping
from core.figures.table import FIGURES
from core.grading import GradingSpec
from core.plan import Planned
from core.planning import plan_of
from core.store import draws
from core.store.draws import Ended, Kept, Reservation
from core.store.opening import writing
from core.store.place import Place
from core.store.runs import create_run, load_run
from core.vocabulary import Condition, Control, Grade, Outcome, Problem, Reply, Usage, Verdict

if TYPE_CHECKING:
    import re
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from core.plan import Plan

NOW = "2026-11-22T10:00:00.000Z"
BRIEF = "\x1b[2J\x9b31m\u202e\x07\r"
PASTED = BRIEF.rstrip()
"""A line to type in takes the first of what is pasted."""
POISON = (
    "\x1b[2J\x1b[1;1H\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x1bP1$r0m\x1b\\\x1b[?1049l\x9b31m\x9d0;o\x9c"
    "\u202e\u2066\u2028\x08\r\x7f\u200b\ufeff\u00ad[/b][/x][@click=app.quit]go[/]\\[i]\t字字e\u0301\u0301\u0301|"
)
"""What drives terminals, hides, turns around, and would be markup or a link."""
JOINERS = "\u200c\u200d"
"""Characters without a shape that honest text is spelt with."""
HALF = "\ud800\x00"
"""Half a surrogate pair, and what ends texts in C: models can write both."""
LONG = f"{'x' * 2000}{POISON}" * 45


def hostile(tag: str, poison: str = POISON) -> str:
    """A text that begins with a tag in markup, to be found on the screen as it is spelt, and goes on with poison."""
    return f"[b]{tag}{poison}"


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to stand in, itself of such a name, with a config and a store that are hostile wherever a text may be.

    One run stands still; of the other one a sampler seems to be alive, in an outage.
    """
    folder: Path = tmp_path_factory.mktemp("hostile") / hostile("DIR").replace("/", "")
    folder.mkdir()
    (folder / f"{hostile('FILE', BRIEF)}.toml").write_text(
        f'[run]\nname = "x"\n[problems]\nsource = "builtin:competition"\n[[models]]\nname = "{_in_toml(POISON)}"\n'
    )
    place = Place.at(folder / "runs.db")
    config = config_from_mapping(CONFIG)
    conditions = [
        _condition("[b]LABEL", Control.PROMPT, 64),
        _condition("[b]LABEL", Control.PROMPT, 1024),
        _condition(hostile("OTHER", BRIEF), Control.EFFORT, hostile("LV")),
    ]
    plan = replace(
        plan_of(config),
        name=hostile("NAME", BRIEF),
        problems=(
            Problem(hostile("KEY"), hostile("QUESTION") + LONG, hostile("TRUE"), cluster=hostile("CLUSTER")),
            Problem("plain", "What is 6 x 7?", "42"),
        ),
        planned=tuple(Planned(condition, 4) for condition in conditions),
    )
    with writing(place) as db:
        run = _new_run(db, plan)
        for cell in load_run(db, run).cells:
            for draw in range(2):
                _keep(db, run, cell.id, draw)
            _fail(db, run, cell.id)
            _doubt(db, run, cell.id)
        db.execute(
            "UPDATE runs SET state = 'stopped', reason = ?, started_at = ?, worked_s = 5", (hostile("REASON"), NOW)
        )
        for kind in ("start", "wait", "warning", hostile("KIND")):
            db.execute(
                "INSERT INTO events (run_id, at, kind, text) VALUES (?, ?, ?, ?)", (run, NOW, kind, hostile("EVENT"))
            )
        other = _new_run(db, replace(plan, name=hostile("LIVE", BRIEF)))
        db.execute("UPDATE runs SET state = 'outage', started_at = ?, worked_s = 10 WHERE id = ?", (NOW, other))
        _reserve(db, other, load_run(db, other).cells[0].id, 0)
        db.execute(
            "INSERT INTO samplers (run_id, pid, host, started_at, beat_at, waiting, waiting_since)"
            " VALUES (?, ?, ?, ?, '2999-01-01T00:00:00.000Z', ?, ?)",
            (other, os.getpid(), socket.gethostname(), NOW, hostile("WAITING"), NOW),
        )
    return folder


CONFIG: dict[str, Any] = {
    "run": {"name": "[b]COPY", "draws": 4, "notes": hostile("NOTES"), "tags": ["[b]TAG", "[/x]"]},
    "problems": {"source": "builtin:competition", "limit": 2},
    "grading": {"kind": "integer"},
    "models": [
        {
            "name": "[b]MODEL",
            "label": "[b]LABEL",
            "endpoint": "simulator",
            "token_cap": 2048,
            "system": hostile("SYSTEM"),
            "request": {"stop": [POISON]},
            "thinking": {"control": "prompt", "budgets": [64, 1024], "prompt": "{problem} {budget}" + POISON},
        }
    ],
}


def _condition(label: str, control: Control, budget: int | str) -> Condition:
    return Condition(
        label=label,
        model=hostile("MODEL"),
        endpoint="simulator",
        control=control,
        budget=budget,
        token_cap=2048,
        prompt="{problem}" + hostile("PROMPT"),
        system=hostile("SYSTEM"),
        body="{}",
    )


def _new_run(db: sqlite3.Connection, plan: Plan) -> int:
    return create_run(db, plan, grader=GradingSpec("exact").identity, versions=f'{{"thinktop": "{"x"}"}}', now=NOW)


def _reserve(db: sqlite3.Connection, run: int, cell: int, draw: int) -> int:
    row = draws.reserve(db, Reservation(run, cell, draw, 0, "ask", 1, 10**9, 1100), NOW)
    assert row is not None
    return row


def _keep(db: sqlite3.Connection, run: int, cell: int, draw: int) -> None:
    reply = Reply(
        text=hostile("TEXT") + HALF + "\n" + LONG,
        reasoning=hostile("THINKING") + HALF,
        finish_reason=hostile("FINISH", BRIEF) if draw else "stop",
        usage=Usage(10, 100 * (draw + 1)),
        model=hostile("REPORTED", "\x1b[2J"),
        fingerprint=hostile("PRINT", "\x9b31m"),
        request_id=hostile("REQUEST"),
        seconds=2.0,
    )
    assert reply.usage
    sample = draws.keep(db, _reserve(db, run, cell, draw), Kept(reply, reply.usage, 5_000_000, estimated=False), NOW)
    grader = db.execute("SELECT grader_id FROM runs WHERE id = ?", (run,)).fetchone()[0]
    draws.grade(db, sample, grader, Grade(hostile("ANS") + HALF, Verdict.WRONG, hostile("NOTE")))


def _fail(db: sqlite3.Connection, run: int, cell: int) -> None:
    draws.end(db, _reserve(db, run, cell, 2), Ended(Outcome.REFUSED, 400, hostile("REFUSED")), NOW)
    draws.fail(db, cell, 2, 0, hostile("FAILED"), NOW)


def _doubt(db: sqlite3.Connection, run: int, cell: int) -> None:
    draws.end(db, _reserve(db, run, cell, 3), Ended(Outcome.UNKNOWN, None, hostile("DOUBT")), NOW)


@pytest.fixture(scope="session")
def improper() -> Callable[[str, re.Pattern[str]], list[str]]:
    """A finder of what in a text is neither a known sequence nor shown as it is, with a little of what follows it."""

    def find(text: str, known: re.Pattern[str]) -> list[str]:
        found, at = [], 0
        while at < len(text):
            if sequence := known.match(text, at):
                at = sequence.end()
                continue
            if not (text[at].isprintable() or text[at] in JOINERS):
                found.append(text[at : at + 20])
            at += 1
        return found

    return find


@pytest.fixture(scope="session")
def hostile_words(hostile_folder: Path) -> dict[str, str]:
    """Words of a command line that are hostile: what a problem is called, a config, a file to write, and any other."""
    config = next(path.name for path in hostile_folder.iterdir() if path.suffix == ".toml")
    return {"{key}": hostile("KEY"), "{config}": config, "{file}": f"{BRIEF}.csv", "{any}": POISON}


def _in_toml(text: str) -> str:
    """As much of a text as a TOML file may hold as it is; the rest escaped."""
    return "".join(f"\\u{ord(one):04X}" if one < " " or one in '"\\\x7f' else one for one in text)


class Hands:
    """Somebody at the keys of a monitor, who looks after each of them."""

    def __init__(self, shown: Terminal) -> None:
        self.shown = shown
        self.seen: list[str] = []

    def press(self, *keys: str, to: str | Callable[[Any], bool]) -> None:
        """Press keys, and look at the screen once it shows what they lead to."""
        self.shown.press(*keys)
        self.look(to)

    def paste(self, text: str, to: str | Callable[[Any], bool]) -> None:
        """Paste a text as a terminal does, and look."""
        self.shown.send(f"\x1b[200~{text}\x1b[201~")
        self.look(to)

    def look(self, to: str | Callable[[Any], bool]) -> None:
        """Look at the screen once it shows something; in capitals or not."""
        holds = _with(to) if isinstance(to, str) else to
        self.shown.wait_for(holds, 20)
        while SYNC in self.shown.modes.on or not holds(self.shown.picture):  # in the middle of a repaint
            time.sleep(0.005)
            self.shown.wait_for(holds, 20)
        self.seen.append(self.shown.text)


def _pointed(words: str) -> Callable[[Any], bool]:
    """Whether the cursor is on a row of a table that has these words."""
    return lambda picture: any("▸" in line and words in line for line in picture.lines)


def _asked(words: str) -> Callable[[Any], bool]:
    """Whether the last line is one to type in."""
    return lambda picture: picture.lines[-1].strip() == words


def _with(words: str) -> Callable[[Any], bool]:
    return lambda picture: any(words.lower() in line.lower() for line in picture.lines)


def _without(words: str) -> Callable[[Any], bool]:
    return lambda picture: not _with(words)(picture)


def _the_list_of_runs(hands: Hands) -> None:
    hands.look("OUTAGE")
    hands.press("escape", to="─ runs ─")
    hands.press("down", to=_pointed("[b]NAME"))
    hands.press("m", to="◆")
    hands.press("P", to="▲")
    hands.press("s", to="▾")
    hands.press("S", to="▴")
    hands.press("/", to=_asked("filter"))
    hands.paste(f"a{PASTED}", to="none of 2 matches")
    hands.press("escape", to=_pointed("[b]"))
    hands.press("home", to=_pointed("[b]NAME"))
    hands.press("?", to="│  Keys   ")
    hands.press("escape", to=_without("│  Keys   "))


def _questions_about_a_run(hands: Hands) -> None:
    hands.press("x", to="no sampler has it")
    hands.press("R", to="failed draws ─")
    hands.press("escape", to=_without("failed draws ─"))
    hands.press("d", to="delete [b]NAME")
    hands.press("escape", to=_without("delete [b]"))
    hands.press("c", to="cap in dollars ─")
    hands.paste(PASTED, to="[2J")
    hands.press("enter", to="must be an amount")
    hands.press("escape", to=_without("cap in dollars ─"))
    hands.press("e", to="export ─")
    hands.press("s", to="file ─")
    hands.paste(f"[b]TOAST{PASTED}.csv", to="[b]TOAST")
    hands.press("enter", to="12 samples")
    hands.press("D", to="─ in doubt ─")
    hands.press("enter", to="settle attempt")
    hands.press("escape", to=_without("settle attempt"))
    hands.press("a", to="settle all ─")
    hands.press("escape", to=_without("settle all ─"))
    hands.press("?", to="│  Keys   ")
    hands.press("escape", to=_without("│  Keys   "))
    hands.press("escape", to="─ runs ")


def _a_new_run(hands: Hands) -> None:
    hands.press("n", to="─ new run: start from ─")
    hands.press("/", to="filter   ")
    hands.paste(PASTED, to="none of")
    hands.press("escape", to="esc  back")
    hands.press("home", to=_pointed("[b]FILE"))
    hands.press("enter", to="is missing")
    hands.press("ctrl+t", to="─ config as text ─")
    hands.press("ctrl+t", to="─ config ─")
    hands.press("ctrl+o", to="─ new run: start from ─")
    hands.press("end", to=_pointed("[b]NAME"))
    hands.press("enter", to="copy of [b]COPY")
    hands.look("expected")
    hands.look(_pointed("name"))
    hands.paste(PASTED, to="edited")
    hands.press("ctrl+t", to="─ config as text ─")
    hands.paste(PASTED, to="[2J")
    hands.press("ctrl+s", to="save the config as")
    hands.press("escape", to=_without("save the config as"))
    hands.press("f1", to="│  Keys   ")
    hands.press("escape", to=_without("│  Keys   "))
    hands.press("escape", to="throw the edits away")
    hands.press("y", to="─ runs ")
    hands.press("E", to=_pointed("draws"))
    hands.paste(f"[b]TYPED{PASTED}", to="--draws [b]TYPED")
    hands.press("escape", to="─ runs ")


def _one_run(hands: Hands) -> None:
    hands.press("enter", to="budgets ─")
    hands.press("5", to="─ 5 events ─")
    hands.press("/", to=_asked("filter"))
    hands.paste(PASTED, to="none of")
    hands.press("escape", to=_pointed("[b]KIND"))
    hands.press("4", to="─ 4 in flight ─")
    hands.press("2", to="─ 2 accuracy against tokens used ─")
    hands.press("1", to="─ 1 budgets ─")
    hands.press("3", to="─ 3 problems ─")
    hands.press("?", to="│  Keys   ")
    hands.press("escape", to=_without("│  Keys   "))
    hands.press("space", to="DISPLAY FROZEN")
    hands.press("space", to=_without("DISPLAY FROZEN"))
    hands.press("ctrl+p", to="Search for commands")
    hands.paste(f"[b]{PASTED}", to="No matches")
    hands.press("escape", to=_without("No matches"))


def _one_problem(hands: Hands) -> None:
    hands.press("enter", to="─ 2 answers ─")
    hands.press("1", to=_without("─ 2 answers ─"))
    hands.press("end", to="100%")
    hands.press("1", to="─ 2 answers ─")
    hands.press("2", to=_without("─ 3 draws ─"))
    hands.press("3", to="─ 3 draws ─")
    hands.press("/", to=_asked("filter"))
    hands.paste(PASTED, to="none of")
    hands.press("escape", to=_pointed("[b]LABEL"))
    hands.press("v", to="only ✓ right")
    hands.press("a", to=_without("only ✓ right"))
    hands.press("?", to="│  Keys   ")
    hands.press("escape", to=_without("│  Keys   "))


def _one_draw(hands: Hands) -> None:
    hands.press("down", to=_pointed("[b]LABEL"))
    hands.press("enter", to="─ 1 text ")
    hands.look("[b]TEXT")
    hands.press("/", to=_asked("search"))
    hands.paste("owned", to="/owned  1 of")
    hands.press("enter", to="? help")
    hands.press("n", to="/owned  2 of")
    hands.press("escape", to=_without("/owned"))
    hands.press("g", to="[b]TEXT")
    hands.press("w", to="unwrapped")
    hands.press("right", to=_without("[b]TEXT"))
    hands.press("w", to="[b]TEXT")
    hands.press("G", to=_without("[b]TEXT"))
    hands.press("2", to="[b]THINKING")
    hands.press("3", to="[b]SYSTEM")
    hands.press("4", to="200")
    hands.press("]", to="[b]FAILED")
    hands.press("?", to="│  Keys   ")
    hands.press("escape", to=_without("│  Keys   "))
    hands.press("escape", to="─ 3 draws ─")


def _figures(hands: Hands) -> None:
    hands.press("escape", to="2 answers")
    hands.press("escape", to="─ 3 problems ─")
    hands.press("f", to="accuracy 1/")
    hands.press("x", to="x dollars")
    hands.press("l", to="linear")
    hands.press("f", to="budget 2/")
    hands.press("m", to="model [b]LABEL")
    hands.press("t", to="─ numbers ─")
    hands.press("o", to="runs in one figure ─")
    hands.press("home", to=_pointed("[b]LIVE"))
    hands.press("space", to=_pointed("●  [b]LIVE"))
    hands.press("enter", to=_without("runs in one figure ─"))
    hands.look("numbers ")
    for number, name in list(enumerate(FIGURES, 1))[2:]:
        hands.press("f", to=f"{name} {number}/")
    hands.press("f", to="accuracy 1/")
    hands.press("e", to="export ─")
    hands.press("f", to="file ─")
    hands.press("escape", to=_without("file ─"))
    hands.press("?", to="│  Keys   ")
    hands.press("escape", to=_without("│  Keys   "))
    hands.press("escape", to="─ 3 problems ─")


class Walked(NamedTuple):
    """What came of a walk."""

    exit_code: int
    left_behind: list[str]
    output: bytes
    seen: str
    """All screens that were looked at, one under the other."""


WAY = (
    _the_list_of_runs, _questions_about_a_run, _a_new_run, _one_run, _one_problem, _one_draw, _figures,
)  # fmt: skip


@pytest.fixture(scope="session")
def walk(hostile_folder: Path, thinktop_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Walked]:
    """A walker through every screen, pane and question of a monitor in a copy of the hostile folder, to its end."""

    def go(*options: str, **how: Any) -> Walked:
        folder = tmp_path_factory.mktemp("walk") / hostile_folder.name
        shutil.copytree(hostile_folder, folder)
        command = [thinktop_path, *options, "--store", folder / "runs.db"]
        with Terminal(command, folder=folder, **how) as shown:
            hands = Hands(shown)
            for part in WAY:
                part(hands)
            shown.press("q")
            return Walked(shown.wait_for_end(20), shown.left_behind(), shown.output, "\n".join(hands.seen))

    return go
