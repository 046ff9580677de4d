"""Checks of the machine: Python, SQLite, the clock, and what ends a user's processes at logout.

The environment and the files that are looked at come in as arguments, so that each case can be tested.
"""

from __future__ import annotations

import platform
import re
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.doctor.finding import bad, good, note

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.doctor.finding import Finding

LEAST_PYTHON = 3, 11
WITHOUT_WAL_RESET_BUG = 3, 51, 3
"""The first SQLite without it (sqlite.org/wal.html, walresetbug)."""
LEAST_SQLITE = 3, 37
"""The first with STRICT tables."""
LEAST_YEAR = 2026
"""A clock that is before this program was written is wrong."""
LOGIND_FOLDERS = tuple(Path(root) / "systemd" for root in ("/usr/lib", "/run", "/etc"))
"""From the weakest to the strongest, as systemd reads them."""


def check_python() -> Finding:
    """Whether Python and the platform are ones that thinktop runs on."""
    version = platform.python_version()
    text = f"Python {version} on {platform.system()} {platform.machine()}"
    if sys.version_info < LEAST_PYTHON:
        return bad("python", text, "install Python 3.11 or later")
    if sys.platform not in ("linux", "darwin"):
        return note("python", text, "only Linux and macOS are tested")
    return good("python", text)


def check_sqlite(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> Finding:
    """Whether SQLite has what the store needs, and whether its WAL-reset bug is guarded against."""
    text = f"SQLite {'.'.join(map(str, version))}"
    if version < LEAST_SQLITE:
        return bad("sqlite", text, "use a Python with SQLite 3.37 or later (uv's and conda's have it)")
    if version < WITHOUT_WAL_RESET_BUG:
        return note(
            "sqlite",
            f"{text} has the WAL-reset bug; thinktop's own writers take turns, so it cannot strike them",
            "do not write to a store with other programs while a sampler runs",
        )
    return good("sqlite", text)


def check_clock(now: datetime | None = None) -> Finding:
    """Whether the clock can be right: times in the store, and certificates, depend on it."""
    moment = now or datetime.now(UTC)
    text = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
    if moment.year < LEAST_YEAR:
        return bad("clock", f"{text} cannot be", "set the clock: certificates will look invalid, and logs be wrong")
    return good("clock", text)


def check_logout(
    environ: Mapping[str, str],
    *,
    systemd: bool | None = None,
    files: Iterable[str] | None = None,
) -> Finding:
    """What ends a detached sampler when its user logs out, or its job ends.

    Args:
        environ: The environment.
        systemd: Whether systemd runs this machine; looked up if None.
        files: The texts of logind's configuration, the strongest last; read if None.
    """
    job = environ.get("SLURM_JOB_ID")
    if job:
        return note(
            "logout",
            f"inside Slurm job {job}, whose end ends every process in it, a detached sampler too",
            "give the sweep a job of its own: sbatch --time=24:00:00 --wrap 'thinktop run --headless'",
        )
    runs_systemd = Path("/run/systemd/system").is_dir() if systemd is None else systemd
    if runs_systemd and kills_at_logout(logind_files() if files is None else files):
        return note(
            "logout",
            "logind ends all processes of a user who logs out (KillUserProcesses=yes), a detached sampler too",
            "start it outside of the session: systemd-run --user --scope thinktop run --detach "
            "(once before: loginctl enable-linger)",
        )
    return good("logout", "a detached sampler goes on after logout")


def logind_files() -> list[str]:
    """The texts of logind's configuration, the strongest last."""
    mains = [folder / "logind.conf" for folder in LOGIND_FOLDERS]
    # Of drop-ins with the same name the strongest folder's is read; all of them go by name, whatever their folder.
    parts = {path.name: path for folder in LOGIND_FOLDERS for path in (folder / "logind.conf.d").glob("*.conf")}
    texts = []
    for path in [*mains, *(parts[name] for name in sorted(parts))]:
        try:
            texts.append(path.read_text("utf-8", "replace"))
        except OSError:
            continue
    return texts


def kills_at_logout(files: Iterable[str]) -> bool:
    """Whether logind's configuration has a user's processes ended at logout.

    Where nothing sets it, the main file says in a comment what was built in: `#KillUserProcesses=no`.
    """
    said, built_in = None, None
    for text in files:
        for comment, value in re.findall(r"^[ \t]*(#?)[ \t]*KillUserProcesses[ \t]*=[ \t]*(\w*)", text, re.MULTILINE):
            if comment:
                built_in = value
            else:
                said = value
    return (said or built_in or "no").lower() in ("yes", "true", "on", "1", "y", "t")
