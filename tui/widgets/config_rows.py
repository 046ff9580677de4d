"""What the form of a new run asks for, and that of more of a run: rows made of a draft, or of how a run stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.pages import amounts
from tui.widgets.form import Field, Switch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.config.draft import Draft, DraftModel
    from core.store.progress import ConditionRow
    from tui.widgets.form import Row

_SOURCE = ("problems", "source")
_PLAIN: Sequence[tuple[tuple[str, str], str, str, str]] = (
    (("run", "name"), "name", "", ""),
    (("run", "draws"), "draws", "per problem, budget", "1"),
    (("run", "cap_usd"), "cap, dollars", "never passed", "none"),
    (("run", "cap_tokens"), "cap, tokens", "without a price", "none"),
    (("run", "max_concurrency"), "at once", "requests in flight", "64"),
    (("problems", "limit"), "problems", "of {source}", "all"),
)
"""Key, label, hint, and what holds while nothing is typed."""


def config_rows(draft: Draft) -> list[Row]:
    """What people change most of a config.

    Raises:
        UsageError: its text is not TOML, or something in it looks like a key.
    """
    models = draft.models()
    rows: list[Row] = [
        Field(key, label, draft.shown(key), hint.format(source=draft.shown(_SOURCE)), placeholder, ".".join(key))
        for key, label, hint, placeholder in _PLAIN
    ]
    standing = 0
    for model in models:
        rows += _model_rows(model, standing, several=len(models) > 1)
        standing += model.on
    return rows


def _model_rows(model: DraftModel, standing: int, *, several: bool) -> list[Row]:
    """A model's switch and its lines; complaints count only the models that are on."""
    thinking = ("models", model.place, "thinking")
    named = f"models.{standing}" if model.on else ""
    inside = f"{named}.thinking" if named else ""
    words = f"{model.control} on {model.endpoint}" if several or model.control else model.endpoint
    rows: list[Row] = [Switch(model.place, model.label, words, on=model.on, named=named)]
    if model.budgets is not None:
        key = (*thinking, "budgets")
        rows.append(Field(key, "  budgets", model.budgets, "", "", f"{inside}.budgets" if inside else ""))
    if model.draws_at is not None:
        key = (*thinking, "draws_at")
        rows.append(Field(key, "  draws at", model.draws_at, "", "none", f"{inside}.draws_at" if inside else ""))
    return rows


def extension_rows(conditions: Sequence[ConditionRow], problems: int) -> list[Row]:
    """What can be added to a run of so many problems."""
    labels = list(dict.fromkeys(row.label for row in conditions))
    budgets = list(dict.fromkeys(amounts.budget(row.budget) for row in conditions))
    rows: list[Row] = [
        Field("draws", "draws", "", f"now {_draws(conditions, problems)}", "+4, or 8 in all", "--draws"),
        Field("budgets", "  at budgets", "", "", f"all: {' '.join(budgets)}", "--budget"),
    ]
    if len(labels) > 1:
        rows.append(Field("labels", "  of models", "", "", f"all: {', '.join(labels)}", "--label"))
    rows += [
        Field("new_budgets", "new budgets", "", "the draws are theirs", "none", "--budgets"),
        Field("problems", "problems", "", "", "none more; a file, or a source", "--problems"),
    ]
    return rows


def _draws(conditions: Sequence[ConditionRow], problems: int) -> str:
    """The draws planned in each cell, from the fewest to the most."""
    planned = [row.sums.planned // max(problems, 1) for row in conditions]
    least, most = min(planned, default=0), max(planned, default=0)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
