"""Who asks: nobody asks a draw twice, whatever changes meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from core.endpoint.pace import Slots
from core.plan import Held
from core.sampler.course import Course
from core.sampler.crew import Crew, Todo, crew_size
from core.vocabulary import Cell, Condition, Control, Problem, State

CONDITION = Condition("m", "m", "here", Control.NONE, None, 10, "{problem}", None, "{}")


def cell(number, planned=2):
    return Cell(number, Problem(f"p{number}", "?", "1"), CONDITION, planned)


def key(draw):
    return draw and (draw.cell.id, draw.number)


@pytest.fixture
def todo():
    todo = Todo()
    todo.replace([cell(1), cell(2)], {})
    return todo


def test_what_is_owed_is_given_out_breadth_first_and_once(todo):
    assert [key(todo.take()) for _ in range(5)] == [(1, 0), (2, 0), (1, 1), (2, 1), None]


def test_a_draw_that_is_being_asked_is_not_given_out_again_when_the_plan_grows(todo):
    asked = todo.take()
    todo.begin_to_replace()
    todo.replace([cell(1), cell(2), cell(3)], {})
    assert [key(todo.take()) for _ in range(6)] == [(2, 0), (3, 0), (1, 1), (2, 1), (3, 1), None]
    assert key(asked) == (1, 0)


def test_a_draw_that_is_done_between_the_look_into_the_store_and_the_new_plan_is_not_given_out_again(todo):
    first = todo.take()
    todo.begin_to_replace()
    second = todo.take()
    todo.done(first)
    todo.done(second)
    todo.replace([cell(1), cell(2)], {})
    assert key(todo.take()) == (1, 1)


def test_a_draw_that_was_asked_at_the_look_and_done_long_after_is_not_given_out_again(todo):
    first = todo.take()
    todo.begin_to_replace()
    todo.replace([cell(1), cell(2)], {})
    todo.done(first)
    assert key(todo.take()) == (2, 0)


def test_a_draw_in_hand_is_not_given_out_again_though_nobody_announced_the_new_plan(todo):
    todo.take()
    todo.replace([cell(1), cell(2)], {})
    assert key(todo.take()) == (2, 0)


def test_a_failure_that_is_taken_back_is_given_out_again(todo):
    first = todo.take()
    todo.done(first)
    todo.begin_to_replace()
    todo.replace([cell(1), cell(2)], {2: Held(1)})
    assert key(todo.take()) == (1, 0)


async def test_a_crew_works_off_what_is_owed_with_no_more_hands_than_wanted():
    todo, seen, at_once = Todo(), [], []
    todo.replace([cell(number, 5) for number in range(1, 11)], {})

    async def see_through(draw):
        at_once.append(len(todo._busy))
        await asyncio.sleep(0)
        seen.append(key(draw))

    await Crew(todo, Course(Slots(4)), see_through, 4).work_off()
    assert len(seen) == len(set(seen)) == 50
    assert max(at_once) <= crew_size(4)


async def test_a_crew_goes_home_at_the_end_after_its_draws():
    todo, seen = Todo(), []
    todo.replace([cell(number) for number in range(1, 100)], {})
    course = Course(Slots(1))

    async def see_through(draw):
        seen.append(key(draw))
        await asyncio.sleep(0)
        course.end(State.STOPPED, "")

    await asyncio.wait_for(Crew(todo, course, see_through, 1).work_off(), 1)
    assert len(seen) == crew_size(1)


async def test_a_fault_of_one_draw_does_not_cut_off_what_the_others_have_paid_for():
    todo, back = Todo(), []
    todo.replace([cell(number) for number in range(1, 100)], {})

    async def see_through(draw):
        if draw.cell.id == 1:
            raise KeyError("a fault")
        await asyncio.sleep(0.01)
        back.append(key(draw))

    course = Course(Slots(4))
    with pytest.raises(KeyError):
        await Crew(todo, course, see_through, 4).work_off()
    assert len(back) == crew_size(4) - 1
    assert course.ending.state is State.STOPPED


async def test_who_comes_with_more_just_when_the_last_hand_has_left_is_not_turned_away_with_an_error():
    todo, seen = Todo(), []
    todo.replace([cell(1, 1)], {})

    async def see_through(draw):
        seen.append(key(draw))

    crew = Crew(todo, Course(Slots(1)), see_through, 1)

    def more(_):
        todo.replace([cell(2, 1)], {})
        crew.hire()

    working = asyncio.create_task(crew.work_off())
    await asyncio.sleep(0)
    (hand,) = crew._group._tasks
    hand.add_done_callback(more)
    assert await working
    assert await crew.work_off()
    assert not await crew.work_off()
    assert seen == [(1, 0), (2, 0)]


async def test_a_crew_can_grow_and_shrink_while_it_works():
    todo, busy = Todo(), []
    todo.replace([cell(number) for number in range(1, 200)], {})

    async def see_through(_):
        await asyncio.sleep(0.001)
        busy.append(len(todo._busy))
        if len(busy) == 20:
            crew.resize(40)
        if len(busy) == 200:
            crew.resize(1)

    crew = Crew(todo, Course(Slots(1)), see_through, 4)
    await crew.work_off()
    assert max(busy[:20]) == crew_size(4)
    assert max(busy) == crew_size(40)
    assert max(busy[-20:]) == crew_size(1)
