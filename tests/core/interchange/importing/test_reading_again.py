"""How answers are read follows from the known ones; whose reading counts follows from what there is."""

import pytest

from core.errors import UsageError
from core.grading import GradingSpec
from core.interchange.importing.foreign import SAID
from core.interchange.importing.reading_again import spec_for
from core.interchange.importing.wanted import grading_asked
from core.vocabulary import Problem


@pytest.mark.parametrize(
    ("truths", "spec"),
    [
        (["7", "005", "999"], GradingSpec("integer")),
        (["7", "1000"], GradingSpec("integer", low=0, high=9999)),
        (["-5", "7"], GradingSpec("integer", low=-9, high=999)),
        (["A", "D"], GradingSpec("choice")),
        (["A", "H"], GradingSpec("choice", choices="ABCDEFGH")),
        (["7", "x + 1"], GradingSpec("exact")),
        (["7", ""], None),
        ([], None),
    ],
)
def test_the_known_answers_say_how_to_read(truths, spec):
    assert spec_for([Problem(str(n), "", truth) for n, truth in enumerate(truths)]) == spec


TEXT = {"id": "p", "target": "7", "answer": "8", "graded": "I", "text": "so \\boxed{7}"}


def test_a_clean_answer_counts_as_its_source_says_and_our_reading_stands_beside_it(files, imported):
    (run,) = imported(files.lines(TEXT))
    assert run.grader == SAID
    assert [(name, grade.answer) for name, grade in run.samples[0].grades] == [
        (SAID, "8"),
        (GradingSpec("integer").identity, "7"),
    ]


def test_our_reading_counts_where_it_is_asked_for(files, imported):
    (run,) = imported(files.lines(TEXT), spec=grading_asked(["integer", "range=[0, 20]"]))
    assert run.grader == GradingSpec("integer", low=0, high=20).identity
    assert run.samples[0].said(run.grader).answer == "7"


def test_where_there_is_no_text_the_answer_is_read(files, imported):
    row = {"id": "p", "target": "7", "answer": "007", "graded": "I"}
    (run,) = imported(files.lines(row), spec=grading_asked(["kind=integer"]))
    assert run.samples[0].said(run.grader).verdict.value == "right"


def test_a_way_of_reading_that_cannot_grade_the_known_answers_is_refused(files, imported):
    with pytest.raises(UsageError, match="problem p: its known answer cannot be graded as choice"):
        imported(files.lines(TEXT), spec=grading_asked(["choice"]))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["kind=odd"], "--grading kind"),
        (["kind=judge"], "pays no model|judge"),
        (["kind=regex"], "pattern"),
        (["x=1"], "x"),
    ],
)
def test_a_way_of_reading_that_is_none_is_refused(words, reason):
    with pytest.raises(UsageError, match=reason):
        grading_asked(words)
