"""One screen of the monitor on a real store, and what a person sees of it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from tui.app import Thinktop

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot
    from textual.screen import Screen

    from core.store.place import Place


@pytest.fixture(autouse=True)
def _brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """After each key the pilot waits until nothing is going on, and looks less seldom than it would."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr("textual._wait.SLEEP_IDLE", 0.002)


@dataclass(frozen=True, slots=True)
class Seen:
    """A running app, and the text on its screen."""

    app: Thinktop
    pilot: Pilot[None]

    async def press(self, *keys: str) -> str:
        """The screen after some keys."""
        await self.pilot.press(*keys)
        return await self.settled()

    async def settled(self) -> str:
        """The screen once what was asked of the store has come."""
        for _ in range(3):
            await self.app.workers.wait_for_complete()
            await self.pilot.pause()
        return self.text

    @property
    def text(self) -> str:
        """What a person reads, line by line."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in line) for line in lines)

    @property
    def told(self) -> list[str]:
        """What was said in the corner."""
        return [one.message for one in self.app._notifications]

    def line(self, *words: str) -> str:
        """The first line that has all these words; empty where none has."""
        return next((line for line in self.text.splitlines() if all(word in line for word in words)), "")


@pytest.fixture
def on_screen() -> Callable[..., Any]:
    """An opener of one screen, at a size, alone in an app that only reads."""

    @asynccontextmanager
    async def opened(place: Place, screen: Screen[Any], size: tuple[int, int] = (120, 40), theme: str = "night") -> Any:
        app = Thinktop(place, read_only=True, theme=theme)
        app.get_default_screen = lambda: screen
        async with app.run_test(size=size) as pilot:
            await app.tick(forced=True)
            await pilot.pause()
            yield Seen(app, pilot)
        if app.crash is not None:
            raise app.crash

    return opened


@pytest.fixture
def monitored() -> Callable[..., Any]:
    """An opener of the monitor as people have it: on one run of a store, ticking, with all its keys."""

    @asynccontextmanager
    async def opened(place: Place, run_id: int = 1, size: tuple[int, int] = (120, 40), **how: Any) -> Any:
        app = Thinktop(place, run_id=run_id, **how)
        async with app.run_test(size=size, notifications=True) as pilot:
            seen = Seen(app, pilot)
            await seen.settled()
            yield seen
        if app.crash is not None:
            raise app.crash

    return opened


async def until(seen: Seen, holds: Callable[[str], object], within_s: float = 5.0) -> float:
    """Seconds until something holds of the screen's text, ticking at the app's own pace."""
    began = monotonic()
    while not holds(seen.text):
        if monotonic() - began > within_s:
            raise AssertionError(f"not within {within_s:g} s:\n{seen.text}")
        await seen.pilot.pause(0.02)
    return monotonic() - began


@pytest.fixture(name="until")
def _until() -> Callable[..., Any]:
    """A waiter for what a person sees."""
    return until
