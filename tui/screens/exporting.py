"""Runs into files: asks what and where, never replaces a file unasked, and writes off the screen's thread.

For any screen that has runs before it: `ask_export`. What else a screen can export (a figure, a table) it says itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from core.interchange.exporting import REPORTS, SUFFIXES, export_runs
from core.store.opening import reading
from core.visible import visible_line
from tui.pages import amounts
from tui.screens.dialogs import Amount, Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.store.place import Place
    from tui.screens.fed import Fed

_PATH = 60
_STEM = 60


@dataclass(frozen=True, slots=True)
class Export:
    """Something that can be written to a file."""

    key: str
    words: str
    suffixes: tuple[str, ...]
    """The first one is suggested."""
    stem: str
    """The name that is suggested, without a suffix."""
    write: Callable[[Path, bool], str]
    """Writes it, replacing a file or not, and returns what was written, for a person; on a thread of its own."""


def ask_export(screen: Fed[Any], run_ids: Sequence[int], stem: str = "", more: Sequence[Export] = ()) -> None:
    """Ask what of these runs goes into which file, and write it.

    Args:
        screen: over which it is asked.
        run_ids: the runs.
        stem: a name to suggest for files, such as the run's own.
        more: what else this screen can write.
    """
    app = screen.thinktop
    if app.read_only:
        app.tell("read-only: nothing is written from here")
        return
    exports = [*more, *_of_runs(app.place, run_ids, safe_stem(stem) or "run-" + "-".join(map(str, run_ids)))]
    ways = [(one.key, f"{one.words}: {' '.join(one.suffixes)}") for one in exports]

    def chosen(key: str | None) -> None:
        found = next((one for one in exports if one.key == key), None)
        if found is not None:
            _ask_where(screen, found)

    app.push_screen(Choice("Export", Text("What goes into a file?", "plain"), ways), chosen)


def safe_stem(name: str) -> str:
    """A name as the beginning of a file's: letters, digits and `._-` only, never hidden, never long."""
    return re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII).strip(".-")[:_STEM]


def _of_runs(place: Place, run_ids: Sequence[int], stem: str) -> list[Export]:
    def write(path: Path, force: bool) -> str:
        with reading(place) as db:
            done = export_runs(db, place, run_ids, path, force=force)
        files = "" if len(done.files) == 1 else f" in {amounts.counted(len(done.files), 'file')}"
        return amounts.counted(done.written, "run" if path.suffix.lower() in REPORTS else "sample") + files

    samples = tuple(suffix for suffix in SUFFIXES if suffix not in (*REPORTS, ".zip"))
    return [
        Export("s", "samples, one after the other", samples, f"{stem}-samples", write),
        Export("m", "a report", REPORTS, f"{stem}-report", write),
        Export("b", "all there is, to share", (".zip",), f"{stem}-bundle", write),
    ]


def _ask_where(screen: Fed[Any], export: Export) -> None:
    text = Text("in ", "label").append(visible_line(str(Path.cwd()), _PATH), "plain")
    text.append("\n").append(f"the suffix says the format: {' '.join(export.suffixes)}", "label")

    def typed(name: str | None) -> None:
        if name is None:
            return
        path = Path(name).expanduser()
        if path.exists():
            _ask_replace(screen, export, path)
        else:
            _write(screen, export, path, force=False)

    dialog = Amount("File", text, export.stem + export.suffixes[0], lambda name: _wrong(name, export))
    screen.app.push_screen(dialog, typed)


def _ask_replace(screen: Fed[Any], export: Export, path: Path) -> None:
    text = Text(f"{visible_line(str(path), _PATH)} is there already.", "plain")

    def answered(key: str | None) -> None:
        if key is not None:
            _write(screen, export, path, force=True)

    screen.app.push_screen(Choice("Replace it?", text, [("y", "replace it; what it holds is lost")]), answered)


def _write(screen: Fed[Any], export: Export, path: Path, *, force: bool) -> None:
    # Whatever stands in the way by now, unless it may be replaced, is refused when the file is given its name.
    screen.thinktop.work(lambda: f"{path}: {export.write(path, force)}")


def _wrong(name: str, export: Export) -> str | None:
    """What is wrong with a file's name; None where nothing is."""
    if not name:
        return "name a file; esc leaves it"
    try:
        path = Path(name).expanduser()
        there, folder, parent = path.exists(), path.is_dir(), path.parent.is_dir()
    except (OSError, RuntimeError, ValueError):  # too long, nobody's home, a byte that no name can have
        return "no file can have this name"
    if path.suffix.lower() not in export.suffixes:
        return f"the name must end in {' or '.join(export.suffixes)}"
    if folder:
        return "this is a folder; name a file in it"
    if there and not path.is_file():
        return "this is no ordinary file; name another"
    return None if parent else f"there is no folder {visible_line(str(path.parent), _PATH)}"
