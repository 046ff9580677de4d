"""What a completion costs, to the picodollar, and the most it can cost before it is sent.

All arithmetic is on whole numbers and fractions and rounds up once per request. Owns prices only: who may spend, and
what a lost reply counts for, is decided elsewhere. The hard thing here is that a reservation must be a true bound, or a
cap would be passed: it holds for every number of tokens up to its own, in whatever tier they fall.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.vocabulary import PICO, Price, PriceTier

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, Provider, TieredPrices

    from core.vocabulary import Usage

TOKENS_PER_MESSAGE = 64
"""Tokens set aside for the wrapping of one message: chat templates add a handful."""

_NANO = 10**9
_LIST_TIERS = (None, "auto", "default", "standard")
"""Service tiers that are billed at the list price."""

_READ = ("input_mtok", "output_mtok", "cache_read_mtok")
_NEVER_USED = ("cache_write", "audio", "image", "video", "search", "pages")
"""Parts of a listed price that a plain text completion does not run up; any other part makes the price unusable."""

_OWN_SUFFIXES = (".local", ".localhost", ".internal", ".lan", ".home.arpa")


def cost(price: Price, usage: Usage) -> int:
    """Picodollars of one completion, rounded up once.

    Cached input has its own price where there is one. A long-context tier prices the request as a whole.

    Raises:
        ValueError: the price is by the hour, where tokens say nothing: use `cost_of_time`.
    """
    prompt = max(usage.prompt_tokens, 0)
    cached = min(max(usage.cached_tokens, 0), prompt)
    _, rates = max(tier for tier in _tiers(price) if tier[0] < prompt)
    input_rate, output_rate, cached_rate = rates
    return math.ceil(
        (prompt - cached) * input_rate + cached * cached_rate + max(usage.completion_tokens, 0) * output_rate
    )


def prompt_bound(prompt_bytes: int, messages: int) -> int:
    """Input tokens that a prompt cannot pass: no tokenizer makes more than one token of a byte.

    Args:
        prompt_bytes: UTF-8 bytes of all messages.
        messages: How many they are.
    """
    return prompt_bytes + TOKENS_PER_MESSAGE * messages


def reservation(
    price: Price, prompt_bytes: int, messages: int, token_cap: int, *, timeout_s: float | None = None
) -> int:
    """Picodollars that one request cannot pass: what is set aside before it is sent.

    Args:
        price: By the token or by the hour.
        prompt_bytes: UTF-8 bytes of all messages.
        messages: How many they are.
        token_cap: Completion tokens at most, as sent.
        timeout_s: Seconds after which the request is given up; what bounds a price by the hour.

    Raises:
        ValueError: the price is by the hour and there is no timeout.
    """
    if price.per_hour is not None:
        if timeout_s is None:
            raise ValueError("a price by the hour is bounded by a timeout only")
        return cost_of_time(price, timeout_s)
    bound = prompt_bound(prompt_bytes, messages)
    return max(
        math.ceil(bound * max(input_rate, cached_rate) + token_cap * output_rate)
        for above, (input_rate, output_rate, cached_rate) in _tiers(price)
        if above < bound
    )


def cost_of_time(price: Price, share_seconds: float) -> int:
    """Picodollars of a request's share of a server's busy time, rounded up.

    Args:
        price: By the hour.
        share_seconds: Processor sharing: each second counts 1/n while n requests are in flight.

    Raises:
        ValueError: the price is not by the hour, or the seconds are negative or not finite.
    """
    if price.per_hour is None:
        raise ValueError("the price is by the token: use cost")
    if not (math.isfinite(share_seconds) and share_seconds >= 0):
        raise ValueError(f"a share of time must be finite and not negative (got {share_seconds})")
    nanoseconds = math.ceil(share_seconds * _NANO)
    return math.ceil(_exact(price.per_hour) * PICO * nanoseconds / (3600 * _NANO))


def simulated_price() -> Price:
    """The price of the built-in simulator where none is configured: what o1-mini cost when it was listed first."""
    return Price(input="3.0", output="12.0", source="simulated")


def price_to_json(price: Price) -> str:
    """The price as the store keeps it: canonical JSON without what is absent."""
    fields = asdict(price, dict_factory=lambda pairs: {name: value for name, value in pairs if value not in (None, ())})
    return json.dumps(fields, sort_keys=True, separators=(",", ":"))


def price_from_json(text: str) -> Price:
    """The price that `price_to_json` wrote."""
    fields = json.loads(text)
    tiers = tuple(PriceTier(**tier) for tier in fields.pop("tiers", ()))
    return Price(**fields, tiers=tiers)


def look_up(
    model: str, endpoint_url: str | None, *, service_tier: str | None = None, on: date | None = None
) -> Price | None:
    """The list price of a model, from genai-prices' bundled data; None is unpriced, never free.

    The endpoint's address decides who is paid. Where the list does not know the address, a model's name can (a
    company's gateway), and the source says so; but a server on one's own machine or network is never priced by the
    name of what it serves. Where a price depends on the time of day, the dearest is taken, so that a cap holds.

    Args:
        model: As sent in requests.
        endpoint_url: The endpoint's base URL, if any.
        service_tier: As sent in requests, if any; None too is the answer for a tier that the list does not have.
        on: Whose day's price, in UTC; today by default.
    """
    # Imported here: the list is 1.5 MB of Python, and --help must not wait for it.
    from genai_prices import __version__, data_snapshot  # noqa: PLC0415 - takes its time

    snapshot = data_snapshot.get_snapshot()
    how = "" if service_tier in _LIST_TIERS else f", {service_tier}"
    try:
        provider = snapshot.find_provider(None, None, endpoint_url) if endpoint_url else None
    except LookupError:
        if _own(endpoint_url or ""):
            return None
        provider = None
        how += ", by the model's name"
    try:
        provider, listed = snapshot.find_provider_model(model, provider, None, None)
    except LookupError:
        return None
    days_prices = _prices_of_day(provider, listed, service_tier, on or datetime.now(UTC).date())
    prices = [_plain(price) for price in days_prices]
    known = [price for price in prices if price is not None]
    if not known or len(known) < len(prices):
        return None
    if any(price != known[0] for price in known):
        how += ", at its dearest hour"
    dearest = max(known, key=lambda price: [(output, read) for _, (read, output, _) in _tiers(price)])
    return replace(dearest, source=f"genai-prices {__version__} ({provider.id}{how})")


@lru_cache(maxsize=256)
def _tiers(price: Price) -> tuple[tuple[int, tuple[Fraction, Fraction, Fraction]], ...]:
    """Picodollars a token of input, output and cached input, each above so many input tokens; -1 is above none."""
    if price.input is None or price.output is None:
        raise ValueError("the price is not by the token")
    base = PriceTier(-1, price.input, price.output, price.cached_input)
    return tuple(
        (
            tier.above_input_tokens,
            (
                _rate(tier.input),
                _rate(tier.output),
                _rate(tier.input if tier.cached_input is None else tier.cached_input),
            ),
        )
        for tier in (base, *price.tiers)
    )


def _rate(usd_per_million: str) -> Fraction:
    """Picodollars a token."""
    return _exact(usd_per_million) * PICO / 10**6


def _exact(decimal: str) -> Fraction:
    return Fraction(Decimal(decimal))


def _own(url: str) -> bool:
    """Whether an address is on this machine or a private network, where no list price applies."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return True  # no address at all, so nobody's list applies either
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_OWN_SUFFIXES)


