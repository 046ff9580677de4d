from __future__ import annotations

import subprocess
import sys

import pytest

from core.errors import UsageError
from core.problems import competition, read_problems


def test_the_generator_is_a_source(tmp_path):
    assert read_problems("builtin:competition", directory=tmp_path) == competition(30)
    assert read_problems("builtin:competition", directory=tmp_path, limit=5, seed=3) == competition(5, 3)


def test_names_of_fields_mean_nothing_to_the_generator(tmp_path):
    options = {"id_field": "id", "cluster_field": "contest", "question_field": "q", "answer_field": "a"}

    assert read_problems("builtin:competition", directory=tmp_path, **options) == competition(30)


@pytest.mark.parametrize(("source", "options", "said"), [
    ("builtin:competitoin", {}, "did you mean 'builtin:competition'?"),
    ("builtin:competition", {"where": {"url": "2024"}}, "problems.where is for sources with fields"),
    ("builtin:competition", {"limit": 100_000}, "100,000 problems were asked for; it has 10,000"),
    ("builtin:competition", {"split": "test"}, "problems.split is for hf:// sources only"),
    ("aime.jsonl", {"revision": "main"}, "problems.revision is for hf:// sources only"),
    ("aime.jsonl", {"limit": 0}, "problems.limit: must be at least 1 (got 0)"),
    ("aime.xlsx", {}, "not a kind of file that is read; problems.source is one of .parquet, .jsonl, .ndjson, .csv"),
    ("aime", {}, "not a kind of file that is read"),
    ("", {}, "not a kind of file that is read"),
    ("hf://justaname", {}, "write hf://OWNER/NAME"),
    ("hf://a/b/c", {}, "write hf://OWNER/NAME"),
    ("hf://../b?x", {}, "write hf://OWNER/NAME"),
])  # fmt: skip
def test_a_source_that_cannot_be_meant_is_refused_in_one_line(tmp_path, source, options, said):
    with pytest.raises(UsageError) as caught:
        read_problems(source, directory=tmp_path, **options)

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_seed_does_not_change_what_is_read_from_a_file(tmp_path):
    (tmp_path / "a.csv").write_text("problem,answer\nx,1\ny,2\n")

    assert read_problems("a.csv", directory=tmp_path, seed=1) == read_problems("a.csv", directory=tmp_path, seed=2)


def test_importing_the_package_loads_nothing_heavy():
    code = "import core.problems, sys; print(*{'duckdb', 'huggingface_hub', 'numpy', 'httpx2'} & set(sys.modules))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip() == b""
