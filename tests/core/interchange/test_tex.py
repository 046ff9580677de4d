import re

from core.interchange.tex_text import tex, tex_comment
from core.vocabulary import Problem

COMMANDS = {
    "begin", "end", "centering", "caption", "toprule", "midrule", "bottomrule", "pm", "times", "textbackslash",
    "textbraceleft", "textbraceright", "textasciicircum", "textasciitilde", "textless", "textgreater", "textbar",
    "char", "dots", "cdot", "hookleftarrow",
}  # fmt: skip
MEAN = r"\input{/etc/passwd} $x$ % & # _ ^ ~ { } \\ " + "\n\\end{table}"


def test_every_special_is_spelt():
    assert tex("50 % of $a_b$ & c#") == r"50 \% of \$a\_b\$ \& c\#"
    assert tex("\\{x}") == r"\textbackslash{}\textbraceleft{}x\textbraceright{}"
    assert tex("é ± \N{MULTIPLICATION SIGN}2") == r"é $\pm$ $\times$2"


def test_a_letter_that_latex_lacks_is_named_and_stops_nothing():
    assert tex("漢\U0001f600") == "U+6F22U+1F600"


def test_no_line_break_ends_a_comment():
    assert tex_comment("a\nb\r\\input{x}").count("\n") == 0


def test_a_table_holds_only_commands_of_ours_whatever_its_cells_say(book, report):
    run = book(problems=(Problem("p", "q", "1"),), labels=(MEAN,))
    run.keep("p", 100, 0, label=MEAN, right=True)

    lines = [line for line in report(run, form="tex").splitlines() if not line.startswith("%")]

    text = "\n".join(lines).replace("\\\\", "")
    assert set(re.findall(r"\\([A-Za-z]+)", text)) <= COMMANDS
    assert all(line.count("{") == line.count("}") for line in lines)
    assert len(re.findall(r"(?<!\\)%", text)) == 0


def test_each_row_has_a_cell_for_each_column(book, report):
    run = book(labels=("a & b",))
    run.keep("p1", 100, 0, label="a & b", right=True)

    text = report(run, form="tex")

    shape = re.search(r"tabular}{(\w+)}", text).group(1)
    rows = [line for line in text.splitlines() if line.endswith("\\\\")][:3]
    assert {len(re.findall(r"(?<!\\)&", row)) + 1 for row in rows} == {len(shape)}
    assert "% SIMULATED" in text
