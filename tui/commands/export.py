"""`thinktop export`: samples, a report or a bundle as a file, its format told by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from core.errors import UsageError
from core.interchange.exporting import REPORTS, SUFFIXES, WITH_TEXTS, export_runs
from core.interchange.withholding import Share
from core.store.opening import reading
from core.store.runs import find_run
from core.visible import visible_line
from tui.cli.options import ForceOption, JsonOption, StoreOption, place_of
from tui.console import print_json, stdout
from tui.pages import amounts

WordsArgument = Annotated[
    str, Parameter(name="RUN... FILE", help=f"Runs (default: the newest), then the file: {' '.join(SUFFIXES)}.")
]
NoTextsOption = Annotated[
    bool,
    Parameter(name="--no-texts", negative="", help=f"Leave out what models wrote ({' '.join(WITH_TEXTS)})."),
]
NoProblemsOption = Annotated[
    bool,
    Parameter(
        name="--no-problems",
        negative="",
        help="Leave questions and answers out of a .zip, and texts with them; the answers that were read become codes.",
    ),
]


def export(
    *words: WordsArgument,
    no_texts: NoTextsOption = False,
    no_problems: NoProblemsOption = False,
    force: ForceOption = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> int:
    """Samples, a report or a bundle as a file, by its suffix; with --json says what was written.

    Samples: .csv .jsonl .parquet, and .json for Inspect AI, a file for each condition. A report: .html .md, or .tex
    for its tables. All there is, to share and to import elsewhere: .zip, without keys.

    Two runs on one page: thinktop export aime-2024 aime-2023 report.html
    """
    if not words:
        raise UsageError(f"export: name a file to write: {_formats()}")
    *runs, last = words
    named: list[str | None] = [*runs] or [None]
    path = Path(last).expanduser()
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"export {last}: the file's suffix says what to write, and there is {_formats()}")
    if no_texts and suffix not in WITH_TEXTS:
        raise UsageError(f"export --no-texts: only {', '.join(WITH_TEXTS)} have texts; leave it out for {suffix}")
    if no_problems and suffix != ".zip":
        raise UsageError(f"export --no-problems: is for a .zip to share; leave it out for {suffix}")
    share = Share(texts=not no_texts, problems=not no_problems)
    place = place_of(store)
    with reading(place) as db:
        meant = list(dict.fromkeys(find_run(db, run) for run in named))
        done = export_runs(db, place, meant, path, share=share, force=force)
    if json:
        files = [str(file) for file in done.files]
        print_json({"file": files[0], "files": files, "format": suffix[1:], "runs": meant, "written": done.written})
    else:
        for file in done.files[:-1]:
            stdout().print(visible_line(str(file)), soft_wrap=True)
        what = amounts.counted(done.written, "run" if suffix in REPORTS else "sample")
        stdout().print(f"{visible_line(str(done.files[-1]))}: {what}", soft_wrap=True)
    return 0


def _formats() -> str:
    return ", ".join(f"{suffix} ({what})" for suffix, what in SUFFIXES.items())
