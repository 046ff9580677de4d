from __future__ import annotations

import tomllib
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.config.spelling import document_of, toml_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = TEXTS | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.decimals(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)


def read(text: str) -> dict:
    return tomllib.loads(text, parse_float=Decimal)


@given(VALUES)
def test_a_value_is_read_back_as_it_was(value):
    assert read(f"it = {toml_of(value)}")["it"] == value


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_a_document_is_read_back_as_it_was(values):
    assert read(document_of(values)) == values


def test_a_document_has_headers_as_a_person_would_write_them():
    values = {"run": {"name": "a"}, "models": [{"name": "m", "price": {"input": 1}, "thinking": {"budgets": [16]}}]}

    assert document_of(values, inline=frozenset({"price"})) == (
        '[run]\nname = "a"\n\n[[models]]\nname = "m"\nprice = { input = 1 }\n\n[models.thinking]\nbudgets = [16]\n'
    )


def test_a_prompt_of_several_lines_stays_one():
    written = document_of({"models": [{"prompt": 'Solve "this":\n\n{problem}\n'}]})

    assert 'prompt = """\nSolve \\"this\\":\n\n{problem}\n"""' in written
    assert read(written)["models"][0]["prompt"] == 'Solve "this":\n\n{problem}\n'
