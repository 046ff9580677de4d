"""What changed when samples were graded again. Knows nothing of where grades are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.vocabulary import Grade


def flip_kind(before: Grade | None, after: Grade) -> str | None:
    """How a verdict changed, such as `wrong to right`; None where it stayed.

    A sample that had no grade is `ungraded`. Two different wrong answers are no flip: nothing that is counted changed.
    """
    was = "ungraded" if before is None else before.verdict.value
    return None if was == after.verdict.value else f"{was} to {after.verdict.value}"
