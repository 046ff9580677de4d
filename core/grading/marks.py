r"""Where a completion marks its answer: boxes, tags, stated answers, and what stands at its very end.

Owns the finding; what the marks say is the readers' business. Three strengths:

- *deliberate*: `\boxed{...}` (also `\fbox`, `boxed{` without its backslash) and `<answer>...</answer>`, anywhere;
- *stated*: `the final answer is ...`, `Answer: ...`, a heading `Final Answer` above a line of its own;
- *closing*: the last line itself, **bold** in it if its sentence ends, or a line all in bold among the last three.

The hard thing is to stay linear on hostile text. Boxes and tags are found from the end by `str.rfind`, at most `_MOST`
of them, each read at most `_LONGEST` characters far; everything else looks at the last `_TAIL` characters only. The
patterns use possessive or bounded repeats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACEHOLDER = re.compile(
    r"[\s.…_?]*|\\[lc]?dots|(?:(?:your|the|final|correct|numerical|integer|my)\s+)*"
    r"(?:answer|result|number|value)s?(?:\s+here)?",
    re.IGNORECASE,
)
"""What stands in a box or a tag where somebody only says how answers are to be marked."""

_TAIL = 65_536
_LONGEST = 4_000
_MOST = 64
_STATED_LENGTH = 400
_CLOSING_LINES = 3


class Form(Enum):
    """How an answer is marked, and so how its content is to be read."""

    DELIBERATE = "a box or a tag"
    STATED = "a sentence that goes on after its cue"
    ANNOUNCED = "a line of its own under its cue"
    BOLD = "bold, close to the end"
    LAST_LINE = "the last line"
    WHOLE = "the only line"


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked stretch of a text: `text[start:end]`, of which `content` is the answer's part."""

    form: Form
    content: str
    start: int
    end: int
    complete: bool = True
    """False where the content was longer than anything that is read."""


def deliberate(text: str) -> list[Mark]:
    """The boxes and tags of a text in order, innermost only; unclosed boxes are left out: they were cut off."""
    found = sorted([*_boxes(text), *_tags(text)], key=lambda mark: mark.start)
    return [
        mark
        for at, mark in enumerate(found)
        if at + 1 == len(found) or not (found[at + 1].start < mark.end and found[at + 1].end <= mark.end)
    ]


def _places(text: str, needle: str) -> Iterator[int]:
    """Where `needle` stands, from the end, `_MOST` times at most."""
    at = len(text)
    for _ in range(_MOST):
        at = text.rfind(needle, 0, at)
        if at < 0:
            return
        yield at


_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_OPENING = re.compile(r"[ \t\n]{0,8}\{")
_UNBRACED = re.compile(r"[ \t]{0,4}(-?\d{1,400})(?![\d,.]\d)")


def _boxes(text: str) -> Iterator[Mark]:
    # "\b" is a backspace where somebody's JSON was decoded once too often, hence "oxed"; see `_box_name`.
    for name in ("oxed", "\\fbox"):
        for at in _places(text, name):
            start = at if name != "oxed" else _box_name(text, at)
            if start is None:
                continue
            after = at + len(name)
            opening = _OPENING.match(text, after)
            if opening is not None:
                mark = _braced(text, start, opening.end())
            elif text[start] == "\\" and (digits := _UNBRACED.match(text, after)) is not None:
                mark = Mark(Form.DELIBERATE, digits[1], start, digits.end())
            else:
                mark = None
            if mark is not None:
                yield mark


def _box_name(text: str, at: int) -> int | None:
    before = text[at - 1 : at]
    if before == "\b":
        return at - 1
    if before != "b":
        return None
    return at - 2 if text[at - 2 : at - 1] == "\\" else at - 1


def _braced(text: str, start: int, inside: int) -> Mark | None:
    depth = 1
    limit = inside + _LONGEST
    for brace in _BRACES.finditer(text, inside, limit):
        depth += {"{": 1, "}": -1}.get(brace.group(), 0)
        if depth == 0:
            return Mark(Form.DELIBERATE, text[inside : brace.start()], start, brace.end())
    return (
        None if limit >= len(text) else Mark(Form.DELIBERATE, text[inside : inside + 80], start, limit, complete=False)
    )


def _tags(text: str) -> Iterator[Mark]:
    for name in ("answer", "Answer", "ANSWER"):
        for at in _places(text, f"<{name}>"):
            inside = at + len(name) + 2
            closing = text.find(f"</{name}>", inside, inside + _LONGEST)
            if closing >= 0:
                yield Mark(Form.DELIBERATE, text[inside:closing], at, closing + len(name) + 3)
            elif len(text) - inside <= _STATED_LENGTH:
                # `</answer>` is a common stop sequence: then it is not part of the text.
                yield Mark(Form.STATED, text[inside:], at, len(text))


