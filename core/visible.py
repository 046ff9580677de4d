"""Hostile text made visible: what a terminal would obey, or hide from its reader, becomes symbols that can be read.

Text from models, data sets, servers and configs can carry escape sequences, reversed direction and characters of no
width. This is the one door to a screen. It knows nothing of screens: neither markup nor widths.

- C0 (but newline and tab; carriage return too) and DEL are shown as their control pictures: `␛`, `␍`, `␡`;
- C1, direction controls, line and paragraph separators, surrogates and whatever else has no shape of its own
  (zero-width space, soft hyphen, byte-order mark, tags, fillers, variation selectors) as code points: `<U+202E>`;
- all else as itself.

Four shapeless characters stay as they are, because honest text is spelt with them: the joiners U+200C and U+200D
(Persian, Indic scripts, emoji families) and the selectors of text or emoji style U+FE0E and U+FE0F. Arabic and Syriac
number marks are format characters too, but have a shape, so they stay.
"""

from __future__ import annotations

import re

ELLIPSIS = "…"
"""The last character of a text that was cut."""

_C0 = [code for code in range(0x20) if chr(code) not in "\n\t"]
_DEL = 0x7F

_SHAPELESS = (
    (0x80, 0x9F),  # C1: a terminal may take U+009B for ESC [
    (0xAD, 0xAD),  # soft hyphen
    (0x34F, 0x34F),  # combining grapheme joiner
    (0x61C, 0x61C),  # Arabic letter mark
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180F),  # Mongolian selectors and vowel separator
    (0x200B, 0x200B),  # zero-width space; the joiners that follow stay
    (0x200E, 0x200F),  # direction marks
    (0x2028, 0x202E),  # line and paragraph separators, embeddings and overrides
    (0x2060, 0x206F),  # word joiner, invisible operators, isolates, deprecated controls
    (0x3164, 0x3164),  # Hangul filler
    (0xD800, 0xDFFF),  # surrogates: no terminal encoding has them
    (0xFE00, 0xFE0D),  # variation selectors but those of text and emoji style
    (0xFEFF, 0xFEFF),  # byte-order mark
    (0xFFA0, 0xFFA0),  # half-width Hangul filler
    (0xFFF0, 0xFFFB),  # unassigned shapeless ones, interlinear annotation
    (0x13430, 0x1343F),  # Egyptian hieroglyph joiners
    (0x1BCA0, 0x1BCA3),  # shorthand format controls
    (0x1D173, 0x1D17A),  # musical beams and slurs
    (0xE0000, 0xE0FFF),  # tags and the other variation selectors: whole messages hide there
)

_SYMBOLS = {
    **{code: chr(0x2400 + code) for code in _C0},
    _DEL: "␡",
    **{code: f"<U+{code:04X}>" for first, last in _SHAPELESS for code in range(first, last + 1)},
}
_HOSTILE = re.compile(
    f"[{''.join(map(chr, [*_C0, _DEL]))}{''.join(f'{chr(first)}-{chr(last)}' for first, last in _SHAPELESS)}]"
)
_ONE_LINE = str.maketrans({"\n": "⏎", "\t": " "})


def visible(text: str, limit: int | None = None) -> str:
    """The text with everything a terminal would obey or hide turned into symbols; harmless text comes back as it is.

    Linear, and cut before it is looked at, so that a megabyte costs only what is shown of it.

    Args:
        text: From anywhere.
        limit: Characters to look at at most; a longer text is cut so that with its `…` it has that many before its
            hostile characters are spelt out.
    """
    kept = _cut(text, limit)
    # The search costs a tenth of the translation, and nearly all text needs no more.
    return kept.translate(_SYMBOLS) if _HOSTILE.search(kept) else kept


def visible_line(text: str, limit: int | None = None) -> str:
    """The same on a single line, for tables and messages: newlines as `⏎`, tabs as spaces."""
    return visible(_cut(text, limit).translate(_ONE_LINE))


def _cut(text: str, limit: int | None) -> str:
    if limit is None or len(text) <= limit:
        return text
    return text[: max(limit - 1, 0)] + ELLIPSIS
