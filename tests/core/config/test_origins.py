from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[run]", "[run]\ndraws = 0", "config.toml:2: run.draws: must be at least 1 (got 0)"),
        ("[run]", "[run]\ndrawz = 3", "config.toml:2: run: unknown key `drawz`; did you mean `draws`?"),
        ("[run]", "cap_usd = 3\n[run]", "config.toml:1: unknown key `cap_usd`; did you mean `run.cap_usd`?"),
        ("[run]", "[run]\ncap_usd = 0", "config.toml:2: run.cap_usd: must be above 0 (got 0)"),
        (
            "[run]",
            "[run]\ncap_usd = nan",
            ("config.toml:2: run.cap_usd: must be a finite amount, at most 9223372 dollars (got nan)"),
        ),
        ("[run]", "[run]\ndraws = 1.5", "config.toml:2: run.draws: must be a whole number (got 1.5)"),
        ("[run]", "[run]\ntags = 3", "config.toml:2: run.tags: must be a list (got 3)"),
        (
            "[run]",
            "[run]\ngive_up_after = '3 weeks'",
            (
                "config.toml:2: run.give_up_after: must be a duration such as "
                '"90s", "15m", "12h" or "2d" (got "3 weeks")'
            ),
        ),
        (
            "[run]",
            "[run]\non_unknown = 'retri'",
            ('config.toml:2: run.on_unknown: must be retry or skip (got "retri"); did you mean `retry`?'),
        ),
        ('name = "try"', "name = 3", "config.toml:2: run.name: must be text in quotes (got 3)"),
        ('name = "try"', "", "config.toml:1: run.name: is missing"),
        ('[run]\nname = "try"', "", "config.toml: run: is missing"),
        ('[run]\nname = "try"', "run = 3", "config.toml:1: run: must be a table (got 3)"),
        (
            'kind = "integer"',
            'kind = "integr"',
            (
                "config.toml:8: grading.kind: must be integer, math, choice, exact, "
                'regex or judge (got "integr"); did you mean `integer`?'
            ),
        ),
        (
            'endpoint = "openai"',
            'endpoint = "opnai"',
            ('config.toml:16: models.0.endpoint: "opnai" has no table [endpoints.opnai]; did you mean `openai`?'),
        ),
        (
            "[16, 32]",
            "[16,\n 'low']",
            ('config.toml:22: models.0.thinking.budgets.1: must be a number of tokens, at least 1 (got "low")'),
        ),
        (
            "[[models]]",
            "[models]",
            ("config.toml:14: models: must be an array of tables: write [[models]] above each model"),
        ),
    ],
)
def test_a_fault_is_one_line_with_place_key_and_what_would_do(refusal, edit, old, new, said):
    assert refusal(edit((old, new))) == said


def test_a_fault_of_the_command_line_is_said_of_the_option(refusal, smallest):
    assert refusal(smallest, "run.draws=0") == "--set run.draws=0: must be at least 1 (got 0)"


def test_a_fault_of_the_environment_is_said_of_the_variable(refusal, smallest):
    said = refusal(smallest, environ={"THINKTOP_RUN__DRAWS": "0"})
    assert said == "THINKTOP_RUN__DRAWS: must be at least 1 (got 0)"


def test_a_fault_inside_a_table_from_the_command_line_names_the_key_in_it(refusal, smallest):
    said = refusal(smallest, 'run={name="x", draws=0}')
    assert said == "--set run: draws: must be at least 1 (got 0)"


def test_a_fault_in_a_list_from_the_command_line_names_its_place(refusal, smallest):
    said = refusal(smallest, "models.0.thinking.budgets=[16, 16]")
    assert said == "--set models.0.thinking.budgets: budgets.1: stands there twice (got 16)"


def test_an_unknown_section_from_the_command_line_is_said_of_the_option(refusal, smallest):
    assert refusal(smallest, "rnu.draws=2") == "--set rnu.draws=2: unknown key `rnu`; did you mean `run`?"


def test_several_faults_come_a_line_each_in_the_order_of_the_file(refusal, edit):
    said = refusal("[simulator]\nspeed = -1\n" + edit(("[run]", "[run]\ndrawz = 3\nseed = -1")))
    assert [line.split(": ")[0] for line in said.splitlines()] == ["config.toml:2", "config.toml:4", "config.toml:5"]


def test_of_many_faults_only_the_first_few_are_said(refusal, edit):
    said = refusal(edit(("[run]", "[run]\n" + "".join(f"zz{number} = 1\n" for number in range(50)))))
    assert len(said.splitlines()) == 6
    assert said.endswith("... and 45 more")


def test_control_characters_in_keys_and_values_are_escaped(refusal, edit):
    said = refusal(edit(("[run]", '[run]\n"a\\u001b[31m" = 1\non_unknown = "\\u001b]0;x\\u202e"')))
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_a_huge_value_is_not_repeated_in_full(refusal, edit):
    said = refusal(edit(("[run]", f"[run]\ndraws = {'9' * 4000}\non_unknown = '{'x' * 9000}'")))
    assert len(said) < 400
