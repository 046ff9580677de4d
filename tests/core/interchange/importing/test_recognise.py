"""Whatever is in a file, it is read to the end or refused in one line: nothing else is ever raised."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import UsageError
from core.interchange.importing.keeping import keep
from core.interchange.importing.wanted import Wanted, foreign_runs
from core.store.opening import reading
from core.store.place import Place
from core.store.progress import run_rows

SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=8)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
OPTIONAL = ("epoch", "answer", "target", "output_tokens", "reasoning_tokens", "cost", "budget", "error", "text")
ROWS = st.fixed_dictionaries(
    {"id": st.sampled_from(["a", "b"]) | SCALARS, "graded": st.sampled_from(["C", "I", True, 0]) | SCALARS},
    optional=dict.fromkeys(OPTIONAL, ANYTHING),
)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(path):
    """The runs of a file, or None where it is refused in one line."""
    try:
        return foreign_runs([path], Wanted())
    except UsageError as error:
        if "\n" in str(error):
            raise AssertionError(str(error)) from error
        return None


@QUICK
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes(files, content):
    read(files.write("f", content))


@QUICK
@given(rows=st.lists(ROWS, min_size=1, max_size=4))
def test_any_rows(files, tmp_path, rows):
    runs = read(files.write("s.jsonl", "".join(json.dumps(row) + "\n" for row in rows)))
    if runs:
        place = Place.at(tmp_path / "runs.db")
        keep(place, runs)
        with reading(place) as db:
            assert all(row.state == "finished" for row in run_rows(db))


@QUICK
@given(data=st.data())
def test_any_value_in_the_place_of_another_in_a_log(files, data):
    log = files.header() | {"samples": [files.sample(), files.sample(epoch=2)]}
    where = log
    while True:
        key = data.draw(st.sampled_from(sorted(where) if isinstance(where, dict) else list(range(len(where)))))
        inner = where[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        where = inner
    where[key] = data.draw(ANYTHING)
    read(files.write("log.json", json.dumps(log)))


@pytest.mark.parametrize("depth", [100, 900, 990, 100_000])
def test_any_depth(files, depth):
    deep = "[" * depth + "]" * depth
    manifest = {"format": "thinktop bundle", "version": 1, "runs": [{"folder": ""}]}
    assert read(files.zip({"manifest.json": manifest, "run.json": deep.encode(), "config.json": deep.encode()})) is None
    read(files.write("s.jsonl", f'{{"id": "a", "graded": "C", "other": {deep}}}\n'))
    read(files.write("s.jsonl", f'{{"id": "a", "graded": {deep}}}\n'))


def test_a_member_may_be_anything(files):
    for member in (None, [], "x", 5, {"a": 1}, [[]], [{"id": "p"}]):
        assert read(files.zip({"header.json": member, "summaries.json": member})) is None
