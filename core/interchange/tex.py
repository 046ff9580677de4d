"""A report's tables in LaTeX, for a paper: booktabs, with the findings as comments above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.interchange.blocks import Block, Heading, Items, Paragraph, Table
from core.interchange.tex_text import tex, tex_comment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

_WANTED = r"% needs \usepackage{booktabs}; wide tables fit in \begin{table*} or \resizebox{\linewidth}{!}{...}"


def write_tex(file: TextIO, blocks: Iterable[Block]) -> None:
    """Write the tables of results, and what was found in words; the method and the prompts are left to the paper."""
    file.write(f"{_WANTED}\n")
    for block in blocks:
        match block:
            case Heading(2, "Method"):
                return
            case Heading(_, text):
                file.write(f"\n{tex_comment(text)}\n")
            case Paragraph(text, tone, lead) if tone != "aside":
                file.write(f"{tex_comment(f'{lead}: {text}' if lead else text)}\n")
            case Items(items):
                file.writelines(f"{tex_comment(item)}\n" for item in items)
            case Table():
                file.write(f"\n{_table(block)}\n")
            case _:
                pass


def _table(table: Table) -> str:
    shape = "".join("r" if column.number else "l" for column in table.columns)
    lines = [
        r"\begin{table}",
        r"  \centering",
        rf"  \caption{{{tex(table.caption)}}}",
        rf"  \begin{{tabular}}{{{shape}}}",
        r"    \toprule",
        f"    {_row(column.name for column in table.columns)}",
        r"    \midrule",
        *(f"    {_row(row)}" for row in table.rows),
        r"    \bottomrule",
        r"  \end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    # A cell that starts with [ or * would be taken for an argument of the \\ before it.
    return " & ".join(f"{{}}{cell}" if cell.startswith(("[", "*")) else cell for cell in map(tex, cells)) + r" \\"
