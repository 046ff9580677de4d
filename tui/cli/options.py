"""What several commands share on the command line: which run, which config, which store, and the usual switches."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from core.store.place import Place

_A_RUN = "An id, a name, or a unique start of either"

NamedRun = Annotated[str, Parameter(name="RUN", help=f"{_A_RUN}.")]
NewestRun = Annotated[str | None, Parameter(name="RUN", help=f"{_A_RUN}; default: the newest.")]
LiveRun = Annotated[str | None, Parameter(name="RUN", help=f"{_A_RUN}; default: the only one at work.")]
Runs = Annotated[str, Parameter(name="RUN", help="Ids, names, or unique starts of either; default: the newest.")]

ConfigArgument = Annotated[Path | None, Parameter(name="CONFIG", help="The TOML file; default: config.toml.")]
SetOption = Annotated[
    list[str] | None,
    Parameter(name="--set", negative="", metavar="KEY=VALUE", help="Override the config; may be given again."),
]

StoreOption = Annotated[Path | None, Parameter(name="--store", help="The store; default: $THINKTOP_STORE or runs.db.")]
ConfigStoreOption = Annotated[
    Path | None, Parameter(name="--store", help="The store; default: $THINKTOP_STORE, else what the config says.")
]

JsonOption = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON, for scripts.")]
ForceOption = Annotated[bool, Parameter(name="--force", negative="", help="Replace the file if it is there.")]
YesOption = Annotated[bool, Parameter(name=["--yes", "-y"], negative="", help="Do not ask.")]


def place_of(store: Path | None, configured: str | None = None) -> Place:
    """The place of the store that a command means: --store, else $THINKTOP_STORE, else what its config says."""
    from core.store.place import Place  # noqa: PLC0415 - keeps `--help` fast

    return Place.at(store or os.environ.get("THINKTOP_STORE") or configured or "runs.db")
