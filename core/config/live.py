"""What may change while a run goes on, as `thinktop set RUN KEY=VALUE...` spells it.

The keys and their bounds are the config's own; the names of what comes out are those of the run's live record, with
money in picodollars and times in seconds. How it reaches the sampler is not known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from core.config.complaints import alternatives, complaints_of, shown, suggestion
from core.config.credentials import has_key_shape
from core.config.fields import (
    Attempts,
    Cap,
    Concurrency,
    Duration,
    PerMinute,
    Section,
    Timeout,
    TokenTotal,
)
from core.config.layers import toml_value
from core.config.schema import pico_below
from core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

LiveValue = int | float | str | None

_LIFTED = ("cap_usd", "cap_tokens", "requests_per_minute", "tokens_per_minute")
"""What `none` lifts."""
_PER_ENDPOINT = ("timeout_s", "requests_per_minute", "tokens_per_minute", "max_concurrency")
_ELSEWHERE = {"draws": "is raised by `thinktop extend RUN --draws +N`, which shows the estimate first"}


class _Live(Section):
    """The live keys with the config's own bounds; each is optional."""

    cap_usd: Cap | None = None
    cap_tokens: TokenTotal | None = None
    max_concurrency: Concurrency | None = None
    max_attempts: Attempts | None = None
    give_up_after: Duration | None = None
    on_unknown: Literal["retry", "skip"] | None = None
    timeout_s: Timeout | None = None
    requests_per_minute: PerMinute | None = None
    tokens_per_minute: PerMinute | None = None


def parse_live(assignments: Sequence[str]) -> dict[str, LiveValue]:
    """The values by key of `KEY=VALUE` arguments: `cap_usd` as `cap_pico`, `give_up_after` as `give_up_after_s`.

    `timeout_s` and the rates hold for all endpoints, or for one as `NAME.timeout_s`. None is a cap that is lifted.

    Raises:
        UsageError: A key is unknown or no live one, or a value is wrong; one line each.
    """
    found: dict[str, LiveValue] = {}
    faults = [fault for fault in (_read(assignment, found) for assignment in assignments) if fault]
    if faults:
        raise UsageError("\n".join(faults))
    if not found:
        raise UsageError(f"nothing to set: give KEY=VALUE with {alternatives(list(_Live.model_fields))}")
    return found


def _read(assignment: str, found: dict[str, LiveValue]) -> str | None:
    """Put one assignment into `found`; what is wrong with it if something is."""
    name, equals, text = assignment.partition("=")
    name, text = name.strip(), text.strip()
    if not (name and equals and text) or has_key_shape(assignment):
        repeated = "" if has_key_shape(assignment) else f" (got {shown(assignment)})"
        return f"set: must be KEY=VALUE, such as cap_usd=20{repeated}"
    endpoint, _, key = name.rpartition(".")
    if key in _ELSEWHERE:
        return f"{key}: {_ELSEWHERE[key]}"
    known = _PER_ENDPOINT if endpoint else tuple(_Live.model_fields)
    if key not in known:
        hint = suggestion(key, known) or f"; what can be set is {alternatives(known)}"
        return f"set: unknown key `{shown(name)[1:-1]}`{hint}"
    lifted = text.lower() == "none" and (key in _LIFTED or (endpoint and key == "max_concurrency"))
    value: Any = None if lifted else text if key == "on_unknown" else toml_value(text)
    try:
        checked = getattr(_Live.model_validate({key: value}), key)
    except ValidationError as error:
        return f"{name}: {complaints_of(error, _Live)[0].reason}"
    out = {"cap_usd": "cap_pico", "give_up_after": "give_up_after_s"}.get(name, name)
    if out in found:
        return f"{name}: is given twice"
    found[out] = pico_below(checked) if key == "cap_usd" and checked is not None else checked
    return None
