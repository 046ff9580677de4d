"""The errors that a person is meant to read; a type exists where some caller acts on it differently.

    ThinktopError              anything below: printed as one line, exit code 1
    ├── UsageError             the command line or the config is wrong: exit code 2
    ├── StoreError             the store cannot be used as it is
    ├── Refused                another sampler has this run: exit code 5
    └── EndpointError          a server cannot be used as configured

Each message says what happened, to what, and what to do next. Knows nothing of terminals or exit paths.
"""

from __future__ import annotations


class ThinktopError(Exception):
    """What went wrong and what to do about it, in words for a person; no traceback is shown for it."""

    exit_code = 1


class UsageError(ThinktopError):
    """The command line, the config or a problem file is wrong: mend it and try again; nothing was spent."""

    exit_code = 2


class StoreError(ThinktopError):
    """The store cannot be read or written as it is."""


class Refused(ThinktopError):  # noqa: N818 - the field's word: a start is refused, it did not err
    """Another sampler has this run; what was asked can be had once it is gone."""

    exit_code = 5


class EndpointError(ThinktopError):
    """A server cannot be used as configured: wrong address, wrong key, unknown model."""
