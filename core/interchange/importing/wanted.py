"""What a person asks of an import, and the runs that it comes to; the front door for the shell and for screens.

Nothing is written here: `keeping.keep` does that, with all of them or none.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.interchange.importing.conditions import in_order
from core.interchange.importing.facts import refuse
from core.interchange.importing.reading_again import read_again
from core.interchange.importing.recognise import read_file
from core.interchange.importing.together import together

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.grading import GradingSpec
    from core.interchange.importing.foreign import ForeignRun


@dataclass(frozen=True, slots=True)
class Wanted:
    """How files are to be imported."""

    mapping: dict[str, str] = field(default_factory=dict)
    """Our fields by the columns of the files."""
    name: str | None = None
    """The run's name; where there are several, they are told apart by numbers."""
    together: str | None = None
    """The name of the one run that all files make."""
    spec: GradingSpec | None = None
    """How answers are to be read again."""


def foreign_runs(paths: Sequence[Path], wanted: Wanted) -> list[ForeignRun]:
    """The runs in foreign files, understood to the end and read again where that is due.

    Raises:
        UsageError: one of the files is not understood, or what is wanted does not go together.
    """
    if wanted.name is not None and wanted.together is not None:
        raise UsageError("--together names the run already: leave out --name")
    runs = [run for path in paths for run in _read(path, wanted.mapping)]
    if wanted.together is not None:
        runs = [together(runs, wanted.together)]
    if wanted.name is not None:
        runs = [replace(run, name=wanted.name) for run in runs]
    if wanted.spec is not None and any(run.format == "bundle" for run in runs):
        raise UsageError("--grading: a bundle has its own grades; import it, then read it again with thinktop regrade")
    return [read_again(run if run.format == "bundle" else in_order(run), wanted.spec) for run in runs]


def _read(path: Path, mapping: dict[str, str]) -> tuple[ForeignRun, ...]:
    try:
        return read_file(path, mapping)
    except RecursionError:
        refuse(path.name, "is nested too deeply to be results")
    except OSError as error:  # of a disk, or a file that went away
        refuse(path.name, f"cannot be read ({error.strerror})")
    except MemoryError:
        refuse(path.name, "holds more than fits into the memory of this machine")


def grading_asked(words: Sequence[str]) -> GradingSpec | None:
    """How answers are to be read, from words such as `kind=integer` or only `integer`; None where there are none.

    Raises:
        UsageError: it is no way to read them, or asks a judge model, which an import does not pay.
    """
    if not words:
        return None
    from core.config import config_from_mapping  # noqa: PLC0415 - pydantic takes its time
    from core.planning import grading_of  # noqa: PLC0415 - imports the simulator's settings

    changes = [word if "=" in word else f"kind={word}" for word in words]
    config = {
        "run": {"name": "import"},
        "problems": {"source": "imported"},
        "grading": {},
        "models": [{"name": "imported", "endpoint": "simulator", "token_cap": 1}],
    }
    try:
        spec = grading_of(config_from_mapping(config, overrides=[f"grading.{change}" for change in changes]))
    except UsageError as error:
        raise UsageError(str(error).replace("--set grading.", "--grading ")) from None
    if spec.kind == "judge":
        raise UsageError("--grading kind=judge: an import pays no model; choose a kind that reads by itself")
    return spec
