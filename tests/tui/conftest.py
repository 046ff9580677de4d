"""A small simulated sweep to run for real, by its config; and the same, run to its end once for all tests."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from core.store.opening import reading
from core.store.place import Place
from core.store.runs import run_named
from core.watching import status
from tui.commands import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONFIG = """
[run]
name = "sweep"
draws = 2
cap_usd = 60
max_concurrency = 8
[problems]
source = "builtin:competition"
limit = 3
[grading]
kind = "integer"
[[models]]
name = "o1-mini"
endpoint = "simulator"
token_cap = 8192
[models.thinking]
control = "prompt"
budgets = [16, 1024]
[simulator]
speed = 0
"""


@pytest.fixture
def sweep_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with the config of a small simulated sweep."""
    monkeypatch.chdir(tmp_path)
    for name in ("THINKTOP_STORE", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "config.toml").write_text(CONFIG)
    return tmp_path


@pytest.fixture
def real_endpoint(sweep_folder: Path) -> None:
    """The sweep's config on an endpoint `own`, where nobody listens and a key is wanted."""
    config = sweep_folder / "config.toml"
    text = config.read_text().replace('endpoint = "simulator"', 'endpoint = "own"')
    text = text.replace("token_cap = 8192", "token_cap = 8192\nprice = { input = 1, output = 2 }")
    config.write_text(
        f'{text}\n[endpoints.own]\nbase_url = "http://127.0.0.1:9/v1"\napi_key_env = "OWN_KEY"\ntimeout_s = 60\n'
    )


@pytest.fixture
def sweep_place(sweep_folder: Path) -> Place:
    return Place.at(sweep_folder / "runs.db")


@pytest.fixture(scope="session")
def worked_off(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the store of the sweep, run to its end once for all tests."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "config.toml").write_text(CONFIG)
    assert main(["run", str(folder / "config.toml"), "--headless", "--store", str(folder / "runs.db")]) == 0
    return folder


@pytest.fixture
def finished_sweep(sweep_folder: Path, worked_off: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The sweep, run to its end."""
    for file in worked_off.glob("runs.db*"):
        if file.is_file() and not file.name.endswith("-shm"):
            shutil.copy(file, sweep_folder)
    capsys.readouterr()


@pytest.fixture
def sweep_now(sweep_place: Place) -> Callable[[], dict[str, object]]:
    """How the sweep stands, as `status --json` says it."""

    def now() -> dict[str, object]:
        with reading(sweep_place) as db:
            run_id = run_named(db, "sweep")
            assert run_id is not None
            return dict(status(db, sweep_place, run_id).to_json())

    return now
