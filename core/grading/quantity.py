r"""One integer out of the content of a mark, or why there is none.

Decisions, all in one place (a marked answer is `content`, as it stands between the marks):

- `1,024`, `1{,}024`, `1\,024`, `1 024` are 1024; `12, 13` and `1,2` are two numbers and refused.
- `(B) 204` is 204: contests print the option's letter before its value.
- `073` is 73, `+5` is 5, any dash before a number is a minus; digits of every script count.
- A unit or a word after the number is dropped (`204 ways`, `60^\circ`, `$5`, `3 cm^2`), and so is a percent sign: where
  integers are asked for, `25%` means 25. `204 \pmod{1000}` is 204.
- `\frac{408}{2}`, `408/2` and `204.0` reduce exactly and are read; `25/2` and `0.5` are "not an integer".
- Of `m + n = 100 + 104 = 204` the last part is the answer; of `204 = 12 \cdot 17` the first.
- `12 or 13`, `x = 3, y = 5` are several answers; nothing is computed (`2^{10}`, `3 + 4`, `5!`, `\pm 5` are not read).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.grading.notation import plain

_MOST_DIGITS = 1000
"""Longer numbers are not converted: Python refuses above 4,300 digits, and no range reaches that far."""

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:\.\d+(?!\d))?"
_QUANTITY = re.compile(
    rf"\s*(?P<sign>[-+]?)\s*(?:(?P<top>{_NUMBER})(?:\s*/\s*(?P<bottom>{_NUMBER}))?"
    rf"|\(\s*(?P<top_sign>[-+]?)(?P<boxed_top>{_NUMBER})\s*/\s*(?P<boxed_bottom>{_NUMBER})\s*\))",
    re.ASCII,
)
_PREFIX = re.compile(
    r"(?:(?:the|a|an|my|our|final|correct|answer|is|are|exactly|precisely|only|just|total|sum|value|integer|number|of"
    r"|therefore|thus|hence|so|then|equals?)\b[\s:,]*)*+",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s*(?:%|percent\b|degrees?\b|(?:st|nd|rd|th)\b|(?:cm|mm|km|dm|kg|ft|in|mi|hrs?|min)\b)", re.IGNORECASE
)
_POWER_OF_A_UNIT = re.compile(r"(?<=[a-z]{2}) ?\^ ?[23]\b|(?<=\bm) ?\^ ?[23]\b|(?<=[A-Za-z])[\u00b2\u00b3]")
_ANOTHER = re.compile(
    r"\s*(?:\bor\b|(?:,(?!\d{3}(?!\d))|[;&]|\band\b|\bto\b|\bthrough\b)\s*(?:\band\b|\bor\b)?\s*[-+(]?\s*\d)",
    re.IGNORECASE | re.ASCII,
)
_ANOTHER_NAME = re.compile(r"\s*(?:[,;&]|\band\b|\bor\b)\s*(?:(?:and|or)\s)?\s*[A-Za-z]\w?\s*$", re.IGNORECASE)
_CLAUSE = re.compile(r"\s*(?:$|[.,;:!)\]\"'\u201d](?!\d)|-+ (?=[A-Za-z]{2})|\((?=[^\d()]*(?:\)|$)))")
_WORD = re.compile(r"\s+(?P<word>[A-Za-z]{2,})\b")
_IN_BRACKETS = re.compile(r"^\s*[(\[]\s*([^()\[\]/]*?)\s*[)\]]\s*\.?\s*$")
_OPTION = re.compile(r"\s*\([A-E]\)\s*(?=\S)")
_BARE_REST = re.compile(r"[\sA-Za-z.,;:'()/%-]*\Z", re.ASCII)
_NOT_A_UNIT = re.compile(
    r"times|plus|minus|mod(?:ulo)?|over|divided|multiplied|more|less|fewer|greater|squared|cubed|factorial|choose|hundred"
    r"|thousand|[mbtr]*illion|percentage|if|unless|otherwise|when(?:ever)?|base|point",
    re.IGNORECASE,
)
_CLAUSE_BREAK = re.compile(
    r"[,;](?!\d{3})|\b(?:since|because|as|where|so|which|when|for|and|or|with|by|from|using|after|if)\b", re.IGNORECASE
)
_STATES = re.compile(r"\b(?:is|are|equals|be)\s+(?=[-+(\d])", re.IGNORECASE)
_HEDGES = re.compile(r"\b(?:if|when|where|such|for|not|since|because|as|let|suppose|between)\b|n't\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?=[\s*_\"')\]]|$)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a mark says: a value in its one canonical spelling, or in a note why it has none."""

    value: str | None
    note: str = ""


