"""What a sampler checks while it works: is the control obeyed, and is a server still the same after an outage?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from core.analysis.obedience import Finding, obeys
from core.controls import field_name
from core.plan import extremes
from core.store import draws

if TYPE_CHECKING:
    from core.plan import Plan
    from core.sampler.desk import Desk
    from core.store.reader import Reader
    from core.vocabulary import Condition

EVERY_S = 3.0


async def check_controls(desk: Desk, reader: Reader, plan: Plan) -> None:
    """Say on the run's record, once a label, whether its control is obeyed; return when all is said."""
    waiting = extremes([one.condition for one in plan.planned])
    while waiting:
        await asyncio.sleep(EVERY_S)
        waiting = [pair for pair in waiting if not await _said(desk, reader, *pair)]


async def check_identity_after_outages(desk: Desk) -> None:
    """Pause the run when an endpoint lists other models after an outage than before it."""
    before = await _listed(desk)
    while True:
        await desk.recovered.wait()
        desk.recovered.clear()
        now = await _listed(desk)
        for name, models in now.items():
            known = before.get(name)
            if models is not None and known is not None and models != known:
                text = f"{name} lists other models than before it was out of reach; look at it, then `thinktop resume`"
                desk.note("warning", text)
                await desk.pause_until_resumed(text)
        before |= {name: models for name, models in now.items() if models is not None}


async def _listed(desk: Desk) -> dict[str, frozenset[str] | None]:
    return {name: await client.model_names() for name, client in list(desk.clients.items())}


async def _said(desk: Desk, reader: Reader, low: Condition, high: Condition) -> bool:
    tokens = await reader.read(lambda db: draws.first_tokens(db, desk.run_id, low.label, (low.budget, high.budget)))
    cap = low.token_cap if low.token_cap == high.token_cap else None
    found = obeys(tokens.get(low.budget, {}), tokens.get(high.budget, {}), cap=cap)
    if found.finding is Finding.UNDECIDED:
        return False
    kind = "warning" if found.finding is Finding.IGNORED else "check"
    desk.note(kind, f"{low.label}: {found.words(field_name(low.control))}")
    return True
