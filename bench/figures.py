"""One measured figure, the target that it is held against, and how a set of them is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in its unit; at most one of the two limits is set, none where it is only printed."""

    subject: str
    what: str
    value: float | None
    """None where it could not be measured here; `note` says why."""
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def target(self) -> str:
        """The limit in words, '' without one."""
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return "" if self.at_most is None else f"<= {self.at_most:g}"

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None without a target or a value."""
        if self.value is None or not self.target:
            return None
        return self.value >= (self.at_least or 0.0) if self.at_most is None else self.value <= self.at_most

    def as_json(self) -> dict[str, object]:
        """The figure as plain data."""
        return {
            "subject": self.subject,
            "what": self.what,
            "value": self.value,
            "unit": self.unit,
            "at_least": self.at_least,
            "at_most": self.at_most,
            "holds": self.holds,
            "note": self.note,
        }


VERDICTS = {None: "", True: "[green]holds[/]", False: "[bold red]missed[/]"}


def table(figures: Sequence[Figure]) -> Table:
    """The figures for a person."""
    shown = Table(box=None, pad_edge=False)
    for name in ("subject", "what"):
        shown.add_column(name, no_wrap=True)
    for name in ("value", "target"):
        shown.add_column(name, justify="right", no_wrap=True)
    shown.add_column("", no_wrap=True)
    shown.add_column("note")
    for one in figures:
        value = "-" if one.value is None else f"{one.value:,.4g} {one.unit}".strip()
        shown.add_row(one.subject, one.what, value, one.target, VERDICTS[one.holds], one.note)
    return shown
