import math

import pytest

from core.octaves import token_quartiles


def histogram(tokens):
    counts = {}
    for one in tokens:
        bucket = round(16 * math.log2(max(1, one)))
        counts[bucket] = counts.get(bucket, 0) + 1
    return tuple(sorted(counts.items()))


def test_without_samples_there_are_no_quartiles():
    assert token_quartiles(()) is None
    assert token_quartiles(((16, 0),)) is None


def test_one_sample_is_all_three_quartiles():
    assert token_quartiles(((16 * 8, 1),)) == (256, 256, 256)


def test_quartiles_are_those_of_the_samples_to_within_the_width_of_a_bucket():
    tokens = [100, 150, 300, 700, 900, 2000, 2500, 8000]

    first, median, third = token_quartiles(histogram(tokens))

    assert first == pytest.approx(262.5, rel=0.03)
    assert median == pytest.approx(800, rel=0.03)
    assert third == pytest.approx(2125, rel=0.03)


def test_a_count_is_as_many_samples():
    assert token_quartiles(((0, 1), (16, 3))) == (1.75, 2, 2)
