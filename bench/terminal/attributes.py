"""A terminal's line settings (termios) by name, and how two of them differ. Knows nothing of what is drawn."""

from __future__ import annotations

import termios
from dataclasses import dataclass

_FLAGS = (
    (0, ("BRKINT", "ICRNL", "IGNCR", "INLCR", "INPCK", "ISTRIP", "IXOFF", "IXON", "IUTF8")),
    (1, ("OPOST", "ONLCR")),
    (3, ("ECHO", "ECHOE", "ECHOK", "ECHONL", "ICANON", "IEXTEN", "ISIG", "NOFLSH", "TOSTOP")),
)
"""Of each of termios' words, what a command may switch and must switch back."""
_KEYS = ("VEOF", "VERASE", "VINTR", "VKILL", "VQUIT", "VSUSP", "VSTART", "VSTOP")


@dataclass(frozen=True, slots=True)
class Attributes:
    """How a terminal treats what is typed and what is written."""

    on: frozenset[str]
    """Names of the flags that are set: `ECHO`, `ICANON`, `ISIG` ..."""
    keys: tuple[object, ...]
    """The control characters: what interrupts, what ends ..."""

    @classmethod
    def of(cls, descriptor: int) -> Attributes:
        """The settings of an open terminal."""
        words = termios.tcgetattr(descriptor)
        on = {
            name
            for place, names in _FLAGS
            for name in names
            if (flag := getattr(termios, name, 0)) and words[place] & flag
        }
        return cls(frozenset(on), tuple(words[6][getattr(termios, name)] for name in _KEYS))

    def changed_to(self, now: Attributes) -> list[str]:
        """What is different now, a few words each."""
        found = [f"{name} left off" for name in sorted(self.on - now.on)]
        found += [f"{name} left on" for name in sorted(now.on - self.on)]
        return [*found, "control characters left changed"] if self.keys != now.keys else found
