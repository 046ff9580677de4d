"""One draw: what came back, word for word, what it cost, and every request that was made for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from core.money import UNPRICED, dollars, usd
from core.visible import visible
from tui.console import plain
from tui.pages import amounts
from tui.pages.problem_page import sample_json, verdict
from tui.pages.tables import LABEL, STRONG, WRONG, labelled, numbers, plain_table, word, words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from core.store.progress import ProblemRow
    from core.store.samples import AttemptRow, SampleRow
    from core.vocabulary import Budget, Json


@dataclass(frozen=True, slots=True)
class DrawPage:
    """A draw with all that is known of it."""

    problem: ProblemRow
    label: str
    budget: Budget
    draw: int
    priced: bool
    imported: bool
    sample: SampleRow | None
    """None while it is owed, or where it failed for good."""
    text: str | None
    """None where no sample came, or its source has no text."""
    reasoning: str | None
    failure: str | None
    """Why it failed for good."""
    attempts: tuple[AttemptRow, ...]

    def to_json(self) -> dict[str, Json]:
        """The draw as `thinktop show RUN PROBLEM DRAW --json` prints it."""
        return {
            "problem": self.problem.key,
            "truth": self.problem.answer,
            "label": self.label,
            "budget": self.budget,
            "draw": self.draw,
            "sample": None if self.sample is None else sample_json(self.sample),
            "text": self.text,
            "reasoning": self.reasoning,
            "failure": self.failure,
            "attempts": [attempt_json(one) for one in self.attempts],
        }


def attempt_json(one: AttemptRow) -> dict[str, Json]:
    """One request for scripts."""
    return {
        "attempt": one.id,
        "purpose": one.purpose,
        "number": one.number,
        "outcome": one.outcome,
        "status": one.status,
        "reserved_at": one.reserved_at,
        "ended_at": one.ended_at,
        "reserved_usd": usd(one.reserved_pico),
        "billed_usd": usd(one.billed_pico),
        "message": one.message,
        "request_id": one.request_id,
    }


def print_draw(out: Console, page: DrawPage) -> None:
    """The page of one draw; its text last, since it can be long."""
    where = f" · {page.label} {amounts.budget(page.budget)} · draw {page.draw}"
    out.print(Text.assemble(plain(page.problem.key, STRONG), plain(where)))
    sample = page.sample
    if sample is None:
        state = Text("still to be asked") if page.failure is None else plain(f"failed: {page.failure}", WRONG)
        out.print(labelled("sample", state))
    else:
        answer = amounts.NOTHING if sample.answer is None else sample.answer
        out.print(
            labelled("answer", plain(answer), verdict(sample), plain(f"truth {page.problem.answer or amounts.NOTHING}"))
        )
        used = sample.completion_tokens
        thought = "" if sample.reasoning_tokens is None else f" ({sample.reasoning_tokens:,} reasoning)"
        told = f"{amounts.whole(used)} out{thought}, {amounts.whole(sample.prompt_tokens)} in"
        guess = "estimated: the server gave no usage" if sample.estimated and used is not None else ""
        out.print(labelled("cost", dollars(sample.billed_pico), told, amounts.duration(sample.seconds), guess))
        reported = plain(" ".join(filter(None, (sample.reported_model, sample.fingerprint))))
        ended = f"ended by {sample.finish_reason}" if sample.finish_reason else ""
        out.print(labelled("server", reported, plain(ended), amounts.moment(sample.kept_at)))
    if not page.imported:
        out.print(_attempt_table(page))
    if page.reasoning:
        out.print(Text("\nreasoning", LABEL))
        out.print(Text(visible(page.reasoning), LABEL), soft_wrap=False)
    if sample is not None:
        out.print(Text("\ntext", LABEL))
        nothing = Text("(not in what was imported)" if page.text is None else "(empty)", LABEL)
        out.print(Text(visible(page.text)) if page.text else nothing, soft_wrap=False)


def _attempt_table(page: DrawPage) -> Table:
    table = plain_table()
    numbers(table, ["request"])
    for name in ("for", "when", "outcome"):
        table.add_column(name, no_wrap=True)
    numbers(table, ["HTTP", "$"])
    words(table, "message")
    for one in page.attempts:
        doubtful = one.outcome == "unknown"
        pico = one.reserved_pico if doubtful else one.billed_pico
        known = page.priced or one.purpose == "judge"
        table.add_row(
            str(one.id),
            one.purpose,
            amounts.moment(one.reserved_at),
            Text("in doubt", WRONG) if doubtful else Text(one.outcome),
            str(one.status or amounts.NOTHING),
            dollars(pico).removeprefix("$") if known else UNPRICED,
            word(one.message),
        )
    return table
