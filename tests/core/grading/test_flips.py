from __future__ import annotations

import pytest

from core.grading import flip_kind
from core.vocabulary import Grade, Verdict

RIGHT, WRONG, OTHER = Grade("1", Verdict.RIGHT), Grade("2", Verdict.WRONG), Grade("3", Verdict.WRONG)
NOTHING = Grade(None, Verdict.NO_ANSWER)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (WRONG, RIGHT, "wrong to right"),
        (RIGHT, WRONG, "right to wrong"),
        (NOTHING, RIGHT, "no answer to right"),
        (RIGHT, NOTHING, "right to no answer"),
        (None, WRONG, "ungraded to wrong"),
        (RIGHT, RIGHT, None),
        (WRONG, OTHER, None),
    ],
)
def test_a_flip_is_a_changed_verdict(before: Grade | None, after: Grade, kind: str | None) -> None:
    assert flip_kind(before, after) == kind
