"""What looks like a key: a config is shared, committed and copied into the store, so none may stand in it.

Says where one seems to stand and never what it is: nothing here returns or prints a value. Errs on the side of refusing
for the shapes that providers give their keys; elsewhere a value must look random and sit under a telling name.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

ADVICE = "looks like a key, and a config must hold none: put it in an environment variable and name that in api_key_env"
"""What to say about a place that `leaks` or `leaking_lines` names."""

_SHAPES = re.compile(
    r"""
    (?<![A-Za-z0-9])(?:
        sk-[A-Za-z0-9_-]{10,}                     # OpenAI, Anthropic (sk-ant-), OpenRouter (sk-or-), DeepSeek
      | (?:xai|pplx|nvapi|tgp)[-_][A-Za-z0-9_-]{16,}
      | (?:gsk|hf|r8|fw|csk)_[A-Za-z0-9]{12,}     # Groq, Hugging Face, Replicate, Fireworks, Cerebras
      | AIza[A-Za-z0-9_-]{16,}                    # Google
      | (?:AKIA|ASIA)[A-Z0-9]{16}                 # AWS
      | gh[pousr]_[A-Za-z0-9]{20,} | github_pat_[A-Za-z0-9_]{20,}
      | eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\. # a JSON web token
      | [Bb]earer\s+[A-Za-z0-9._~+/=-]{12,}
    )
    | -----BEGIN\ [A-Z\ ]*PRIVATE\ KEY
    | [A-Za-z][A-Za-z0-9+.-]*://[^/\s@:"']*:[^/\s@"']+@   # user:password@host
    """,
    re.VERBOSE,
)
_TELLING_NAME = re.compile(
    r"(?:^|_)(?:api_?key|access_?key|private_?key|auth|authorization|token|secret|password|passwd|credentials?)$"
)
_KEY_HEADER = re.compile(r"auth|api[-_]?key|access[-_]?key|token|secret|password|cookie|credential", re.IGNORECASE)
_KEY_PARAMETER = re.compile(
    r"^(?:key|sig|signature|code)$|api[-_]?key|token|secret|passw|auth|credential", re.IGNORECASE
)

_LEAST_LENGTH = 16
_LEAST_NAME_LENGTH = 20
_LEAST_DIGITS = 3
_LEAST_BITS = 3.0


def has_key_shape(text: str) -> bool:
    """Whether a provider's key, a bearer token, a private key or `user:password@` stands somewhere in `text`."""
    return _SHAPES.search(text) is not None


def leaks(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The paths under which something in `value` looks like a key; a name that does is left out of its own path."""
    if isinstance(value, str):
        name = str(path[-1]) if path else ""
        if has_key_shape(value) or (is_telling(name) and _is_random(value, _LEAST_LENGTH)):
            yield path
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if has_key_shape(str(name)):
                yield path
            else:
                yield from leaks(inner, (*path, name))
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        for position, inner in enumerate(value):
            yield from leaks(inner, (*path, position))


def leaking_lines(text: str) -> Iterator[int]:
    """The lines, counted from 1, on which something has the shape of a key: comments are committed too."""
    for number, line in enumerate(text.split("\n"), start=1):
        if has_key_shape(line):
            yield number


def is_telling(name: str) -> bool:
    """Whether values under this name are usually secret: `api_key`, `access-token`, `password` ..."""
    return _TELLING_NAME.search(name.lower().replace("-", "_")) is not None


def is_key_header(name: str) -> bool:
    """Whether an HTTP header of this name carries credentials."""
    return _KEY_HEADER.search(name) is not None


def is_variable_name(text: str) -> bool:
    """Whether `text` can be an environment variable's name, and does not look like the key itself."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text) or has_key_shape(text):
        return False
    written_like_one = "_" in text and text == text.upper()
    return written_like_one or not _is_random(text, _LEAST_NAME_LENGTH)


def url_leak(url: str) -> str | None:
    """What in `url` would carry a key (`a user or a password`, `the parameter ...`), in words; None if nothing does."""
    parts = urlsplit(url)
    if "@" in parts.netloc:
        return "a user or a password"
    for name, _ in parse_qsl(parts.query, keep_blank_values=True):
        if _KEY_PARAMETER.search(name):
            return "a parameter that carries a key"
    return None


def _is_random(text: str, least_length: int) -> bool:
    """Whether `text` is long, unbroken, has digits, and no letter dominates (Shannon entropy in bits per character)."""
    if len(text) < least_length or re.search(r"\s", text) or sum(map(str.isdigit, text)) < _LEAST_DIGITS:
        return False
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares) >= _LEAST_BITS
