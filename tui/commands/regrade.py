"""`thinktop regrade`: read and judge all samples of a run again, and say what that changes."""

from __future__ import annotations

import sys
from decimal import Decimal
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from rich.text import Text

from core.errors import UsageError
from core.store.opening import reading
from core.store.runs import find_run, load_run
from tui.cli.options import JsonOption, NamedRun, StoreOption, place_of
from tui.console import plain, print_json, stdout
from tui.pages import amounts
from tui.pages.tables import LABEL, RIGHT, STRONG, WRONG

if TYPE_CHECKING:
    from core.config import Config
    from core.regrading import Flip, Regraded
    from core.vocabulary import Grade, Json

GradingOption = Annotated[
    list[str] | None,
    Parameter(name="--grading", negative="", help="KEY=VALUE of the section [grading], such as kind=math; repeatable."),
]
ConfigOption = Annotated[Path | None, Parameter(name="--config", help="Take [grading] from this config file.")]
DryRunOption = Annotated[bool, Parameter(name="--dry-run", negative="", help="Say what would change; change nothing.")]

_JUDGED = (
    "regrade: a judge model costs money, and regrading by one is not possible yet; use a kind that reads answers "
    "itself: integer, math, choice, exact or regex"
)
_ANSWER = 24


def regrade(
    run: NamedRun,
    /,
    *,
    grading: GradingOption = None,
    config: ConfigOption = None,
    dry_run: DryRunOption = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> int:
    """Read all answers of a run again, by its own grader or another, which is the run's from then on. Free.

    What a change would do: thinktop regrade aime-2024 --grading kind=choice --grading choices=ABCD --dry-run
    """
    from core.config import resolved_json  # noqa: PLC0415 - pydantic takes its time
    from core.planning import grading_of  # noqa: PLC0415 - imports the simulator's settings
    from core.regrading import regrade as regrade_run  # noqa: PLC0415

    if grading and config is not None:
        raise UsageError("regrade takes --grading or --config, not both")
    place = place_of(store)
    with reading(place) as db:
        run_id = find_run(db, run)
        stored = load_run(db, run_id).plan.config
    wanted = _wanted(stored, grading or [], config)
    spec = grading_of(wanted)
    if spec.kind == "judge":
        raise UsageError(_JUDGED)

    def tell(samples: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{samples:,} samples graded ")

    done = regrade_run(place, run_id, spec, resolved_json(wanted), dry_run=dry_run, tell=tell)
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    if json:
        print_json(_json(run_id, done, dry_run=dry_run))
    else:
        _print(done, dry_run=dry_run)
    return 0


def _wanted(stored: str, changes: list[str], file: Path | None) -> Config:
    """The run's config with the grading that is asked for.

    Raises:
        UsageError: it is none, or does not go with the run's problems and endpoints.
    """
    from core.config import config_from_mapping, from_resolved, load_config  # noqa: PLC0415 - as above

    held = from_resolved(stored)
    if file is not None:
        return held.model_copy(update={"grading": load_config(file).grading})
    if not changes:
        return held
    data: dict[str, Any] = loads(stored, parse_float=Decimal)
    for change in changes:
        if "=" not in change:
            raise UsageError(f"--grading {change}: must be KEY=VALUE, such as kind=math")
    kinds = [change.partition("=")[2].strip().strip("\"'") for change in changes if change.startswith("kind=")]
    if kinds and kinds[-1] != held.grading.kind:
        data["grading"] = {}  # options of another kind would not go with this one
    try:
        return config_from_mapping(data, overrides=[f"grading.{change}" for change in changes])
    except UsageError as error:
        raise UsageError(str(error).replace("--set grading.", "--grading ")) from None


def _json(run_id: int, done: Regraded, *, dry_run: bool) -> dict[str, Json]:
    return {
        "run": run_id,
        "dry_run": dry_run,
        "before": done.before,
        "after": done.after,
        "samples": done.samples,
        "truncated": done.truncated,
        "right_before": done.right_before,
        "right_after": done.right_after,
        "flips": dict(done.flips.most_common()),
        "examples": {kind: [_flip_json(flip) for flip in flips] for kind, flips in done.examples.items()},
    }


def _flip_json(flip: Flip) -> dict[str, Json]:
    sample, before = flip.sample, flip.sample.before
    return {
        "problem": sample.problem,
        "label": sample.label,
        "budget": sample.budget,
        "draw": sample.draw,
        "truth": sample.truth,
        "before": None if before is None else before.answer,
        "after": flip.after.answer,
        "note": flip.after.note,
    }


def _print(done: Regraded, *, dry_run: bool) -> None:
    out = stdout()
    change = f"{done.before or 'no grader'} -> {done.after}" if done.before != done.after else done.after
    out.print(Text.assemble(f"{done.samples:,} samples  ", plain(change, LABEL)))
    out.print(f"right: {done.right_before:,} -> {done.right_after:,}")
    if done.truncated:
        out.print(f"{done.truncated:,} of them are truncated and wrong, whatever they say", style=LABEL)
    for kind, number in done.flips.most_common():
        style = RIGHT if kind.endswith("to right") else WRONG if kind.startswith("right") else STRONG
        out.print(Text.assemble((f"{number:,} {kind}", style)))
        for flip in done.examples[kind]:
            sample = flip.sample
            where = f"{sample.problem} · {sample.label} {amounts.budget(sample.budget)} · draw {sample.draw}"
            out.print(
                Text.assemble("  ", plain(where), "  ", _shown(sample.before), " -> ", _shown(flip.after),
                              ("  truth ", LABEL), plain(sample.truth, limit=_ANSWER))
            )  # fmt: skip
    if not done.flips:
        out.print("no verdict changes" if dry_run else "no verdict changed")
    if dry_run:
        out.print("nothing was written (--dry-run)", style=LABEL)


def _shown(grade: Grade | None) -> Text:
    """A grade's answer; why there is none."""
    if grade is None:
        return Text("not graded", LABEL)
    if grade.answer is None:
        return plain(f"no answer ({grade.note})" if grade.note else "no answer", LABEL, 60)
    return plain(grade.answer, limit=_ANSWER)
