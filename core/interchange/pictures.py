"""The figures of a report, drawn: all that the runs have something to show in, with what is written below them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.figures.paper import svg_of
from core.figures.table import FIGURES, figure_of
from core.interchange.blocks import Picture

if TYPE_CHECKING:
    from core.analysis.study import Study

_OF_SEVERAL = ("compare", "trade")
"""Figures that say nothing of a single label."""


def pictures_of(study: Study) -> tuple[tuple[Picture, ...], str]:
    """The pictures, and why there are none: empty unless what draws them is not installed."""
    pictures = []
    for name in FIGURES:
        figure = figure_of(study, name)
        if figure.empty or (name in _OF_SEVERAL and len(study.labels) == 1):
            continue
        try:
            # The page sets title and notes itself, as text that can be read aloud, searched and copied.
            pictures.append(Picture(name, figure.title, svg_of(replace(figure, title="", notes=())), figure.notes))
        except UsageError as error:
            return (), str(error)
    return tuple(pictures), ""
