from __future__ import annotations

from decimal import Decimal

import pytest

from core.config import config_from_mapping
from core.config.schema import pico_below
from core.errors import UsageError
from core.vocabulary import Endpoint, Price

SERVER = """
[endpoints.own]
base_url = "http://localhost:8000/v1/"
timeout_s = 60
requests_per_minute = 500
tokens_per_minute = 2_000_000.5
token_cap_field = "max_tokens"
stream = true
errors_billed = true
max_concurrency = 8
headers = { X-Team = "evals" }
organization = "org"
project = "proj"
proxy = "socks5://localhost:1080"
"""


def test_an_endpoint_becomes_the_record_that_every_layer_speaks(load, smallest):
    assert load(smallest + SERVER).endpoint("own") == Endpoint(
        name="own",
        base_url="http://localhost:8000/v1/",
        timeout_s=60.0,
        requests_per_minute=500.0,
        tokens_per_minute=2_000_000.5,
        max_concurrency=8,
        token_cap_field="max_tokens",
        stream=True,
        errors_billed=True,
        headers=(("X-Team", "evals"),),
        organization="org",
        project="proj",
        proxy="socks5://localhost:1080",
    )


def test_the_simulator_is_always_there(load, smallest):
    config = load(smallest, "models.0.endpoint=simulator")
    assert config.simulated
    assert config.endpoint("simulator") == Endpoint(name="simulator", base_url=None)


def test_the_simulators_pace_can_be_set_like_any_endpoints(load, smallest):
    config = load(smallest + "[endpoints.simulator]\nmax_concurrency = 3\n")
    assert config.endpoint("simulator") == Endpoint(name="simulator", base_url=None, max_concurrency=3)


@pytest.mark.parametrize("key", ['base_url = "http://localhost"', 'api_key_env = "KEY"'])
def test_the_simulator_can_have_no_address_and_no_key(refusal, smallest, key):
    assert "choose another name" in refusal(smallest + f"[endpoints.simulator]\n{key}\n")


def test_an_endpoint_needs_an_address(refusal, smallest):
    said = refusal(smallest + "[endpoints.own]\nstream = true\n")
    assert said == "config.toml:22: endpoints.own.base_url: is missing"


def test_an_endpoint_that_is_not_there_is_said_with_those_that_are(load, smallest):
    with pytest.raises(UsageError, match="did you mean `openai`"):
        load(smallest).endpoint("opnai")


def test_a_price_stays_exact(load, edit):
    config = load(
        edit(("token_cap = 4096", "token_cap = 4096\nprice = { input = 0.15, output = 12.0, cached_input = 1e-6 }"))
    )
    assert config.price_of(config.models[0]) == Price(input="0.15", output="12", cached_input="0.000001")


def test_no_price_leaves_it_to_the_price_list(load):
    config = load()
    assert config.price_of(config.models[0]) is None


@pytest.mark.parametrize("price", ["{ input = 1 }", "{ output = 1 }", "{}", "{ per_hour = 1, output = 1 }",
                                   "{ input = -1, output = 1 }", "{ input = nan, output = 1 }",
                                   "{ input = 1e-13, output = 1 }", '{ input = "x", output = 1 }'])  # fmt: skip
def test_a_price_that_means_nothing_is_refused(refusal, edit, price):
    said = refusal(edit(("token_cap = 4096", f"token_cap = 4096\nprice = {price}")))
    assert said.startswith("config.toml:18: models.0.price")


@pytest.mark.parametrize(("dollars", "pico"), [("60", 60 * 10**12), ("0.1", 10**11), ("1e-12", 1),
                                               ("9223371.999999999999", 9_223_371_999_999_999_999)])  # fmt: skip
def test_a_cap_is_exact_in_picodollars(load, smallest, dollars, pico):
    assert load(smallest, f"run.cap_usd={dollars}").cap_pico == pico


def test_a_cap_rounds_down():
    assert pico_below(Decimal("0.0000000000019")) == 1


