"""What several commands share on the command line: which store, which run, and `--json`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from core.store.place import Place

StoreOption = Annotated[Path | None, Parameter(name="--store", help="The store; default: $THINKTOP_STORE or runs.db.")]
RunArgument = Annotated[str | None, Parameter(help="An id, a name, or a unique start of either; default: the newest.")]
JsonOption = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON, for scripts.")]


def place_of(store: Path | None) -> Place:
    """The place of the store that a command means."""
    from core.store.place import Place  # noqa: PLC0415 - keeps `--help` fast

    return Place.at(store or os.environ.get("THINKTOP_STORE") or "runs.db")
