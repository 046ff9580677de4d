"""Models of a config switched off and on again, in its text: off is commented out, line by line, with a mark.

The mark tells what was switched off from what is a comment, so that switching on gives the text back as it was, and a
config that is saved with a model off can have it on again. Lines keep their numbers.
"""

from __future__ import annotations

from core.config.document import values_of
from core.config.lines import places_of
from core.errors import UsageError

MARK = "#off "


def all_on(text: str) -> tuple[str, frozenset[int]]:
    """The text with all its models on, and the places of those that are off in it.

    Raises:
        UsageError: it is not TOML.
    """
    lines = text.split("\n")
    marked = {number for number, line in enumerate(lines, start=1) if line.startswith(MARK)}
    if marked:
        whole = "\n".join(line.removeprefix(MARK) for line in lines)
        try:
            values_of(whole, "config")
        except UsageError:
            marked = set()  # somebody mended by hand what was off: it is a comment now
        else:
            text = whole
    values_of(text, "config")
    found = places_of(text).lines
    off = {path[1] for path, line in found.items() if _is_model(path) and line in marked}
    return text, frozenset(place for place in off if isinstance(place, int))


def with_off(text: str, places: frozenset[int]) -> str:
    """The text, all models of which are on, with these off.

    Raises:
        UsageError: a model is written in a way that has to be edited by hand.
    """
    lines = text.split("\n")
    for place in places:
        first, last = _lines_of_model(text, place)
        lines[first - 1 : last] = [MARK + line for line in lines[first - 1 : last]]
    edited = "\n".join(lines)
    wanted = values_of(text, "config")
    wanted["models"] = [model for place, model in enumerate(wanted["models"]) if place not in places]
    if not wanted["models"]:
        del wanted["models"]
    try:
        found = values_of(edited, "config")
    except UsageError:
        found = {}
    if found != wanted:
        raise UsageError("models: are written in a way that cannot be switched off here; edit the text")
    return edited


def _lines_of_model(text: str, place: int) -> tuple[int, int]:
    """The first and the last line of what stands under a model's header and the headers below it."""
    own = [table for table in places_of(text).tables if table.path[:2] == ("models", place)]
    if not own:
        raise UsageError(f"models.{place}: is written in a way that cannot be switched off here; edit the text")
    return text.count("\n", 0, own[0].start) + 1, text.count("\n", 0, own[-1].end) + 1


def _is_model(path: tuple[str | int, ...]) -> bool:
    return len(path) == 2 and path[0] == "models" and isinstance(path[1], int)  # noqa: PLR2004 - `models` and its place
