"""Where a store lives: its file, the folder beside it, and whether the file system under it can be trusted with money.

Owns paths and the refusal of network file systems, on which SQLite's write-ahead log loses data. Opens no database.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import StoreError, UsageError

NETWORK_FILE_SYSTEMS = frozenset(
    [
        "9p",
        "afpfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "fuse.ceph",
        "fuse.glusterfs",
        "fuse.sshfs",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "orangefs",
        "panfs",
        "pvfs2",
        "smb2",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
        "wekafs",
    ]
)
"""Types in /proc/self/mountinfo whose shared memory and locks are not those of one machine."""

ESCAPED = re.compile(r"\\([0-7]{3})")
"""How that table spells spaces, tabs, line ends and backslashes."""
MOUNTINFO = Path("/proc/self/mountinfo")


@dataclass(frozen=True, slots=True)
class Place:
    """A store's file and the folder beside it that holds locks and logs."""

    path: Path

    @classmethod
    def at(cls, path: str | Path) -> Place:
        """The place of a store named on a command line or in a config, resolved once."""
        text = str(path)
        if not text.strip() or "\0" in text:
            raise UsageError(f"the store's path {text!r} is not a path; give one such as runs.db")
        try:
            # Links are followed: two names of one store must not have two sets of locks.
            return cls(Path(os.path.realpath(Path(path).expanduser())))
        except RuntimeError as error:
            raise UsageError(f"the store's path {text}: {error}; give it in full") from error

    @property
    def folder(self) -> Path:
        """`runs.db.d`: locks and logs."""
        return self.path.with_name(self.path.name + ".d")

    @property
    def wal(self) -> Path:
        """`runs.db-wal`: what is committed and not yet in the file itself."""
        return self.path.with_name(self.path.name + "-wal")

    @property
    def turn_lock(self) -> Path:
        """Held for the few milliseconds of each write."""
        return self.folder / "turn.lock"

    def run_lock(self, run_id: int) -> Path:
        """Held by the one sampler of a run for as long as it lives."""
        return self.folder / f"run-{run_id}.lock"

    def run_log(self, run_id: int) -> Path:
        """Where a detached sampler's own messages go."""
        return self.folder / f"run-{run_id}.log"

    def identity(self) -> tuple[int, int] | None:
        """(device, inode) of the file that stands there now, None where none does."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def make_folder(self) -> None:
        """Make the folder for locks and logs, private to the user.

        Raises:
            StoreError: the folder cannot be made.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=False, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{self.folder}: cannot make this folder ({error.strerror}); "
                "choose a place that can be written with --store PATH"
            ) from error


def refuse_network_file_systems(place: Place, mountinfo: Path = MOUNTINFO) -> None:
    """Nothing, where the store is on a disk of this machine.

    Raises:
        StoreError: it is on a network file system.
    """
    try:
        table = mountinfo.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return  # no such table outside Linux
    kind = file_system_of(place.path.parent, table)
    if kind in NETWORK_FILE_SYSTEMS:
        raise StoreError(
            f"{place.path}: this is a network file system ({kind}), where SQLite's write-ahead log loses data; "
            f"use a disk of this machine: --store {Path(os.environ.get('TMPDIR', '/var/tmp')) / place.path.name}"  # noqa: S108 - a suggestion to a person, nothing is written there
        )


def file_system_of(folder: Path, mountinfo: str) -> str:
    """The type of the file system that holds a folder, from the text of /proc/self/mountinfo; '' if none is found."""
    target = os.path.realpath(folder)
    longest, kind = "", ""
    for line in mountinfo.split("\n"):
        left, found, right = line.partition(" - ")
        fields = left.split(" ")
        if not found or len(fields) < 5:  # noqa: PLR2004 - the mount point is field five of the table
            continue
        mount = ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4])
        inside = target == mount or target.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(longest):
            longest, kind = mount, right.split(" ", 1)[0]
    return kind
