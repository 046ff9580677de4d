"""One condition's prompt and request fields, put together and checked before anything is spent.

The front door of this package. Owns what a request may hold at all (one draw, one cap, one control), whoever answers
it; what single providers refuse stands in `providers.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.controls.fields import Fields, control_fields
from core.controls.providers import cautions, refusals
from core.controls.wording import default_prompt, words
from core.errors import UsageError
from core.vocabulary import Budget, Control, Json

_NOT_IN_REQUEST = {
    "model": "it is the model's name in the config",
    "messages": "they are made of the prompt and the problem",
    "n": "each draw is a request of its own, so that each is paid, kept and retried alone",
    "best_of": "each draw is a request of its own, and choosing among draws is the analysis' work",
    "seed": "requests with the same seed can give the same draw, and votes among copies mean nothing",
    "stream": "it is set by the endpoint's stream = true",
    "stream_options": "it is set by the endpoint's stream = true",
}
_CAPS = ("max_tokens", "max_completion_tokens")


@dataclass(frozen=True, slots=True)
class Asking:
    """What one condition sends besides the problem."""

    prompt: str
    """The user message, with `{problem}` left to be filled in; the budget already is."""
    system: str | None
    fields: Mapping[str, Json]
    """The request body besides model and messages: the config's fields, the control's and the token cap."""


def asking(
    control: Control,
    budget: Budget,
    *,
    model: str,
    base_url: str | None,
    token_cap: int,
    token_cap_field: str,
    style: str | None = None,
    prompt: str | None = None,
    system: str | None = None,
    extra_body: Mapping[str, Json] | None = None,
    request: Mapping[str, Json] | None = None,
    grading_kind: str = "integer",
) -> Asking:
    """What this condition sends besides the problem.

    Args:
        control: How the budget is asked for.
        budget: Tokens, or a level, as the control takes it.
        model: Its name, as the endpoint knows it.
        base_url: The endpoint's address; None is the simulator, which takes everything.
        token_cap: Completion tokens at most; control `max_tokens` sends the budget in its place.
        token_cap_field: The body's field for the cap.
        style: The dialect of control `thinking_budget`.
        prompt: A template with `{problem}`, and `{budget}` where wanted; default: the built-in one.
        system: A system message; `{budget}` is filled in there too.
        extra_body: The template of control `extra_body`.
        request: Fixed fields from the config; what stands under its `extra_body` goes to the top level.
        grading_kind: How answers are read, which the built-in prompt's last sentence depends on.

    Raises:
        UsageError: a setting is missing or contradicts another, or the provider is known to refuse or to ignore this.
    """
    template = default_prompt(control, grading_kind) if prompt is None else prompt
    asked = control_fields(control, budget, style, extra_body)
    worded, worded_system = words(control, budget, template, system)
    fixed = _fixed_fields(request or {})
    _check_names(fixed, token_cap_field, "request")
    _check_names(asked, token_cap_field, "thinking.extra_body")
    body = _merged(fixed, asked)
    cap = effective_cap(control, budget, token_cap)
    body[token_cap_field] = cap
    for reason in refusals(body, model=model, base_url=base_url, style=style, system=worded_system, cap=cap):
        raise UsageError(f"{model}: {reason}")
    return Asking(worded, worded_system, body)


def effective_cap(control: Control, budget: Budget, token_cap: int) -> int:
    """Completion tokens at most that a request may bill, which is what its reservation is priced by.

    Control `max_tokens` sends its budget as the cap: what that cuts off is the point.
    """
    return budget if control is Control.MAX_TOKENS and isinstance(budget, int) else token_cap


def warnings(
    control: Control,
    budget: Budget,
    *,
    model: str,
    base_url: str | None,
    token_cap: int,
    style: str | None = None,
    extra_body: Mapping[str, Json] | None = None,
    request: Mapping[str, Json] | None = None,
    draws: int = 1,
    stream: bool | None = None,
) -> list[str]:
    """What is allowed here, but is likely not meant: sentences for a person, without the condition's name.

    Args:
        control: As for `asking`, which has to accept these settings; so the others.
        budget: See `asking`.
        model: See `asking`.
        base_url: See `asking`.
        token_cap: See `asking`.
        style: See `asking`.
        extra_body: See `asking`.
        request: See `asking`.
        draws: Samples planned per cell.
        stream: The endpoint's setting; None where it is not known.
    """
    body = _merged(_fixed_fields(request or {}), control_fields(control, budget, style, extra_body))
    found = []
    temperature = body.get("temperature")
    if draws > 1 and temperature is not None and temperature == 0:
        found.append("temperature = 0 makes nearly the same draw again and again: votes and pass@k would mean little")
    if control is Control.PROMPT and isinstance(budget, int) and budget >= token_cap:
        found.append(f"the prompt asks for {budget} tokens, but token_cap = {token_cap} cuts the answer off: raise it")
    cap = effective_cap(control, budget, token_cap)
    found.extend(cautions(body, model=model, base_url=base_url, style=style, cap=cap, stream=stream))
    return found


def _fixed_fields(request: Mapping[str, Json]) -> dict[str, Json]:
    """The config's request fields as they stand in the body, with those of its `extra_body` at the top level."""
    fixed = {key: value for key, value in request.items() if key != "extra_body"}
    extra = request.get("extra_body")
    if extra is None:
        return fixed
    if not isinstance(extra, Mapping):
        raise UsageError(f"request.extra_body must be a table of fields (got {extra!r})")
    return _merged(fixed, extra)


def _check_names(fields: Fields, token_cap_field: str, where: str) -> None:
    """Nothing, or a UsageError for a field that is not the config's to set."""
    for name in fields:
        if name in _NOT_IN_REQUEST:
            raise UsageError(f"{where} may not set {name!r}: {_NOT_IN_REQUEST[name]}")
        if name in {token_cap_field, *_CAPS}:
            raise UsageError(
                f"{where} may not set {name!r}: each request has one cap, which is token_cap, sent as "
                f"{token_cap_field!r} (the endpoint's token_cap_field); to vary it use control = 'max_tokens'"
            )


def _merged(fixed: Fields, asked: Fields, path: str = "") -> dict[str, Json]:
    """Both sets of fields, tables joined; a field that both set is a UsageError, since only one could be sent."""
    joined = dict(fixed)
    for name, value in asked.items():
        here = f"{path}{name}"
        held = joined.get(name)
        if name not in joined:
            joined[name] = value
        elif isinstance(held, Mapping) and isinstance(value, Mapping):
            joined[name] = _merged(held, value, f"{here}.")
        else:
            raise UsageError(f"{here} is set twice, as {held!r} and as {value!r}: drop it from the model's request")
    return joined
