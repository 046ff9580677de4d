from __future__ import annotations

from pathlib import Path

import pytest

from core.config.credentials import is_key_header, is_variable_name, leaks, url_leak

RANDOM = "q7Fz2LmX9vKb4TnR8wYc"
KEYS = [
    f"sk-{RANDOM}",
    f"sk-ant-api03-{RANDOM}",
    f"sk-or-v1-{RANDOM}",
    f"AIza{RANDOM}{RANDOM}",
    f"gsk_{RANDOM}",
    f"hf_{RANDOM}",
    f"xai-{RANDOM}",
    f"Bearer {RANDOM}",
    f"bearer  {RANDOM}",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    f"https://me:{RANDOM}@host/v1",
]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "place", ['[run]\nnotes = "use {} here"', "[run]\n# {}", '[run]\ntags = ["{}"]', '[run]\n"{}" = 1']
)
def test_a_key_anywhere_is_refused_by_place_and_never_repeated(refusal, edit, key, place):
    said = refusal(edit(("[run]", place.format(key))))
    assert said.startswith("config.toml:2: looks like a key")
    assert RANDOM not in said


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("argument", ["run.notes={}", "{}=1", "{}", "models.0.request={{x='{}'}}", "run.{}=2"])
def test_a_key_on_the_command_line_is_never_repeated(refusal, smallest, key, argument):
    assert RANDOM not in refusal(smallest, argument.format(key))


@pytest.mark.parametrize("key", KEYS)
def test_a_key_in_a_variable_is_refused_by_the_variables_name(refusal, smallest, key):
    said = refusal(smallest, environ={"THINKTOP_RUN__NOTES": key})
    assert said.startswith("THINKTOP_RUN__NOTES: looks like a key")
    assert RANDOM not in said


@pytest.mark.parametrize(
    "name", ["api_key", "apikey", "API-Key", "token", "authorization", "client_secret", "password"]
)
def test_a_random_value_under_a_telling_name_is_refused(refusal, smallest, name):
    said = refusal(smallest + f'[models.request]\nmetadata = {{ "{name}" = "{RANDOM}" }}\n')
    assert "looks like a key" in said
    assert RANDOM not in said


@pytest.mark.parametrize(
    "value", [RANDOM, f"sk-{RANDOM}", f"hf_{RANDOM}", "a3f9c0d1e2b34f56a7b8c9d0e1f2a3b4", "my key"]
)
def test_a_key_in_place_of_its_variables_name_is_refused(refusal, edit, value):
    said = refusal(edit(('"OPENAI_API_KEY"', f'"{value}"')))
    assert said.startswith("config.toml:12: ")
    assert value not in said


def test_a_key_under_its_own_name_is_told_where_keys_belong(refusal, smallest):
    said = refusal(smallest + '[endpoints.own]\nbase_url = "http://localhost"\napi_key = "abcd"\n')
    assert said == (
        "config.toml:24: endpoints.own: unknown key `api_key`; "
        "a config holds no keys: name the environment variable that has it in `api_key_env`"
    )


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "AZURE_OPENAI_API_KEY_2024_7F", "k", "_X1"])
def test_names_of_variables_are_taken_as_such(name):
    assert is_variable_name(name)


@pytest.mark.parametrize(
    "override",
    [
        "endpoints.openai.base_url=https://user@host/v1",
        "endpoints.openai.base_url=https://host/v1?api_key=abcd",
        "endpoints.openai.base_url=https://host/v1?key=abcd",
        "endpoints.openai.proxy=http://user:abcd@proxy:8080",
        "endpoints.openai.api_key=abcd",
        "endpoints.openai.headers.Authorization=abcd",
        "endpoints.openai.headers.x-api-key=abcd",
        'endpoints.openai={base_url="https://host?token=abcd"}',
    ],
)
def test_an_address_or_a_header_that_carries_a_key_is_refused_without_it(refusal, smallest, override):
    said = refusal(smallest, override)
    assert said.startswith("--set endpoints.openai")
    assert "abcd" not in said
    assert "user@" not in said


def test_a_key_in_the_file_of_a_prompt_is_refused(refusal, edit, tmp_path):
    Path(tmp_path, "ask.txt").write_text(f"{{problem}} {{budget}} sk-{RANDOM}")
    said = refusal(edit(("budgets", 'prompt = "file:ask.txt"\nbudgets')))
    assert said.startswith("config.toml:21: models.0.thinking.prompt: looks like a key")
    assert RANDOM not in said


@pytest.mark.parametrize(
    "data",
    [
        {"notes": "bearer of good news; task-oriented, risk-averse-and-so-on; hf://AI-MO/aimo-validation-aime"},
        {"token_cap": "max_completion_tokens", "eos_token": "<|endoftext|>", "token": "none"},
        {"password": "say friend and enter, 123 456"},
        {"base_url": "https://host/v1?api-version=2024-10-21"},
        {"revision": "0f3c1d9a7b5e4f6a8c2d1e0b9f8a7c6d5e4f3a2b"},
    ],
)
def test_honest_text_is_no_key(data):
    assert list(leaks(data)) == []


@pytest.mark.parametrize(("url", "leak"), [("https://h/v1?api-version=1", False), ("https://h/?sig=1", True),
                                           ("https://u@h/", True), ("https://h/a@b", False)])  # fmt: skip
def test_an_address_leaks_by_its_user_or_its_parameters(url, leak):
    assert (url_leak(url) is not None) is leak


@pytest.mark.parametrize(("name", "key"), [("Authorization", True), ("X-API-Key", True), ("api-key", True),
                                           ("Cookie", True), ("X-Team", False), ("HTTP-Referer", False)])  # fmt: skip
def test_headers_that_carry_credentials_are_known_by_name(name, key):
    assert is_key_header(name) is key
