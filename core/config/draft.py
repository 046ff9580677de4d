"""A config that somebody is editing: its text as it came, and what a form changed of it, kept apart until it is read.

What a form changes is laid over the text it came with each time anew, so that a value typed, emptied and typed again
stands where it stood, with the comment behind it. Fields speak as a person types: `16 32 2^10`, not `[16, 32, 1024]`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from core.config.editing import with_value, without
from core.config.layers import shell_value
from core.config.load import config_from_text, keyless_values
from core.config.spelling import toml_of
from core.config.switching import all_on, with_off

if TYPE_CHECKING:
    from pathlib import Path as Folder

    from core.config.keys import Path
    from core.config.schema import Config

_MOST_POWER = 30
_SEPARATORS = re.compile(r"[\s,]+")
_POWER = re.compile(r"2\^(\d{1,2})")
_AT = re.compile(r"([^\s,=]+)\s*=\s*(\d{1,9})")


@dataclass(frozen=True, slots=True)
class DraftModel:
    """A model of a draft, as a form shows it."""

    place: int
    """Among all models of the text, those too that are off."""
    label: str
    endpoint: str
    control: str
    budgets: str | None
    """As it would be typed; None where the model is asked for none."""
    draws_at: str | None
    """As it would be typed; None where no budget has draws of its own."""
    on: bool


@dataclass(frozen=True)
class Draft:
    """What a config would be with the changes so far."""

    name: str
    """What messages call it."""
    folder: Folder
    """Where files that it names are looked for."""
    base: str
    """Its text as it came, or as somebody wrote it."""
    changes: Mapping[Path, str] = field(default_factory=dict)
    """By key, what was typed for it; models are counted with those that are off."""
    switched: frozenset[int] | None = None
    """The places of the models that are off; None leaves them as they came."""

    @cached_property
    def text(self) -> str:
        """The config's text with all that was changed.

        Raises:
            UsageError: it is not TOML, or written in a way that a form cannot change.
        """
        if not self.changes and self.switched is None:
            return self.base
        text, off = self._whole
        for path, typed in self.changes.items():
            value = value_typed(typed, path)
            text = without(text, path) if value is None else with_value(text, path, value)
        off = off if self.switched is None else self.switched
        return with_off(text, off) if off else text

    def config(self) -> Config:
        """The config that it spells out, under the environment.

        Raises:
            UsageError: as `load_config`.
        """
        return config_from_text(self.text, self.name, self.folder)

    def typed(self, path: Path, text: str) -> Draft:
        """The draft with something typed for a key; nothing typed leaves the key to its default."""
        changes = {key: said for key, said in self.changes.items() if key != path}
        return replace(self, changes=changes if text == self._as_came(path) else {**changes, path: text})

    def with_model(self, place: int, *, on: bool) -> Draft:
        """The draft with one of its models on, or off."""
        came = self._whole[1]
        off = came if self.switched is None else self.switched
        switched = off - {place} if on else off | {place}
        return replace(self, switched=None if switched == came else switched)

    def rewritten(self, text: str) -> Draft:
        """The draft with another text altogether."""
        return self if text == self.text else replace(self, base=text, changes={}, switched=None)

    def shown(self, path: Path) -> str:
        """What a form's field shows for a key.

        Raises:
            UsageError: as `models`.
        """
        return self.changes.get(path, self._as_came(path))

    def models(self) -> list[DraftModel]:
        """Its models, on and off.

        Raises:
            UsageError: it is not TOML, or something in it looks like a key.
        """
        keyless_values(self.base, self.name)
        off = self._whole[1] if self.switched is None else self.switched
        tables = self._values.get("models")
        return [
            self._model(place, table, on=place not in off)
            for place, table in enumerate(tables if isinstance(tables, list) else [])
            if isinstance(table, dict)
        ]

    def _model(self, place: int, table: Mapping[str, Any], *, on: bool) -> DraftModel:
        thinking = table.get("thinking")
        thinking = thinking if isinstance(thinking, dict) else {}
        around = ("models", place, "thinking")
        return DraftModel(
            place=place,
            label=str(table.get("label") or table.get("name") or place),
            endpoint=str(table.get("endpoint", "")),
            control=str(thinking.get("control", "none")),
            budgets=self.shown((*around, "budgets")) if "budgets" in thinking else None,
            draws_at=self.shown((*around, "draws_at")) if "draws_at" in thinking else None,
            on=on,
        )

    def _as_came(self, path: Path) -> str:
        inside: Any = self._values
        for key in path:
            try:
                inside = inside[key]
            except (LookupError, TypeError):
                return ""
        return as_typed(inside)

    @cached_property
    def _whole(self) -> tuple[str, frozenset[int]]:
        return all_on(self.base)

    @cached_property
    def _values(self) -> Mapping[str, Any]:
        return keyless_values(self._whole[0], self.name)


def value_typed(text: str, path: Path) -> Any:
    """The value that was typed for a key; None where nothing was.

    What makes no sense for the key comes back as text: what is wrong with it is for the schema to say.
    """
    text = text.strip()
    if not text:
        return None
    match path[-1]:
        case "budgets":
            return [budget for word in _SEPARATORS.split(text.strip(", []")) for budget in _budgets(word)]
        case "draws_at":
            pairs = _AT.findall(text)
            return {budget: int(draws) for budget, draws in pairs} if not _AT.sub("", text).strip(" ,{}") else text
        case "cap_usd":
            return shell_value(text.removeprefix("$"), path)
    return shell_value(text, path)


def as_typed(value: Any) -> str:
    """A value of the text as somebody would type it into a field."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(map(as_typed, value))
    if isinstance(value, Mapping):
        return " ".join(f"{key}={as_typed(inner)}" for key, inner in value.items())
    return toml_of(value)


def _budgets(word: str) -> list[int | str]:
    """The budgets that a word means: itself, or for `2^4..2^11` all powers of two from one to the other."""
    first, dots, last = word.partition("..")
    low, high = _POWER.fullmatch(first), _POWER.fullmatch(last if dots else first)
    if low and high and int(low[1]) <= int(high[1]) <= _MOST_POWER:
        return [2**power for power in range(int(low[1]), int(high[1]) + 1)]
    return [int(word)] if word.isascii() and word.isdecimal() else [word.strip("\"'")]
