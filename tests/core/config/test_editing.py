from __future__ import annotations

import pytest

from core.config.document import values_of
from core.config.editing import with_value, without
from core.errors import UsageError

TEXT = """\
# a sweep
[run]
name = "try"   # the same name is the same run
draws = 1      # per cell

[problems]   # where from
source = "builtin:competition"

[[models]]
name = "a"
thinking = { control = "prompt", budgets = [16] }
[[models]]
name = "b"
[models.thinking]
control = "prompt"
budgets = [
  16,  # least
  32,
]
# draws_at = {}
"""


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.split("\n"), after.split("\n")
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_a_value_changes_and_the_comment_behind_it_stays():
    after = with_value(TEXT, ("run", "draws"), 8)

    assert changed_lines(TEXT, after) == (["draws = 1      # per cell"], ["draws = 8      # per cell"])


def test_a_key_that_is_not_there_goes_behind_the_last_one_of_its_table():
    after = with_value(TEXT, ("run", "cap_usd"), 5)

    assert "draws = 1      # per cell\ncap_usd = 5\n\n[problems]" in after


def test_a_key_of_an_inline_table_goes_into_it():
    after = with_value(TEXT, ("models", 0, "thinking", "draws_at"), {16: 4})

    assert "budgets = [16], draws_at = { 16 = 4 } }" in after


def test_a_list_over_several_lines_is_replaced_as_a_whole():
    after = with_value(TEXT, ("models", 1, "thinking", "budgets"), [64])

    assert values_of(after, "")["models"][1]["thinking"]["budgets"] == [64]
    assert values_of(after, "")["models"][0] == values_of(TEXT, "")["models"][0]


def test_a_table_that_is_not_there_comes_at_the_end():
    assert with_value('[run]\nname = "a"', ("problems", "limit"), 3) == '[run]\nname = "a"\n\n[problems]\nlimit = 3\n'


def test_a_value_taken_out_leaves_the_rest_as_it_stands():
    after = without(TEXT, ("run", "draws"))

    assert changed_lines(TEXT, after) == (["draws = 1      # per cell"], [])
    assert without(after, ("run", "draws")) == after


@pytest.mark.parametrize("text", ['run = { name = "a", draws = 1 }', 'run.name = "a"\nrun.draws = 1'])
def test_other_ways_of_writing_are_changed_as_well(text):
    assert values_of(with_value(text, ("run", "draws"), 9), "") == {"run": {"name": "a", "draws": 9}}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('run = { name = "a", draws = 1 }', ("run", "draws")),
        ('[[models]]\nname = "a"', ("models", 0, "thinking", "budgets")),
    ],
)
def test_what_would_do_something_else_is_refused(text, path):
    with pytest.raises(UsageError, match="edit the text"):
        without(text, path) if path[0] == "run" else with_value(text, path, [16])
