"""Who asks: a set of workers that share one list of what is owed, as many as the moving limit can use.

There are never more tasks than requests that may be out, plus a few that wait for commits; what is owed is made one
draw at a time, so memory does not grow with the size of a plan.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from core.plan import owed
from core.vocabulary import State

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Container, Iterator, Mapping, Sequence

    from core.sampler.course import Course
    from core.vocabulary import Cell, Draw

AHEAD = 24
"""Workers beyond the slots: they wait for commits while others wait for servers."""


def crew_size(slots: int) -> int:
    """Workers for so many slots. Few slots need few more: each one ahead holds a reservation."""
    return slots + min(AHEAD, 1 + slots // 4)


class Todo:
    """What is owed, in order; replaced when a plan grows or failures are taken back."""

    def __init__(self) -> None:
        self._busy: set[tuple[int, int]] = set()
        self._given: set[tuple[int, int]] | None = None
        self._draws: Iterator[Draw] = iter(())

    def begin_to_replace(self) -> None:
        """From here on remember what is being asked: a look into the store that starts now may miss its samples."""
        self._given = set(self._busy)

    def replace(self, cells: Sequence[Cell], held: Mapping[int, Container[int]]) -> None:
        """Start over from what the store held when it was looked at; nothing is given out twice."""
        self._draws = owed(cells, held, frozenset(self._busy | (self._given or set())))
        self._given = None

    def take(self) -> Draw | None:
        """The next draw to ask, None when nothing is owed that is not being asked."""
        draw = next(self._draws, None)
        if draw is not None:
            key = (draw.cell.id, draw.number)
            self._busy.add(key)
            if self._given is not None:
                self._given.add(key)
        return draw

    def done(self, draw: Draw) -> None:
        """A draw has been seen through, or was given up."""
        self._busy.discard((draw.cell.id, draw.number))


class Crew:
    """The workers of a run."""

    def __init__(self, todo: Todo, course: Course, see_through: Callable[[Draw], Awaitable[None]], slots: int) -> None:
        self._todo = todo
        self._course = course
        self._see_through = see_through
        self._wanted = crew_size(slots)
        self._hands = 0
        self._group: asyncio.TaskGroup | None = None
        self._fault: Exception | None = None

    async def work_off(self) -> bool:
        """Whether there was anything to ask; all of it is asked, or the course has ended and all in flight is back.

        Raises:
            Exception: what a draw failed with in a way that is nobody's plan, once the others are back.
        """
        async with asyncio.TaskGroup() as group:
            self._group = group
            self.hire()
            found = self._hands > 0
        self._group = None
        if self._fault is not None:
            raise self._fault
        return found

    def resize(self, slots: int) -> None:
        """Have as many workers as so many slots can use; those too many leave after their draw."""
        self._wanted = crew_size(slots)
        self.hire()

    def hire(self) -> None:
        """Fill up the crew: there is more to do, or more may be out."""
        while self._group is not None and self._hands < self._wanted and self._course.ending is None:
            draw = self._todo.take()
            if draw is None:
                return
            self._hands += 1
            self._group.create_task(self._work(draw))

    async def _work(self, first: Draw) -> None:
        draw: Draw | None = first
        try:
            while draw is not None:
                try:
                    await self._see_through(draw)
                except Exception as fault:  # noqa: BLE001 - raised by `work_off`: the others' replies are paid for
                    self._fault = self._fault or fault
                    self._course.end(State.STOPPED, "a draw failed in a way that it should not")
                finally:
                    self._todo.done(draw)
                enough = self._course.ending is not None or self._hands > self._wanted
                draw = None if enough else self._todo.take()
        finally:
            self._hands -= 1
            if self._hands == 0:
                self._group = None  # it closes now, and takes nobody in any more
