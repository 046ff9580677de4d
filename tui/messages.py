"""What widgets and screens ask of the app, named for what a person wants."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class RunWanted(Message):
    """Somebody wants to see a run."""

    run_id: int


@dataclass
class PictureWanted(Message):
    """The screen wants to be read anew now, not at the next tick: something was asked of the store just now."""
