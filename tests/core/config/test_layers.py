from __future__ import annotations

from decimal import Decimal

import pytest

from core.config.layers import merged, overrides_of, toml_value

CAP_5 = {"THINKTOP_RUN__CAP_USD": "5"}


def test_the_environment_beats_the_file(load, edit):
    assert load(edit(("[run]", "[run]\ncap_usd = 60")), environ=CAP_5).run.cap_usd == 5


def test_the_command_line_beats_the_environment(load, smallest):
    assert load(smallest, "run.cap_usd=7", environ=CAP_5).run.cap_usd == 7


def test_of_two_overrides_the_later_one_holds(load, smallest):
    assert load(smallest, "run.draws=2", "run.draws=3").run.draws == 3


def test_layers_meet_key_by_key(load, edit):
    config = load(edit(("[run]", "[run]\nseed = 1")), "run.draws=3", environ={"THINKTOP_RUN__NOTES": "n"})
    assert (config.run.seed, config.run.notes, config.run.draws) == (1, "n", 3)


def test_a_position_reaches_into_one_model(load, smallest):
    two = smallest + '[[models]]\nname = "other"\nendpoint = "openai"\ntoken_cap = 100\n'
    config = load(two, "models.1.token_cap=200", environ={"THINKTOP_MODELS__0__LABEL": "first"})
    assert [(model.label, model.token_cap) for model in config.models] == [("first", 4096), ("other", 200)]


def test_the_position_after_the_last_adds_a_model(load, smallest):
    config = load(smallest, 'models.1={name="b", endpoint="simulator", token_cap=9}', "models.1.label=c")
    assert [model.label for model in config.models] == ["o1-mini", "c"]


def test_a_position_beyond_that_is_refused(refusal, smallest):
    said = refusal(smallest, "models.5.token_cap=200")
    assert said == "--set models.5.token_cap=200: there is no models.5; its tables are numbered from 0"


@pytest.mark.parametrize("key", ["models.0.thinking.budgets.0", "run.name.x"])
def test_a_key_inside_what_is_no_table_is_refused(refusal, smallest, key):
    whole = key.rpartition(".")[0]
    said = refusal(smallest, f"{key}=64")
    assert said == f"--set {key}=64: {whole} is no table, and has no keys to set; set {whole} as a whole"


def test_a_table_given_as_a_whole_replaces_the_one_below(load, edit):
    text = edit(("token_cap = 4096", "token_cap = 4096\nprice = { input = 1, output = 2 }"))
    price = load(text, "models.0.price={per_hour=2}").models[0].price
    assert (price.input, price.per_hour) == (None, 2)


def test_all_models_given_as_a_whole_replace_those_below(load, smallest):
    config = load(smallest, 'models=[{name="a", endpoint="simulator", token_cap=1}]', "models.0.token_cap=2")
    assert [(model.name, model.token_cap) for model in config.models] == [("a", 2)]


def test_a_variable_finds_an_endpoint_in_whatever_case_it_is_written(load, edit):
    text = edit(("[endpoints.openai]", "[endpoints.OpenAI]"), ('endpoint = "openai"', 'endpoint = "OpenAI"'))
    assert load(text, environ={"THINKTOP_ENDPOINTS__OPENAI__TIMEOUT_S": "9"}).endpoints["OpenAI"].timeout_s == 9


def test_a_variable_with_a_mistyped_section_is_not_passed_over(refusal, smallest):
    said = refusal(smallest, environ={"THINKTOP_RUM__CAP_USD": "5"})
    assert said == "THINKTOP_RUM__CAP_USD: names no key of a config; did you mean run?; unset it or mend its name"


def test_variables_of_others_are_none_of_the_configs(load, smallest):
    assert load(smallest, environ={"THINKTOP_STORE": "x.db", "RUN__DRAWS": "5"}).run.store == "runs.db"


@pytest.mark.parametrize(
    ("given", "meant"),
    [("3", 3), ("0.1", Decimal("0.1")), ("true", True), ("[1, 2]", [1, 2]), ("o1-mini", "o1-mini"), ('"3"', "3"),
     ("12h", "12h"), ("", ""), ("3\nb = 4", "3\nb = 4")],
)  # fmt: skip
def test_a_value_is_read_as_toml_or_as_it_stands(given, meant):
    assert toml_value(given) == meant


@pytest.mark.parametrize("name", ["true", "4o", "2024-11-22", "'quoted'"])
def test_text_from_a_shell_needs_no_quotes_where_text_is_wanted(load, smallest, name):
    assert load(smallest, f"run.name={name}").run.name == name.strip("'")


def test_a_key_may_be_quoted_as_in_toml(load, smallest):
    assert load(smallest, "problems.where.'a.b'=2024").problems.where == {"a.b": "2024"}


@pytest.mark.parametrize(
    "argument", ["run.draws", "=3", "run..draws=3", "a b=3", "run.draws\n[x]\ny=3", "a." * 5000 + "a=3"]
)
def test_what_is_no_assignment_is_refused_with_an_example(refusal, smallest, argument):
    said = refusal(smallest, argument)
    assert said.startswith("--set ")
    assert said.endswith("must be KEY=VALUE with a dotted key, such as run.cap_usd=5")
    assert "\n" not in said


def test_a_value_nested_beyond_sense_is_taken_as_text(refusal, smallest):
    assert "\n" not in refusal(smallest, "models.0.request.x=" + "[" * 200 + "]" * 200, "run.draws=" + "[" * 9000)


def test_a_layer_is_left_as_it_was_given():
    values = {"run": {"name": "demo"}, "models": [{"name": "m"}]}
    layers = overrides_of(["run={name='x'}", "run.draws=2", "models.0.label=l"])
    merged(values, [], layers)
    assert values == {"run": {"name": "demo"}, "models": [{"name": "m"}]}
    assert layers[0].value == {"name": "x"}
