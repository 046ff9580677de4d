"""The line that filters: as it is typed, kept or taken away."""

from __future__ import annotations

from textual.app import App

from tui.widgets.filter import Filter


class Asking(App[None]):
    """Keeps what the filter says."""

    def __init__(self):
        super().__init__()
        self.wanted, self.done = [], 0

    def compose(self):
        yield Filter()

    def on_filter_wanted(self, message):
        self.wanted.append(message.words)

    def on_filter_done(self):
        self.done += 1


async def test_rows_are_filtered_as_it_is_typed_and_enter_keeps_that():
    async with Asking().run_test() as pilot:
        asked = pilot.app.query_one(Filter)
        asked.ask("")
        await pilot.press("a", "[", "enter")

        assert pilot.app.wanted[-2:] == ["a", "a["]
        assert (pilot.app.done, asked.display) == (1, False)


async def test_escape_takes_it_away():
    async with Asking().run_test() as pilot:
        asked = pilot.app.query_one(Filter)
        asked.ask("old")
        await pilot.press("x", "escape")

        assert pilot.app.wanted[-1] == ""
        assert (pilot.app.done, asked.display) == (1, False)


async def test_what_was_filtered_by_is_there_to_be_changed():
    async with Asking().run_test() as pilot:
        asked = pilot.app.query_one(Filter)
        asked.ask("old")
        await pilot.press("end", "e", "r", "down")

        assert asked.value == "older"
        assert pilot.app.done == 1
