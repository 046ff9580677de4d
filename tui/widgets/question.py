"""The heading of a problem: which it is, its truth, and what its draws come to."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text

from core.money import UNPRICED, dollars
from core.visible import visible_line
from tui.pages import amounts
from tui.widgets.heading import ends
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.store.one_problem import OneProblem
    from tui.snapshots.problem import ProblemPicture


class Question(Lines):
    """Two lines over the panes."""

    DEFAULT_CSS: ClassVar[str] = "Question { height: 2; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._picture: ProblemPicture | None = None
        self._place = ""

    def show(self, picture: ProblemPicture, place: str) -> None:
        """Show a problem; `place` says which of how many it is."""
        self._picture, self._place = picture, place
        self.redraw()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The problem and its truth; draws, share, tokens, overrun and dollars."""
        del height
        if self._picture is None:
            return []
        run, problem = self._picture.run, self._picture.problem
        first = ends(
            [
                Text.assemble(("thinktop", "key"), "  ", (visible_line(problem.key, 48), "strong")),
                Text.assemble(("truth ", "label"), (visible_line(problem.truth, 48), "good")),
                Text(visible_line(run.name, 40), "label"),
                Text(self._place, "label"),
                Text(visible_line(problem.cluster or "", 30), "label"),
            ],
            [Text(" SIMULATED ", "simulated")] if run.simulated else [],
            width,
        )
        return [first, ends(self._sums(self._picture), [], width)]

    def _sums(self, picture: ProblemPicture) -> list[Text]:
        cells = [cell.sums for cell in picture.problem.cells]
        kept, planned = sum(one.kept for one in cells), sum(one.planned for one in cells)
        graded, failed = sum(one.graded for one in cells), sum(one.failed for one in cells)
        tokens = sum(one.completion_tokens for one in cells)
        solved = sum(one.right for one in cells) / graded if graded else None
        priced = all(cell.priced for cell in picture.problem.cells)
        billed = dollars(sum(one.billed_pico for one in cells)) if priced else UNPRICED
        return [
            Text.assemble(("draws ", "label"), (f"{kept:,}", "strong"), (f"/{planned:,}", "label")),
            Text.assemble(("solved ", "label"), (amounts.share(solved), "strong")),
            _leads(picture.problem),
            Text.assemble((billed, "strong" if priced else "warn")),
            Text.assemble((f"{failed:,} failed" if failed else "", "bad")),
            Text.assemble(("tokens ", "label"), (amounts.tokens(tokens), "plain"), (" in all", "label")),
        ]


def _leads(problem: OneProblem) -> Text:
    """The answer with the most votes over all conditions; several where they tie."""
    votes: Counter[str] = Counter()
    right: set[str] = set()
    for counted in chain.from_iterable(cell.answers for cell in problem.cells):
        votes[counted.answer] += counted.votes
        right |= {counted.answer} if counted.right else set()
    leaders = [answer for answer, number in votes.items() if number == max(votes.values())]
    if not leaders:
        return Text()
    if len(leaders) > 1:
        return Text.assemble(
            ("leads ", "label"), (f"{len(leaders)} tie", "plain"), (f" {amounts.TIMES}{votes[leaders[0]]:,}", "votes")
        )
    sound = leaders[0] in right
    return Text.assemble(
        ("leads ", "label"),
        (visible_line(leaders[0], 24), "good" if sound else "bad"),
        (f" {amounts.TIMES}{votes[leaders[0]]:,}", "votes"),
        (" ✓" if sound else " ✗", "good" if sound else "bad"),
    )
