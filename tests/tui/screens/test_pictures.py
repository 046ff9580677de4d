"""Each screen as a picture, at both sizes and in three themes: text, and under it its colours, to be read in review.

A picture is a file in `pictures/`: the text; a map with a letter for each cell that is not plain; and what each letter
looks like by night, by day, and in the terminal's own colours (which is what NO_COLOR is shown in, colours left out).
After a change that is meant: `THINKTOP_PICTURES=1 pytest tests/tui/screens/test_pictures.py`, and look at the diff.
"""

from __future__ import annotations

import os
import string
import time
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from core.analysis.curve import AtK
from core.analysis.verdicts import Finding, Verdict
from core.figures.model import Axis, Figure, Point, Series
from core.store.events import Event
from core.store.flights import Doubt, Flight
from core.store.grid import Counted
from core.store.opening import writing
from core.store.place import Place
from core.store.strips import Strip
from core.vocabulary import PICO
from tui.app import Thinktop
from tui.pages.tally import Tally
from tui.screens.doubts import Doubts, DoubtsPicture
from tui.screens.monitor import Monitor
from tui.snapshots.figure import CurvePicture, Votes
from tui.snapshots.run import RunPicture

FOLDER = Path(__file__).with_name("pictures")
SIZES = {"120x40": (120, 40), "80x24": (80, 24)}
RULE = "=" * 20
THEMES = ("night", "day", "terminal")
ACCURACY = (0.20, 0.27, 0.20, 0.43, 0.37, 0.40, 0.60, 0.53)
USED = (363, 420, 471, 1106, 2194, 5355, 8668, 11104)


