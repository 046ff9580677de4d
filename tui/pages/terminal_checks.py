"""Checks of the terminal: size, colours, characters, and what lies between it and the person. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.doctor.finding import good, note

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.doctor.finding import Finding

LEAST_COLUMNS, LEAST_LINES = 80, 24


def check_terminal(
    environ: Mapping[str, str], *, isatty: bool, size: tuple[int, int], encoding: str
) -> Iterator[Finding]:
    """What can be seen here.

    Args:
        environ: The environment.
        isatty: Whether standard output is a terminal.
        size: Its columns and lines.
        encoding: Of standard output.
    """
    if not isatty:
        yield good("terminal", "none: output goes to a file or a pipe")
        return
    columns, lines = size
    text = f"{columns} x {lines}, TERM={environ.get('TERM', '')}"
    if environ.get("TERM", "dumb") in ("", "dumb"):
        yield note("terminal", text, "this terminal cannot draw screens; use `thinktop run --headless` and `status`")
    elif columns < LEAST_COLUMNS or lines < LEAST_LINES:
        yield note("terminal", text, f"make it {LEAST_COLUMNS} x {LEAST_LINES} or larger to see whole screens")
    else:
        yield good("terminal", text)
    if encoding.lower().replace("-", "") == "utf8":
        yield good("characters", "UTF-8")
    else:
        yield note("characters", encoding, "set a UTF-8 locale, for example: export LC_ALL=C.UTF-8")
    yield _colours(environ)
    between = [name for name, variable in (("tmux", "TMUX"), ("screen", "STY"), ("ssh", "SSH_CONNECTION"))
               if environ.get(variable)]  # fmt: skip
    if between:
        yield good("connection", f"through {' and '.join(between)}; a detached sampler does not depend on it")


def _colours(environ: Mapping[str, str]) -> Finding:
    if environ.get("NO_COLOR"):
        return good("colours", "none, as NO_COLOR asks")
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return good("colours", "all of them")
    if "256color" in environ.get("TERM", ""):
        return good("colours", "256")
    return note("colours", "few", "figures tell series apart by their markers; TERM=xterm-256color may know more")
