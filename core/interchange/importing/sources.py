"""A foreign file: opened, measured, hashed, and read in bounded pieces. Nothing of it ever reaches a disk.

A zip's own words on sizes are not believed: each member is read up to a bound, and all of them together up to another.
Only stored and deflated members are read: Python unpacks the other kinds without a bound.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from core.errors import UsageError
from core.interchange.importing.facts import parsed, refuse
from core.store.imports import SourceFile
from core.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST_FILE = 2 * 2**30
LARGEST_DOCUMENT = 512 * 2**20
"""Bytes of JSON that are parsed at once: a whole log, or one member of a zip."""
LARGEST_CONTENTS = 16 * 2**30
"""Bytes of all members of a zip together."""
ANY_CONTENTS = 256 * 2**20
"""Bytes of members that the smallest zip may have; then, so many for each byte of it."""
MOST_UNPACKED = 100
LONGEST_LINE = 128 * 2**20
MOST_MEMBERS = 1_000_000
MOST_ROWS = 10_000_000

_PIECE = 2**20
_NO_ZIP = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError, ValueError, RuntimeError)
"""What Python raises, beside its own error, of a zip whose numbers and names are nonsense."""


@dataclass(frozen=True, slots=True)
class Source:
    """A foreign file that was measured and hashed."""

    path: Path
    file: SourceFile
    state: os.stat_result
    """Of the file that was hashed."""

    @property
    def name(self) -> str:
        """Its own name, for messages."""
        return self.file.name

    @property
    def stem(self) -> str:
        """Its name without the suffix, which a run can be named for."""
        return self.path.name[: -len(self.path.suffix)] if self.path.suffix else self.path.name

    def head(self, size: int = 4096) -> bytes:
        """Its first bytes."""
        with self.path.open("rb") as file:
            return file.read(size)

    def document(self) -> Any:
        """What it holds as JSON.

        Raises:
            UsageError: it is too large to be parsed at once, or no JSON.
        """
        with self.path.open("rb") as file:
            data = file.read(LARGEST_DOCUMENT + 1)
        if len(data) > LARGEST_DOCUMENT:
            refuse(self.name, f"is more than {LARGEST_DOCUMENT // 2**20} MiB of one piece of JSON; use JSON lines")
        return parsed(data.removeprefix(b"\xef\xbb\xbf"), self.name)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Its lines that are not blank, with their numbers from 1."""
        with self.path.open("rb") as file:
            yield from bounded_lines(file, self.name)

    @contextmanager
    def archive(self) -> Iterator[Archive]:
        """It as a zip.

        Raises:
            UsageError: it is none that can be read.
        """
        try:
            archive = zipfile.ZipFile(self.path)
        except _NO_ZIP as error:
            refuse(self.name, f"is a zip that cannot be read: {error}")
        with archive:
            yield Archive(archive, self.name, min(LARGEST_CONTENTS, ANY_CONTENTS + MOST_UNPACKED * self.state.st_size))

    def check_unchanged(self) -> None:
        """Nothing, where the file is still the one that was measured and hashed.

        Raises:
            UsageError: it was written to, replaced or removed since.
        """
        now = self.path.stat()
        if _identity(now) != _identity(self.state):
            refuse(self.name, "was changed while it was read; import it when it is whole")


def open_source(path: Path) -> Source:
    """A foreign file, measured and hashed.

    Raises:
        UsageError: there is none, it is no ordinary file, it is empty or too large.
    """
    name = visible_line(path.name, 200)
    try:
        if not path.is_file():
            raise UsageError(f"{visible_line(str(path), 200)}: {_why_not(path)}")
        with path.open("rb") as file:
            state = os.fstat(file.fileno())
            if state.st_size > LARGEST_FILE:
                refuse(name, f"is larger than {LARGEST_FILE // 2**30} GiB")
            if not state.st_size:
                refuse(name, "is empty")
            digest = hashlib.sha256()
            while piece := file.read(_PIECE):
                digest.update(piece)
    except OSError as error:
        raise UsageError(f"{visible_line(str(path), 200)}: cannot be read ({error.strerror})") from error
    except ValueError as error:  # a NUL in its name
        raise UsageError(f"{visible_line(str(path), 200)}: {error}") from error
    return Source(path, SourceFile(name, digest.hexdigest()), state)


def _why_not(path: Path) -> str:
    """Why what a path names is not read."""
    if path.is_dir():
        return "is a folder; name the files in it"
    return "is no ordinary file; write what comes out of it to one" if path.exists() else "there is no such file"


def _identity(state: os.stat_result) -> tuple[int, int, int, int]:
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns


class Archive:
    """A zip whose members are read in bounded pieces."""

    def __init__(self, archive: zipfile.ZipFile, name: str, most: int) -> None:
        self._archive = archive
        self._name = name
        self._most = self._left = most
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            refuse(name, f"has more than {MOST_MEMBERS:,} members")
        self._members = {member.filename: member for member in members}

    @property
    def names(self) -> list[str]:
        """The names of its members; words in a file, never paths on this machine."""
        return list(self._members)

    def __contains__(self, member: object) -> bool:
        """Whether it has a member of that name."""
        return member in self._members

    def document(self, member: str) -> Any:
        """What a member holds as JSON.

        Raises:
            UsageError: it is not there, too large, damaged, or no JSON.
        """
        with self._open(member) as file:
            data = self._read(file, LARGEST_DOCUMENT, member)
        return parsed(data, f"{self._name}: {member}")

    def lines(self, member: str) -> Iterator[tuple[int, bytes]]:
        """The lines of a member that are not blank, with their numbers from 1."""
        with self._open(member) as file:
            for number, line in bounded_lines(file, f"{self._name}: {member}"):
                self._count(len(line), member)
                yield number, line

    @contextmanager
    def _open(self, member: str) -> Iterator[IO[bytes]]:
        found = self._members.get(member)
        where = f"{self._name}: {member}"
        if found is None:
            refuse(where, "is missing from the zip")
        if found.flag_bits & 1:
            refuse(where, "is encrypted")
        if found.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            refuse(where, "is packed in a way that is not read (only stored and deflated members are); pack it anew")
        try:
            with self._archive.open(found) as file:
                yield file
        except _NO_ZIP as error:
            refuse(where, f"is damaged: {error}")

    def _read(self, file: IO[bytes], most: int, member: str) -> bytes:
        pieces, size = [], 0
        while piece := file.read(_PIECE):
            size += len(piece)
            if size > most:
                refuse(f"{self._name}: {member}", f"holds more than {most // 2**20} MiB")
            self._count(len(piece), member)
            pieces.append(piece)
        return b"".join(pieces)

    def _count(self, size: int, member: str) -> None:
        self._left -= size
        if self._left < 0:
            refuse(
                f"{self._name}: {member}",
                f"the zip holds more than {self._most // 2**20:,} MiB, which is too much",
            )


def bounded_lines(file: IO[bytes], where: str) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not blank, with their numbers from 1.

    Raises:
        UsageError: one is too long, or there are too many.
    """
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            refuse(f"{where}: line {number}", f"is longer than {LONGEST_LINE // 2**20} MiB")
        if number > MOST_ROWS:
            refuse(where, f"has more than {MOST_ROWS:,} lines")
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if stripped := line.strip():
            yield number, stripped
