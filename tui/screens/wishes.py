"""Keys that steer a run: pause and resume, concurrency, the cap, failed draws, attempts in doubt, the end.

For any screen that has a run before it. What costs money or loses something asks first, and says how much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.screen import Screen

from core import wishes
from core.errors import UsageError
from core.money import dollars
from core.sampler.detach import start_detached
from core.status import AT_WORK
from core.visible import visible_line
from core.vocabulary import State
from tui.pages.amounts import counted
from tui.screens.dialogs import Amount, Choice

if TYPE_CHECKING:
    from core.status import Status
    from tui.app import Thinktop

_FINE, _COARSE = 10, 50
"""Concurrency up to which a step is 1, and from which on it is 10."""


class Steered(Screen[Any]):
    """The keys, over whatever run `steered` names."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pause", "pause", show=False),
        Binding("plus,equals_sign", "concurrency(1)", "more at once", show=False),
        Binding("minus", "concurrency(-1)", "fewer at once", show=False),
        Binding("c", "cap", "cap", show=False),
        Binding("R", "retry", "retry failed", show=False),
        Binding("D", "doubts", "in doubt", show=False),
        Binding("x", "stop", "stop", show=False),
    ]

    wished_concurrency: tuple[int, int] | None = None
    """The run and what was wished of it last, until that is done: several presses add up before it is."""

    @property
    def steered(self) -> Status | None:
        """The run that the keys are about, as it stood last."""
        raise NotImplementedError

    @property
    def thinktop(self) -> Thinktop:
        """The app, by its own type."""
        return self.app  # type: ignore[return-value] # every screen of ours is run by our app

    def action_pause(self) -> None:
        """Pause what runs; let go on what does not: with a new sampler, where none lives."""
        status = self.steered
        if status is None or not self.thinktop.may_change():
            return
        place, run = self.thinktop.place, status.progress.run
        if status.sampler_alive and status.state in (State.RUNNING, State.OUTAGE):
            self.thinktop.wish(lambda: wishes.pause(place, run.id))
        elif status.sampler_alive and status.state is State.STOPPING:
            self.thinktop.tell("it is stopping; go on with it once it has stopped")
        elif status.sampler_alive:
            self.thinktop.wish(lambda: wishes.resume(place, run.id))
        elif status.state is State.FINISHED and not status.sums.owed:
            self.thinktop.tell("nothing is owed: this run is finished; extend it for more draws")
        else:
            self.thinktop.wish(lambda: self._go_on(status))

    def action_concurrency(self, direction: int) -> None:
        """Ask for more or fewer requests at once."""
        status = self.steered
        if status is None or not self.thinktop.may_change():
            return
        run, place = status.progress.run, self.thinktop.place
        pending = self.wished_concurrency
        now = pending[1] if pending is not None and pending[0] == run.id else run.max_concurrency
        below = now - (direction < 0)
        step = 1 if below < _FINE else 5 if below < _COARSE else 10
        wished = self.wished_concurrency = run.id, max(now + direction * step, 1)

        def done() -> None:
            if self.wished_concurrency == wished:
                self.wished_concurrency = None

        self.thinktop.wish(
            lambda: wishes.set_live(place, run.id, {"max_concurrency": wished[1]}),
            f"at most {wished[1]:,} requests at once",
            then=done,
        )

    def action_cap(self) -> None:
        """Ask for another cap."""
        status = self.steered
        if status is None or not self.thinktop.may_change():
            return
        run = status.progress.run
        tokens = run.cap_pico is None and run.cap_tokens is not None
        name = "cap_tokens" if tokens else "cap_usd"
        used = (
            f"{run.spent_tokens:,} tokens spent, {run.unknown_tokens:,} in doubt, {run.reserved_tokens:,} reserved"
            if tokens
            else f"{dollars(run.spent_pico)} spent, {dollars(run.unknown_pico)} in doubt, "
            f"{dollars(run.reserved_pico)} reserved"
        )
        if tokens:
            present = str(run.cap_tokens)
        else:
            present = "none" if run.cap_pico is None else dollars(run.cap_pico).removeprefix("$").replace(",", "")
        text = Text.assemble(
            (used, "plain"), "\n", ("spent + in doubt + reserved never pass it; none lifts it", "label")
        )
        unit = "tokens" if tokens else "dollars"
        title = f"{visible_line(run.name, 40)}: cap in {unit}"
        dialog = Amount(title, text, present, lambda typed: _wrong_cap(name, typed))
        self.app.push_screen(
            dialog, lambda typed: None if typed is None else self._set(status, f"{name}={typed.removeprefix('$')}")
        )

    def action_retry(self) -> None:
        """Ask failed draws again."""
        status = self.steered
        if status is None or not self.thinktop.may_change():
            return
        failed, run = status.sums.failed, status.progress.run
        if not failed:
            self.thinktop.tell("no draw has failed for good")
            return
        text = Text(f"{counted(failed, 'draw')} failed for good. Ask again? Each may be billed.", "plain")
        title = f"{visible_line(run.name, 40)}: failed draws"
        self.app.push_screen(
            Choice(title, text, [("y", "ask again")]), lambda answer: self._retried(status) if answer else None
        )

    def action_doubts(self) -> None:
        """Go through the attempts that may have been billed without a reply."""
        status = self.steered
        if status is None:
            return
        from tui.screens.doubts import Doubts  # noqa: PLC0415 - seldom wanted

        self.app.push_screen(Doubts(status.progress.run.id))

    def action_stop(self) -> None:
        """End the sampler, one way or the other."""
        status = self.steered
        if status is None or not self.thinktop.may_change():
            return
        if not status.sampler_alive:
            self.thinktop.tell("no sampler has it: there is nothing to stop")
            return
        run = status.progress.run
        text = Text(
            f"{counted(status.in_flight, 'request')} in flight, {dollars(run.reserved_pico)} reserved.", "plain"
        )
        ways = [
            ("d", "drain: they finish and are kept, nothing new is sent"),
            (
                "n",
                f"now: they are given up, and may be billed all the same: up to {dollars(run.reserved_pico)} in doubt",
            ),
        ]
        place = self.thinktop.place
        self.app.push_screen(
            Choice(f"Stop {visible_line(run.name, 40)}?", text, ways),
            lambda how: self.thinktop.wish(lambda: wishes.stop(place, run.id, now=how == "n")) if how else None,
        )

    def _go_on(self, status: Status) -> str:
        """What came of it; the run is handed in, since the cursor may be on another one by now."""
        place, run = self.thinktop.place, status.progress.run
        wishes.resume(place, run.id)
        return f"sampler {start_detached(place, run.id)} has it and goes on"

    def _retried(self, status: Status) -> None:
        place, run_id, alive = self.thinktop.place, status.progress.run.id, status.sampler_alive

        def act() -> str:
            taken_back = wishes.retry(place, run_id)
            return f"owed again: {counted(taken_back, 'draw')}" + ("" if alive else "; p starts a sampler for them")

        self.thinktop.wish(act)

    def _set(self, status: Status, assignment: str) -> None:
        from core.config.live import parse_live  # noqa: PLC0415 - pydantic takes a while, and is seldom wanted

        place, run_id = self.thinktop.place, status.progress.run.id
        values = parse_live([assignment])
        run = status.progress.run
        used = {
            "cap_pico": run.spent_pico + run.unknown_pico + run.reserved_pico,
            "cap_tokens": run.spent_tokens + run.unknown_tokens + run.reserved_tokens,
        }
        below = any(isinstance(value, int) and value < used.get(key, 0) for key, value in values.items())
        if below:
            said = f"{assignment}: less than is spent, in doubt and reserved already, so nothing more is sent"
        else:
            said = f"{assignment}{'; p goes on' if status.state is State.CAPPED else ''}"
        self.thinktop.wish(lambda: wishes.set_live(place, run_id, values), said)


def _wrong_cap(name: str, typed: str) -> str | None:
    """What is wrong with a cap; None where nothing is."""
    from core.config.live import parse_live  # noqa: PLC0415 - as above

    try:
        parse_live([f"{name}={typed.removeprefix('$')}"])
    except UsageError as error:
        return str(error)
    return None


def at_work(status: Status | None) -> bool:
    """Whether somebody works at it, as far as was seen."""
    return status is not None and (status.state in AT_WORK or status.sampler_alive)
