"""Where each value of a config came from, so that a message can point there: a line, a variable, an option."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from core.config.keys import Path, dotted
from core.config.lines import line_of, lines_of
from core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.config.complaints import Complaint
    from core.config.layers import Assignment

_MOST_SHOWN = 5


@dataclass(frozen=True)
class Origins:
    """The layers that a config was made of."""

    name: str
    """What messages call the file."""
    text: str = ""
    """The file's TOML; empty where the config is built in."""
    assignments: Sequence[Assignment] = field(default_factory=tuple)
    """What the environment and the command line gave, the strongest last."""

    def error(self, complaints: Sequence[Complaint]) -> UsageError:
        """One error that says the first few complaints, a line each, in the order of the file's lines."""
        in_order = sorted(complaints, key=lambda complaint: self._line(complaint) or 0)
        lines = [self.say(complaint) for complaint in in_order]
        if len(lines) > _MOST_SHOWN:
            lines[_MOST_SHOWN:] = [f"... and {len(lines) - _MOST_SHOWN} more"]
        return UsageError("\n".join(lines))

    def say(self, complaint: Complaint) -> str:
        """`config.toml:12: run.draws: must be at least 1 (got 0)`, or with the option or variable that said it."""
        giver = self._giver(complaint.path)
        if giver is not None:
            rest = complaint.subject[len(giver.path) :]
            if rest and isinstance(rest[0], int):
                rest = (giver.path[-1], *rest)
            return ": ".join(filter(None, (giver.said, dotted(rest), complaint.reason)))
        line = self._line(complaint)
        place = self.name if line is None else f"{self.name}:{line}"
        return ": ".join(filter(None, (place, dotted(complaint.subject), complaint.reason)))

    def _giver(self, path: Path) -> Assignment | None:
        """The assignment that gave what stands at `path`; None where the file did, or nobody."""
        keys = tuple(map(str, path))
        for assignment in reversed(self.assignments):
            given = tuple(map(str, assignment.path))
            if given == keys[: len(given)] or (keys and keys == given[: len(keys)] and not self._written(keys)):
                return assignment
        return None

    def _written(self, keys: tuple[str, ...]) -> bool:
        return any(tuple(map(str, path)) == keys for path in self._lines)

    def _line(self, complaint: Complaint) -> int | None:
        return None if self._giver(complaint.path) else line_of(self._lines, complaint.path)

    @cached_property
    def _lines(self) -> dict[Path, int]:
        return lines_of(self.text)
