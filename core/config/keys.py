"""Which keys the schema has at a path, read off the pydantic models themselves so that it cannot disagree with them."""

from __future__ import annotations

import types
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

Path = tuple[str | int, ...]
"""The keys that lead to a value; a whole number is a position in a list, from 0."""


def dotted(path: Path) -> str:
    """`models.0.token_cap`, with keys quoted where TOML would quote them and escaped where they cannot be printed."""
    return ".".join(_part(str(key)) for key in path)


def printable(text: str) -> str:
    """`text` with what cannot be printed escaped, as Python would in a string."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the table at `path` may have; empty where any may stand or there is no table."""
    inside = _type_at(model, path)
    return list(inside.model_fields) if _is_model(inside) else []


def wants_text(model: type[BaseModel], path: Path) -> bool:
    """Whether the value at `path` is free text, so that what a shell passes is it as it stands."""
    return _type_at(model, path) is str


def home_of(model: type[BaseModel], name: str) -> tuple[str, ...] | None:
    """Where a key of this name belongs, for one found elsewhere: the first section that has it; None if none has."""
    for section in model.model_fields:
        inside = _type_at(model, (section,))
        if _is_model(inside) and name in inside.model_fields:
            return (section, name)
    return None


def _part(key: str) -> str:
    if key and all(letter.isalnum() or letter in "-_" for letter in key):
        return key
    return f'"{printable(key)}"'


def _type_at(model: type[BaseModel], path: Path) -> Any:
    """The type of the value at `path`, without `Annotated` and `| None`; None beyond what the schema fixes."""
    inside: Any = model
    for key in path:
        if _is_model(inside):
            field = inside.model_fields.get(str(key))
            inside = _bare(field.annotation) if field else None
        else:
            inside = _element(inside)
    return inside


def _bare(annotation: Any) -> Any:
    """A type without `Annotated` and without its `None`."""
    while hasattr(annotation, "__metadata__"):
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        some = [each for each in get_args(annotation) if each is not type(None)]
        return _bare(some[0]) if len(some) == 1 else None
    return annotation


def _element(annotation: Any) -> Any:
    """What the lists or tables of this type hold."""
    held = [each for each in get_args(annotation) if each is not Ellipsis]
    if get_origin(annotation) in (tuple, list, dict) and held:
        return _bare(held[-1])
    return None


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
