"""What was imported, in words: a run's line, a line for each of its conditions, what was left to say."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from core.grading.flips import flip_kind
from core.interchange.importing.foreign import SAID
from core.visible import visible_line
from tui.console import plain
from tui.pages import amounts
from tui.pages.tables import LABEL, STRONG

if TYPE_CHECKING:
    from core.interchange.importing.foreign import ForeignRun

_FORMATS = {
    "inspect": "Inspect AI log",
    "samples": "table of samples",
    "aggregates": "published points",
    "bundle": "thinktop bundle",
}
_LONGEST = 80


def about(row: int | None, name: str, run: ForeignRun) -> list[Text]:
    """The lines about one imported run; `row` is None where it was only looked at."""
    what = " and ".join(_FORMATS.get(one, one) for one in run.format.split(" and "))
    called = visible_line(name, _LONGEST) + ("" if row is None else f" ({row})")
    files = ", ".join(file.name for file in run.files)
    lines = [Text.assemble((called, STRONG), "  ", plain(f"{what}: {files}", LABEL, 200))]
    drawn, failed = Counter(one.condition for one in run.samples), Counter(one.condition for one in run.failures)
    problems = Counter(one.condition for one in run.cells)
    for number, condition in enumerate(run.conditions):
        said = f"{amounts.counted(problems[number], 'problem')}, {amounts.counted(drawn[number], 'sample')}"
        said += f", {failed[number]:,} failed" if failed[number] else ""
        lines.append(Text.assemble("  ", plain(condition, limit=_LONGEST), "  ", said))
    if run.aggregates:
        lines.append(Text(f"  {amounts.counted(len(run.aggregates), 'point')} without samples"))
    if run.samples:
        by = "its source's own words" if run.grader == SAID else visible_line(run.grader, _LONGEST)
        lines.append(Text.assemble("  graded by ", by))
        flips = "" if run.format == "bundle" else _flips(run)
        if flips:
            lines.append(Text(f"  both readings are kept; by ours {flips}"))
    told = ", ".join(f"{ours} from {theirs}" for ours, theirs in run.mapping.items() if theirs)
    if told:
        lines.append(Text.assemble("  ", plain(told, LABEL, 300)))
    return lines


def _flips(run: ForeignRun) -> str:
    """How often our reading comes to another verdict than the source's, in words; empty where it never does."""
    kinds = Counter[str]()
    for sample in run.samples:
        said = sample.said()
        ours = next((grade for name, grade in sample.grades if name != SAID), None)
        kind = None if said is None or ours is None else flip_kind(said, ours)
        if kind is not None:
            kinds[kind] += 1
    return ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
