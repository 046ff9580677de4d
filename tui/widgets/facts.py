"""The heading of a draw: which it is, what it answered, what it took, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text

from core.money import dollars
from core.visible import visible_line
from core.vocabulary import Fate
from tui.pages import amounts
from tui.widgets.answers import overrun
from tui.widgets.budgets import power
from tui.widgets.draws import fate
from tui.widgets.events import clock
from tui.widgets.heading import ends
from tui.widgets.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.store.one_draw import OneDraw
    from core.store.samples import SampleRow
    from tui.snapshots.draw import DrawPicture


class Facts(Lines):
    """Four lines over a draw's texts."""

    DEFAULT_CSS: ClassVar[str] = "Facts { height: 4; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._picture: DrawPicture | None = None
        self._place = ""

    def show(self, picture: DrawPicture, place: str) -> None:
        """Show a draw; `place` says which of how many it is."""
        self._picture, self._place = picture, place
        self.redraw()

    def lines(self, width: int, height: int) -> Sequence[Text]:
        """The draw; its grade; what it took; what the server said of itself."""
        del height
        if self._picture is None:
            return []
        run, draw = self._picture.run, self._picture.draw
        which = Text.assemble(
            (visible_line(draw.problem.id, 40), "strong"),
            (" · ", "frame"),
            (f"{visible_line(draw.condition.label, 30)} ", "plain"),
            (power(draw.condition.budget), "strong"),
            (" · ", "frame"),
            (f"draw {draw.draw:,}", "strong"),
        )
        first = ends(
            [
                Text.assemble(("thinktop", "key"), "  ", which),
                Text(self._place, "label"),
                Text(visible_line(run.name, 40), "label"),
            ],
            [Text(" SIMULATED ", "simulated")] if run.simulated else [],
            width,
        )
        if draw.sample is None:
            state = Text("still to be asked", "warn")
            if draw.failure is not None:
                state = Text.assemble(fate(Fate.FAILED), "  ", (visible_line(draw.failure, 400), "plain"))
            return [first, ends([state], [], width), ends([_truth(draw)], [], width)]
        parts = [_grade(draw, draw.sample), _took(draw, draw.sample), _server(draw.sample)]
        return [first, *(ends(part, [], width) for part in parts)]


def fate_of(sample: SampleRow) -> Fate:
    """What a sample counts as."""
    if sample.verdict is None:
        return Fate.UNGRADED
    return Fate.CUT if sample.finish_reason == "length" else Fate(sample.verdict)


def _truth(draw: OneDraw) -> Text:
    return Text.assemble(("truth ", "label"), (visible_line(draw.problem.answer, 60) or amounts.NOTHING, "good"))


def _grade(draw: OneDraw, sample: SampleRow) -> list[Text]:
    came_to = fate_of(sample)
    read = Text(amounts.NOTHING, "frame") if sample.answer is None else Text(visible_line(sample.answer, 60), "strong")
    return [
        fate(came_to),
        Text.assemble(("answer ", "label"), read),
        _truth(draw),
        Text("a draw that the token cap cut casts no vote" if came_to is Fate.CUT else "", "label"),
        Text(visible_line(sample.note or "", 200), "label"),
    ]


def _took(draw: OneDraw, sample: SampleRow) -> list[Text]:
    budget = draw.condition.budget_tokens
    used, thought, cached = sample.completion_tokens, sample.reasoning_tokens, sample.cached_tokens
    tokens = Text.assemble((amounts.whole(used), "strong"), (" tokens out", "label"))
    prompt = Text.assemble((amounts.whole(sample.prompt_tokens), "plain"), (" in", "label"))
    guessed = sample.estimated and used is not None
    return [
        tokens.append("~", "warn") if guessed else tokens,
        Text.assemble(("overrun ", "label"), overrun(used / budget)) if budget and used is not None else Text(),
        Text(dollars(sample.billed_pico), "warn" if sample.billed_pico is None else "strong"),
        Text(amounts.duration(sample.seconds), "plain"),
        Text.assemble((f"{thought:,}", "plain"), (" thinking", "label")) if thought is not None else Text(),
        prompt.append(f" ({cached:,} cached)", "label") if cached else prompt,
        Text("~ estimated: the server gave no usage" if guessed else "", "warn"),
    ]


def _server(sample: SampleRow) -> list[Text]:
    reported = " ".join(filter(None, (sample.reported_model, sample.fingerprint))) or amounts.NOTHING
    ended = Text.assemble(("ended by ", "label"), (visible_line(sample.finish_reason or amounts.NOTHING, 20), "plain"))
    return [
        ended,
        Text.assemble(("kept ", "label"), (clock(sample.kept_at), "plain")),
        Text.assemble(("reported as ", "label"), (visible_line(reported, 80), "plain")),
    ]
