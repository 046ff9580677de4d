"""Where the draft of a new run comes from, and where it is saved: files, the demo, the configs of earlier runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import DEFAULT_PATH, from_resolved
from core.config.copying import INLINE, config_text
from core.config.document import text_of
from core.config.draft import Draft
from core.config.keys import printable
from core.config.load import keyless_values, refuse_keys
from core.config.spelling import document_of
from core.errors import UsageError
from core.interchange.fresh_file import fresh_file
from tui.steering.demonstrating import demo_config

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from typing import Any

_MOST_FILES = 200
_NUMBERED = re.compile(r"(.+)-(\d{1,3})")
_LOOKS_LIKE_ONE = re.compile(r"^\s*\[\[\s*models\s*\]\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file that looks like a config."""

    path: Path
    words: str
    """What it would run, or why it cannot be read."""
    readable: bool


def config_files(folder: Path) -> list[ConfigFile]:
    """The configs in a folder, by name, the default one first."""
    names = sorted(path for path in folder.glob("*.toml") if path.is_file())[:_MOST_FILES]
    found = [one for one in map(_config_file, names) if one is not None]
    return sorted(found, key=lambda one: one.path.name != DEFAULT_PATH.name)


def file_draft(path: Path) -> Draft:
    """The draft of a file as it stands.

    Raises:
        UsageError: it cannot be read, or something in it looks like a key: that is not shown.
    """
    name, text = printable(path.name), text_of(path)
    refuse_keys(text, name)
    return Draft(name, path.parent, text)


def demo_draft(taken: Container[str]) -> Draft:
    """The draft of the built-in demo, under the next free name."""
    name = free_name("demo-1", taken)
    return Draft("built-in config", Path(), document_of(demo_config(name, quick=False), inline=INLINE))


def copied_draft(resolved: str, taken: Container[str]) -> Draft:
    """The draft of a stored run's config, under the next free name.

    Raises:
        StoreError: the store holds no config that can be read.
    """
    config = from_resolved(resolved)
    name = free_name(config.run.name, taken)
    return Draft(f"copy of {config.run.name}", Path(), config_text(config, name=name))


def edited_draft(draft: Draft, text: str) -> Draft:
    """The draft with a text that was written elsewhere.

    Raises:
        UsageError: something in it looks like a key.
    """
    refuse_keys(text, draft.name)
    return draft.rewritten(text)


def save(draft: Draft, path: Path, *, replace: bool) -> Draft:
    """The draft as the file that it now is.

    Raises:
        UsageError: something in it looks like a key, or it cannot be written there.
    """
    text = draft.text
    refuse_keys(text, draft.name)
    with fresh_file(path, force=replace) as file:
        file.write(text)
    return Draft(printable(path.name), path.parent, text)


def free_name(name: str, taken: Container[str]) -> str:
    """A name that no run has: itself, or the next number behind it."""
    numbered = _NUMBERED.fullmatch(name)
    stem, number = (numbered[1], int(numbered[2])) if numbered else (name, 1)
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def _config_file(path: Path) -> ConfigFile | None:
    try:
        text = text_of(path, called=path.name)
    except UsageError as error:
        return ConfigFile(path, str(error), readable=False)
    try:
        values = keyless_values(text, path.name)
    except UsageError as error:
        return ConfigFile(path, str(error), readable=False) if _LOOKS_LIKE_ONE.search(text) else None
    if "models" not in values or "problems" not in values:
        return None
    return ConfigFile(path, _words(values), readable=True)


def _words(values: Mapping[str, Any]) -> str:
    """What a config would run, whether or not it is right."""
    run, problems, models = (values.get(key) for key in ("run", "problems", "models"))
    parts = [str(run.get("name", "")) if isinstance(run, dict) else ""]
    listed = [model for model in models if isinstance(model, dict)] if isinstance(models, list) else []
    parts.append(", ".join(str(model.get("label", model.get("name", ""))) for model in listed[:3]))
    parts.append(str(problems.get("source", "")) if isinstance(problems, dict) else "")
    return " · ".join(filter(None, parts))
