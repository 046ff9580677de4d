"""All that a report says of one run by itself, read from the store in one go."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.store.imports import origin_of
from core.store.progress import config_of, warnings
from core.store.provenance import doubts, grader_of, outcomes, versions_of
from core.store.runs import load_run
from core.store.samples import copies, failures
from core.store.withheld import content_hash

if TYPE_CHECKING:
    import sqlite3

    from core.reading import ReadRun
    from core.status import Status
    from core.store.imports import Origin
    from core.store.progress import RunRow
    from core.store.runs import StoredRun
    from core.store.samples import AttemptRow, FailureRow


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a report says of one run."""

    status: Status
    stored: StoredRun
    config: dict[str, Any]
    read: ReadRun
    versions: dict[str, str]
    grader: str | None
    origin: Origin | None
    """Where an imported run comes from."""
    outcomes: dict[str, int]
    warnings: tuple[str, ...]
    failures: tuple[FailureRow, ...]
    doubts: tuple[AttemptRow, ...]
    copies: int
    """Texts that stand more than once in a cell."""

    @property
    def run(self) -> RunRow:
        """The run's own row."""
        return self.status.progress.run

    @property
    def fingerprint(self) -> str | None:
        """What tells whether two runs ask the same problems in whatever order; None where no question is kept."""
        hashes = [content_hash(problem.question) for problem in self.stored.plan.problems]
        if not hashes or None in hashes:
            return None
        return hashlib.sha256("\n".join(sorted(map(str, hashes))).encode()).hexdigest()[:16]


def facts_of(connection: sqlite3.Connection, status: Status, read: ReadRun) -> RunFacts:
    """What there is to say of a run that was read for its curve."""
    run_id = status.progress.run.id
    return RunFacts(
        status=status,
        stored=load_run(connection, run_id),
        config=config_of(connection, run_id),
        read=read,
        versions=versions_of(connection, run_id),
        grader=grader_of(connection, run_id),
        origin=origin_of(connection, run_id),
        outcomes=outcomes(connection, run_id),
        warnings=tuple(warnings(connection, run_id)),
        failures=tuple(failures(connection, run_id)),
        doubts=tuple(doubts(connection, run_id)),
        copies=copies(connection, run_id),
    )
