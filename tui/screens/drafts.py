"""The config that a new run starts from, and what becomes of it: picked, written as text, saved as a file.

For the screen of a new run, which says what a change of the draft means. A config that holds what looks like a key is
neither shown nor saved.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import TextArea

from core.errors import ThinktopError, UsageError
from core.visible import visible_line
from tui.pages import amounts
from tui.screens.dialogs import Amount, Choice
from tui.screens.pick_config import PickConfig, Source
from tui.widgets.config_rows import config_rows
from tui.widgets.entry import Writing
from tui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.config.draft import Draft
    from core.store.progress import RunRow
    from tui.app import Thinktop


class Drafted(Screen[Any]):
    """The keys of a config that is being edited."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "save", show=False),
        Binding("ctrl+t,f2", "text", "text or form", show=False),
        Binding("ctrl+g,f4", "editor", "$EDITOR", show=False),
        Binding("ctrl+o,f3", "pick", "open", show=False),
        Binding("ctrl+n", "rename", "next free name", show=False),
    ]

    draft: Draft | None = None
    """What is being edited; None before anything was picked, and where no config is edited at all."""
    kept_text = ""
    """The text that would not be lost: as it came, or as it was saved."""
    writes = False
    """Whether the text is on show, not the form."""
    _unkept = ""
    """What came back from the editor and could not be taken: the next editor gets it."""

    @property
    def thinktop(self) -> Thinktop:
        """The app, by its own type."""
        return self.app  # type: ignore[return-value] # every screen of ours is run by our app

    @property
    def runs_there_are(self) -> Sequence[RunRow]:
        """The runs of the store."""
        raise NotImplementedError

    def draft_changed(self) -> None:
        """Something was typed or picked."""
        raise NotImplementedError

    def copy_wanted(self, run_id: int) -> None:
        """The config of a run is to be the draft."""
        raise NotImplementedError

    @property
    def names_taken(self) -> frozenset[str]:
        """The names of all runs."""
        return frozenset(run.name for run in self.runs_there_are)

    @property
    def edited(self) -> bool:
        """Whether leaving would lose something."""
        if self.draft is None:
            return False
        try:
            return self.draft.text != self.kept_text
        except UsageError:
            return True

    async def take(self, make: Callable[[], Draft]) -> bool:
        """Whether there is a draft now, made off the screen's thread; if not, why not has been said."""
        try:
            draft = await asyncio.to_thread(make)
        except ThinktopError as error:
            self.thinktop.tell(str(error), bad=True)
            return False
        self.kept_text = draft.text
        await self.edit(draft)
        return True

    async def edit(self, draft: Draft) -> None:
        """Show a draft: in the form, or as text where it cannot be shown in one."""
        self.draft = draft
        try:
            rows = config_rows(draft)
        except UsageError:
            self._show_text()
        else:
            await self.query_one(Form).fill(rows)
            self._show_form()
        self.draft_changed()

    async def pick(self) -> None:
        """Ask what to start from; where there is no draft yet and none is picked, go back."""
        files = await asyncio.to_thread(_files)
        demo = Source(
            "demo", "built-in simulator", "30 problems, simulated o1-mini, 2^4 to 2^11 tokens: no key, not a cent"
        )
        copies = [Source("copy", run.name, _words(run), run_id=run.id) for run in reversed(self.runs_there_are)]
        source = await self.app.push_screen_wait(PickConfig([*files, demo, *copies]))
        if source is None:
            found = self.draft is not None
        elif source.path is not None:
            found = await self.take(lambda: _of_file(source.path))
        elif source.run_id is not None:
            self.copy_wanted(source.run_id)
            return
        else:
            found = await self.take(lambda: _of_demo(self.names_taken))
        if not found and self.draft is None:
            await self.pick() if source is not None else self.dismiss()

    async def take_copy(self, resolved: str) -> None:
        """Have a stored run's config as the draft, under the next free name."""
        if not await self.take(lambda: _of_run(resolved, self.names_taken)) and self.draft is None:
            self.dismiss()

    def action_pick(self) -> None:
        """Start from something else."""
        if self.draft is not None:
            self.run_worker(self._pick_after_asking())

    async def _pick_after_asking(self) -> None:
        if not self.edited or await self.may_be_lost("Throw the edits away?"):
            await self.pick()

    def action_text(self) -> None:
        """From the form to the text, or back."""
        if self.draft is None:
            return
        if self.writes:
            self.run_worker(self._back_to_form(self.draft))
            return
        try:
            self._show_text()
        except UsageError as error:
            self.thinktop.tell(str(error), bad=True)

    async def _back_to_form(self, draft: Draft) -> None:
        try:
            rows = config_rows(draft)
        except UsageError as error:
            self.thinktop.tell(f"{error}; the form needs it mended", bad=True)
        else:
            await self.query_one(Form).fill(rows)
            self._show_form()
            self.draft_changed()

    def action_rename(self) -> None:
        """Give the run the next free name."""
        if self.draft is None or self.writes:
            return
        from tui.steering.drafting import free_name  # noqa: PLC0415 - loads pydantic, which a draft has done

        key = ("run", "name")
        self.query_one(Form).type_in(key, free_name(self.draft.shown(key), self.names_taken))

    def action_save(self) -> None:
        """Write the config to a file."""
        if self.draft is None:
            return
        if self.thinktop.read_only:
            self.thinktop.tell("read-only: nothing is changed from here")
            return
        self.run_worker(self._save(self.draft))

    async def _save(self, draft: Draft) -> None:
        text = Text.assemble(("in ", "label"), (visible_line(str(Path.cwd()), 200), "plain"))
        proposed = visible_line(_proposed(draft))
        typed = await self.app.push_screen_wait(Amount("Save the config as", text, proposed, _no_file))
        if typed is None:
            return
        path, replace = _path_of(typed)
        if replace:
            ways = [("y", "replace it")]
            question = Text(f"{visible_line(str(path), 200)} is there already.", "plain")
            if await self.app.push_screen_wait(Choice("Replace the file?", question, ways)) is None:
                return
        try:
            saved = await asyncio.to_thread(_saved, draft, path, replace=replace)
        except ThinktopError as error:
            self.thinktop.tell(str(error), bad=True)
            return
        self.kept_text = saved.text
        self.thinktop.tell(f"saved; it can be run again with: thinktop run {shlex.quote(str(path))}")
        await self.edit(saved)

    def action_editor(self) -> None:
        """Have the text edited by the program that the environment names."""
        command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if self.draft is None:
            return
        if not command:
            self.thinktop.tell("no editor is named: set EDITOR, such as export EDITOR=nano", bad=True)
            return
        try:
            text = self._written_elsewhere(command, self._unkept or self.draft.text)
        except (ThinktopError, OSError, ValueError) as error:
            self.thinktop.tell(f"{command}: {error}", bad=True)
        except SuspendNotSupported:
            self.thinktop.tell("an editor needs a terminal of its own, which there is none of here", bad=True)
        else:
            self.run_worker(self._take_text(self.draft, text))

    def _written_elsewhere(self, command: str, text: str) -> str:
        """The text as an editor leaves it, in a file of one's own that is gone afterwards."""
        descriptor, name = tempfile.mkstemp(prefix="thinktop-", suffix=".toml")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            with self.app.suspend():
                subprocess.run([*shlex.split(command), name], check=False)  # noqa: S603 - the person's own editor
            return _read(Path(name))
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()

    async def _take_text(self, draft: Draft, text: str) -> None:
        try:
            taken = await asyncio.to_thread(_edited, draft, text)
        except ThinktopError as error:
            self._unkept = text
            self.thinktop.tell(f"not taken: {error}; the editor still has it", bad=True)
            return
        self._unkept = ""
        if self.writes:
            self.draft = taken
            self._show_text()
            self.draft_changed()
        else:
            await self.edit(taken)

    @on(TextArea.Changed)
    def _text_changed(self) -> None:
        writing = self.query_one(Writing)
        if self.draft is None or not self.writes or writing.written == self.draft.text:
            return
        self.draft = self.draft.rewritten(writing.written)
        self.draft_changed()

    async def may_be_lost(self, title: str) -> bool:
        """Whether somebody agrees to lose what was edited."""
        text = Text("What was edited is not saved; ctrl+s saves it.", "plain")
        return await self.app.push_screen_wait(Choice(title, text, [("y", "throw them away")])) is not None

    def _show_text(self) -> None:
        assert self.draft is not None
        writing = self.query_one(Writing)
        writing.write(self.draft.text)
        self.writes = True
        self.query_one(Form).display = False
        self.query_one("#written").display = True
        if writing.read_only:
            self.thinktop.tell("it holds characters that a terminal would obey: shown only; ctrl+g edits it", bad=True)
        writing.focus()

    def _show_form(self) -> None:
        self.writes = False
        self.query_one("#written").display = False
        self.query_one(Form).display = True
        self.query_one(Form).focus_first()