def _prices_of_day(provider: Provider, model: ModelInfo, service_tier: str | None, day: date) -> list[ModelPrice]:
    """What the list says for each stretch of a day; empty where it does not have the service tier."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    context = None if service_tier in _LIST_TIERS else {"service_tier": service_tier}
    if context is not None:
        # A model that the provider borrows from another's list has that one's standard price only.
        own = any(model is one for one in provider.models)
        variants = [one for one in model.price_variants or () if own and one.when == context]
        if not any(one.constraint is None or one.constraint.active(noon) for one in variants):
            return []
    hours = {time(0)}
    if isinstance(model.prices, list):
        for conditional in model.prices:
            hours |= {getattr(conditional.constraint, name, time(0)) for name in ("start_time", "end_time")}
    moments = (datetime.combine(day, hour, tzinfo=hour.tzinfo or UTC) for hour in hours)
    return [model.get_prices(moment, context) for moment in moments]


def _plain(listed: ModelPrice) -> Price | None:
    """A listed price of text tokens as ours; None where it lacks a part or has one that a completion could add."""
    parts = {name: value for name, value in vars(listed).items() if value is not None}
    if any(name not in _READ and not any(word in name for word in _NEVER_USED) for name in parts):
        return None
    if "input_mtok" not in parts or "output_mtok" not in parts:
        return None
    thresholds = sorted({tier.start for name in _READ for tier in getattr(parts.get(name), "tiers", ())})
    base, *tiers = (_above(parts, threshold) for threshold in (-1, *thresholds))
    return Price(base.input, base.output, base.cached_input, tiers=tuple(tiers))


def _above(parts: dict[str, Decimal | TieredPrices], threshold: int) -> PriceTier:
    """What a request costs whose input is just above a threshold."""

    def part(name: str) -> str | None:
        value = parts.get(name)
        if value is None or isinstance(value, Decimal):
            return None if value is None else f"{value:f}"
        passed = [tier.price for tier in value.tiers if tier.start <= threshold]
        return f"{passed[-1] if passed else value.base:f}"

    read, written, cached = map(part, _READ)
    assert read is not None
    assert written is not None
    return PriceTier(threshold, read, written, cached)
