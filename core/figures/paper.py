"""A figure on paper: drawn by matplotlib as SVG, PDF or PNG, the same bytes each time. Knows no store and no terminal.

matplotlib is the extra `figures` and is imported only here, inside the functions that draw. Nothing is fetched: its own
font is drawn as outlines, so a picture looks the same everywhere. Names come from outside: none of them is parsed as
TeX, and what a reader could not see is spelt out.
"""

from __future__ import annotations

import textwrap
import warnings
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.figures.ticks import ends, ladder, scaled, tick_label
from core.interchange.fresh_file import fresh_binary_file
from core.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

    from core.figures.model import Axis, Colour, Figure, HeatMap, Point, Series

SUFFIXES = (".png", ".svg", ".pdf")
MISSING = "figures as .png, .svg and .pdf need matplotlib, which is not installed: pip install 'thinktop[figures]'"

COLOURS: dict[Colour, str] = {
    "sky": "#56B4E9",
    "orange": "#E69F00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "vermilion": "#D55E00",
    "blue": "#0072B2",
    "yellow": "#000000",
    "grey": "#666666",
}
"""Okabe and Ito 2008. Their black stands in for yellow, which is hard to see on white."""

_MARKERS = {
    "●": ("o", True), "■": ("s", True), "▲": ("^", True), "▼": ("v", True), "★": ("*", True), "○": ("o", False),
    "◆": ("D", True), "◇": ("D", False), "△": ("^", False), "▽": ("v", False), "☆": ("*", False), "□": ("s", False),
}  # fmt: skip
"""By the terminal's marker: matplotlib's, and whether it is filled."""

_TINTS = ("#F4F4F4", "#E9EEF4")
"""Regions take turns."""
_SETTINGS: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.linewidth": 0.6,
    "text.parse_math": False,
    "text.usetex": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "thinktop",
    "pdf.fonttype": 42,
    "path.simplify": False,
}
_METADATA: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": "thinktop"},
    "pdf": {"CreationDate": None, "Creator": "thinktop", "Producer": None},
    "png": {"Software": "thinktop"},
}
"""Nothing of when or where."""
_DOTS_PER_INCH = 200
_MOST_TICKS = 10, 8
"""Ticks across and upwards, at most."""
_HALF_A_MARKER = 0.015
"""As a share of an axis in percent."""
_NAME_LIMIT = 60
"""Characters of a name."""
_INSIDE = 6
"""Entries of a legend that fit between the axes; more stand beside them."""
_MOST_ROWS = 60
"""Names of a heat map's rows, at most."""
_ONE_AT_A_TIME = Lock()
"""matplotlib's settings belong to the whole process."""

Inches = tuple[float, float]


def svg_of(figure: Figure, width_in: float = 7, height_in: float = 4.3) -> str:
    """The figure as one SVG element with its XML head; it fetches nothing.

    Raises:
        UsageError: matplotlib is not installed.
    """
    return bytes_of(figure, "svg", (width_in, height_in)).decode()


