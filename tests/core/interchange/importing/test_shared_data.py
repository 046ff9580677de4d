"""Results that others measured, imported: what a correct reading of them gives, to all digits that are known."""

import pytest

from core.interchange.importing.keeping import keep
from core.reading import read_run
from core.store.imports import aggregates_of
from core.store.opening import reading
from core.store.place import Place


@pytest.fixture
def curves(shared, imported, tmp_path):
    """The conditions of a shared file, as JSON has them, by budget."""

    def read(name):
        place = Place.at(tmp_path / "runs.db")
        ((run_id, _),) = keep(place, imported(shared / "epoch_otis_aime" / name))
        with reading(place) as db:
            return {one["budget"]: one for one in (row.to_json() for row in read_run(db, run_id).conditions)}

    return read


def said(one):
    numbers = [one["accuracy"], one["se"], one["pass_at"].get("4"), one["maj_at"].get("4"), one["pass_at"].get("8")]
    return [None if number is None else round(number, 4) for number in [*numbers, one["maj_at"].get("8")]]


GPT = {
    "low": ([0.7889, 0.0501, 0.8943, 0.8606, 0.9111, 0.9], 4537.9),
    "medium": ([0.9389, 0.0307, 0.9714, 0.9505, 0.9778, 0.9556], 7995.4),
    "high": ([0.9611, 0.0260, 0.9762, 0.9619, 0.9778, 0.9556], 11016.8),
    "xhigh": ([0.9611, 0.0275, 0.9778, 0.9556, None, None], 18614.8),
}


def test_the_table_of_samples_gives_the_published_numbers(curves):
    found = curves("gpt-5.2_samples.jsonl")
    assert list(found) == list(GPT)
    for effort, (numbers, tokens) in GPT.items():
        assert said(found[effort]) == numbers
        assert round(found[effort]["mean_completion_tokens"], 1) == tokens


def test_the_new_log_gives_the_same_as_the_table(curves):
    (low,) = curves("gpt-5.2_low.eval").values()
    assert (said(low), round(low["mean_completion_tokens"], 1)) == GPT["low"]


def test_the_old_log_is_read_from_its_texts(curves):
    # The reading in the table beside the data (.6431) takes one of 720 texts for unread that ours reads.
    (medium,) = curves("o3-mini_medium.eval").values()
    assert medium["accuracy"] == pytest.approx(464 / 720)
    assert said(medium)[2] == 0.7778
    assert said(medium)[4] == 0.8285
    assert medium["maj_at"]["4"] == pytest.approx(0.6797, abs=0.001)
    assert medium["maj_at"]["8"] == pytest.approx(0.6899, abs=0.001)
    assert medium["mean_completion_tokens"] is None


def test_the_published_points_are_there_with_their_votes(shared, imported, tmp_path):
    place = Place.at(tmp_path / "runs.db")
    kept = keep(place, imported(*sorted((shared / "o1_mini_published").iterdir()), together="o1-mini"))
    with reading(place) as db:
        points = aggregates_of(db, kept[0][0])
    assert [round(30 * point.accuracy, 2) for point in points] == [6, 8, 6, 13, 11, 12, 18, 16, 16, 20.25, 21]
    assert [point.votes for point in points] == [1] * 8 + [2, 4, 8]
    assert {point.problems for point in points} == {30}
