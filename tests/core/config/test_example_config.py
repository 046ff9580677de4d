from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from core.config import Config, load_config
from core.config.keys import keys_at

EXAMPLE = Path(__file__).parents[3] / "config.toml"


def test_it_is_the_sweep_that_was_published():
    config = load_config(EXAMPLE, environ={})
    model = config.models[0]
    assert (config.problems.source, config.problems.where) == ("hf://AI-MO/aimo-validation-aime", {"url": "2024"})
    assert model.thinking.budgets == tuple(2**exponent for exponent in range(4, 12))
    assert (config.problems.limit, config.run.draws, config.cap_pico) == (30, 1, 60 * 10**12)


def test_it_runs_without_a_key_on_the_simulator():
    assert load_config(EXAMPLE, overrides=["models.0.endpoint=simulator"], environ={}).simulated


def test_it_shows_every_key_of_its_tables():
    text = EXAMPLE.read_text()
    tables = [("run",), ("problems",), ("grading",), ("endpoints", "x"), ("models", 0), ("models", 0, "thinking"),
              ("simulator",), ("models", 0, "price"), ("analysis",), ("reference", 0)]  # fmt: skip
    hidden = {"ignore_case", "reads", "cached_input", "text_chars", "extra_body"}
    missing = {key for table in tables for key in keys_at(Config, table) if not re.search(rf"\b{key}\b", text)}
    assert missing <= hidden


NEEDS_MORE = r"# (pattern|choices|model|endpoint|style|prompt|system) ="
"""What goes with another kind, control or model, or with a file that is not there."""


def test_a_line_works_once_its_comment_mark_is_taken_off(tmp_path):
    lines = EXAMPLE.read_text().splitlines()
    offered = [at for at, line in enumerate(lines) if re.match(r"# [a-z_]+ = \S", line)]
    for at in offered:
        if not re.match(NEEDS_MORE, lines[at]):
            (tmp_path / "config.toml").write_text("\n".join([*lines[:at], lines[at][2:], *lines[at + 1 :]]))
            load_config(tmp_path / "config.toml", overrides=["models.0.name=any"], environ={})


def test_help_does_not_pay_for_the_config():
    code = "import sys, tui, core.errors, core.vocabulary; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=EXAMPLE.parent, check=False).returncode == 0