def test_without_a_cap_there_is_none(load):
    assert load().cap_pico is None


@pytest.mark.parametrize("cap", ["0", "-1", "inf", "nan", "1e400", "9223373", "true", "[]", "1.0000000000001", "ten"])
def test_a_cap_that_caps_nothing_is_refused(refusal, smallest, cap):
    said = refusal(smallest, f"run.cap_usd={cap}")
    assert said.startswith("--set run.cap_usd")
    assert "\n" not in said


def test_labels_are_names_by_default_and_unique(refusal, smallest):
    twice = smallest + '[[models]]\nname = "o1-mini"\nendpoint = "openai"\ntoken_cap = 100\n'
    assert (
        refusal(twice) == 'config.toml:22: models.1.label: "o1-mini" is taken by models.0; give each a label of its own'
    )


@pytest.mark.parametrize("models", ["models = []", ""])
def test_a_config_without_models_is_refused(refusal, smallest, models):
    text = models + "\n" + smallest[: smallest.index("[[models]]")]
    assert "models: " in refusal(text)


@pytest.mark.parametrize("text", ['"90s"', '"1.5m"', '"1h30m"', '"2d"', '"12 h"', "45", "1.5"])
def test_durations_are_seconds(load, edit, text):
    meant = {'"90s"': 90, '"1.5m"': 90, '"1h30m"': 5400, '"2d"': 172800, '"12 h"': 43200, "45": 45, "1.5": 1.5}
    assert load(edit(("[run]", f"[run]\ngive_up_after = {text}"))).run.give_up_after == meant[text]


@pytest.mark.parametrize("text", ['"0s"', '"-1h"', '"1w"', '"h"', '""', "0", "inf", "true", '"1h and more"'])
def test_what_is_no_duration_is_refused(refusal, edit, text):
    assert refusal(edit(("[run]", f"[run]\ngive_up_after = {text}"))).startswith("config.toml:2: run.give_up_after: ")


@pytest.mark.parametrize("name", ["", " x", "a/b", "a\\\\b", "-x", ".hidden", "42", "a\\nb", "\\u202e", "x" * 81])
def test_a_run_has_a_name_that_can_be_printed_and_typed(refusal, edit, name):
    said = refusal(edit(('name = "try"', f'name = "{name}"')))
    assert said.startswith("config.toml:2: run.name: ")
    assert said.isprintable()


@pytest.mark.parametrize(
    ("option", "kind", "good"),
    [
        ("range = [9, 0]", "integer", False),
        ("range = [0]", "integer", False),
        ("range = [0, 1.5]", "integer", False),
        ("range = [-5, 5]", "integer", True),
        ("range = [0, 9]", "exact", False),
        ("pattern = '('", "regex", False),
        ("pattern = ''", "regex", False),
        ("", "regex", False),
        ("pattern = 'x(.)'", "regex", True),
        ("pattern = 'x(.)'", "integer", False),
        ('choices = ["A", "A"]', "choice", False),
        ('choices = ["A", "B"]', "choice", True),
        ('choices = "ABCD"', "choice", True),
        ('choices = "abc"', "choice", False),
        ("", "judge", False),
        ('judge = { model = "m", endpoint = "openai" }', "judge", True),
        ('judge = { model = "m", endpoint = "opnai" }', "judge", False),
        ('judge = { model = "m", endpoint = "openai", prompt = "{problem}: {text}" }', "judge", True),
        ('judge = { model = "m", endpoint = "openai", prompt = "{problem}?" }', "judge", False),
        ('judge = { model = "m", endpoint = "openai" }', "integer", False),
    ],
)
def test_grading_options_fit_the_kind(load, edit, option, kind, good):
    text = edit(('kind = "integer"', f'kind = "{kind}"\n{option}'))
    if good:
        assert load(text).grading.kind == kind
    else:
        with pytest.raises(UsageError, match=": grading"):
            load(text)


