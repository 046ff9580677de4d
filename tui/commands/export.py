"""`thinktop export`: samples or a report as a file, its format told by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from core.errors import UsageError
from core.interchange.exporting import SUFFIXES, export_runs
from core.store.opening import reading
from core.store.runs import find_run
from core.visible import visible_line
from tui.cli.options import ForceOption, JsonOption, StoreOption, place_of
from tui.console import print_json, stdout
from tui.pages import amounts

WordsArgument = Annotated[
    str, Parameter(name="RUN... FILE", help="Runs (default: the newest), then the file: .csv, .jsonl or .md.")
]
NoTextsOption = Annotated[
    bool, Parameter(name="--no-texts", negative="", help="Leave the texts of answers out of .jsonl.")
]


def export(
    *words: WordsArgument,
    no_texts: NoTextsOption = False,
    force: ForceOption = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> int:
    """Samples (.csv, .jsonl) or a report (.md) as a file; with --json says what was written.

    Two runs in one table: thinktop export aime-2024 aime-2023 samples.csv
    """
    if not words:
        raise UsageError(f"export: name a file to write: {_formats()}")
    *runs, last = words
    named: list[str | None] = [*runs] or [None]
    path = Path(last).expanduser()
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"export {last}: the file's suffix says what to write, and there is {_formats()}")
    if no_texts and suffix != ".jsonl":
        raise UsageError(f"export --no-texts: only .jsonl has texts; leave it out for {suffix}")
    place = place_of(store)
    with reading(place) as db:
        meant = list(dict.fromkeys(find_run(db, run) for run in named))
        written = export_runs(db, place, meant, path, texts=not no_texts, force=force)
    if json:
        print_json({"file": str(path), "format": suffix[1:], "runs": meant, "written": written})
    else:
        what = amounts.counted(written, "run" if suffix == ".md" else "sample")
        stdout().print(f"{visible_line(str(path))}: {what}", soft_wrap=True)
    return 0


def _formats() -> str:
    return ", ".join(f"{suffix} ({what})" for suffix, what in SUFFIXES.items())
