"""What can go wrong with a request, whether it is billed, and which request it happens to.

Owns the table of faults and the choice among them, by schedule or by chance. Knows nothing of sockets: how a fault is
acted out is in `refusals` (whole error replies), `replies` (odd ones) and `wire` (lost or mangled ones).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Stage(Enum):
    """Where a fault strikes."""

    REFUSED = "a whole error reply, and nothing is generated"
    REPLY = "a whole reply that says something odd"
    WIRE = "the reply is generated, and lost or mangled on its way"
    LISTENER = "nobody listens on the port"


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault, and whether the request is billed all the same."""

    kind: str
    stage: Stage
    billed: bool
    meaning: str


def _table(*faults: Fault) -> Mapping[str, Fault]:
    return MappingProxyType({fault.kind: fault for fault in faults})


FAULTS = _table(
    Fault("400", Stage.REFUSED, billed=False, meaning="bad request"),
    Fault("401", Stage.REFUSED, billed=False, meaning="the key is refused"),
    Fault("402", Stage.REFUSED, billed=False, meaning="no credit left"),
    Fault("403", Stage.REFUSED, billed=False, meaning="not allowed for this key"),
    Fault("404", Stage.REFUSED, billed=False, meaning="no such model"),
    Fault("429", Stage.REFUSED, billed=False, meaning="too many requests, with Retry-After"),
    Fault("429_reset", Stage.REFUSED, billed=False, meaning="too many requests, with x-ratelimit-reset-*"),
    Fault("429_bare", Stage.REFUSED, billed=False, meaning="too many requests, with no word on how long"),
    Fault("insufficient_quota", Stage.REFUSED, billed=False, meaning="429 that waiting does not mend"),
    Fault("500", Stage.REFUSED, billed=False, meaning="a whole server error"),
    Fault("500_billed", Stage.REFUSED, billed=True, meaning="a server error of a server that bills them"),
    Fault("502", Stage.REFUSED, billed=False, meaning="bad gateway, as HTML"),
    Fault("503", Stage.REFUSED, billed=False, meaning="overloaded"),
    Fault("empty", Stage.REPLY, billed=True, meaning="no text at all"),
    Fault("content_filter", Stage.REPLY, billed=True, meaning="finish_reason content_filter and no text"),
    Fault("no_usage", Stage.REPLY, billed=True, meaning="a reply without usage"),
    Fault("null_usage_details", Stage.REPLY, billed=True, meaning="usage whose details are null"),
    Fault("wrong_model", Stage.REPLY, billed=True, meaning="another model's name in the reply"),
    Fault("fingerprint", Stage.REPLY, billed=True, meaning="another system_fingerprint in the reply"),
    Fault("overbill", Stage.REPLY, billed=True, meaning="more completion tokens than the cap"),
    Fault("huge", Stage.REPLY, billed=True, meaning="a body of 10 MB"),
    Fault("escapes", Stage.REPLY, billed=True, meaning="terminal escapes, bidi controls and markup in the text"),
    Fault("reset", Stage.WIRE, billed=True, meaning="connection reset instead of a reply"),
    Fault("hang", Stage.WIRE, billed=True, meaning="no reply, ever"),
    Fault("drip", Stage.WIRE, billed=True, meaning="a reply that comes a byte at a time"),
    Fault("cut_body", Stage.WIRE, billed=True, meaning="the connection ends in the middle of the body"),
    Fault("stream_cut", Stage.WIRE, billed=True, meaning="the stream ends tidily, but early; a plain body is cut"),
    Fault("bad_json", Stage.WIRE, billed=True, meaning="status 200 and JSON that breaks off"),
    Fault("bad_utf8", Stage.WIRE, billed=True, meaning="status 200 and bytes that are no UTF-8"),
    Fault("html_200", Stage.WIRE, billed=True, meaning="status 200 and a web page"),
    Fault("outage", Stage.LISTENER, billed=False, meaning="connections refused; by schedule only, in seconds"),
)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A fault that strikes certain requests, or for a while: one of `at` and `from_s` is given."""

    kind: str
    at: tuple[int, int] | None = None
    """First and last request, counted from 1 in order of arrival."""
    from_s: float | None = None
    """Seconds after the start."""
    to_s: float | None = None
    """Seconds after the start; None is for good."""

    def strikes(self, number: int, elapsed_s: float) -> bool:
        """Whether it is this request's turn."""
        if self.at is not None:
            return self.at[0] <= number <= self.at[1]
        return self.from_s is not None and self.from_s <= elapsed_s and (self.to_s is None or elapsed_s < self.to_s)


def choose_fault(
    schedule: Sequence[Scheduled], chances: Mapping[str, float], number: int, elapsed_s: float, lot: float
) -> Fault | None:
    """The fault of one request: the first scheduled one, else one by chance, else None.

    Args:
        schedule: Faults with their times; outages are the listener's and are passed over.
        chances: Probability of each kind; their sum is at most 1.
        number: Of the request, from 1.
        elapsed_s: Seconds since the start.
        lot: Uniform in [0, 1), this request's own.
    """
    for entry in schedule:
        if entry.kind != "outage" and entry.strikes(number, elapsed_s):
            return FAULTS[entry.kind]
    for kind, chance in chances.items():
        if lot < chance:
            return FAULTS[kind]
        lot -= chance
    return None
