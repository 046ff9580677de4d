"""The command line's door: `thinktop` is `main` here.

Lists the commands without importing any of them; what a command needs is imported when it is run.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tui.cli.listing import page

if TYPE_CHECKING:
    from collections.abc import Sequence

HELP = ("--help", "-h")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of one command line; by default, this process's."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if sys.platform == "win32":
        sys.stderr.write("thinktop: Windows is not supported, but WSL is: install it with `wsl --install`\n")
        return 2
    from tui.cli.failing import explained  # noqa: PLC0415 - each way needs little

    if given == ["help"] or (given and given[0] in HELP):
        return explained(_help, given)
    if given[:1] == ["--version"]:
        return explained(_version, given)
    return explained(_command, [*given[1:], HELP[0]] if given[:1] == ["help"] else given)


def _help(_: Sequence[str]) -> int:
    sys.stdout.write(page())
    return 0


def _version(_: Sequence[str]) -> int:
    from importlib.metadata import version  # noqa: PLC0415 - as above

    sys.stdout.write(f"thinktop {version('thinktop')}\n")
    return 0


def _command(given: Sequence[str]) -> int:
    from tui.cli.parsing import dispatch  # noqa: PLC0415 - as above

    return dispatch(given)
