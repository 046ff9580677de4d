"""Figures on paper: each file is really of its kind, the same bytes each time, and nothing in a name is obeyed."""

from __future__ import annotations

import builtins
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from core.errors import UsageError
from core.figures.model import Axis, Band, Edge, Figure, HeatMap, Point, Reference, Region, Series
from core.figures.paper import bytes_of, save, svg_of

TIMES = "\N{MULTIPLICATION SIGN}"
HOSTILE = r"$\frac{1}{0}$ & <b>%_^{ " + "\x1b[2J\u202e --> 模型"
FIGURE = Figure(
    "accuracy",
    Axis("tokens", "log2", 200, 9000),
    Axis("accuracy", "percent", 0, 1),
    (
        Series(
            "asked", "●", "sky", (Point(300, 0.2, 0.1, 0.4), Point(4000, 1.0, 0.9, 1.0, q1=0.95, q3=1.0)), line=True
        ),
        Series("fit", "", "grey", (Point(300, 0.2), Point(4000, 0.9)), line=True),
    ),
    bands=(Band("band", (Edge(300, 0.1, 0.3), Edge(4000, 0.8, 1.0))),),
    regions=(Region("think", 300, 4000), Region("no gains", 4000, 9000)),
    references=(Reference("expert", None, 0.9), Reference("paper", 1000, 0.5), Reference("here", 2000, None)),
    notes=("still growing",),
)
HEAT = replace(
    FIGURE, series=(), heat=HeatMap(("p1", "p2"), ("low", "", "high"), ((1.0, None, 0.5), (0.0, None, 0.25)))
)
OVERRUN = replace(FIGURE, y=Axis("overrun", "log2", 0.5, 40, TIMES), x=Axis("dollars", "log10", 0.001, 20, "$"))


KINDS = {".png": (b"\x89PNG\r\n", b"IEND"), ".pdf": (b"%PDF-", b"%%EOF"), ".svg": (b"<?xml", b"</svg>")}


@pytest.mark.parametrize("suffix", KINDS)
def test_a_file_is_of_its_kind_and_the_same_each_time(tmp_path, suffix):
    begins, ends = KINDS[suffix]
    for figure in (FIGURE, HEAT):
        paths = [tmp_path / f"{number}{suffix}" for number in range(2)]
        for path in paths:
            save(figure, path, (3, 2), force=True)

        written = paths[0].read_bytes()
        assert written.startswith(begins)
        assert ends in written[-16:]
        assert written == paths[1].read_bytes()


def test_a_file_that_is_there_is_replaced_only_by_who_says_so(tmp_path):
    path = tmp_path / "f.svg"
    path.write_text("mine")

    with pytest.raises(UsageError, match="there already"):
        save(FIGURE, path)
    save(FIGURE, path, force=True)

    assert path.read_text().startswith("<?xml")


def test_another_suffix_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"\.png, \.svg, \.pdf"):
        save(FIGURE, tmp_path / "f.jpeg")


def test_a_picture_fetches_nothing_and_says_nothing_of_when_it_was_made():
    drawn = svg_of(FIGURE)

    root = ET.fromstring(drawn)
    links = [value for one in root.iter() for key, value in one.attrib.items() if key.endswith("href")]
    assert root.tag.endswith("svg")
    assert all(link.startswith("#") for link in links)
    assert "<dc:date>" not in drawn
    assert "font-face" not in drawn


def test_its_size_is_what_was_asked_for():
    root = ET.fromstring(svg_of(FIGURE, 5, 3))

    assert (root.get("width"), root.get("height")) == ("360pt", "216pt")


def test_ticks_are_powers_of_two_dollars_and_factors():
    powers, factors = svg_of(FIGURE), svg_of(OVERRUN)

    assert "<!-- 2¹⁰ -->" in powers
    assert "<!-- 80% -->" in powers
    assert f"<!-- {TIMES}8 -->" in factors
    assert "<!-- $0.01 -->" in factors


def test_regions_references_and_notes_are_named():
    drawn = svg_of(FIGURE)

    for words in ("think", "no gains", "expert", "paper", "still growing", "band", "fit"):
        assert f"<!-- {words} -->" in drawn


def test_what_looks_and_is_called_the_same_is_in_the_legend_once():
    twice = replace(FIGURE, series=(*FIGURE.series, FIGURE.series[1]))

    assert svg_of(twice).count("<!-- fit -->") == 1


def test_no_name_is_parsed_or_obeyed():
    series = tuple(replace(one, name=HOSTILE) for one in FIGURE.series)
    hostile = replace(
        FIGURE,
        title=HOSTILE,
        x=replace(FIGURE.x, label=HOSTILE),
        series=series,
        regions=(Region(HOSTILE, 300, 4000),),
        references=(Reference(HOSTILE, None, 0.5),),
        notes=(HOSTILE,),
    )
    for figure in (hostile, replace(HEAT, heat=replace(HEAT.heat, rows=(HOSTILE, "p2")))):
        drawn = svg_of(figure)

        ET.fromstring(drawn)
        assert not set(drawn) & {"\x1b", "\u202e"}


def test_a_dollar_is_a_dollar():
    drawn = svg_of(replace(FIGURE, notes=(), title="costs $x$"))

    assert "Oblique" not in drawn  # what a formula is set in


def test_a_figure_without_data_says_why():
    empty = replace(FIGURE, series=(), notes=())

    assert "<!-- no samples yet -->" in svg_of(empty)
    assert "<!-- unpriced -->" in svg_of(replace(empty, notes=("unpriced",)))


def test_the_settings_of_others_are_neither_used_nor_changed(monkeypatch):
    import matplotlib as mpl  # noqa: PLC0415 - half a second, which other tests do without

    plain = svg_of(FIGURE)
    monkeypatch.setitem(mpl.rcParams, "lines.linewidth", 9.0)
    monkeypatch.setitem(mpl.rcParams, "xtick.labelsize", 3.0)
    monkeypatch.setitem(mpl.rcParams, "font.size", 30.0)

    assert svg_of(FIGURE) == plain
    assert mpl.rcParams["font.size"] == 30.0


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    there = builtins.__import__

    def missing(name, *args, **kwargs):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return there(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)

    with pytest.raises(UsageError, match=r"thinktop\[figures\]"):
        bytes_of(FIGURE, "png")
