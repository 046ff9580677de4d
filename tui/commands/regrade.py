"""`thinktop regrade`: read and judge all samples of a run again, and say what that changes."""

from __future__ import annotations

import sys
from contextlib import nullcontext, redirect_stdout
from decimal import Decimal
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from rich.text import Text

from core.errors import UsageError
from core.money import dollars, usd
from core.store.opening import reading
from core.store.runs import find_run, load_run
from core.visible import visible_line
from tui.cli.confirming import agreed
from tui.cli.options import JsonOption, NamedRun, StoreOption, YesOption, place_of
from tui.cli.spelling import spelled
from tui.console import plain, print_json, stderr, stdout
from tui.pages import amounts
from tui.pages.tables import LABEL, RIGHT, STRONG, WRONG

if TYPE_CHECKING:
    from core.config import Config
    from core.judged_regrading import Prospect
    from core.regrading import Flip, Regraded
    from core.store.place import Place
    from core.vocabulary import Grade, Json

GradingOption = Annotated[
    list[str] | None,
    Parameter(name="--grading", negative="", help="KEY=VALUE of the section [grading], such as kind=math; repeatable."),
]
ConfigOption = Annotated[Path | None, Parameter(name="--config", help="Take [grading] from this config file.")]
DryRunOption = Annotated[bool, Parameter(name="--dry-run", negative="", help="Say what would change; change nothing.")]

_ANSWER = 24


def regrade(
    run: NamedRun,
    /,
    *,
    grading: GradingOption = None,
    config: ConfigOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> int:
    """Read all answers of a run again, by its own grader or another, which is the run's from then on.

    Free, unless a judge model is to read them: then says what that costs, and asks; the run's cap holds.

    What a change would do: thinktop regrade aime-2024 --grading kind=choice --grading choices=ABCD --dry-run
    """
    from core.config import resolved_json  # noqa: PLC0415 - pydantic takes its time
    from core.planning import grading_of  # noqa: PLC0415 - imports the simulator's settings
    from core.regrading import regrade as regrade_run  # noqa: PLC0415 - as above

    if grading and config is not None:
        raise UsageError("regrade takes --grading or --config, not both")
    place = place_of(store)
    with reading(place) as db:
        run_id = find_run(db, run)
        stored = load_run(db, run_id).plan.config
    wanted = _wanted(stored, grading or [], config)
    spec = grading_of(wanted)
    if spec.kind == "judge":
        return _by_a_judge(place, run_id, wanted, dry_run=dry_run, yes=yes, json=json)

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
        return _graded_as_in(held, load_config(file))
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


def _graded_as_in(held: Config, given: Config) -> Config:
    """The run's config with another's grading, and with the endpoint of its judge where the run's knows none such."""
    endpoints, judge = dict(held.endpoints), given.grading.judge
    if judge is not None and judge.endpoint in given.endpoints:
        wanted, known = given.endpoints[judge.endpoint], endpoints.get(judge.endpoint)
        if known is None or known.base_url != wanted.base_url:  # refused where the run has asked the other one
            endpoints[judge.endpoint] = wanted
    return held.model_copy(update={"grading": given.grading, "endpoints": endpoints})


def _by_a_judge(place: Place, run_id: int, wanted: Config, *, dry_run: bool, yes: bool, json: bool) -> int:
    """The exit code of a regrading that costs: estimated, asked about, worked off here under the run's cap."""
    from core.judged_regrading import compared, hand_over, prospect  # noqa: PLC0415 - as in `regrade`
    from tui.steering import sampling  # noqa: PLC0415 - a sampler, only where one is to start
    from tui.steering.parting import CAPPED  # noqa: PLC0415 - as above

    found = prospect(place, run_id, wanted)
    for line in _estimate(found):
        stderr().print(line, soft_wrap=True)
    if dry_run:
        if json:
            print_json(_prospect_json(run_id, found))
        stderr().print("nothing was written (--dry-run)", style=LABEL)
        return 0
    if not found.fits:
        stderr().print(
            f"not one of them fits under the run's cap; nothing was changed. Raise it first: "
            f"{spelled(place, 'set', found.name, f'{_cap_of(found)}=MORE')}",
            soft_wrap=True,
        )
        return CAPPED
    code = 0
    if found.answers:
        sampling.check_keys(found.endpoints)
        question = f"Have {visible_line(found.model, 80)} read {amounts.counted(found.answers, 'answer')}?"
        if not yes and not agreed(question, "say --yes to pay for the judge, or --dry-run to see the estimate only"):
            stderr().print("nothing was changed")
            return 1
    held, judge = hand_over(place, run_id, wanted, found)
    if found.answers:
        with redirect_stdout(sys.stderr) if json else nullcontext():  # the run's result is not the JSON asked for
            code = sampling.work_off(place, run_id, spelled(place, "resume", found.name))
    done = compared(place, run_id, found, held, judge)
    if json:
        print_json(_json(run_id, done, dry_run=False) | {"unread": found.samples - done.samples})
    else:
        _print(done, dry_run=False)
    if done.samples < found.samples:
        unread = amounts.counted(found.samples - done.samples, "answer")
        onwards = "" if code else f"; ask again: {spelled(place, 'resume', found.name)}"  # else it has been said how
        stderr().print(f"{unread} not read by the judge yet, and not counted{onwards}", soft_wrap=True)
    return code


def _estimate(found: Prospect) -> list[str]:
    """What a judge would cost and what there is for it, a line each."""
    to_read = amounts.counted(found.answers, "answer")
    of = "" if found.answers == found.samples else f" of {found.samples:,} (the others it has read already)"
    lines = [f"{visible_line(found.model, 80)} is to read {to_read}{of}"]
    if found.worst_pico is None:
        lines.append(f"cost: {dollars(None)}; at most {found.worst_tokens:,} tokens")
    else:
        lines.append(f"expected: {dollars(found.expected_pico)}; at most {dollars(found.worst_pico)}")
    left = [] if found.left_pico is None else [dollars(found.left_pico)]
    left += [] if found.left_tokens is None else [f"{found.left_tokens:,} tokens"]
    lines.append(f"left under the run's cap: {' and '.join(left)}" if left else "the run has no cap")
    if _passes(found.expected_pico, found.left_pico):
        lines.append("the cap is expected to stop it before the end; what is read until then stays")
    elif _passes(found.worst_pico, found.left_pico) or _passes(found.worst_tokens, found.left_tokens):
        lines.append("the cap stops it before the end if it costs more than expected; what is read until then stays")
    return lines


def _cap_of(found: Prospect) -> str:
    """The cap that is in the way, as `thinktop set` spells it."""
    return "cap_tokens" if found.left_pico is None else "cap_usd"


def _passes(cost: int | None, left: int | None) -> bool:
    return cost is not None and left is not None and cost > left


def _prospect_json(run_id: int, found: Prospect) -> dict[str, Json]:
    return {
        "run": run_id,
        "dry_run": True,
        "before": found.before,
        "after": found.after,
        "samples": found.samples,
        "answers": found.answers,
        "expected_usd": None if found.expected_pico is None else usd(found.expected_pico),
        "worst_usd": None if found.worst_pico is None else usd(found.worst_pico),
        "worst_tokens": found.worst_tokens,
        "left_usd": None if found.left_pico is None else usd(found.left_pico),
        "left_tokens": found.left_tokens,
    }


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
