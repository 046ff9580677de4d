"""The table: it keeps its place, gives way in order, and draws only what changed."""

from __future__ import annotations

import time
from typing import NamedTuple

import pytest
from rich.cells import cell_len
from rich.text import Text
from textual.content import Content

from tui.widgets.table import Column, Table


class Row(NamedTuple):
    """A row of a test."""

    id: int
    name: str
    number: float | None


def columns(**how):
    return [
        Column("name", 6, lambda row: Text(row.name), lambda row: row.name, right=False, **how),
        Column("number", 8, lambda row: Text("-" if row.number is None else f"{row.number:g}"), lambda row: row.number),
        Column("id", 4, lambda row: Text(str(row.id)), gives_way=2),
        Column("again", 6, lambda row: Text(row.name), gives_way=1),
    ]


def rows(*numbers):
    return [Row(index, f"r{index}", number) for index, number in enumerate(numbers)]


@pytest.fixture
def table():
    return Table(columns(), identity=lambda row: row.id, words=lambda row: row.name, title="rows")


def names(seen):
    return [row.name for row in seen.widget.rows_on_show]


async def pointing(seen):
    await seen.pilot.pause()
    return next((line.split()[1] for line in seen.lines if line.startswith("▸")), None)


async def test_the_cursor_stays_on_its_row_when_the_order_changes(alone, table):
    async with alone(table) as seen:
        table.set_rows(rows(1, 2, 3))
        await seen.press("down")

        table.set_rows(list(reversed(rows(9, 8, 7))))

        assert await pointing(seen) == "r1"


async def test_the_cursor_stays_on_its_row_when_it_is_sorted_and_turned_round(alone, table):
    async with alone(table) as seen:
        table.set_rows(rows(3, 1, 2))
        await seen.press("down", "s", "s", "S")

        assert names(seen) == ["r0", "r2", "r1"]
        assert await pointing(seen) == "r1"


async def test_when_its_row_goes_the_cursor_stays_at_its_place(alone, table):
    async with alone(table) as seen:
        table.set_rows(rows(1, 2, 3, 4))
        await seen.press("end", "up")
        table.set_rows([row for row in rows(1, 2, 3, 4) if row.id != 2])
        assert await pointing(seen) == "r3"

        table.set_rows(rows(1))
        assert await pointing(seen) == "r0"

        table.set_rows([])
        assert table.pointed is None


async def test_it_sorts_by_the_next_column_each_time_and_then_not_at_all(alone, table):
    async with alone(table) as seen:
        table.set_rows(rows(3, 1, 2))
        orders = []
        for _ in range(3):
            await seen.press("s")
            orders.append((seen.lines[0].split(), names(seen)))

    assert orders == [
        (["name▾", "number", "id", "again"], ["r0", "r1", "r2"]),
        (["name", "number▾", "id", "again"], ["r1", "r2", "r0"]),
        (["name", "number", "id", "again"], ["r0", "r1", "r2"]),
    ]


async def test_what_has_no_number_comes_last_in_either_order(alone, table):
    async with alone(table) as seen:
        table.set_rows(rows(2, None, 1, None))
        await seen.press("s", "s")
        assert names(seen) == ["r2", "r0", "r1", "r3"]

        await seen.press("S")
        assert names(seen) == ["r0", "r2", "r1", "r3"]


async def test_the_filter_matches_words_whatever_their_case_and_says_so_in_the_title(alone, table):
    async with alone(table) as seen:
        table.set_rows([Row(1, "Alpha", 1), Row(2, "beta", 2), Row(3, "ALPHABET", 3)])
        table.set_filter("alpha")

        assert names(seen) == ["Alpha", "ALPHABET"]
        assert "/alpha" in str(table.border_title)

        table.set_filter("[/x]")
        await seen.pilot.pause()
        assert "none of 3 matches '[/x]'" in seen.text
        assert Content.from_markup(table.border_title).plain == "rows  /[/x]"  # as the frame shows it

        table.set_filter("")
        assert names(seen) == ["Alpha", "beta", "ALPHABET"]


async def test_a_filter_gives_the_cursor_back_its_row(alone, table):
    async with alone(table) as seen:
        table.set_rows(rows(1, 2, 3))
        await seen.press("down", "down")
        table.set_filter("r")

        assert await pointing(seen) == "r2"


async def test_the_title_counts_rows_only_where_not_all_are_on_show(alone, table):
    async with alone(table, size=(80, 6)) as seen:
        table.set_rows(rows(*range(5)))
        assert str(table.border_title) == "rows"

        table.set_rows(rows(*range(1200)))
        assert str(table.border_title) == "rows  1–5 of 1,200"  # noqa: RUF001 - a range

        await seen.press("end")
        assert str(table.border_title) == "rows  1,196–1,200 of 1,200"  # noqa: RUF001 - a range


@pytest.mark.parametrize(
    ("width", "there"),
    [(40, "name number id again"), (30, "name number again"), (22, "name number"), (8, "name number")],
)
async def test_columns_give_way_in_their_order_and_the_essential_never(alone, table, width, there):
    async with alone(table, size=(width, 6)):
        assert [column.title for column in table._fitting(width).columns] == there.split()


