"""What xterm sends for a key. Pure."""

from __future__ import annotations

from string import ascii_lowercase

_ARROWS = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F"}
_OTHERS = {
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "delete": "\x1b[3~",
    "f1": "\x1bOP",
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "backspace": "\x7f",
    "space": " ",
    **{f"ctrl+{letter}": chr(place) for place, letter in enumerate(ascii_lowercase, start=1)},
}


def typed(key: str, *, application: bool) -> str:
    """What a key sends, by its name (`down`, `ctrl+c`, `enter`) or as its own character.

    Args:
        key: Its name.
        application: Whether the application cursor keys are on (?1).
    """
    if key in _ARROWS:
        return f"\x1b{'O' if application else '['}{_ARROWS[key]}"
    if key not in _OTHERS and len(key) != 1:
        raise ValueError(f"no key is called {key!r}")
    return _OTHERS.get(key, key)
