from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tui.wire.harmless import Harmless

BLACK = Color(0, 0, 0)


def shown(*segments: Segment) -> list[Segment]:
    return Harmless().apply(list(segments), BLACK)


def text(segments: list[Segment]) -> str:
    return "".join(segment.text for segment in segments)


def test_harmless_segments_stay_the_very_same() -> None:
    segments = [Segment("accuracy ─ 字", Style(bold=True)), Segment(" ", None)]
    assert Harmless().apply(segments, BLACK) is segments


def test_a_sequence_becomes_symbols_in_the_style_that_it_stood_in() -> None:
    assert shown(Segment("\x1b[2J", Style(bold=True)), Segment("    "))[0] == Segment("␛[2J", Style(bold=True))


def test_a_line_keeps_the_width_that_textual_counted() -> None:
    line = shown(Segment("a\u202eb"), Segment("cdefghijk"))
    assert text(line) == "a<U+202E>bc"
    assert Segment.get_line_length(line) == 11


def test_a_line_without_room_shows_nothing_rather_than_something_else() -> None:
    assert text(shown(Segment("\x1b\u200b"))) == ""


def test_a_control_segment_is_text() -> None:
    assert text(shown(Segment("\x1b[2J", None, [(2,)]), Segment("     "))).startswith("␛")


def test_an_address_is_taken_out_of_a_style() -> None:
    (segment,) = shown(Segment("here", Style(link="http://x\x1b[2J", bold=True)))
    assert segment.style == Style(bold=True)
