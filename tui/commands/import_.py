"""`thinktop import`: other people's results become runs of this store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from core.errors import UsageError
from core.visible import visible_line
from tui.cli.options import JsonOption, StoreOption, place_of
from tui.console import print_json, stderr, stdout

if TYPE_CHECKING:
    from core.interchange.importing.foreign import ForeignRun
    from core.store.place import Place
    from core.vocabulary import Json

FilesArgument = Annotated[
    Path,
    Parameter(
        name="FILE...", help="Inspect AI logs, samples as JSON lines, CSV or Parquet, published result files, bundles."
    ),
]
MapOption = Annotated[
    list[str] | None,
    Parameter(name="--map", negative="", metavar="FIELD=COLUMN", help="What a column is: budget=limit; repeatable."),
]
NameOption = Annotated[str | None, Parameter(name="--name", help="The run's name; default: the file's.")]
GradingOption = Annotated[
    list[str] | None,
    Parameter(name="--grading", negative="", metavar="KEY=VALUE", help="Read answers again: kind=math; repeatable."),
]
TogetherOption = Annotated[str | None, Parameter(name="--together", metavar="NAME", help="Make one run of all files.")]
DryRunOption = Annotated[
    bool, Parameter(name="--dry-run", negative="", help="Say what would be imported; write nothing.")
]


def import_(
    *files: FilesArgument,
    map_: MapOption = None,
    name: NameOption = None,
    grading: GradingOption = None,
    together: TogetherOption = None,
    dry_run: DryRunOption = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> int:
    """Other people's results become runs: to be plotted, compared, voted on and read again, never to be gone on with.

    What a file is, is told by what is in it. A file is a run, each of its models and budgets a condition; --together
    makes one run of several files. Imported runs cost nothing; what their source says of costs is kept for curves.

    Columns of another name: thinktop import samples.csv --map budget=limit --map answer=pred --grading kind=integer
    """
    if not files:
        raise UsageError("import: name a file, such as log.eval, samples.jsonl or samples.csv")
    from core.interchange.importing.columns import checked_mapping  # noqa: PLC0415 - `--help` does without
    from core.interchange.importing.wanted import Wanted, foreign_runs, grading_asked  # noqa: PLC0415 - as above

    wanted = Wanted(checked_mapping(map_ or ()), name, together, grading_asked(grading or ()))
    runs = foreign_runs([path.expanduser() for path in files], wanted)
    kept: list[tuple[int | None, str]]
    kept = [(None, run.name) for run in runs] if dry_run else _kept(place_of(store), runs)
    if json:
        imported = [_json(row, called, run) for (row, called), run in zip(kept, runs, strict=True)]
        print_json({"dry_run": dry_run, "imported": imported})
        return 0
    _print(runs, kept)
    if dry_run:
        stderr().print("nothing was written (--dry-run)")
    return 0


def _kept(place: Place, runs: list[ForeignRun]) -> list[tuple[int | None, str]]:
    from core.interchange.importing.keeping import keep  # noqa: PLC0415 - not for a dry run

    return list(keep(place, runs))


def _print(runs: list[ForeignRun], kept: list[tuple[int | None, str]]) -> None:
    from tui.pages.imported import about  # noqa: PLC0415 - as above

    for (row, called), run in zip(kept, runs, strict=True):
        for line in about(row, called, run):
            stdout().print(line, soft_wrap=True)
        for note in run.notes:
            stderr().print(visible_line(f"note: {note}"), soft_wrap=True)


def _json(row: int | None, called: str, run: ForeignRun) -> dict[str, Json]:
    drawn = [0] * len(run.conditions)
    for sample in run.samples:
        drawn[sample.condition] += 1
    return {
        "id": row,
        "name": called,
        "format": run.format,
        "files": [{"name": file.name, "sha256": file.sha256} for file in run.files],
        "problems": len(run.problems),
        "conditions": [
            {
                "label": one.label,
                "model": one.model,
                "budget": one.budget,
                "control": one.control.value,
                "samples": number,
            }
            for one, number in zip(run.conditions, drawn, strict=True)
        ],
        "samples": len(run.samples),
        "failed": len(run.failures),
        "points": len(run.aggregates),
        "grader": run.grader,
        "mapping": dict(run.mapping),
        "says": dict(run.says),
        "notes": list(run.notes),
    }