def excerpt(text: str, most: int = 40) -> str:
    """At most `most` characters of a text on one line, for a note."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most else line[: most - 1] + "…"


def read_bare(content: str, *, most_words: int = 30, introduced: bool = True) -> Reading | None:
    """The integer that the whole of `content` states, or why not; None where it is only words.

    Args:
        content: what stands between the marks.
        most_words: words allowed after the number; more make it a sentence and no answer.
        introduced: whether words such as `Total:` may come before it.
    """
    text = _OPTION.sub("", plain(content), count=1)
    if introduced:
        text = _PREFIX.sub("", text, count=1)
    head, *rest = text.split("=")
    if not rest:
        return _bare_part(text, text, most_words)
    if any(_ANOTHER.search(part) or _ANOTHER_NAME.search(part) for part in rest[:-1]):
        return Reading(None, f"several answers: {excerpt(text)}")
    last = _bare_part(rest[-1], text, most_words)
    if len(rest) == 1 and (last is None or last.note.startswith("cannot read")):
        return _bare_part(head, text, most_words) or last
    return last


def read_stated(content: str) -> Reading | None:
    """The integer that a sentence gives right after its cue (`the answer is ...`); None where it gives none.

    Only the first sentence counts, and not when it is a question.
    """
    sentence = _OPTION.sub("", plain(content), count=1)
    end = _SENTENCE_END.search(sentence)
    if end is not None:
        if end.group() == "?":
            return None
        sentence = sentence[: end.start()]
    parts = sentence.split("=")
    for part in parts[:-1]:
        # A clause that ends before the next `=` is the statement; the equation after it is about something else.
        if _CLAUSE_BREAK.search(part) and (found := _leading(part, sentence, equation_follows=True)) is not None:
            return found
    found = _leading(parts[-1], sentence, equation_follows=False)
    if found is None or found.note.startswith("cannot read"):
        head = _bare_part(parts[0], sentence, 0) if len(parts) == 2 else None  # noqa: PLR2004 - 204 = 12 * 17
        found = head or found
    return found or _closing_statement(sentence)


def _bare_part(part: str, whole: str, most_words: int) -> Reading | None:
    part = _IN_BRACKETS.sub(r"\1", part)
    unreadable = Reading(None, f"cannot read: {excerpt(whole)}")
    match = _QUANTITY.match(part)
    if match is None:
        return unreadable if any(map(str.isdigit, part)) else None
    rest = _after_units(part, match.end())
    if _ANOTHER.match(rest):
        return Reading(None, f"several answers: {excerpt(whole)}")
    words = rest.split()
    first = words[0].strip("().,;:").lower() if words else ""
    attached = rest[:1].isalpha() or rest[:1] in {"(", "-", "/", "'"}
    if (
        attached
        or len(words) > most_words
        or not _BARE_REST.match(rest)
        or len(first) == 1
        or _NOT_A_UNIT.fullmatch(first)
    ):
        return unreadable
    return _value(match)


def _leading(part: str, whole: str, *, equation_follows: bool) -> Reading | None:
    part = _IN_BRACKETS.sub(r"\1", part)
    match = _QUANTITY.match(part)
    if match is None:
        return None
    rest = _after_units(part, match.end())
    if _ANOTHER.match(rest) or (equation_follows and _ANOTHER_NAME.match(rest)):
        return Reading(None, f"several answers: {excerpt(whole)}")
    word = _WORD.match(rest)
    if _CLAUSE.match(rest) or (word is not None and not _NOT_A_UNIT.fullmatch(word["word"])):
        return _value(match)
    return Reading(None, f"cannot read: {excerpt(whole)}")


def _closing_statement(sentence: str) -> Reading | None:
    """`The number of ways is 204`, as a sentence that a cue announced."""
    stated = list(_STATES.finditer(sentence))
    if len(stated) != 1 or _HEDGES.search(sentence):
        return None
    return _bare_part(sentence[stated[0].end() :], sentence, 4)


def _after_units(part: str, end: int) -> str:
    rest = _POWER_OF_A_UNIT.sub("", part[end:])
    unit = _UNIT.match(rest)
    return rest if unit is None else rest[unit.end() :]


def _value(match: re.Match[str]) -> Reading:
    top, bottom = match["top"] or match["boxed_top"], match["bottom"] or match["boxed_bottom"]
    negative = (match["sign"] == "-") != (match["top_sign"] == "-")
    whole, _, decimals = top.replace(",", "").replace(" ", "").partition(".")
    whole = whole.lstrip("0") or "0"
    if len(whole) > _MOST_DIGITS or (bottom is not None and len(bottom) > _MOST_DIGITS):
        return Reading(None, f"out of range: {'-' if negative else ''}{whole[:20]}… ({len(whole):,} digits)")
    if decimals.strip("0") or (bottom is not None and "." in bottom):
        return Reading(None, f"not an integer: {excerpt(match.group())}")
    value = int(whole)
    if bottom is not None:
        divisor = int(bottom.replace(",", "").replace(" ", ""))
        if divisor == 0 or value % divisor:
            return Reading(None, f"not an integer: {excerpt(match.group())}")
        value //= divisor
    return Reading(str(-value if negative else value))
