from __future__ import annotations

import json
import math

from core.store.opening import reading
from core.study_json import study_json
from core.studying import read_study


def test_the_json_has_the_keys_that_scripts_rely_on(book):
    run = book()
    run.keep("p1", 100, 0, right=True)

    with reading(run.place) as db:
        given = study_json(*read_study(db, [run.id]))

    assert (given["runs"], given["simulated_runs"], given["fits"], given["verdicts"]) == ([run.id], [run.id], [], [])
    assert {"run", "label", "model", "control", "budget", "problems", "draws", "answered", "truncated", "missing",
            "accuracy", "se", "se_draws", "ci95", "bounds", "mean_completion_tokens", "mean_cost_usd", "overrun",
            "pass_at", "maj_at", "extended"} <= set(given["conditions"][0])  # fmt: skip


def numbers(value):
    """Every number in a JSON value."""
    if isinstance(value, dict):
        return [number for one in value.values() for number in numbers(one)]
    if isinstance(value, list | tuple):
        return [number for one in value for number in numbers(one)]
    return [value] if isinstance(value, int | float) else []


def test_all_of_a_real_study_is_json_without_a_number_that_json_does_not_know(real):
    with reading(real) as db:
        given = study_json(*read_study(db, [1]))

    back = json.loads(json.dumps(given))
    assert back["verdicts"][0]["words"]
    assert len(numbers(back)) > 100
    assert all(math.isfinite(number) for number in numbers(back))


def test_each_label_says_what_it_was_worked_out_from(real):
    with reading(real) as db:
        (label,) = study_json(*read_study(db, [1]))["labels"]

    assert label["budgets"] == [16, 256, 2048]
    assert [(one["from"], one["to"]) for one in label["differences"]] == [(16, 256), (256, 2048)]
    assert [(one["budget"], one["k"], one["more"]) for one in label["vote_gains"]][:2] == [(16, 1, 2), (16, 2, 4)]


def test_labels_are_paired_where_they_were_asked_for_the_same(real):
    with reading(real) as db:
        given = study_json(*read_study(db, [1, 1]))

    assert [(one["first_budget"], one["second_budget"], one["difference"]) for one in given["differences"]] == [
        (budget, budget, 0.0) for budget in (16, 256, 2048)
    ]
    for label in given["labels"]:
        assert len(label["bootstrap"]["accuracy_ci95_of_problems_and_draws"]) == 3