def verdicts():
    growing = "still growing: +6.6 points per doubling [4.9, 8.4]"
    votes = "no more gains beyond 2^15 tokens, within 2 points (equivalence test)"
    known = (0.066, (0.049, 0.084), 0.07, (0.05, 0.09))
    return [
        Verdict(1, "o1-mini", "thinking", Finding.GROWING, growing, *known, None, 0.02, None, None, None, ()),
        Verdict(1, "o1-mini", "votes", Finding.NO_MORE_GAINS, votes, *known, 2**15, 0.02, 0.01, 0.02, None, ()),
    ]


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    """A clock that stands still, in one place."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    for module in ("headline", "flights"):
        monkeypatch.setattr(f"tui.widgets.{module}.seconds_since", lambda _: 64.0)
    yield
    monkeypatch.undo()
    time.tzset()


def tallies(status):
    return [
        Tally(row, accuracy, (accuracy - 0.08, accuracy + 0.09), (over * 0.8, over, over * 1.3), extended=at == 7)
        for at, (row, accuracy, over) in enumerate(
            zip(status.progress.conditions, ACCURACY, (22.7, 13.1, 7.4, 8.6, 8.6, 10.5, 8.5, 1.4), strict=True)
        )
    ]


def problems():
    for at in range(30):
        shares = tuple((max(min(8 * (budget + 4) // (at + 2), 12), 0), 12) for budget in range(8))
        right = sum(share for share, _ in shares)
        yield Strip(
            id=at + 1, position=at, key=f"2024-{'I' if at < 15 else 'II'}-{at % 15 + 1}", truth=str(574 + 13 * at),
            cluster=None, planned=128, kept=96 - at, failed=int(at == 4), graded=96, right=right, truncated=0,
            completion_tokens=50_300 + 1000 * at, billed_pico=(490 + 17 * at) * PICO // 1000, log2_over=280.0 + at,
            budgeted=96, shares=shares,
        )  # fmt: skip


def leaders(strip):
    right = Counted(strip.id, strip.truth, right=True, votes=50)
    wrong = Counted(strip.id, str(int(strip.truth) + 1), right=False, votes=50)
    return {0: (right,), 1: (right, wrong), 2: (wrong,)}[min(strip.position // 12, 2)]


def figure():
    asked = tuple(Point(x, y, y - 0.08, y + 0.09) for x, y in zip(USED, ACCURACY, strict=True))
    votes = tuple(Point(11104 * k, y, y - 0.08, y + 0.09) for k, y in ((2, 0.56), (4, 0.66), (8, 0.69)))
    return Figure(
        "accuracy against tokens used",
        Axis("completion tokens used", "log2", 256, 131072),
        Axis("accuracy", "percent", 0, 1),
        (Series("asked", "●", "sky", asked, line=True), Series("votes", "◆", "orange", votes, line=True)),
    )


def flights():
    for at in range(6):
        yield Flight(
            id=100 + at, purpose="ask", problem_id=at + 1, problem=f"2024-I-{at + 1}", label="o1-mini",
            budget=2 ** (4 + at), draw=at, number=1 + (at == 2), reserved_at="2026-11-22T10:01:10.000Z",
            reserved_pico=39 * PICO // 100, timeout_s=70.0 if at == 3 else 1800.0,
        )  # fmt: skip


def doubts():
    for at, message in enumerate(("connection reset by peer", "stream cut after 1,204 tokens: [/x] \x1b[2J")):
        yield Doubt(
            id=31 + at, purpose="ask", problem_id=7, problem="2024-I-7", label="o1-mini", budget=2048, draw=3 + at,
            number=1, reserved_at="2026-11-22T10:01:10.000Z", at_most_pico=39 * PICO // 100,
            lost_at="2026-11-22T10:02:09.000Z", message=message,
        )  # fmt: skip


EVENTS = tuple(
    Event(9 - at, f"2026-11-22T10:02:{14 - 2 * at:02d}.000Z", kind, text)
    for at, (kind, text) in enumerate(
        (
            ("retry", "429 from openai, waiting 2 s (Retry-After)"),
            ("doubt", "2024-I-7 2¹¹ draw 3 in doubt: reset, up to $0.39"),
            ("wish", "set max_concurrency = 64"),
            ("outage", "openai cannot be reached: name or service not known"),
            ("start", "sampler 4711 on here"),
        )
    )
)


@pytest.fixture
def pictured(stands, tmp_path):
    """A monitor that shows hand-made pictures, on a store that is empty."""
    place = Place.at(tmp_path / "runs.db")
    with writing(place):
        pass
    status = stands(kept=742, failed=3, retries=3)

    class Shown(Monitor):
        def picture(self, db, place):
            del db, place
            strips = list(problems())
            return RunPicture(
                status, tallies(status), strips, {one.id: leaders(one) for one in strips},
                CurvePicture(figure(), verdicts(), [Votes("o1-mini", 2048, [AtK(2, 0.56, None), AtK(4, 0.66, None)])]),
                list(flights()), list(doubts()), EVENTS,
            )  # fmt: skip

        def action_doubts(self):
            self.app.push_screen(ShownDoubts(1))

    class ShownDoubts(Doubts):
        def picture(self, db, place):
            del db, place
            return DoubtsPicture(status.progress.run, list(doubts()))

    app = Thinktop(place, run_id=1)
    app.get_default_screen = lambda: Shown(1)
    return app


SCREENS = {
    "overview": ([], []),
    "budgets": (["1"], ["1"]),
    "curve": (["2"], ["2"]),
    "problems": (["3"], ["3"]),
    "flights": (["4"], ["4"]),
    "events": (["5"], ["5"]),
    "cap": (["c"], ["escape"]),
    "stop": (["x"], ["escape"]),
    "help": (["question_mark"], ["escape"]),
    "doubts": (["D"], ["escape"]),
}
"""By name, the keys that lead there from the overview, and back."""


def cells(app):
    """The screen, cell by cell: its character and how that looks."""
    found = []
    for line in app.screen._compositor.render_strips():
        row = []
        for segment in line:
            look = str(segment.style) if segment.style else ""
            row += [(character, look) for character in segment.text]
        found.append(row)
    return found


def drawn(by_theme):
    """The file of one picture."""
    lines = list(zip(*by_theme.values(), strict=True))
    assert len({tuple(character for line in one for character, _ in line) for one in by_theme.values()}) == 1
    text = ["".join(character for character, _ in line[0]).rstrip() for line in lines]
    looks = [[tuple(_seen(*cell) for cell in column) for column in zip(*line, strict=True)] for line in lines]
    known = dict(zip(dict.fromkeys(chain(*looks)), string.ascii_letters + string.digits, strict=False))
    plain = Counter(chain(*looks)).most_common(1)[0][0]
    known[plain] = " "
    colours = ["".join(known[look] for look in line).rstrip() for line in looks]
    legend = [
        f"{letter}  " + "  |  ".join(f"{theme}: {one}" for theme, one in zip(by_theme, look, strict=True))
        for look, letter in known.items()
    ]
    return "\n".join([*text, RULE, *colours, RULE, *legend]) + "\n"


def _seen(character, look):
    """How a cell looks; a blank without marks is told by its background alone."""
    if character == " " and "underline" not in look and "reverse" not in look:
        return "on " + look.rpartition("on ")[2] if "on " in look else ""
    return look


async def test_every_screen_looks_as_it_did(pictured):
    asked = "THINKTOP_PICTURES" in os.environ
    found, differ = {}, []
    async with pictured.run_test(size=SIZES["120x40"]) as pilot:
        for size, (width, height) in SIZES.items():
            await pilot.resize_terminal(width, height)
            for name, (there, back) in SCREENS.items():
                await pilot.press(*there)
                for theme in THEMES:
                    pictured.theme = theme
                    await pilot.pause()
                    await pictured.workers.wait_for_complete()
                    await pilot.pause()
                    found.setdefault((name, size), {})[theme] = cells(pictured)
                if size == "120x40" or name not in ("budgets", "curve", "problems", "flights", "events"):
                    await pilot.press(*back)
            await pilot.press("1")
    if pictured.crash is not None:
        raise pictured.crash
    FOLDER.mkdir(exist_ok=True)
    for (name, size), by_theme in found.items():
        file = FOLDER / f"{name}-{size}.txt"
        picture = drawn(by_theme)
        if asked:
            file.write_text(picture, "utf-8")
        elif not file.exists() or file.read_text("utf-8") != picture:
            differ.append(f"{file.name}:\n{picture}")

    assert not differ, "\n".join(differ)
    assert {file.stem for file in FOLDER.iterdir()} == {f"{name}-{size}" for name, size in found}
