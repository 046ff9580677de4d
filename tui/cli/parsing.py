"""The command line as cyclopts understands it: commands by where they are, imported only when they are called.

What it raises becomes a `UsageError` with the nearest thing that was probably meant.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from cyclopts import App, CycloptsError, MissingArgumentError, UnknownCommandError, UnusedCliTokensError

from core.errors import UsageError
from tui.cli.helping import AlignedHelp
from tui.cli.listing import ALONE, COMMANDS, names

if TYPE_CHECKING:
    from collections.abc import Sequence


def dispatch(arguments: Sequence[str]) -> int:
    """The exit code of the command that these arguments call.

    Raises:
        UsageError: there is no such command, or it takes no such arguments.
    """
    # Without a command's name it is the monitor that is meant.
    given = arguments if arguments and not arguments[0].startswith("-") else [ALONE, *arguments]
    try:
        code = application()(given, exit_on_error=False, print_error=False, verbose=False, result_action="return_value")
    except UnknownCommandError as error:
        raise UsageError(_unknown(str((error.unused_tokens or [""])[0]))) from None
    except UnusedCliTokensError as error:
        unused = " ".join(error.unused_tokens or [])
        if not error.command_chain and not unused.startswith("-"):
            raise UsageError(_unknown(unused.split(" ")[0])) from None
        raise UsageError(f"takes no {unused!r}; {_where_to_look(error)}") from None
    except MissingArgumentError as error:
        missing = "an argument" if error.argument is None else error.argument.name
        raise UsageError(f"{missing} is missing or lacks its value; {_where_to_look(error)}") from None
    except CycloptsError as error:
        words = str(error).strip().rstrip(".").replace(". Did you mean", "; did you mean")
        hint = "" if "did you mean" in words else f"; {_where_to_look(error)}"
        raise UsageError(f"{words[:1].lower()}{words[1:]}{hint}") from None
    return code if isinstance(code, int) else 0


def application() -> App:
    """The command line; nothing of a command is imported yet."""
    app = App(
        name="thinktop",
        version_flags=[],
        help_format="plaintext",
        help_formatter=AlignedHelp(),
        group_parameters="Options",
        suppress_keyboard_interrupt=False,
    )
    for group in COMMANDS.values():
        for command in group:
            usage = " ".join(filter(None, ["Usage: thinktop", command.name, command.takes, "[OPTIONS]"]))
            app.command(command.path, name=command.name, usage=usage, help_epilogue=f"Example: {command.example}")
    return app


def _unknown(word: str) -> str:
    meant = difflib.get_close_matches(word, names(), n=1)
    hint = f"did you mean `thinktop {meant[0]}`?" if meant else "`thinktop --help` lists the commands"
    return f"there is no command {word!r}; {hint}"


def _where_to_look(error: CycloptsError) -> str:
    command = " ".join(error.command_chain or [])
    return f"`thinktop {command} --help` lists what there is" if command else "`thinktop --help` lists what there is"
