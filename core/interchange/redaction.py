"""What must not leave with a run that is shared: keys, and what tells whose machine or account it was.

No config with a key in it is accepted, so this is the second lock on the same door. It walks settings and messages;
what problems and models say is data, and stays as it is. What is left is still a config that can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

from core.config.credentials import has_key_shape, leaks, url_leak

REDACTED = "REDACTED"
"""What stands in the place of a value that was taken out."""

_LEAST_KEY = 6
"""Characters of a key; a shorter value would be found in innocent words."""
_PRIVATE = frozenset({"headers", "proxy", "organization", "project", "ca_bundle"})
"""Settings of an endpoint that say who asked and from where, and nothing about the numbers."""
_PATHS = frozenset({"store", "source"})
"""Settings that may hold a path on somebody's machine."""
_ADDRESSES = frozenset({"base_url"})
_FROM_ROOT = re.compile(r"(?:/|~|[A-Za-z]:\\).*[/\\]")


@dataclass(slots=True)
class Redaction:
    """Takes out what must not leave, and remembers where something was."""

    keys: tuple[str, ...] = ()
    """Values of keys that are known, to be found wherever they stand."""
    hidden: tuple[str, ...] = ()
    """Texts that are withheld, to be found in settings that repeat them: a prompt with a problem of the run in it."""
    places: list[str] = field(default_factory=list)
    """Where something was taken out: `config.json: endpoints.openai.proxy`."""

    @classmethod
    def of_endpoints(cls, endpoints: Iterable[Mapping[str, Any]], environ: Mapping[str, str]) -> Self:
        """One that knows the keys that this machine has for a run's endpoints.

        Args:
            endpoints: as the store has them.
            environ: where the keys are, under the names that the endpoints give.
        """
        names = {endpoint.get("api_key_env") for endpoint in endpoints} - {None}
        return cls(tuple(value for name, value in environ.items() if name in names))

    def settings(self, file: str, value: Any) -> Any:
        """Settings without what must not leave.

        Args:
            file: what the places are called after.
            value: JSON.
        """
        telling = {tuple(map(str, path)) for path in leaks(value)}
        return self._walked(value, (), file, telling)

    def message(self, text: str) -> str:
        """A server's message, or nothing of it where a key seems to stand in it."""
        return REDACTED if self._holds_key(text) else text

    def _walked(self, value: Any, path: tuple[str, ...], file: str, telling: set[tuple[str, ...]]) -> Any:
        name = path[-1] if path else ""
        if name in _PRIVATE and value:
            self._out(path, file)
            return None if isinstance(value, str) else type(value)()
        if isinstance(value, Mapping):
            # A name that is a key itself must not be told as a place either.
            return {
                (self._out((*path, REDACTED), file) if self._holds_key(str(key)) else key): self._walked(
                    inner, (*path, str(key)), file, telling
                )
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [self._walked(inner, (*path, str(at)), file, telling) for at, inner in enumerate(value)]
        if not isinstance(value, str):
            return value
        if name in _ADDRESSES and _leaks_in_address(value):
            self._out(path, file)
            bare = _bare_address(value)
            return REDACTED if self._holds_key(bare) else bare
        if path in telling or self._holds_key(value):
            return self._out(path, file)
        if name in _PATHS and _FROM_ROOT.match(value):
            self._out(path, file)
            return _FROM_ROOT.sub("", value)
        return value

    def _holds_key(self, text: str) -> bool:
        return has_key_shape(text) or any(one in text for one in (*self.keys, *self.hidden) if len(one) >= _LEAST_KEY)

    def _out(self, path: tuple[str, ...], file: str) -> str:
        shown = (REDACTED if self._holds_key(part) else part for part in path)
        self.places.append(f"{file}: {'.'.join(shown)}")
        return REDACTED


def _leaks_in_address(address: str) -> bool:
    try:
        return url_leak(address) is not None
    except ValueError:  # no address that could be taken apart
        return True


def _bare_address(address: str) -> str:
    """The address without a user, a password or parameters."""
    try:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    except ValueError:
        return REDACTED
