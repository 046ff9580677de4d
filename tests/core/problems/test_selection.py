from __future__ import annotations

from decimal import Decimal

import pytest

from core.errors import UsageError
from core.problems import selection
from core.problems.rows import Row
from core.problems.selection import Selection, question_id, select


def rows(*values):
    return [Row(f"a.jsonl:{number}", value) for number, value in enumerate(values, 1)]


def asked(answer, **fields):
    return {"problem": f"Is it {answer!r}?", "answer": answer} | fields


def selected(*values, **options):
    return select(rows(*values), Selection(**options), "a.jsonl")


def refusal(*values, **options):
    with pytest.raises(UsageError) as caught:
        selected(*values, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(("given", "answer"), [
    ("073", "073"), (" 204\n", "204"), (204, "204"), (204.0, "204"), (Decimal("204.00"), "204"),
    (Decimal("1E+2"), "100"),
    (-0.0, "0"), (-5, "-5"), (0.5, "0.5"), (Decimal("0.10"), "0.10"),
    ("\\frac{1}{2}", "\\frac{1}{2}"), (10**20, "1" + "0" * 20),
])  # fmt: skip
def test_answers_are_text_as_given_and_numbers_written_out(given, answer):
    assert selected(asked(given))[0].answer == answer


@pytest.mark.parametrize(("given", "said"), [
    (None, "must be text or a number, not null"), (True, "not true or false"), ([1], "not a list"),
    ({}, "not an object"),
    (b"1", "not bytes"), ("", "is empty"), (" \t", "is empty"),
    (float("nan"), "not a number"), (float("inf"), "not a number"),
    (Decimal("1e200"), "more than 100 digits"), ("1\x002", "a NUL"),
    ("\ud800", "lone surrogate"), ("9" * 10_001, "10,001 characters"),
])  # fmt: skip
def test_an_answer_that_cannot_be_one_is_refused_with_its_place(given, said):
    message = refusal({"problem": "?", "answer": given})

    assert message.startswith("a.jsonl:1: 'answer' ")
    assert said in message


@pytest.mark.parametrize(("given", "said"), [
    (None, "must be text, not null"), (7, "must be text, not a int"), ("", "is empty"), ("\n ", "is empty"),
    ("x\0", "a NUL"), ("\udfff", "lone surrogate"), ("x" * 1_000_001, "1,000,001 characters; at most 1,000,000"),
])  # fmt: skip
def test_a_question_that_cannot_be_asked_is_refused(given, said):
    assert said in refusal({"problem": given, "answer": 1})


def test_without_an_id_field_an_id_comes_from_the_question_and_does_not_move():
    one = selected(asked(1), asked(2))
    two = selected(asked(2), asked(3), asked(1))

    assert one[0].id == two[2].id
    assert one[1].id == two[0].id
    assert all(len(problem.id) == 12 for problem in two)


def test_ids_may_be_numbers_and_are_stripped():
    assert [p.id for p in selected(asked(1, id=60), asked(2, id=" 2024-I-7 "), id="id")] == ["60", "2024-I-7"]


def test_the_same_id_twice_is_refused_with_both_places():
    assert refusal(asked(1, id="a"), asked(2, id="b"), asked(3, id="a "), id="id").startswith(
        "a.jsonl:3: the same id 'a' as at a.jsonl:1; "
    )


def test_the_same_question_twice_is_refused_where_the_id_is_the_question():
    assert refusal(asked(1), asked(1)).startswith("a.jsonl:2: the same question as at a.jsonl:1; ")
    assert len(selected(asked(1, id=1), asked(1, id=2), id="id")) == 2


def test_clusters_are_text_and_a_problem_without_one_stands_for_itself():
    values = [asked(1, contest="I"), asked(2, contest=2024), asked(3, contest=None), asked(4, contest=" ")]

    assert [p.cluster for p in selected(*values[:3], cluster="contest")] == ["I", "2024", None]
    assert selected(values[3], cluster="contest")[0].cluster is None


def test_a_field_that_is_not_there_is_named_with_what_is_there_and_what_was_meant():
    assert refusal(asked(1), question="Problm") == (
        "a.jsonl:1: no field 'Problm' (problems.question_field), did you mean 'problem'?; it has 'problem', 'answer'"
    )
    assert "no field 'contest' (problems.cluster_field); it has" in refusal(asked(1), cluster="contest")
    assert "no field 'url' (problems.where.url); it has" in refusal(asked(1), where={"url": "2024"})


def test_many_fields_are_not_all_named():
    assert "'f16' and 20 more" not in refusal(asked(1) | {f"f{n}": n for n in range(30)}, id="key")
    assert "'f17' and 12 more" in refusal(asked(1) | {f"f{n}": n for n in range(30)}, id="key")


def test_where_keeps_the_rows_whose_fields_contain_all_the_texts():
    values = [
        asked(1, url="x/2024_AIME", level=5),
        asked(2, url="x/2023_AIME", level=5),
        asked(3, url="x/2024_AIME", level=4),
        asked(4, url=None, level=5),
        asked(5, url=["2024"], level=Decimal("5.0")),
    ]

    assert [p.answer for p in selected(*values, where={"url": "2024", "level": "5"})] == ["1", "5"]


def test_rows_that_where_leaves_out_need_no_answer():
    assert len(selected(asked(None, split="test"), asked(2, split="train"), where={"split": "train"})) == 1


def test_where_that_leaves_nothing_is_refused():
    assert refusal(asked(1, url="2023"), asked(2, url="2022"), where={"url": "2024"}) == (
        "a.jsonl: none of its 2 rows has '2024' in 'url'; mend problems.where"
    )


def test_the_limit_counts_what_where_left_and_ends_the_reading():
    def endless():
        number = 0
        while True:
            number += 1
            yield Row(f"a.jsonl:{number}", asked(number, odd=str(number % 2)))

    problems = select(endless(), Selection(where={"odd": "1"}, limit=3), "a.jsonl")

    assert [p.answer for p in problems] == ["1", "3", "5"]


def test_no_rows_at_all_are_refused():
    assert refusal() == "a.jsonl: is empty: no problem in it"


def test_more_problems_than_anyone_asks_are_refused(monkeypatch):
    monkeypatch.setattr(selection, "MOST_PROBLEMS", 2)

    assert len(selected(asked(1), asked(2))) == 2
    assert refusal(asked(1), asked(2), asked(3)).startswith("a.jsonl: more than 2 problems; ")


def test_ids_made_of_questions_never_change_since_stored_runs_have_them():
    assert question_id("What is 2 + 2?") == "38d46ad36188"
    assert len(question_id("Wie groß ist π?")) == 12
