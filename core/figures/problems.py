"""Which problems are right under which budget: a heat map, the easiest problem first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.analysis.wording import counted
from core.figures.model import Axis, Figure, HeatMap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.analysis.grid import Grid
    from core.vocabulary import Budget

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def problems_figure(grids: Sequence[Grid]) -> Figure:
    """Share right of each problem under each condition; a label's columns stand together, a gap before the next label.

    Problems that say the same are one row, whatever run they come from. Rows go from the highest mean share to the
    lowest, over what is known of each.
    """
    names: dict[tuple[str, int], str] = {}
    for grid in grids:
        for key, problem in zip(grid.keys, grid.problems, strict=True):
            names.setdefault(key, problem)
    rows: dict[tuple[str, int], list[float | None]] = {key: [] for key in names}
    columns: list[str] = []
    for grid in grids:
        if columns:
            columns.append("")
            for row in rows.values():
                row.append(None)
        columns += [_budget(budget) for budget in grid.budgets]
        shares = dict(zip(grid.keys, grid.shares.tolist(), strict=True))
        nothing = [float("nan")] * len(grid.budgets)
        for key, row in rows.items():
            row += [None if np.isnan(share) else share for share in shares.get(key, nothing)]
    order = sorted(rows, key=lambda key: -_mean(rows[key]))
    drawn = any(share is not None for row in rows.values() for share in row)
    several = "columns: " + ", then ".join(grid.name for grid in grids)
    return Figure(
        title="share right, problem by problem",
        x=Axis("budget", "linear", 0, max(len(columns), 1)),
        y=Axis("problem", "linear", 0, max(len(rows), 1)),
        series=(),
        heat=HeatMap(tuple(names[key] for key in order), tuple(columns), tuple(tuple(rows[key]) for key in order)),
        notes=_notes(rows.values(), [several] if len(grids) > 1 else []) if drawn else _nothing(grids),
    )


def _nothing(grids: Sequence[Grid]) -> tuple[str, ...]:
    return () if grids else ("nothing is known of single problems here",)


def _notes(rows: Iterable[Sequence[float | None]], before: Sequence[str]) -> tuple[str, ...]:
    known = [[share for share in row if share is not None] for row in rows]
    always = sum(bool(row) and min(row) >= 1 for row in known)
    never = sum(bool(row) and max(row) <= 0 for row in known)
    return *before, f"{counted(len(known), 'problem')}: {always} always right, {never} never"


def _mean(row: Sequence[float | None]) -> float:
    known = [share for share in row if share is not None]
    return sum(known) / len(known) if known else -1.0


def _budget(budget: Budget) -> str:
    """A power of two as one; else as it is."""
    if isinstance(budget, int) and budget > 0 and budget & (budget - 1) == 0:
        return "2" + str(budget.bit_length() - 1).translate(_SUPERSCRIPTS)
    return str(budget)