def save(figure: Figure, path: Path, size: Inches = (7, 4.3), *, force: bool = False) -> None:
    """Write the figure to a new file, as its suffix says.

    Raises:
        UsageError: the suffix is none of `SUFFIXES`, matplotlib is not installed, something stands there already, or
            nothing can be written there.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"{visible_line(str(path), 200)}: a figure on paper is {', '.join(SUFFIXES)}")
    drawn = bytes_of(figure, suffix.removeprefix("."), size)
    with fresh_binary_file(path, force=force) as file:
        file.write(drawn)


def bytes_of(figure: Figure, kind: str, size: Inches = (7, 4.3)) -> bytes:
    """The figure as a file of this kind: `svg`, `pdf` or `png`.

    Raises:
        UsageError: matplotlib is not installed.
    """
    try:
        from matplotlib import rc_context, rcdefaults, rcParams  # noqa: PLC0415 - half a second, and an extra
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - as above
        from matplotlib.figure import Figure as Paper  # noqa: PLC0415 - as above
    except ImportError as error:
        raise UsageError(MISSING) from error
    written = BytesIO()
    with _ONE_AT_A_TIME, rc_context(), warnings.catch_warnings():
        # A letter that the font lacks becomes a box, in a name that nobody checked.
        warnings.simplefilter("ignore")
        # Nothing of what the user has set for other figures.
        rcdefaults()
        rcParams.update(_SETTINGS)
        sheet = Paper(figsize=size, layout="constrained")
        FigureCanvasAgg(sheet)
        _draw(figure, sheet, size)
        sheet.savefig(written, format=kind, dpi=_DOTS_PER_INCH, metadata=_METADATA[kind])
    return written.getvalue()


def _draw(figure: Figure, sheet: Sheet, size: Inches) -> None:
    axes = sheet.subplots()
    title = "\n".join(textwrap.wrap(visible_line(figure.title), round(size[0] * 12)))
    axes.set_title(title, fontsize=10, loc="left", pad=16 if figure.regions else 6)
    axes.set_xlabel(visible_line(figure.x.label))
    axes.set_ylabel(visible_line(figure.y.label))
    if figure.empty:
        why = "\n".join(textwrap.wrap(visible_line(" ".join(figure.notes) or "no samples yet"), round(size[0] * 9)))
        axes.text(0.5, 0.5, why, transform=axes.transAxes, ha="center", va="center", color=COLOURS["grey"])
        axes.set_xticks([])
        axes.set_yticks([])
    elif figure.heat is not None:
        _heat(figure.heat, sheet, axes, size)
    else:
        _chart(figure, sheet, axes)
    notes = [line for note in figure.notes for line in textwrap.wrap(visible_line(note), round(size[0] * 15))]
    if notes and not figure.empty:
        sheet.supxlabel("\n".join(notes), x=0.01, ha="left", fontsize=7.5)


def _chart(figure: Figure, sheet: Sheet, axes: Axes) -> None:
    for which, axis, most in (("x", figure.x, _MOST_TICKS[0]), ("y", figure.y, _MOST_TICKS[1])):
        _scale(axes, which, axis, most)
    for number, region in enumerate(figure.regions):
        axes.axvspan(region.low, region.high, color=_TINTS[number % 2], lw=0, zorder=0)
        middle = _middle(figure.x, max(region.low, figure.x.low), min(region.high, figure.x.high))
        _say(axes, middle, 1.01, region.name, transform=axes.get_xaxis_transform(), ha="center", va="bottom")
    for band in figure.bands:
        x, low, high = zip(*((edge.x, edge.low, edge.high) for edge in band.edges), strict=True)
        axes.fill_between(x, low, high, color="#BBBBBB", alpha=0.5, lw=0, zorder=1, label=visible_line(band.name))
    for depth, series in enumerate(reversed(figure.series)):
        _series(axes, series, zorder=3 + depth)
    for one in figure.references:
        _reference(axes, one.name, one.x, one.y)
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        # Read in the order of the series, which are drawn from the last to the first.
        count = len(figure.bands)
        order = [*range(len(handles) - 1, count - 1, -1), *range(count)] if count else range(len(handles) - 1, -1, -1)
        # What is called the same is said once.
        once = {labels[at]: handles[at] for at in reversed(order)}
        entries = list(once.values())[::-1], list(once)[::-1]
        if len(once) <= _INSIDE:
            axes.legend(*entries, fontsize=8, frameon=True, framealpha=0.8, edgecolor="none", loc="best")
        else:
            sheet.legend(*entries, fontsize=7, frameon=False, loc="outside right upper")
    axes.spines[["top", "right"]].set_visible(False)


def _scale(axes: Axes, which: str, axis: Axis, most: int) -> None:
    """The ends of an axis and its ticks, the same values as in a terminal."""
    low, high = ends(axis)
    shown = next((ticks for ticks in ladder(axis.scale, low, high) if len(ticks) <= most), [])
    base = {"log2": 2.0, "log10": 10.0}.get(axis.scale)
    at = [base**tick if base else tick for tick in shown]
    scale, limit, ticks = (
        (axes.set_xscale, axes.set_xlim, axes.set_xticks)
        if which == "x"
        else (axes.set_yscale, axes.set_ylim, axes.set_yticks)
    )
    if base:
        scale("log", base=base)
    if axis.high > axis.low:
        # Room for a marker that stands at nothing or at all.
        room = _HALF_A_MARKER if axis.scale == "percent" else 0.0
        limit(axis.low - room, axis.high + room)
    ticks(at, [tick_label(tick, axis.scale, axis.unit) for tick in shown])
    ticks([], minor=True)


def _series(axes: Axes, series: Series, zorder: float) -> None:
    colour = COLOURS[series.colour]
    marker, filled = _MARKERS.get(series.marker, ("o", True))
    points = [point for point in series.points if point.marked]
    if series.line:
        axes.plot(
            [point.x for point in series.points],
            [point.y for point in series.points],
            color=colour,
            lw=1.1,
            ls="-" if series.marker else "--",
            zorder=zorder,
            label=None if series.marker else visible_line(series.name, _NAME_LIMIT),
        )
    if not series.marker:
        return
    for point in points:
        _intervals(axes, point, colour, zorder)
    axes.plot(
        [point.x for point in points],
        [point.y for point in points],
        marker=marker,
        ms=5.5,
        ls="none",
        color=colour,
        mfc=colour if filled else "white",
        zorder=zorder + 0.5,
        label=visible_line(series.name, _NAME_LIMIT),
    )


def _intervals(axes: Axes, point: Point, colour: str, zorder: float) -> None:
    """Whiskers thin, quartiles thick."""
    for low, high, width in ((point.low, point.high, 1.0), (point.q1, point.q3, 3.5)):
        if low is not None and high is not None:
            axes.plot([point.x] * 2, [low, high], color=colour, lw=width, alpha=0.8, zorder=zorder)
    if point.left is not None and point.right is not None:
        axes.plot([point.left, point.right], [point.y] * 2, color=colour, lw=1.0, alpha=0.8, zorder=zorder)


def _reference(axes: Axes, name: str, x: float | None, y: float | None) -> None:
    grey = COLOURS["grey"]
    if x is not None and y is not None:
        axes.plot([x], [y], marker="P", ms=6, ls="none", color=grey, zorder=2)
        axes.annotate(
            visible_line(name, _NAME_LIMIT), (x, y), (6, 2), textcoords="offset points", va="bottom", fontsize=7.5
        )
    elif y is not None:
        axes.axhline(y, color=grey, lw=0.8, ls=":", zorder=2)
        _say(axes, 0.995, y, name, transform=axes.get_yaxis_transform(), ha="right", va="bottom")
    elif x is not None:
        axes.axvline(x, color=grey, lw=0.8, ls=":", zorder=2)
        _say(axes, x, 0.98, f" {name}", transform=axes.get_xaxis_transform(), ha="left", va="top")


def _say(axes: Axes, x: float, y: float, words: str, **how: Any) -> None:
    axes.text(x, y, visible_line(words, _NAME_LIMIT), color=COLOURS["grey"], fontsize=7.5, **how)


def _middle(axis: Axis, low: float, high: float) -> float:
    """Half way between two values, as the axis counts."""
    half = (scaled(low, axis.scale) + scaled(high, axis.scale)) / 2
    return {"log2": 2.0, "log10": 10.0}[axis.scale] ** half if axis.scale in {"log2", "log10"} else half


def _heat(heat: HeatMap, sheet: Sheet, axes: Axes, size: Inches) -> None:
    """Dark is never right, bright always; cells without a sample stay white."""
    shares = [[float("nan") if share is None else share for share in row] for row in heat.shares]
    image = axes.imshow(shares, cmap="cividis", vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    axes.set_xticks(range(len(heat.columns)), [visible_line(name, _NAME_LIMIT) for name in heat.columns])
    shown = list(_thinned(range(len(heat.rows)), _MOST_ROWS))
    room = size[1] * 72 * 0.75 / max(len(shown), 1)
    axes.set_yticks(
        shown, [visible_line(heat.rows[at], _NAME_LIMIT) for at in shown], fontsize=min(max(room, 3.0), 8.0)
    )
    bar = sheet.colorbar(image, ax=axes, label="share right", pad=0.02)
    bar.set_ticks([0, 0.25, 0.5, 0.75, 1], labels=["0%", "25%", "50%", "75%", "100%"])


def _thinned(values: Sequence[int], most: int) -> Iterator[int]:
    every = -(-len(values) // most) or 1
    yield from values[::every]
