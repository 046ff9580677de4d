"""One problem: its question, what was answered under each condition and how often, and the draws one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from core.money import dollars, usd
from core.visible import visible
from tui.console import plain
from tui.pages import amounts
from tui.pages.tables import LABEL, RIGHT, STRONG, VOTES, WRONG, joined, numbers, one_line, plain_table, word, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console
    from rich.table import Table

    from core.store.progress import ProblemRow
    from core.store.samples import SampleRow
    from core.vocabulary import Budget, Json

ANSWERS_SHOWN = 6
DRAWS_SHOWN = 8
"""Of each condition, unless one was asked for."""
_QUESTION = 4000
"""Characters of a question that are shown."""
_ANSWER = 24


@dataclass(frozen=True, slots=True)
class Asked:
    """A problem under one condition."""

    label: str
    budget: Budget
    samples: tuple[SampleRow, ...]

    @property
    def right(self) -> int:
        """Samples that count as right."""
        return sum(is_right(row) for row in self.samples)

    @property
    def counted(self) -> list[tuple[str | None, int, bool]]:
        """(answer, samples, right), the most frequent first; None for no answer that counts."""
        votes = Counter((None if is_cut(row) else row.answer, is_right(row)) for row in self.samples if row.verdict)
        ordered = sorted(votes.items(), key=lambda item: (-item[1], item[0][0] is None, item[0][0] or ""))
        return [(answer, number, right) for (answer, right), number in ordered]

    def to_json(self) -> dict[str, Json]:
        """The condition as `thinktop show RUN PROBLEM --json` has it."""
        return {
            "label": self.label,
            "budget": self.budget,
            "answers": [{"answer": answer, "count": number, "right": right} for answer, number, right in self.counted],
            "draws": [sample_json(row) for row in self.samples],
        }


def is_cut(row: SampleRow) -> bool:
    """Whether the token cap ended it: then it counts as wrong and casts no vote."""
    return row.finish_reason == "length"


def is_right(row: SampleRow) -> bool:
    """Whether it counts as right."""
    return row.verdict == "right" and not is_cut(row)


def conditions_of(rows: Iterable[SampleRow]) -> list[Asked]:
    """A problem's samples by condition, in the order of the plan."""
    groups: dict[tuple[str, Budget], list[SampleRow]] = {}
    for row in rows:
        groups.setdefault((row.label, row.budget), []).append(row)
    return [Asked(label, budget, tuple(group)) for (label, budget), group in groups.items()]


def sample_json(row: SampleRow) -> dict[str, Json]:
    """A sample without its text."""
    return {
        "draw": row.draw,
        "answer": row.answer,
        "verdict": row.verdict,
        "right": is_right(row),
        "truncated": is_cut(row),
        "note": row.note,
        "prompt_tokens": row.prompt_tokens,
        "cached_tokens": row.cached_tokens,
        "completion_tokens": row.completion_tokens,
        "reasoning_tokens": row.reasoning_tokens,
        "cost_usd": None if row.billed_pico is None else usd(row.billed_pico),
        "estimated": bool(row.estimated),
        "seconds": row.seconds,
        "finish_reason": row.finish_reason,
        "kept_at": row.kept_at,
        "model": row.reported_model,
        "fingerprint": row.fingerprint,
    }


def print_problem(out: Console, problem: ProblemRow, asked: Sequence[Asked], *, all_draws: bool) -> None:
    """The page of one problem."""
    truth = plain(problem.answer or amounts.NOTHING, RIGHT)
    out.print(Text.assemble(plain(problem.key, STRONG), ("  truth ", LABEL), truth))
    if problem.question:
        out.print(Text(visible(problem.question, _QUESTION)), soft_wrap=False)
    for one in asked:
        out.print()
        out.print(_title(one))
        out.print(Text("  ").append_text(joined(_answers(one))), soft_wrap=False)
        out.print(draw_table(one.samples if all_draws else one.samples[:DRAWS_SHOWN]))
        left = 0 if all_draws else len(one.samples) - DRAWS_SHOWN
        if left > 0:
            out.print(Text(f"  ... and {left:,} more: --budget {amounts.budget(one.budget)} shows them all", LABEL))


def draw_table(rows: Sequence[SampleRow]) -> Table:
    """A row for each draw: what it took, how it ended, what it answered."""
    table = plain_table()
    numbers(table, ["draw", "tokens", "time", "$"])
    words(table, "finish", most=14)
    words(table, "answer", most=_ANSWER, justify="right")
    words(table, "")
    for row in rows:
        table.add_row(
            str(row.draw),
            amounts.whole(row.completion_tokens) + ("~" if row.estimated and row.completion_tokens is not None else ""),
            amounts.duration(row.seconds),
            dollars(row.billed_pico).removeprefix("$"),
            word(row.finish_reason or amounts.NOTHING, WRONG if is_cut(row) else ""),
            word(amounts.NOTHING if row.answer is None else row.answer),
            one_line(verdict(row)),
        )
    return table


def verdict(row: SampleRow) -> Text:
    """What the answer counts as, with why there is none."""
    if row.verdict is None:
        return Text("not graded yet", LABEL)
    if is_right(row):
        return Text("✓ right", RIGHT)
    if is_cut(row):
        return Text("✗ cut by the token cap", WRONG)
    note = plain(f": {row.note}" if row.note else "", LABEL)
    return Text.assemble((f"✗ {row.verdict}", WRONG), note)


def _title(one: Asked) -> Text:
    graded = sum(row.verdict is not None for row in one.samples)
    return Text.assemble(
        plain(f"{one.label} {amounts.budget(one.budget)}", STRONG),
        (f"  {len(one.samples):,} draws", LABEL),
        f"  {amounts.share(one.right / graded if graded else None)} right",
    )


def _answers(one: Asked) -> list[Text]:
    parts = []
    for answer, number, right in one.counted[:ANSWERS_SHOWN]:
        shown = Text("no answer", LABEL) if answer is None else plain(answer, RIGHT if right else "", _ANSWER)
        parts.append(Text.assemble(shown, (f" {amounts.TIMES}{number:,}", VOTES), (" ✓", RIGHT) if right else ""))
    more = len(one.counted) - ANSWERS_SHOWN
    return [*parts, Text(f"{more:,} others", LABEL)] if more > 0 else parts
