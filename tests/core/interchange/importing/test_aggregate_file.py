"""The published result files: accuracies without samples, votes told by their limits."""

import json

import pytest

from core.errors import UsageError
from core.interchange.importing.aggregate_file import problems_behind


def rows(*limits, accuracy=0.5):
    return json.dumps([{"token_limit": n, "accuracy": accuracy, "avg_tokens_used": 10.0 * n} for n in limits])


def test_limits_above_2048_are_votes_among_draws_of_2048(files, imported):
    (run,) = imported(files.write("results_log.json", rows(16, 2048, 4096, 16384)))
    assert [(row.budget, row.votes, row.mean_tokens) for row in run.aggregates] == [
        (16, 1, 160.0),
        (2048, 1, 20480.0),
        (2048, 2, 40960.0),
        (2048, 8, 163840.0),
    ]
    assert {row.label for row in run.aggregates} == {"o1-mini"}
    assert run.samples == ()


@pytest.mark.parametrize(
    ("accuracies", "problems"),
    [
        ([0.2, 0.26666666666666666, 0.43333333333333335], 30),
        ([0.5, 0.25], 4),
        ([0.123456789], None),
        ([], None),
        ([1.0], None),
    ],
)
def test_the_least_number_of_problems_follows_from_the_accuracies(accuracies, problems):
    assert problems_behind(accuracies) == problems


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (rows(0), "token_limit: must be a number of tokens"),
        (rows(3000), "a multiple of it"),
        (rows(16, accuracy=1.5), "accuracy: must be a number from 0 to 1"),
        (rows(16, accuracy=-0.1), "row 1: accuracy"),
        ('[{"token_limit": 16, "accuracy": "high", "avg_tokens_used": 1}]', "accuracy"),
        ('[{"token_limit": 16, "accuracy": null}]', "accuracy"),
    ],
)
def test_a_row_that_is_none_is_refused(files, imported, text, reason):
    with pytest.raises(UsageError, match=reason):
        imported(files.write("results_log.json", text))


def test_a_point_that_stands_in_two_files_is_one_point_of_both_together(files, imported):
    first, second = files.write("a.json", rows(16, 32)), files.write("b.json", rows(16, 32, 4096))
    (run,) = imported(first, second, together="both")
    assert [row.votes for row in run.aggregates] == [1, 1, 2]
