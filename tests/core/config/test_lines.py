from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.lines import line_of, lines_of, places_of

DOCUMENT = '''\
# [run] in a comment = 1
title = """
[run]
draws = 3 "quoted" \\""" still text
"""
[run]
draws = 0
"odd key" = 'a = 1 # no comment'

[models.ignored]
a.b.c = 1
[[fruit]]
name = "apple"
[fruit.physical]
colour = "red"
[[fruit.varieties]]
name = "delicious"
[[fruit.varieties]]
name = "granny smith"
[[fruit]]
name = "banana"
price = { input = 1.5, output = [
    1,
    { deep = 2 },
] , "x.y" = 2}
[[fruit.varieties]]
name = "plantain"
[ spaced . "out" ]
when = 2024-01-01 10:00:00
last = '''  # the value follows
DOCUMENT += "''''two quotes'''''\nend = true\n"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("run",), 6),
        (("run", "draws"), 7),
        (("run", "odd key"), 8),
        (("models", "ignored", "a", "b", "c"), 11),
        (("fruit",), 12),
        (("fruit", 0, "name"), 13),
        (("fruit", 0, "physical", "colour"), 15),
        (("fruit", 0, "varieties", 0, "name"), 17),
        (("fruit", 0, "varieties", 1), 18),
        (("fruit", 0, "varieties", 1, "name"), 19),
        (("fruit", 1), 20),
        (("fruit", 1, "price", "input"), 22),
        (("fruit", 1, "price", "output", 0), 23),
        (("fruit", 1, "price", "output", 1, "deep"), 24),
        (("fruit", 1, "price", "x.y"), 25),
        (("fruit", 1, "varieties", 0, "name"), 27),
        (("spaced", "out", "when"), 29),
        (("spaced", "out", "last"), 30),
        (("spaced", "out", "end"), 31),
    ],
)
def test_every_spelling_of_a_key_is_found_on_its_line(path, line):
    tomllib.loads(DOCUMENT)
    assert lines_of(DOCUMENT)[path] == line


def test_a_key_that_is_not_written_has_the_line_of_its_table():
    lines = lines_of("[run]\nname = 'x'\n")
    assert line_of(lines, ("run", "draws")) == 1
    assert line_of(lines, ("problems", "source")) is None


def paths_of(value, path=()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        yield from paths_of(held, (*path, key))


def test_every_value_of_a_document_is_found():
    found = lines_of(DOCUMENT)
    assert set(paths_of(tomllib.loads(DOCUMENT))) - {()} == set(found)


KEYS = st.sampled_from(["a", "b", "a.b", '"x.y"', "'[c]'"])
VALUES = st.sampled_from(
    ["1", "'#'", '"""\nb = 1\n"""', "[1, [2,\n {a.b = 3}]]", "{ a = { b = [ {} ] }, 'c' = 2 }", "[]"]
)
LINES = st.one_of(
    st.builds("{} = {}".format, KEYS, VALUES),
    st.builds("[{}]".format, KEYS),
    st.builds("[[ {} ]] # b = 1".format, KEYS),
    st.just(""),
)


@given(st.lists(LINES, max_size=8).map("\n".join))
def test_whatever_is_valid_toml_is_walked_as_tomllib_reads_it(text):
    try:
        values = tomllib.loads(text)
    except ValueError:
        return
    assert set(paths_of(values)) - {()} == set(lines_of(text))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("run", "draws"), "0"),
        (("run", "odd key"), "'a = 1 # no comment'"),
        (("fruit", 1, "price", "output", 1, "deep"), "2"),
        (("spaced", "out", "when"), "2024-01-01 10:00:00"),
    ],
)
def test_a_value_stands_where_it_was_written(path, value):
    span = places_of(DOCUMENT).values[path]

    assert DOCUMENT[span.start : span.end] == value


def test_a_table_ends_behind_its_last_value():
    run = next(table for table in places_of(DOCUMENT).tables if table.path == ("run",))

    assert DOCUMENT[run.start : run.end] == "[run]\ndraws = 0\n\"odd key\" = 'a = 1 # no comment'"
