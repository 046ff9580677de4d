"""Where a run is heading."""

from __future__ import annotations

import asyncio

import pytest

from core.endpoint.pace import Slots
from core.sampler.course import Course
from core.vocabulary import State


@pytest.fixture
def course():
    return Course(Slots(1))


async def may_send(course):
    return await asyncio.wait_for(course.may_send(), 0.05)


async def test_a_course_sends_until_it_is_paused_and_again_when_it_is_resumed(course):
    assert await may_send(course)
    course.pause()
    with pytest.raises(TimeoutError):
        await may_send(course)
    course.resume()
    assert await may_send(course)


async def test_an_end_sends_everybody_home_even_out_of_a_pause(course):
    course.pause()
    course.end(State.STOPPED, "stopped")
    assert not await may_send(course)


async def test_a_pause_after_the_end_holds_nobody_up(course):
    course.end(State.STOPPED, "stopped")
    course.pause()
    assert not await may_send(course)


async def test_nothing_is_sent_again_after_the_end(course):
    course.end(State.STOPPED, "stopped")
    course.resume()
    assert not await may_send(course)
    assert not course._slots.open


async def test_the_first_ending_stands_and_now_may_come_on_top(course):
    course.end(State.CAPPED, "capped")
    course.end(State.STOPPED, "stopped", now=True)
    assert course.ending.state is State.CAPPED
    assert course.now.is_set()


@pytest.mark.parametrize(
    ("act", "in_flight", "state"),
    [
        (lambda _: None, 3, State.RUNNING),
        (Course.pause, 3, State.PAUSING),
        (Course.pause, 0, State.PAUSED),
        (lambda course: course.end(State.FINISHED, ""), 3, State.STOPPING),
    ],
)
async def test_what_it_says(course, act, in_flight, state):
    act(course)
    assert course.state(in_flight) is state