def _proposed(draft: Draft) -> str:
    """A file's name for a draft: its own, or that of its run, where it can be read so far."""
    if draft.name.endswith(".toml"):
        return draft.name
    try:
        return f"{draft.shown(('run', 'name'))}.toml"
    except UsageError:
        return "config.toml"


def _files() -> list[Source]:
    from tui.steering.drafting import config_files  # noqa: PLC0415 - loads pydantic, off the screen's thread

    return [
        Source("file", one.path.name, one.words, path=one.path, readable=one.readable)
        for one in config_files(Path.cwd())
    ]


def _of_file(path: Path | None) -> Draft:
    from tui.steering.drafting import file_draft  # noqa: PLC0415 - as above

    assert path is not None
    return file_draft(path)


def _of_demo(taken: frozenset[str]) -> Draft:
    from tui.steering.drafting import demo_draft  # noqa: PLC0415 - as above

    return demo_draft(taken)


def _of_run(resolved: str, taken: frozenset[str]) -> Draft:
    from tui.steering.drafting import copied_draft  # noqa: PLC0415 - as above

    return copied_draft(resolved, taken)


def _saved(draft: Draft, path: Path, *, replace: bool) -> Draft:
    from tui.steering.drafting import save  # noqa: PLC0415 - as above

    return save(draft, path, replace=replace)


