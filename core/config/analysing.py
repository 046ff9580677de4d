"""How results are read: what counts as no gain, what a right answer is worth, what others measured.

None of it changes what is asked. The margin is the exception that must be set before: a run keeps the one that it
started with, so that nobody can choose it after having seen the curve.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.config.fields import Cap, Name, Positive, Real, Section

Share = Annotated[Real, Field(ge=0, le=1)]


class Analysis(Section):
    """What verdicts are given by."""

    margin: Annotated[Real, Field(gt=0, le=0.5)] = 0.02
    """Accuracy within which two conditions count as equal: "no more gains" means within it. Kept from the start."""
    value_usd: Cap | None = None
    """What a right answer is worth, in dollars: gives the budget that pays best."""
    usd_per_train_flop: Positive | None = None
    """Dollars per FLOP of training, such as 1.5e-18: sets training, paid once, against thinking, paid per query."""
    queries: Positive | None = None
    """Questions to be answered in all: what training is spread over."""


class Reference(Section):
    """A published result, drawn into figures: a point where tokens or dollars are known, else a line."""

    name: Name
    """What the figure calls it."""
    accuracy: Share
    """From 0 to 1."""
    tokens: Positive | None = None
    """Completion tokens a problem."""
    usd: Positive | None = None
    """Dollars a problem."""
