"""The extra `data`: duckdb, loaded only when it is needed, and never let onto the network by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import UsageError

if TYPE_CHECKING:
    from types import ModuleType

OFFLINE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
"""Settings of every connection: it loads no extension, and so goes to no network."""


def missing_extra(source: str, error: ImportError) -> UsageError:
    """The error that says what to install for a source that needs the extra `data`."""
    return UsageError(
        f"{source}: needs {error.name or 'a package'}, which is not installed: pip install 'thinktop[data]'"
    )


def duckdb_for(source: str) -> ModuleType:
    """The module duckdb.

    Args:
        source: What it is needed for, to be named if it is not there.

    Raises:
        UsageError: it is not installed.
    """
    try:
        import duckdb  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise missing_extra(source, error) from error
    return duckdb
