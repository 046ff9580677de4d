"""The files that a config names: prompts become text within it, certificates a path that holds from anywhere.

Done before the config is checked and stored, so that going on with a run needs no file beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.config.complaints import Complaint
from core.config.credentials import ADVICE, has_key_shape
from core.config.document import text_of
from core.errors import UsageError

_FILE = "file:"


def include_files(data: dict[str, Any], folder: Path) -> list[Complaint]:
    """What cannot be read of the files named in `data`, whose texts and whole paths take the place of their names.

    Args:
        data: The merged tables, not yet checked; changed in place.
        folder: Where relative names start.
    """
    complaints = []
    for table, path in _tables_with_files(data):
        for key in ("prompt", "system"):
            value = table.get(key)
            if isinstance(value, str) and value.startswith(_FILE):
                complaint = _include(table, (*path, key), folder)
                complaints += [complaint] if complaint else []
        bundle = table.get("ca_bundle")
        if isinstance(bundle, str) and bundle and "\0" not in bundle:
            table["ca_bundle"] = str((folder / bundle).absolute())
            if not Path(table["ca_bundle"]).is_file():
                complaints.append(Complaint((*path, "ca_bundle"), "there is no such file"))
    return complaints


def _include(table: dict[str, Any], path: tuple[str | int, ...], folder: Path) -> Complaint | None:
    name = table[str(path[-1])].removeprefix(_FILE)
    try:
        table[str(path[-1])] = text_of(folder / name, called=name)
    except UsageError as error:
        return Complaint(path, str(error))
    return Complaint(path, ADVICE) if has_key_shape(table[str(path[-1])]) else None


def _tables_with_files(data: dict[str, Any]) -> list[tuple[dict[str, Any], tuple[str | int, ...]]]:
    """The tables whose values may name files, with their paths; whatever is misshapen is left to the schema."""
    found: list[tuple[Any, tuple[str | int, ...]]] = []
    models = data.get("models")
    for position, model in enumerate(models if isinstance(models, list) else []):
        found.append((model, ("models", position)))
        found.append((model.get("thinking") if isinstance(model, dict) else None, ("models", position, "thinking")))
    grading = data.get("grading")
    found.append((grading.get("judge") if isinstance(grading, dict) else None, ("grading", "judge")))
    endpoints = data.get("endpoints")
    for name, endpoint in (endpoints if isinstance(endpoints, dict) else {}).items():
        found.append((endpoint, ("endpoints", name)))
    return [(table, path) for table, path in found if isinstance(table, dict)]
