"""Three layers of a config laid over each other: the command line beats the environment, which beats the file.

Each layer is a set of assignments (a path of keys and a value); pydantic-settings orders and merges them. The hard
thing inside: what an upper layer assigns replaces what stands there below, as a whole, so that
`--set models.0.price={per_hour=2}` leaves no `input` behind; and positions (`models.0`) reach into arrays of tables,
which a merge of tables cannot.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from core.config.complaints import shown, suggestion
from core.config.credentials import ADVICE, has_key_shape, is_telling
from core.config.document import MOST_NESTING, is_deep
from core.config.keys import Path, dotted, wants_text
from core.config.schema import Config
from core.errors import UsageError

PREFIX = "THINKTOP_"
_NESTING = "__"
_ARRAYS_OF_TABLES: tuple[Path, ...] = (("models",), ("simulator", "schedule"))


@dataclass(frozen=True, slots=True)
class Assignment:
    """One value that somebody gave outside of the file."""

    path: Path
    value: Any
    said: str
    """How it was given, for messages: `--set run.draws=0`, `THINKTOP_RUN__DRAWS`."""


def overrides_of(arguments: Sequence[str]) -> list[Assignment]:
    """The assignments of `--set KEY=VALUE` arguments, in order.

    Raises:
        UsageError: One of them is not KEY=VALUE, or its key is no dotted key.
    """
    return [_override(argument) for argument in arguments]


def variables_of(environ: Mapping[str, str], below: Mapping[str, Any]) -> list[Assignment]:
    """The assignments of `THINKTOP_SECTION__KEY` variables, spelled as the keys of the file that they replace.

    Other `THINKTOP_` variables (one without `__` after the prefix, such as the store's) are none of the config's.

    Raises:
        UsageError: A variable names no section of a config.
    """
    found = []
    for name in sorted(environ):
        section, nested, keys = name.removeprefix(PREFIX).lower().partition(_NESTING)
        if not (name.startswith(PREFIX) and nested):
            continue
        parts = [section, *keys.split(_NESTING)]
        if section not in Config.model_fields or len(parts) > MOST_NESTING:
            hint = suggestion(section, Config.model_fields).replace("`", "")
            raise UsageError(f"{name}: names no key of a config{hint}; unset it or mend its name")
        path = _spelled(parts, below)
        found.append(Assignment(path, shell_value(environ[name], path), name))
    return found


def merged(file: Mapping[str, Any], variables: Sequence[Assignment], overrides: Sequence[Assignment]) -> dict[str, Any]:
    """What the three layers say together, not yet checked against the schema.

    Raises:
        UsageError: A path leads into a value that is no table, or beyond the end of an array of tables.
    """
    environment = _by_position(_laid_out(variables))
    command_line = _by_position(_laid_out(overrides))
    below = _by_position(file)
    for assignment in variables:
        _make_way(below, assignment)
    for assignment in overrides:
        _make_way(below, assignment)
        _make_way(environment, assignment)

    class Layers(BaseSettings):
        """The layers, the strongest first."""

        config: dict[str, Any] = {}

        @classmethod
        def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], *_: Any, **__: Any
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return tuple(_Layer(settings_cls, layer) for layer in (command_line, environment, below))

    return _by_order(Layers().config, [*variables, *overrides])


class _Layer(PydanticBaseSettingsSource):
    """One layer, as pydantic-settings asks for it."""

    def __init__(self, settings_cls: type[BaseSettings], values: Mapping[str, Any]) -> None:
        super().__init__(settings_cls)
        self._values = values

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """The layer's values for the one field that there is."""
        del field
        return self._values, field_name, False

    def __call__(self) -> dict[str, Any]:
        """All that this layer says."""
        return {"config": dict(self._values)}


def _override(argument: str) -> Assignment:
    key, equals, text = argument.partition("=")
    if has_key_shape(key):
        raise UsageError(f"--set KEY=VALUE: {ADVICE}")
    try:
        path = _key(key) if equals else ()
    except (ValueError, RecursionError):
        path = ()
    if not 0 < len(path) <= MOST_NESTING:
        raise UsageError(f"--set {shown(key)[1:-1]}: must be KEY=VALUE with a dotted key, such as run.cap_usd=5")
    value = shell_value(text, path)
    return Assignment(path, value, f"--set {shown(argument if _is_open(path, value) else key)[1:-1]}")


def _is_open(path: Path, value: Any) -> bool:
    """Whether messages may repeat a value: one that is no key and stands where none would be."""
    if isinstance(value, str):
        return not (path[0] == "endpoints" or is_telling(str(path[-1])) or has_key_shape(value))
    return not isinstance(value, dict | list)


def _key(text: str) -> Path:
    """The parts of a dotted key, as TOML reads it."""
    parts: list[str] = []
    inside: Any = tomllib.loads(f"{text.strip()} = 0")
    while isinstance(inside, dict):
        if len(inside) != 1:
            return ()
        name, inside = next(iter(inside.items()))
        parts.append(name)
    return tuple(parts)


def toml_value(text: str) -> Any:
    """The TOML value that `text` spells, decimals as `Decimal`; or `text` itself where it spells none."""
    try:
        read = tomllib.loads(f"value = {text}", parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        return text
    return read["value"] if len(read) == 1 and not is_deep(read) else text


def shell_value(text: str, path: Path) -> Any:
    """What a shell passed for `path`: a TOML value, but as it stands where the schema wants text."""
    value = toml_value(text)
    return text if wants_text(Config, path) and not isinstance(value, str) else value


def _spelled(parts: Sequence[str], below: Any) -> Path:
    """Lower-case parts of a variable's name with the case of the keys that they mean in `below`."""
    path: list[str] = []
    for part in parts:
        key = part
        if isinstance(below, Mapping):
            key = next((known for known in below if known.lower() == part), part)
            below = below.get(key)
        elif isinstance(below, list):
            below = below[int(part)] if part.isdecimal() and int(part) < len(below) else None
        path.append(key)
    return tuple(path)


def _laid_out(assignments: Sequence[Assignment]) -> dict[str, Any]:
    """The assignments as nested tables; a later one beats an earlier one."""
    tree: dict[str, Any] = {}
    for assignment in assignments:
        table = tree
        for key in assignment.path[:-1]:
            held = table.get(str(key))
            table[str(key)] = _numbered(held) if isinstance(held, list) else held if isinstance(held, dict) else {}
            table = table[str(key)]
        table[str(assignment.path[-1])] = _copy(assignment.value)
    return tree


def _make_way(tree: dict[str, Any], assignment: Assignment) -> None:
    """Take out what stands where the assignment goes, if anything does."""
    *around, last = assignment.path
    table = tree
    for depth, key in enumerate(around, start=1):
        inner = table.get(str(key), {})
        if not isinstance(inner, dict):
            whole = dotted(assignment.path[:depth])
            raise UsageError(f"{assignment.said}: {whole} is no table, and has no keys to set; set {whole} as a whole")
        table = inner
    table.pop(str(last), None)


def _by_position(file: Mapping[str, Any]) -> dict[str, Any]:
    """A copy in which arrays of tables are tables keyed by position, so that layers can reach into them."""
    tree: dict[str, Any] = _copy(file)
    for array in _ARRAYS_OF_TABLES:
        table = _table_around(tree, array)
        held = table.get(str(array[-1]))
        if isinstance(held, list):
            table[str(array[-1])] = _numbered(held)
    return tree


def _numbered(array: list[Any]) -> dict[str, Any]:
    return {str(position): element for position, element in enumerate(array)}


def _by_order(tree: dict[str, Any], given: Sequence[Assignment]) -> dict[str, Any]:
    """The reverse of `_by_position`."""
    for array in _ARRAYS_OF_TABLES:
        table = _table_around(tree, array)
        held = table.get(str(array[-1]))
        if not isinstance(held, dict):
            continue
        positions = [str(position) for position in range(len(held))]
        for assignment in given:
            reaches_in = len(assignment.path) > len(array) and assignment.path[: len(array)] == array
            if reaches_in and assignment.path[len(array)] not in positions:
                raise UsageError(f"{assignment.said}: there is no {dotted(assignment.path[: len(array) + 1])}; "
                                 "its tables are numbered from 0")  # fmt: skip
        if set(held) == set(positions):
            table[str(array[-1])] = [held[position] for position in positions]
    return tree


def _table_around(tree: dict[str, Any], path: Path) -> dict[str, Any]:
    around = tree
    for key in path[:-1]:
        inner = around.get(str(key))
        around = inner if isinstance(inner, dict) else {}
    return around


def _copy(value: Any) -> Any:
    """A copy of nested tables and lists, so that the caller's stays as it is."""
    if isinstance(value, Mapping):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list | tuple) else value