@pytest.mark.parametrize(
    "endpoint",
    ['base_url = "ftp://host"', 'base_url = "api.openai.com"', 'base_url = "https://"', 'base_url = "http://[::1"',
     'base_url = "http://host:99999999/"', 'base_url = "https://ho st/"', "timeout_s = 0", "timeout_s = inf",
     "requests_per_minute = -1", 'headers = { "a b" = "x" }', 'headers = { a = "x\\ny" }', 'headers = { a = "é" }',
     'proxy = "localhost:80"', "stream = 1", 'token_cap_field = "tokens"', 'ca_bundle = "missing.pem"',
     "max_concurrency = 0"],
)  # fmt: skip
def test_an_endpoint_that_cannot_be_reached_as_written_is_refused(refusal, smallest, endpoint):
    base = "" if endpoint.startswith("base_url") else '\nbase_url = "http://localhost"'
    said = refusal(f"{smallest}[endpoints.own]\n{endpoint}{base}\n")
    assert said.startswith(f"config.toml:23: endpoints.own.{endpoint.split(' ')[0]}")


def test_a_bundle_of_certificates_is_found_beside_the_config(load, smallest, tmp_path):
    (tmp_path / "ca.pem").write_text("x")
    config = load(smallest, "endpoints.openai.ca_bundle=ca.pem")
    assert config.endpoint("openai").ca_bundle == str(tmp_path / "ca.pem")


@pytest.mark.parametrize("source", ["", "builtin:", "hf://x", "https://host/x.jsonl", "hf://a/b c"])
def test_a_source_that_is_none_is_refused(refusal, edit, source):
    assert refusal(edit(("builtin:competition", source))).startswith("config.toml:5: problems.source: ")


def test_a_revision_is_for_the_hub_only(refusal, edit):
    said = refusal(edit(("[problems]", '[problems]\nrevision = "main"')))
    assert said == 'config.toml:5: problems.revision: is for problems from "hf://OWNER/NAME" only'


@pytest.mark.parametrize(
    ("simulator", "place"),
    [
        ("speed = -1", "speed"),
        ("faults = { 429 = 1.5 }", "faults.429"),
        ("faults = { 429 = 0.6, 500 = 0.6 }", "faults"),
        ("faults = { resett = 0.6 }", "faults.resett"),
        ("faults = { outage = 0.6 }", "faults.outage"),
        ('schedule = [{ kind = "429" }]', "schedule.0"),
        ('schedule = [{ kind = "4290", at = 1 }]', "schedule.0.kind"),
        ('schedule = [{ kind = "outage", from_s = 5, to_s = 5 }]', "schedule.0.to_s"),
        ('ignore = ["efort"]', "ignore.0"),
        ("text_chars = 0", "text_chars"),
    ],
)
def test_a_simulator_that_cannot_be_is_refused(refusal, smallest, simulator, place):
    assert refusal(f"{smallest}[simulator]\n{simulator}\n").startswith(f"config.toml:23: simulator.{place}: ")


def test_what_the_simulator_takes_comes_as_plain_values(load, smallest):
    settings = load(
        smallest + '[simulator]\nspeed = 0\nfaults = { 429 = 0.5 }\nschedule = [{ kind = "reset", at = [1, 2] }]\n'
    ).simulator
    assert (settings.speed, settings.faults, settings.schedule[0].at) == (0.0, {"429": 0.5}, (1, 2))


def test_a_built_in_config_is_checked_like_a_file():
    with pytest.raises(UsageError) as refused:
        config_from_mapping({"run": {"name": "demo", "draws": 0}})
    assert "built-in config: run.draws: must be at least 1 (got 0)" in str(refused.value)


def test_a_checked_config_cannot_be_changed(load):
    config = load()
    with pytest.raises(ValueError, match="frozen"):
        config.run.draws = 3


def test_files_of_a_config_are_looked_for_beside_it(load, tmp_path):
    assert load().folder.resolve() == tmp_path.resolve()
