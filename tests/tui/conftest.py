"""A small simulated sweep to run for real, by its config; and the same, run to its end once for all tests."""

from __future__ import annotations

import shutil
from dataclasses import replace
from math import log2
from typing import TYPE_CHECKING, Any

import pytest

from core.status import status_of
from core.store.opening import reading
from core.store.place import Place
from core.store.progress import ConditionRow, Progress, RunRow, Sums
from core.store.runs import run_named
from core.vocabulary import PICO
from core.watching import status
from tui.commands import main

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from core.status import Status
    from core.vocabulary import Budget

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
def real_endpoint_text(sweep_folder: Path) -> str:
    """The sweep's config on an endpoint `own`, where nobody listens and a key is wanted."""
    text = (sweep_folder / "config.toml").read_text().replace('endpoint = "simulator"', 'endpoint = "own"')
    text = text.replace("token_cap = 8192", "token_cap = 8192\nprice = { input = 1, output = 2 }")
    return f'{text}\n[endpoints.own]\nbase_url = "http://127.0.0.1:9/v1"\napi_key_env = "OWN_KEY"\ntimeout_s = 60\n'


@pytest.fixture
def real_endpoint(sweep_folder: Path, real_endpoint_text: str) -> None:
    """That config in place of the simulated one."""
    (sweep_folder / "config.toml").write_text(real_endpoint_text)


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


@pytest.fixture
def stands() -> Callable[..., Status]:
    """A maker of runs as they stand, without a store: a third done on eight budgets, unless said otherwise."""
    return _status


_RUN = RunRow(
    id=1, name="aime-2024", state="running", reason="", simulated=True, imported=False,
    created_at="2026-11-22T10:00:00.000Z",
    started_at="2026-11-22T10:00:00.000Z", ended_at=None, worked_s=134.2, paused=False, cap_pico=60 * PICO,
    cap_tokens=None, max_concurrency=64, attempts=748, retries=3, open_attempts=64, unknown_attempts=1,
    spent_pico=9_170_000_000_000, reserved_pico=25_170_000_000_000, unknown_pico=390_000_000_000, spent_tokens=743_900,
    reserved_tokens=2_000_000, unknown_tokens=33_000, pid=4711, host="here",
    sampler_started_at="2026-11-22T10:00:00.000Z", beat_at="2026-11-22T10:02:14.000Z", in_flight=64, slots=64,
    requests_per_s=12.4, tokens_per_s=41_000.0, busy_replies=14, waiting=None, waiting_since=None,
)  # fmt: skip


def _status(
    state: str = "running",
    *,
    alive: bool = True,
    kept: int = 640,
    failed: int = 0,
    planned: int = 1920,
    budgets: Sequence[Budget] = (16, 32, 64, 128, 256, 512, 1024, 2048),
    labels: Sequence[str] = ("o1-mini",),
    priced: bool = True,
    **run: Any,
) -> Status:
    pairs = [(label, budget) for label in labels for budget in budgets]

    def part(whole: int, at: int) -> int:
        return whole // len(pairs) + (at < whole % len(pairs))

    def row(at: int, label: str, budget: Budget) -> ConditionRow:
        samples, tokens = part(kept, at), 8 * budget if isinstance(budget, int) else 900
        sums = Sums(
            planned=part(planned, at), kept=samples, failed=part(failed, at), graded=samples, answered=samples,
            right=samples // 2, truncated=samples // 40, estimated=0, prompt_tokens=100 * samples,
            completion_tokens=tokens * samples, reasoning_tokens=None, log2_tokens=log2(tokens) * samples,
            billed_pico=tokens * 12_000_000 * samples if priced else 0, seconds=4.0 * samples,
        )  # fmt: skip
        octaves = ((round(16 * log2(tokens)), samples),) if samples else ()
        return ConditionRow(at + 1, label, label, "openai", "prompt", budget, 32768, priced, sums, octaves)

    conditions = tuple(row(at, label, budget) for at, (label, budget) in enumerate(pairs))
    return status_of(Progress(replace(_RUN, state=state, **run), conditions), sampler_alive=alive)
