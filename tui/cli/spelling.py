"""Commands as a person would type them next: the run by its name, the store only where it is not found by itself."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from core.store.place import Place
from core.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence


def spelled(place: Place, *words: str) -> str:
    """`thinktop resume aime-2024`, with `--store PATH` where the store is another than the one meant by default."""
    return command([*words, *store_words(place)])


def command(words: Sequence[str]) -> str:
    """A command line that a shell reads back as these words."""
    return visible(shlex.join(["thinktop", *words]))


def store_words(place: Place) -> list[str]:
    """The option that names a store; nothing where a command finds it without."""
    found = Place.at(os.environ.get("THINKTOP_STORE") or "runs.db")
    return [] if found.path == place.path else ["--store", str(place.path)]
