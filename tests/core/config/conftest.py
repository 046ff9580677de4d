from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from core.config import Config, load_config
from core.errors import UsageError

SMALLEST = """\
[run]
name = "try"

[problems]
source = "builtin:competition"

[grading]
kind = "integer"

[endpoints.openai]
base_url = "https://api.openai.com/v1"
api_key_env = "OPENAI_API_KEY"

[[models]]
name = "o1-mini"
endpoint = "openai"
token_cap = 4096

[models.thinking]
control = "prompt"
budgets = [16, 32]
"""

Load = Callable[..., Config]
Refusal = Callable[..., str]


@pytest.fixture
def smallest() -> str:
    return SMALLEST


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Loads a TOML text as `config.toml`, without the environment of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)

    def load_text(text: str | bytes = SMALLEST, *overrides: str, environ: Mapping[str, str] | None = None) -> Config:
        Path("config.toml").write_bytes(text.encode() if isinstance(text, str) else text)
        return load_config(Path("config.toml"), overrides=overrides, environ=environ or {})

    return load_text


@pytest.fixture
def refusal(load: Load) -> Refusal:
    """The message with which a config is refused."""

    def message(text: str | bytes = SMALLEST, *overrides: str, environ: Mapping[str, str] | None = None) -> str:
        with pytest.raises(UsageError) as refused:
            load(text, *overrides, environ=environ)
        return str(refused.value)

    return message


def edited(*edits: tuple[str, str]) -> str:
    """The smallest config with some of its text replaced."""
    text = SMALLEST
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


@pytest.fixture
def edit() -> Callable[..., str]:
    return edited
