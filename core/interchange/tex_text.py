"""Foreign text as LaTeX sets it, and nothing that LaTeX acts on."""

from __future__ import annotations

from core.visible import visible_line

# Braces by name, since BibTeX counts even escaped ones.
_ACTED_ON = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\char34{}",
    "±": r"$\pm$",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{MINUS SIGN}": "$-$",
    "\N{EN DASH}": "--",
    "…": r"\dots{}",
    "·": r"$\cdot$",
    "⏎": r"$\hookleftarrow$",
}
_LAST_OF_LATIN = 0x17F
"""Up to here LaTeX's own encoding has a letter; what is beyond stops pdflatex."""


def tex(text: str, limit: int | None = 500) -> str:
    """The text on one line, spelt so that LaTeX prints it and does nothing else."""
    return "".join(_ACTED_ON.get(one) or _printable(one) for one in visible_line(text, limit))


def tex_comment(text: str) -> str:
    """The text as a comment, which no line break can end."""
    return f"% {visible_line(text)}"


def _printable(one: str) -> str:
    return one if ord(one) <= _LAST_OF_LATIN else f"U+{ord(one):04X}"
