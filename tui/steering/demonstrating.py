"""A demo as a run: its config, which is built in, and what is said after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.config import config_from_mapping
from core.planning import plan_of
from core.store.opening import writing
from core.store.runs import next_name
from tui.cli.spelling import spelled
from tui.console import stderr
from tui.steering import sampling
from tui.steering.keeping import keep
from tui.steering.running import go

if TYPE_CHECKING:
    from core.store.place import Place
    from tui.steering.running import Watch

_DEEP, _DEEP_QUICK = 16, 8
"""Draws at the largest budget, where the votes are to be seen."""


def run_demo(place: Place, watch: Watch, *, quick: bool) -> int:
    """The exit code of a demo from its start to its figures."""
    with writing(place) as db:
        name = next_name(db, "demo")
    config = config_from_mapping(demo_config(name, quick=quick))
    kept = keep(place, config, plan_of(config))
    again = spelled(place, "resume", name)
    code = go(place, kept.id, again, here=not sampling.in_a_terminal(), detach=False, watch=watch)
    for line in (
        f"Look closer:       {spelled(place, 'show', name)}      {spelled(place, 'plot', name)}",
        f"More draws:        {spelled(place, 'extend', name, '--draws', '+4')}",
        "A sweep of yours:  write a config.toml, then thinktop estimate and thinktop run",
    ):
        stderr().print(line, soft_wrap=True)
    return code


def demo_config(name: str, *, quick: bool) -> dict[str, Any]:
    """The tables of a demo's config."""
    budgets = [2**power for power in range(4, 12)]
    return {
        "run": {"name": name, "draws": 2 if quick else 4, "cap_usd": 120, "max_concurrency": 32},
        "problems": {"source": "builtin:competition", "limit": 30},
        "grading": {"kind": "integer", "range": [0, 999]},
        "models": [
            {
                "name": "o1-mini",
                "endpoint": "simulator",
                "token_cap": 32768,
                "thinking": {
                    "control": "prompt",
                    "budgets": budgets,
                    "draws_at": {budgets[-1]: _DEEP_QUICK if quick else _DEEP},
                },
            }
        ],
        "simulator": {"speed": 120, "faults": {"429": 0.01, "500": 0.004}},
    }
