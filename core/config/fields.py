"""The kinds of values that a config is made of, each with its check: amounts, seconds, names, addresses.

A value is either right or refused; nothing is guessed, but for whole numbers where fractions are allowed. Money stays
`Decimal` from the TOML text to here, and leaves as a decimal string.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictInt,
    StrictStr,
)

from core.config.complaints import shown, wrong
from core.config.credentials import is_key_header, is_variable_name, url_leak
from core.money import MOST
from core.vocabulary import PICO

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST_NAME = 80
_MOST_DOLLARS = MOST // PICO
_FINEST = Decimal("1e-12")
_NUMBER = int | float | Decimal


class Section(BaseModel):
    """A table of the config: fixed once read, and without any key that it does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


def plain(amount: Decimal) -> str:
    """An amount as the shortest decimal string, without an exponent: `60`, `0.15`."""
    return format(amount.normalize() + 0, "f")


def _readable(text: str) -> str:
    """Text that can be stored and sent: no NUL, and nothing that UTF-8 cannot say."""
    if "\0" in text:
        raise wrong("must not hold a NUL character")
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise wrong("must be UTF-8 text")
    return text


def _printable(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise wrong(f"must be printable, without spaces around it (got {shown(text)})")
    return text


def _amount(value: Any) -> Decimal:
    """A finite amount, exactly as written, to the picodollar."""
    if isinstance(value, bool) or not isinstance(value, _NUMBER | str):
        raise wrong(f"must be an amount in dollars (got {shown(value)})")
    try:
        amount = Decimal(str(value)) if isinstance(value, float | str) else Decimal(value)
    except InvalidOperation:
        raise wrong(f"must be an amount in dollars (got {shown(value)})") from None
    if not amount.is_finite() or abs(amount) > _MOST_DOLLARS:
        raise wrong(f"must be a finite amount, at most {_MOST_DOLLARS} dollars (got {shown(value)})")
    if amount != amount.quantize(_FINEST):
        raise wrong(f"must have at most 12 decimals: money is counted in picodollars (got {shown(value)})")
    return amount


def _real(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, _NUMBER):
        raise wrong(f"must be a number (got {shown(value)})")
    try:
        real = float(value)
    except OverflowError:
        real = math.inf
    if not math.isfinite(real):
        raise wrong(f"must be a finite number (got {shown(value)})")
    return real


def _duration(value: Any) -> float:
    """Seconds, from `"90s"`, `"15m"`, `"1h30m"`, `"2d"` or a number of seconds."""
    if not isinstance(value, str):
        return _real(value)
    text = value.replace(" ", "")
    if not re.fullmatch(r"(?:\d{1,9}(?:\.\d{1,9})?[smhd])+", text):
        raise wrong(f'must be a duration such as "90s", "15m", "12h" or "2d" (got {shown(value)})')
    return math.fsum(float(number) * _SECONDS[unit] for number, unit in re.findall(r"([\d.]+)([smhd])", text))


def _address(url: str, schemes: tuple[str, ...]) -> str:
    """A URL without anything secret in it; messages do not repeat it, since it may hold a key after all."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise wrong("must be an address such as https://api.example.com/v1") from None
    if parts.scheme not in schemes or not host or not url.isprintable() or " " in url:
        raise wrong(f"must be an address that starts with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    if leak := url_leak(url):
        raise wrong(f"must not carry {leak}: a config holds no keys; name the key's variable in api_key_env")
    return url


def _base_url(url: str) -> str:
    return _address(url, ("http", "https"))


def _proxy(url: str) -> str:
    return _address(url, ("http", "https", "socks5", "socks5h"))


def _variable(name: str) -> str:
    if not is_variable_name(name):
        raise wrong("must be the name of an environment variable, such as OPENAI_API_KEY, and never a key itself")
    return name


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            raise wrong("is no name that an HTTP header can have", name)
        if is_key_header(name):
            raise wrong("would carry a key, and a config holds none: name the key's variable in api_key_env", name)
        if not (value.isascii() and value.isprintable() and value == value.strip()):
            raise wrong("must be printable ASCII, without spaces around it", name)
    return headers


def _jsonable(value: Any) -> Any:
    """What JSON can say, with decimals as floats, as they will be sent."""
    if isinstance(value, dict):
        return {_readable(name): _at(name, inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_at(position, inner) for position, inner in enumerate(value)]
    if isinstance(value, str):
        return _readable(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float | Decimal):
        return _real(value)
    raise wrong(f"must be text, a number, true, false, a list or a table: JSON has no dates (got {shown(value)})")


def _at(key: str | int, value: Any) -> Any:
    """`_jsonable`, whose complaints say where inside they are."""
    try:
        return _jsonable(value)
    except Exception as error:
        context = getattr(error, "context", None)
        if not context:
            raise
        raise wrong(context["reason"], key, *context["at"]) from None


Text = Annotated[StrictStr, AfterValidator(_readable)]
"""Any text, over several lines if need be."""
Name = Annotated[StrictStr, Field(min_length=1, max_length=_LONGEST_NAME), AfterValidator(_printable)]
"""A short, printable name, for tables and titles."""
Amount = Annotated[Decimal, BeforeValidator(_amount), PlainSerializer(plain, when_used="json")]
"""Dollars, exact."""
Real = Annotated[float, BeforeValidator(_real)]
"""A finite number."""
Positive = Annotated[float, BeforeValidator(_real), Field(gt=0)]
Duration = Annotated[float, BeforeValidator(_duration), Field(gt=0)]
"""Seconds, written as `"90s"`, `"12h"` or a number of seconds."""
BaseUrl = Annotated[StrictStr, AfterValidator(_base_url)]
ProxyUrl = Annotated[StrictStr, AfterValidator(_proxy)]
VariableName = Annotated[StrictStr, AfterValidator(_variable)]
Headers = Annotated[dict[str, Text], AfterValidator(_headers)]
JsonTable = Annotated[dict[str, Any], AfterValidator(_jsonable)]
"""A table that is passed through to the server as JSON."""

Cap = Annotated[Amount, Field(gt=0)]
Tokens = Annotated[StrictInt, Field(ge=1, le=10**9)]
TokenTotal = Annotated[StrictInt, Field(ge=1, le=10**15)]
Draws = Annotated[StrictInt, Field(ge=1, le=10**6)]
Concurrency = Annotated[StrictInt, Field(ge=1, le=10**4)]
Attempts = Annotated[StrictInt, Field(ge=1, le=100)]
PerMinute = Annotated[Positive, Field(le=10**12)]
Timeout = Annotated[Positive, Field(le=7 * 86400)]
"""Seconds that one attempt may take, a week at most."""
