"""A curve as a table for people and as flat rows for spreadsheets. Reads nothing, prints nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from core.visible import visible_line
from tui.console import plain
from tui.pages import amounts
from tui.pages.tables import LABEL, SIMULATED, STRONG, VOTES, numbers, plain_table, word, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from core.analysis.curve import AtK
    from core.reading import ReadCurve, ReadRun
    from core.vocabulary import Json

_FIXED = 66
"""Cells that the columns before pass@k take, as wide as they get."""
_OF_A_K = 9
"""Cells of one more column, with its gap."""
_OF_LABELS = 18
_MANY = 99


def run_line(read: ReadRun) -> Text:
    """The run that a table is of."""
    line = Text.assemble(plain(read.run.name, STRONG, 40), (f" ({read.run.id})", LABEL))
    if read.run.imported:
        line.append("  IMPORTED", LABEL)
    return line.append("  SIMULATED", SIMULATED) if read.run.simulated else line


def curve_table(conditions: Sequence[ReadCurve], width: int) -> Table:
    """A row for each condition; as many k as fit the width, the largest first."""
    table = plain_table()
    several = len({one.curve.label for one in conditions}) > 1
    if several:
        words(table, "label", most=16)
    numbers(table, ["budget", "draws", "acc.", "±se", "95% interval", "tokens", "$"])
    numbers(table, ["overrun"], VOTES)
    passes, majorities = chosen_ks(conditions, _room(conditions, width))
    numbers(table, [f"pass@{k}" for k in passes])
    numbers(table, [f"maj@{k}" for k in majorities], VOTES)
    for one in conditions:
        curve = one.curve
        ci95 = curve.ci95
        table.add_row(
            *([word(curve.label)] if several else []),
            plain(amounts.budget(curve.budget)),
            drawn(one),
            amounts.share(curve.accuracy),
            amounts.points(curve.se, 1),
            f"{amounts.points(ci95[0])}{amounts.DASH}{amounts.points(ci95[1])}" if ci95 else amounts.NOTHING,
            amounts.tokens(curve.mean_completion_tokens),
            cost_of(curve.mean_cost_usd, has_samples=curve.samples > 0),
            amounts.times(curve.overrun.median if curve.overrun else None),
            *(_at(curve.pass_at, k) for k in passes),
            *(_at(curve.maj_at, k) for k in majorities),
        )
    return table


def drawn(one: ReadCurve) -> str:
    """How many samples there are, and whether some came late; of a published point nobody knows."""
    if not one.curve.samples and one.curve.accuracy is not None:
        return amounts.NOTHING
    return f"{one.curve.samples:,}" + ("+" if one.extended else "")


def left_out(conditions: Sequence[ReadCurve], width: int) -> Iterator[str]:
    """That pass@k and maj@k have no column, where a terminal of this width has no room for any."""
    if chosen_ks(conditions, _MANY) != ([], []) and chosen_ks(conditions, _room(conditions, width)) == ([], []):
        yield "pass@k and maj@k have no room here: --csv and --json have them"


def _room(conditions: Sequence[ReadCurve], width: int) -> int:
    """Columns of a k for which there is room."""
    several = len({one.curve.label for one in conditions}) > 1
    return (width - _FIXED - (_OF_LABELS if several else 0)) // _OF_A_K


def chosen_ks(conditions: Sequence[ReadCurve], room: int) -> tuple[list[int], list[int]]:
    """The k of pass@k and of maj@k that get a column: of `room` columns half each, votes first, 2 left out last.

    k = 1 is accuracy itself; so are votes of two, where a tie gives half.
    """
    ks = sorted({at.k for one in conditions for at in one.curve.maj_at if at.k > 1})
    wanted = sorted(ks, reverse=True)
    votes = [k for k in wanted if k > 2][: max(0, (room + 1) // 2)]  # noqa: PLR2004 - see above
    passes = wanted[: max(0, room - len(votes))]
    return sorted(passes), sorted(votes)


def footnotes(read: ReadRun) -> Iterator[str]:
    """What must be said beside the numbers."""
    for one in read.conditions:
        name = visible_line(f"{one.curve.label} {amounts.budget(one.curve.budget)}", 60)
        if one.extended and one.curve.samples:
            yield (
                f"+ {name}: draws were added after results had been seen; accuracy keeps the first "
                f"{one.headline_draws:,}, votes use all {one.curve.samples:,}"
            )
        if one.ungraded:
            yield f"{name}: {amounts.counted(one.ungraded, 'sample')} not graded yet and left out"
        if one.curve.missing and one.curve.bounds:
            low, high = one.curve.bounds
            yield (
                f"{name}: {amounts.counted(one.curve.missing, 'draw')} failed for good; accuracy would be "
                f"{amounts.share(low)} were they all wrong, {amounts.share(high)} were they all right"
            )


def footnotes_of_sums(read: ReadRun) -> Iterator[str]:
    """What must be said beside numbers that come from the store's sums (`core.standing_curve`)."""
    for one in read.conditions:
        name = visible_line(f"{one.curve.label} {amounts.budget(one.curve.budget)}", 60)
        if one.extended and one.curve.samples:
            yield f"+ {name}: draws were added after results had been seen, and count here too"
        if one.ungraded:
            yield f"{name}: {amounts.counted(one.ungraded, 'sample')} not graded yet: in tokens and dollars already"


def csv_fields(read: Sequence[ReadRun]) -> list[str]:
    """The columns of the flat rows."""
    return list(next(csv_rows(read), {}))


def csv_rows(read: Sequence[ReadRun]) -> Iterator[dict[str, Json]]:
    """A flat row for each condition, with a column for each k that any condition reaches; labels made visible."""
    ks = sorted({at.k for one in read for row in one.conditions for at in row.curve.maj_at})
    for run in read:
        for one in run.conditions:
            row = one.to_json()
            flat: dict[str, Json] = {"run": run.run.id, "name": run.run.name, "simulated": run.run.simulated}
            for name, value in row.items():
                if name in ("ci95", "bounds"):
                    low, high = value if isinstance(value, list) else (None, None)
                    flat |= {f"{name}_low": low, f"{name}_high": high}
                elif name == "overrun":
                    parts = ("median", "q1", "q3", "geomean", "share_over", "share_within")
                    flat |= {f"overrun_{part}": value[part] if isinstance(value, dict) else None for part in parts}
                elif name in ("pass_at", "maj_at"):
                    assert isinstance(value, dict)
                    flat |= {f"{name}_{k}": value.get(str(k)) for k in ks}
                elif name != "maj_ci95":
                    flat[name] = visible_line(value) if isinstance(value, str) else value
            yield flat


def _at(found: Sequence[AtK], k: int) -> str:
    return next((amounts.share(at.value) for at in found if at.k == k), amounts.NOTHING)


def cost_of(mean_usd: str | None, *, has_samples: bool) -> str:
    """Dollars a sample, to three digits that say something."""
    if mean_usd is None:
        return "unpriced" if has_samples else amounts.NOTHING
    value = float(mean_usd)
    return f"{value:.2f}" if value >= 1 else f"{value:.4f}" if value >= 0.001 or value == 0 else f"{value:.1e}"  # noqa: PLR2004 - a tenth of a cent
