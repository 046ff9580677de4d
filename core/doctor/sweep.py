"""Checks of what a config describes: is it valid, can its problems be read, is every price known, is every key there?

Names of variables are said, their values never looked at beyond whether there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.config import DEFAULT_PATH, load_config
from core.doctor.finding import bad, good, note
from core.errors import ThinktopError
from core.money import UNPRICED
from core.planning import plan_of, problems_of, warnings_of
from core.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from core.config import Config
    from core.doctor.finding import Finding
    from core.plan import Plan


def read_sweep(path: Path | None, environ: Mapping[str, str]) -> tuple[Config | None, Plan | None, list[Finding]]:
    """The config and the plan, as far as they can be made, and what was found on the way."""
    file = path or DEFAULT_PATH
    name = visible_line(str(file), 200)
    if path is None and not file.exists():
        advice = "name one: thinktop doctor CONFIG; `thinktop demo` needs none"
        return None, None, [note("config", f"no {name} here", advice)]
    try:
        config = load_config(file, environ=environ)
    except ThinktopError as error:
        return None, None, [bad("config", line, "mend it") for line in str(error).splitlines()]
    found = [good("config", f"{name}: run {visible_line(config.run.name, 80)}")]
    found += [note("config", line) for line in warnings_of(config)]
    try:
        problems = problems_of(config, config.problems.source)
        found.append(good("problems", f"{len(problems):,} from {visible_line(config.problems.source, 200)}"))
        plan = plan_of(config)
    except ThinktopError as error:
        found += [bad("problems" if len(found) < 2 else "plan", line, "mend it") for line in str(error).splitlines()]  # noqa: PLR2004 - config and problems were fine
        return config, None, found
    found.append(good("plan", f"{plan.draws:,} draws: {len(plan.problems):,} problems, {len(plan.planned)} conditions"))
    return config, plan, found


def check_prices(plan: Plan) -> Iterator[Finding]:
    """Whether each label's price is known."""
    seen = {one.condition.label: one.condition for one in plan.planned}
    for condition in seen.values():
        name = visible_line(f"{condition.label} ({condition.model})", 80)
        price = condition.price
        if price is None:
            advice = (
                "give the model a price in the config to see dollars and to cap them; until then use run.cap_tokens"
            )
            yield note("price", f"{name} is {UNPRICED}", advice)
        elif price.per_hour is not None:
            yield good("price", f"{name}: ${price.per_hour} an hour ({price.source})")
        else:
            yield good("price", f"{name}: ${price.input} in, ${price.output} out, a million tokens ({price.source})")


def check_keys(plan: Plan, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Whether the variable of each endpoint's key is set."""
    for endpoint in plan.endpoints:
        variable = endpoint.api_key_env
        if variable is None:
            if not endpoint.simulated:
                yield good("key", f"{endpoint.name} needs none")
        elif environ.get(variable, "").strip():
            yield good("key", f"{endpoint.name}: {variable} is set")
        else:
            yield bad("key", f"{endpoint.name}: {variable} is not set", f"put the key there: export {variable}=...")
