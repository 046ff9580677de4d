"""What was found in the runs of a report together: verdicts, paired differences, figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.analysis.grid import grid_of
from core.analysis.pairing import neighbouring_differences
from core.reading import read_conditions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from core.analysis.pairing import PairedDifference
    from core.analysis.records import ConditionSamples
    from core.interchange.blocks import Picture


@dataclass(frozen=True, slots=True)
class Findings:
    """What a report leads with."""

    verdicts: tuple[tuple[str, str], ...] = ()
    """Whom each is about, and the sentence."""
    differences: tuple[tuple[str, str, PairedDifference], ...] = ()
    """From what to what, and by how much."""
    pictures: tuple[Picture, ...] = ()
    without_pictures: str = ""
    """Why there are none, and how to have them; empty where there are."""


def findings_of(connection: sqlite3.Connection, run_ids: Sequence[int], *, pictures: bool) -> Findings:
    """What there is to say of some runs together.

    Args:
        connection: to a store, within one transaction.
        run_ids: the runs.
        pictures: whether figures are drawn.
    """
    del pictures  # there are none yet
    return Findings(differences=tuple(_differences(connection, run_ids)))


def _differences(connection: sqlite3.Connection, run_ids: Sequence[int]) -> Iterator[tuple[str, str, PairedDifference]]:
    for run_id in run_ids:
        by_label: dict[str, list[ConditionSamples]] = {}
        for read in read_conditions(connection, run_id):
            by_label.setdefault(read.first.label, []).append(read.first)
        for label, conditions in by_label.items():
            grid = grid_of(conditions)
            names = [f"{label} {budget}" for budget in grid.budgets]
            yield from zip(names, names[1:], neighbouring_differences(grid), strict=False)
