from __future__ import annotations

import pytest

from core.config import config_from_mapping
from core.config.resolved import from_resolved, resolved_json
from core.errors import UsageError

PLAIN = {
    "run": {"name": "plain"},
    "problems": {"source": "builtin:competition"},
    "grading": {"kind": "integer"},
    "models": [{"name": "m", "endpoint": "simulator", "token_cap": 100}],
}


def test_two_points_are_no_gain_unless_somebody_says_otherwise():
    assert config_from_mapping(PLAIN).analysis.margin == 0.02


def test_a_reference_is_a_point_where_tokens_or_dollars_are_known_else_a_line():
    point = {"name": "published", "accuracy": 0.7, "tokens": 88448, "usd": 1.06}
    line = {"name": "a human", "accuracy": 0.9}

    config = config_from_mapping({**PLAIN, "reference": [point, line]})

    assert [(one.name, one.tokens) for one in config.reference] == [("published", 88448), ("a human", None)]


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"analysis": {"margin": 0}}, "analysis.margin"),
        ({"analysis": {"margin": 0.6}}, "analysis.margin"),
        ({"analysis": {"value_usd": -1}}, "analysis.value_usd"),
        ({"reference": [{"name": "x", "accuracy": 70}]}, "reference.0.accuracy"),
        ({"reference": [{"name": "x", "accuracy": 0.7, "dollars": 1}]}, "unknown key `dollars`"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_name(section, said):
    with pytest.raises(UsageError, match=said):
        config_from_mapping({**PLAIN, **section})


def test_a_run_that_was_stored_before_there_was_a_margin_has_the_usual_one():
    stored = resolved_json(config_from_mapping(PLAIN))
    older = stored.replace(
        '"analysis":{"margin":0.02,"queries":null,"usd_per_train_flop":null,"value_usd":null},', ""
    ).replace('"reference":[],', "")

    assert older != stored
    assert from_resolved(older).analysis.margin == 0.02