_CUE = re.compile(
    r"""
    (?<![\w\\<])
    (?:
      (?: answers? | final[ ]result | (?:correct|right|best)[ ](?:option|choice) ) \b
      (?: [ ]{0,2}\([^()\n]{0,40}\) )?
      (?: [ ](?:to|for|of|in|as|we|that|here)\b [^.\n?!:=]{0,80}? | ,[^.\n?!:=]{1,60}, )?
      [*_`\ ]{0,6}
      (?:
        (?: is | are | was | equals | becomes | (?:should|must|would|will)[ ]be
          | (?:comes|works|turns)[ ]out[ ](?:to[ ]be|as) ) \b
        | [:\uff1a=\u2014\u2013\u2192\u21d2] | [-=]> | -(?=[ ])
      )
      | (?:\u6700\u7ec8|\u6b63\u786e)?\u7b54\u6848 [*_`\ ]{0,6} (?:\u662f|\u4e3a|[:\uff1a])[:\uff1a]?
      | (?: respuesta(?:[ ]final)? | r[e\u00e9]ponse(?:[ ]finale)? | antwort | risposta | resposta
          | \u043e\u0442\u0432\u0435\u0442 ) [*_`\ ]{0,6} :
      | (?<=final[ ]) answer [*_`\ ]{1,6} (?=[$\d])
      | (?<=final[ ]) answer (?=[*_`\ ]{0,6}\n)
      | (?: \A | (?<=[*_\n]) | (?<=\#[ ]) ) answer (?=[*_`\ ]{0,6}\n)
    )
    (?: [*_`:\ ]
      | \b(?:therefore|thus|hence|then|simply|just|indeed|still|again|now|exactly|precisely|clearly|actually|probably
          |likely|also|only|given[ ]by|equal[ ]to|the[ ](?:integer|number|value))\b,?
    )*+
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HYPOTHETICAL = re.compile(
    r"\b(?:if|whether|suppose|assum\w{1,4}|unless|until|might|could|may)\b[^.\n!?:]{0,30}$", re.IGNORECASE
)
_OPENERS = re.compile(r"(?:[ \t*_`>]|\$|\\[\[(])*+")
_LINE_OPENERS = re.compile(r"(?:[\s*_`>#$-]|\\[\[(])*+")
_BOX = re.compile(r"\\?boxed|\\fbox|\boxed|<answer>", re.IGNORECASE)


def stated(text: str) -> list[Mark]:
    """The stated answers in a text's tail, in order; each goes to the end of its line, the next cue or the next box."""
    tail = max(0, len(text) - _TAIL)
    cues = list(_CUE.finditer(text, tail))
    found = []
    for at, cue in enumerate(cues):
        if _HYPOTHETICAL.search(text, max(0, cue.start() - 60), cue.start()):
            continue
        form, begin = Form.STATED, cue.end()
        opened = _OPENERS.match(text, begin).end()  # type: ignore[union-attr] # matches the empty string too
        if text[opened : opened + 1] in {"", "\n", "\r"}:
            form = Form.ANNOUNCED
            begin = _LINE_OPENERS.match(text, opened).end()  # type: ignore[union-attr] # as above
            # The dash of a negative number is no bullet.
            begin -= text[begin - 1 : begin] == "-"
        end = min(_end_of_line(text, begin), begin + _STATED_LENGTH)
        if at + 1 < len(cues):
            end = max(begin, min(end, cues[at + 1].start()))
        if (box := _BOX.search(text, begin, end)) is not None:
            end = box.start()
        found.append(Mark(form, text[begin:end], cue.start(), end))
    return found


def _end_of_line(text: str, begin: int) -> int:
    end = text.find("\n", begin)
    return len(text) if end < 0 else end


_ONLY_MARKUP = re.compile(r"[\s*_`$#>\-\\\[\]()=|.{}\u25a0\u25a1\u220e]*+\Z")
_BOLD = re.compile(
    r"\*\*(?![\s*])([^*\n]{1,200})\*\*|__(?![\s_])([^_\n]{1,200})__|\\(?:text|math)bf\{([^{}\n]{1,200})\}"
)
_ENDS_A_SENTENCE = ".!)*_$]\u3002"
_ITEM = re.compile(r"[\s*_#>(]{0,12}(\d{1,3})[.):]")


def closing(text: str) -> list[Mark]:
    """What stands at the very end of a text: bold in its last lines, then its last line, in order."""
    tail = max(0, len(text) - _TAIL)
    lines = [
        (match.start(), match.group())
        for match in re.finditer(r"[^\n]+", text[tail:])
        if not _ONLY_MARKUP.match(match.group())
    ]
    if not lines:
        return []
    found = []
    cut_off = _goes_on_a_list([line for _, line in lines])
    for at, line in lines[-_CLOSING_LINES : len(lines) - cut_off]:
        for bold in _BOLD.finditer(line):
            content = bold[1] or bold[2] or bold[3]
            before, after = line[: bold.start()].strip("> \t"), line[bold.end() :].strip()
            alone = not before and after in {"", "."}
            finished = at == lines[-1][0] and (not after or after[-1] in _ENDS_A_SENTENCE)
            numbers_an_item = not before and not alone and content.rstrip()[-1:] in {".", ":", ")"}
            if alone or (finished and not numbers_an_item):
                found.append(Mark(Form.BOLD, content, tail + at + bold.start(), tail + at + bold.end()))
    start, last = lines[-1]
    if len(last) <= _STATED_LENGTH and not cut_off:
        form = Form.WHOLE if len(lines) == 1 and tail == 0 else Form.LAST_LINE
        # A bold stretch of the same line says the same thing, so the line goes first and the bold decides.
        found.append(Mark(form, last, tail + start, tail + start + len(last)))
    return sorted(found, key=lambda mark: mark.start)


def _goes_on_a_list(lines: list[str]) -> bool:
    """Whether the last line is a list's next number, cut off before its text: `1. ...`, `2. ...`, `3.`."""
    number = re.match(r"[\s*_#>(]{0,12}(\d{1,3})[.):*\s]*\Z", lines[-1])
    if number is None:
        return False
    before = str(int(number[1]) - 1)
    return any((item := _ITEM.match(line)) is not None and item[1] == before for line in lines[:-1])
