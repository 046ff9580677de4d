"""What each way of failing means: whether it may have been billed, and what to do next.

The table of the life of a draw (docs/guarantees.md), as pure functions over status codes and bodies. "Not billed" is
said only where no answer can have been generated; whatever leaves a doubt is `UNKNOWN` and keeps its reservation.
Knows no socket: the client says what it saw.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from core.vocabulary import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping


class Then(StrEnum):
    """What a failed attempt asks for."""

    RETRY = "retry"
    """Ask again after a short wait; counts towards `max_attempts`."""
    DOUBT = "doubt"
    """May have been billed: `on_unknown` decides; counts towards `max_attempts`."""
    WAIT = "wait"
    """Ask again when the server allows it; does not count."""
    OUTAGE = "outage"
    """Ask again when the server is back; does not count."""
    FAIL = "fail"
    """Asking again would bring the same: the draw fails for good."""
    STOP = "stop"
    """No request of this run can succeed: stop it with the message."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """An attempt that brought no sample."""

    outcome: Outcome
    then: Then
    message: str
    status: int | None = None
    wait_s: float | None = None
    """Seconds that the server asked to wait, where it did."""
    request_id: str | None = None


def unreached(reason: str) -> Trouble:
    """No connection, so no request and no bill."""
    return Trouble(Outcome.UNREACHED, Then.OUTAGE, reason)


def in_doubt(reason: str, status: int | None = None, request_id: str | None = None) -> Trouble:
    """Sent, but no whole and readable answer came back: possibly billed."""
    return Trouble(Outcome.UNKNOWN, Then.DOUBT, reason, status, request_id=request_id)


def refused_by_status(
    status: int, body: str, headers: Mapping[str, str], *, answered_before: bool, errors_billed: bool
) -> Trouble:
    """What a whole reply with a status of 300 or more means.

    `answered_before`: this endpoint (for a 404, this model of it) has given a good reply in this run. Then a 404, 502
    or 503 is an endpoint that is away (a gateway without its backend), not a mistake in the config.
    """
    said = error_message(body) or f"HTTP {status}"
    request_id = headers.get("x-request-id")

    def trouble(outcome: Outcome, then: Then, message: str, wait_s: float | None = None) -> Trouble:
        return Trouble(outcome, then, message, status, wait_s, request_id)

    if status == 429:  # noqa: PLR2004 - HTTP's own numbers say more than names would
        if "insufficient_quota" in error_codes(body):
            reason = f"the account has no quota left; top it up, then resume; the server says: {said}"
            return trouble(Outcome.BUSY, Then.STOP, reason)
        return trouble(Outcome.BUSY, Then.WAIT, f"429: {said}", wait_asked_for(headers))
    if answered_before and status in (404, 502, 503):
        return trouble(Outcome.UNREACHED, Then.OUTAGE, f"{status}: {said}")
    stop = {
        401: "the key was refused (401); check the variable that api_key_env names; the server says: {said}",
        402: "payment required (402); top the account up, then resume; the server says: {said}",
        403: "forbidden (403); check the key's rights and the model's name; the server says: {said}",
        404: "not found (404); check base_url and the model's name; the server says: {said}",
    }.get(status)
    if stop is not None:
        return trouble(Outcome.REFUSED, Then.STOP, stop.format(said=said))
    if status >= 500:  # noqa: PLR2004 - as above
        if errors_billed:
            return trouble(Outcome.UNKNOWN, Then.DOUBT, f"{status}: {said} (errors are billed here)")
        return trouble(Outcome.BROKEN, Then.RETRY, f"{status}: {said}")
    if status in (408, 409, 425):
        return trouble(Outcome.REFUSED, Then.RETRY, f"{status}: {said}")
    if status < 400:  # noqa: PLR2004 - as above
        where = headers.get("location", "elsewhere")
        return trouble(Outcome.REFUSED, Then.STOP, f"redirected ({status}) to {where}; use that address as base_url")
    return trouble(Outcome.REFUSED, Then.FAIL, f"{status}: {said}")


def wait_asked_for(headers: Mapping[str, str]) -> float | None:
    """Seconds that a 429 asks to wait, from `retry-after(-ms)` or `x-ratelimit-reset-*`; None where it does not say.

    Of several the longest counts, but not the reset of a limit that is not used up (`x-ratelimit-remaining-*` above 0).
    """
    waits: list[float] = []
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        waits.append(milliseconds / 1000)
    elif (seconds := _seconds_after(headers.get("retry-after"), headers.get("date"))) is not None:
        waits.append(seconds)
    else:
        for what in ("requests", "tokens"):
            left = _number(headers.get(f"x-ratelimit-remaining-{what}"))
            reset = duration(headers.get(f"x-ratelimit-reset-{what}", ""))
            if reset is not None and not (left or 0) > 0:
                waits.append(reset)
    return min(max(waits), 3600.0) if waits else None


def duration(text: str) -> float | None:
    """Seconds in `1h2m3.5s`, `20ms` or a bare number of seconds; None for anything else."""
    if (plain := _number(text)) is not None:
        return plain
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    parts = re.findall(r"(\d{1,9}(?:\.\d{1,9})?)(ms|h|m|s)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text.strip():
        return None
    return sum(float(number) * units[unit] for number, unit in parts)


def error_message(body: str) -> str:
    """What a server's error says in words, from the usual shapes of JSON; else the start of the body."""
    error = _error(body)
    if isinstance(error, dict):
        message = error.get("message")
        if isinstance(message, str):
            return whole_characters(message[:300])
    if isinstance(error, str):
        return whole_characters(error[:300])
    return " ".join(body[:300].split())


def error_codes(body: str) -> frozenset[str]:
    """The machine's words for a server's error: `error.code` and `error.type`, where they are words."""
    error = _error(body)
    if not isinstance(error, dict):
        return frozenset()
    return frozenset(error[key] for key in ("code", "type") if isinstance(error.get(key), str))


def whole_characters(text: str) -> str:
    """A text without the halves of surrogate pairs, which JSON can spell and nothing can store."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _error(body: str) -> object:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(parsed, list) and parsed:
        parsed = parsed[0]  # some gateways wrap it
    if not isinstance(parsed, dict):
        return None
    return parsed.get("error") or parsed.get("detail") or parsed.get("message")


def _number(text: str | None) -> float | None:
    if text is None or not re.fullmatch(r"\s*\d{1,9}(\.\d{1,9})?\s*", text):
        return None
    return float(text)


def _seconds_after(text: str | None, date: str | None) -> float | None:
    """Seconds in a `Retry-After`: a number, or a moment, counted from the reply's own date: clocks may differ."""
    if text is None or (seconds := _number(text)) is not None:
        return None if text is None else seconds
    moment = _moment(text)
    if moment is None:
        return None
    return max(0.0, (moment - (_moment(date or "") or datetime.now(UTC))).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