def _edited(draft: Draft, text: str) -> Draft:
    from tui.steering.drafting import edited_draft  # noqa: PLC0415 - as above

    return edited_draft(draft, text)


def _read(path: Path) -> str:
    from core.config.document import text_of  # noqa: PLC0415 - as above

    return text_of(path, called="the edited text")


def _path_of(typed: str) -> tuple[Path, bool]:
    """The file that somebody named, and whether it is there."""
    path = Path(typed).expanduser()
    path = path if path.suffix else path.with_suffix(".toml")
    return path, path.exists()


def _no_file(typed: str) -> str | None:
    """What is wrong with the name of a file to save; None where nothing is."""
    if not typed or "\0" in typed:
        return "name a file, such as sweep.toml"
    try:
        path, _ = _path_of(typed)
        folder, parent = path.is_dir(), path.parent.is_dir()
    except (OSError, RuntimeError, ValueError):  # too long, nobody's home
        return "no file can have this name"
    if folder:
        return "that is a folder; name a file in it"
    return None if parent else f"there is no folder {visible_line(str(path.parent), 60)}"


def _words(run: RunRow) -> str:
    """What an earlier run was, in short."""
    state = run.state + (", simulated" if run.simulated else "")
    return f"run {run.id}, {state}, {amounts.moment(run.created_at)}"
