"""A new file that is there whole or not at all: written beside its place, then put there in one step.

Owns the refusal to replace what stands there already. Knows no format.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, BinaryIO, TextIO

from core.errors import UsageError
from core.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME_LIMIT = 200
"""Characters of a path that a message repeats."""


@contextmanager
def fresh_file(path: Path, *, force: bool = False) -> Iterator[TextIO]:
    """A text file to write; it appears at `path` once the body has ended well, and leaves no trace otherwise.

    Lone surrogates, which UTF-8 has no bytes for, are written as escapes.

    Args:
        path: Where it is to be.
        force: Whether a file that stands there is replaced.

    Raises:
        UsageError: something stands there, or nothing can be written there.
    """
    with fresh_binary_file(path, force=force) as binary:
        file = TextIOWrapper(binary, encoding="utf-8", errors="backslashreplace", newline="")
        try:
            yield file
        finally:
            file.detach()  # writes what it still holds, and leaves the closing to who opened it


@contextmanager
def fresh_binary_file(path: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """A file of bytes to write; it appears at `path` as a text file does.

    Args:
        path: Where it is to be.
        force: Whether a file that stands there is replaced.

    Raises:
        UsageError: something stands there, or nothing can be written there.
    """
    name = visible_line(str(path), _NAME_LIMIT)
    if path.is_dir():
        raise UsageError(f"{name}: is a folder; name a file in it")
    if path.exists() and not path.is_file():
        raise UsageError(f"{name}: is no ordinary file; name another")
    if path.exists() and not force:
        raise _there_already(name)
    part = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise UsageError(f"{name}: cannot be written ({error.strerror}); choose another place") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _put(part, path, name, force=force)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _put(part: Path, path: Path, name: str, *, force: bool) -> None:
    """Give the written file its name; without `force` in a way that cannot replace another's."""
    if force:
        part.replace(path)
        return
    try:
        os.link(part, path)
    except FileExistsError:
        raise _there_already(name) from None
    except OSError:  # a file system without hard links
        part.rename(path)


def _there_already(name: str) -> UsageError:
    return UsageError(f"{name}: is there already; choose another name, or replace it with --force")