async def test_a_column_takes_the_room_that_is_left(alone):
    table = Table(columns(stretches=10), identity=lambda row: row.id)
    async with alone(table, size=(60, 6)) as seen:
        table.set_rows([Row(1, "a-name-of-16-cel", 1.5)])
        await seen.pilot.pause()

        assert "a-name-of-16-cel" in seen.lines[1]


async def test_wide_characters_and_marks_keep_columns_in_place(alone, table):
    async with alone(table) as seen:
        table.set_rows(
            [
                Row(1, "plain", 1),
                Row(2, "漢字漢字漢字", 2),
                Row(3, "e\u0301e\u0301", 3),
                Row(4, "🙂x", 4),
                Row(5, "", 5),
            ]
        )
        await seen.pilot.pause()

        assert "漢字 …" in seen.lines[2]
        ends = [cell_len(line[: line.index(str(number)) + 1]) for number, line in enumerate(seen.lines[1:6], start=1)]
        assert len(set(ends)) == 1, seen.text


async def test_only_rows_that_changed_are_drawn_again(alone, table):
    async with alone(table) as seen:
        table.set_rows(rows(*range(10)))
        await seen.pilot.pause()
        seen.redrawn.clear()

        table.set_rows([row._replace(number=99) if row.id in (3, 7) else row for row in rows(*range(10))])

        assert seen.redrawn == [4, 8]


async def test_the_cursor_draws_the_row_that_it_leaves_and_the_one_that_it_comes_to(alone, table):
    async with alone(table) as seen:
        table.set_rows(rows(*range(10)))
        await seen.pilot.pause()
        seen.redrawn.clear()

        await seen.pilot.press("down")

        assert seen.redrawn == [1, 2]


async def test_the_cursor_stays_on_the_screen(alone, table):
    async with alone(table, size=(60, 6)) as seen:
        table.set_rows(rows(*range(100)))
        for keys, first in (("pagedown", 0), ("pagedown", 4), ("end", 95), ("home", 0), ("up", 0)):
            await seen.press(keys)
            assert await pointing(seen) is not None
            assert names(seen)[0] == f"r{first}", keys


async def test_enter_chooses_the_row_under_the_cursor_and_a_click_points_first(alone, table):
    chosen = []
    table.post_message = lambda message, post=table.post_message: (  # type: ignore[method-assign] # overheard
        chosen.append(message.row.name) if isinstance(message, Table.Chosen) else None,
        post(message),
    )[1]
    async with alone(table) as seen:
        table.set_rows(rows(1, 2, 3))
        await seen.press("down", "enter")
        assert chosen == ["r1"]

        await seen.pilot.click(table, offset=(10, 3))
        assert chosen == ["r1"]
        await seen.pilot.click(table, offset=(10, 3))
        assert chosen == ["r1", "r2"]


async def test_a_click_on_the_head_or_below_the_last_row_does_nothing(alone, table):
    async with alone(table) as seen:
        table.set_rows(rows(1, 2))
        for place in ((5, 0), (5, 9)):
            await seen.pilot.click(table, offset=place)

        assert await pointing(seen) == "r0"


async def test_rows_on_top_stay_there_in_any_order(alone):
    table = Table(columns(), identity=lambda row: row.id, on_top=lambda row: row.id == 2)
    async with alone(table) as seen:
        table.set_rows(rows(3, 1, 2))
        for keys in (["s"], ["s"], ["S"], []):
            await seen.press(*keys)
            assert names(seen)[0] == "r2"


async def test_without_rows_it_says_so_and_keys_do_nothing(alone, table):
    async with alone(table) as seen:
        table.set_rows([])
        await seen.press("down", "end", "pageup", "enter", "s", "S")

        assert "nothing yet" in seen.text


async def test_footing_stands_under_the_rows_where_there_is_room(alone, table):
    table.set_footing([Text("the foot")])
    async with alone(table, size=(60, 6)) as seen:
        table.set_rows(rows(1))
        await seen.pilot.pause()
        assert seen.lines[3] == "  the foot"

        table.set_rows(rows(1, 2, 3, 4))
        await seen.pilot.pause()
        assert "the foot" not in seen.text


async def test_ten_thousand_rows_are_drawn_like_twenty(alone):
    asked = []

    def counting(row):
        asked.append(row.id)
        return Text(row.name)

    table = Table([Column("name", 20, counting, lambda row: row.name)], identity=lambda row: row.id)
    async with alone(table) as seen:
        table.set_rows(rows(*range(10_000)))
        await seen.pilot.pause()
        asked.clear()
        table.redraw()
        once = len(asked)
        began = time.perf_counter()
        for _ in range(20):
            table.action_move(1)
        took_ms = 1000 * (time.perf_counter() - began) / 20
        drawn = len(asked)

    assert once <= 23
    assert drawn == 21 * once
    assert took_ms < 10


@pytest.mark.parametrize(("height", "seen"), [(4, 0), (5, 1), (8, 3)])
async def test_of_the_footing_there_is_as_much_as_has_room(alone, table, height, seen):
    table.set_footing([Text(f"foot {number}") for number in range(3)])

    async with alone(table, size=(40, height)) as shown:
        table.set_rows(rows(1, 2))
        await shown.pilot.pause()

        assert [line.strip() for line in shown.lines if "foot" in line] == [f"foot {number}" for number in range(seen)]
