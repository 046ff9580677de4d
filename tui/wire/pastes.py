"""Pasted text as text alone. Knows the brackets that terminals put around a paste, and nothing of what is done with it.

Textual takes an escape character in a paste, and up to thirty characters behind it, for keys that somebody pressed:
text from a model that is pasted somewhere could answer a question. Most terminals keep escapes out of pastes; not all.
"""

from __future__ import annotations

_BEGINS, _ENDS = "\x1b[200~", "\x1b[201~"
_LONGEST_PART = len(_BEGINS) - 1
_ESCAPE = "␛"
"""As `core.visible` shows it."""


class Pastes:
    """What arrives, read by read, with escapes in pastes as symbols."""

    def __init__(self) -> None:
        self._inside = False
        self._behind = ""
        """The last that was handed on outside of a paste: a bracket may have begun there."""
        self._held = ""
        """The last that was not handed on inside of one: it may be part of the bracket that ends it."""

    def tamed(self, text: str) -> str:
        """What to hand on of what has arrived."""
        text, self._held = self._held + text, ""
        done: list[str] = []
        while text:
            part, text = self._pasted(text) if self._inside else self._typed(text)
            done.append(part)
        return "".join(done)

    def _typed(self, text: str) -> tuple[str, str]:
        """What comes up to and with the next opening bracket, and the rest."""
        known = self._behind + text
        at = known.find(_BEGINS)
        if at < 0:
            self._behind = known[-_LONGEST_PART:]
            return text, ""
        self._inside, self._behind = True, ""
        cut = at + len(_BEGINS) - (len(known) - len(text))
        return text[:cut], text[cut:]

    def _pasted(self, text: str) -> tuple[str, str]:
        """What comes up to and with the closing bracket, and the rest."""
        pasted, end, rest = text.partition(_ENDS)
        if end:
            self._inside = False
        else:
            held = next(size for size in range(_LONGEST_PART, -1, -1) if pasted.endswith(_ENDS[:size]))
            pasted, self._held = pasted[: len(pasted) - held], _ENDS[:held]
        return pasted.replace("\x1b", _ESCAPE) + end, rest
