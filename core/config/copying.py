"""The config of a run that is stored, as a text that a person can read, change and run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.config.spelling import document_of
from core.controls import default_prompt

if TYPE_CHECKING:
    from core.config.schema import Config

INLINE = frozenset({"price", "where", "draws_at", "faults", "headers", "schedule"})
"""Tables of a config that are short enough for a line."""


def config_text(config: Config, *, name: str) -> str:
    """A config as TOML under another name, without what goes without saying.

    Its problems are read from where its own config had them; its prompts are spelled out unless they are the built-in
    ones. A run of it has the same plan as the run that it was stored with, but for its name.
    """
    values: dict[str, Any] = config.model_dump(exclude_defaults=True, exclude_none=True)
    values["run"]["name"] = name
    for model, table in zip(config.models, values["models"], strict=True):
        if model.label == model.name:
            del table["label"]
        thinking = table.get("thinking", {})
        if thinking.get("prompt") == default_prompt(model.thinking.control, config.grading.kind):
            del thinking["prompt"]
    return document_of({key: table for key, table in values.items() if table}, inline=INLINE)
