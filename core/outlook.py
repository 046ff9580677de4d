"""What of a plan is still to be asked, cell by cell, as an estimate takes it. Pure: what is held comes in as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.estimate import Owed
from core.sampler.requests import request_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.plan import Plan
    from core.vocabulary import Budget

CellKey = tuple[str, str, "Budget"]
"""Problem, label, budget: what names a cell across plans."""


def owed_cells(plan: Plan, held: Mapping[CellKey, int]) -> list[Owed]:
    """The draws that a plan has beyond those held, by cell in the order of the plan; cells that owe none are left out.

    Args:
        plan: What is wanted.
        held: Draws that need no asking, counted from 0; a cell that is not in it has none.
    """
    timeouts = {endpoint.name: endpoint.timeout_s for endpoint in plan.endpoints}
    owed = []
    for problem in plan.problems:
        for one in plan.planned:
            condition = one.condition
            first = held.get((problem.id, condition.label, condition.budget), 0)
            if first >= one.draws:
                continue
            request = request_for(condition, problem)
            timeout_s = timeouts[condition.endpoint]
            owed.append(Owed(condition, request.prompt_bytes, request.messages, first, one.draws, timeout_s))
    return owed
