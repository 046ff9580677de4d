import json

import pytest

from core.vocabulary import Problem
from tui.pages.amounts import TIMES


@pytest.mark.parametrize("columns", [80, 120])
def test_problems_are_listed_with_what_sql_counts(thinktop, real, columns):
    said = thinktop("show", "real", store=real, columns=columns)

    assert said.code == 0
    assert said.widest <= columns
    assert "c-001" in said.out
    assert "12/12" in said.out


def test_the_json_of_a_run_adds_up(thinktop, real):
    problems = thinktop("show", "real", "--json", store=real).json["problems"]
    status = thinktop("status", "real", "--json", store=real).json

    assert sum(one["done"] for one in problems) == status["done"]
    assert sum(one["completion_tokens"] for one in problems) == status["completion_tokens"]
    assert sum(int(one["cost_usd"].replace(".", "")) for one in problems) == int(status["spent_usd"].replace(".", ""))


def test_the_leading_answer_is_held_against_the_truth(thinktop, book):
    run = book(budgets=(100,))
    run.keep("p1", 100, 0, "42", right=True)
    run.keep("p1", 100, 1, "42", right=True)
    run.keep("p1", 100, 2, "7")
    run.keep("p2", 100, 0, "3")

    said = thinktop("show", store=run.place)

    first, second = said.out.splitlines()[2:]
    assert "42 ✓" in first
    assert "67%" in first
    assert "3 ✗" in second


def test_answers_that_tie_share_the_lead(thinktop, book):
    run = book(budgets=(100,))
    run.keep("p1", 100, 0, "42", right=True)
    run.keep("p1", 100, 1, "7")

    assert "=42 ✓" in thinktop("show", store=run.place).out
    assert len(thinktop("show", "--json", store=run.place).json["problems"][0]["leading"]) == 2


def test_a_problem_has_its_answers_by_count(thinktop, book):
    run = book()
    for draw, (answer, right) in enumerate([("42", True), ("42", True), ("7", False), (None, False)]):
        run.keep("p1", 400, draw, answer, right=right, note="" if answer else "no marked answer")

    said = thinktop("show", 1, "p1", store=run.place)

    assert "What is 6 x 7?" in said.out
    assert f"42 {TIMES}2 ✓ · 7 {TIMES}1 · no answer {TIMES}1" in said.out
    assert "no answer: no marked answer" in said.out
    assert "50% right" in said.out


def test_a_cut_answer_is_never_shown_as_right(thinktop, book):
    run = book()
    run.keep("p1", 100, 0, "42", right=True, finish="length")

    said = thinktop("show", 1, "p1", store=run.place)
    (condition,) = thinktop("show", 1, "p1", "--json", store=run.place).json["conditions"]

    assert "cut by the token cap" in said.out
    assert "✓" not in said.out
    assert condition["answers"] == [{"answer": None, "count": 1, "right": False}]


def test_many_draws_are_cut_short_unless_their_budget_is_named(thinktop, book):
    run = book(draws_planned=12)
    for draw in range(12):
        run.keep("p1", 100, draw)

    assert "and 4 more: --budget 100" in thinktop("show", 1, "p1", store=run.place).out
    assert "more" not in thinktop("show", 1, "p1", "--budget", 100, store=run.place).out


def test_a_draw_shows_its_whole_text_and_every_request(thinktop, book):
    run = book()
    run.doubt("p1", 400, 2, "connection lost")
    run.keep("p1", 400, 2, right=True, text="first line\nso \\boxed{42}", reasoning="hmm")

    said = thinktop("show", 1, "p1", 2, "--budget", 400, store=run.place)
    given = thinktop("show", 1, "p1", 2, "--budget", 400, "--json", store=run.place).json

    assert "first line\nso \\boxed{42}" in said.out
    assert "hmm" in said.out
    assert "in doubt" in said.out
    assert [one["outcome"] for one in given["attempts"]] == ["unknown", "kept"]
    assert (given["text"], given["reasoning"]) == ("first line\nso \\boxed{42}", "hmm")


def test_a_draw_number_that_several_budgets_have_must_be_told_apart(thinktop, book):
    said = thinktop("show", 1, "p1", 0, store=book().place)

    assert (said.code, said.out) == (2, "")
    assert "--budget 100 or 400" in said.err


def test_labels_are_told_apart_too(thinktop, book):
    run = book(labels=("a", "b"), budgets=(None,))
    run.keep("p1", None, 0, label="b")

    assert "--label a or b" in thinktop("show", 1, "p1", 0, store=run.place).err
    assert thinktop("show", 1, "p1", 0, "--label", "b", "--json", store=run.place).json["budget"] is None


@pytest.mark.parametrize(
    ("words", "code"),
    [(("p",), 1), (("nope",), 1), (("p1", "99"), 1), (("p1", "-1"), 1), (("p1", "--budget", "7"), 2),
     (("--budget", "100"), 2)],
)  # fmt: skip
def test_what_is_not_there_is_said_in_a_line(thinktop, book, words, code):
    said = thinktop("show", 1, *words, store=book().place)

    assert (said.code, said.out, said.err.count("\n")) == (code, "", 1)


def test_a_draw_that_is_owed_or_failed_says_so(thinktop, book):
    run = book(budgets=(100,))
    run.fail("p1", 100, 1, "400: refused")

    assert "still to be asked" in thinktop("show", 1, "p1", 0, store=run.place).out
    assert "failed: 400: refused" in thinktop("show", 1, "p1", 1, store=run.place).out


def test_hostile_texts_are_made_visible_on_every_page(thinktop, book, hostile):
    run = book(problems=(Problem(f"p{hostile}", hostile, hostile),), budgets=(100,), labels=(f"m{hostile}",))
    run.keep(f"p{hostile}", 100, 0, hostile, text=hostile, reasoning=hostile, finish=hostile, label=f"m{hostile}",
             note=hostile)  # fmt: skip
    run.fail(f"p{hostile}", 100, 1, hostile, label=f"m{hostile}")

    for words in (
        (),
        ("p",),
        ("p", 0),
        ("p", 1),
        ("q",),
        ("p", 0, "--label", "x"),
        ("p", "--json"),
        ("p", 0, "--json"),
    ):
        said = thinktop("show", 1, *words, store=run.place, columns=200)
        assert said.harmless, words
    assert "[red]x[/red]" in thinktop("show", 1, "p", 0, store=run.place).out


def test_an_unpriced_draw_is_never_free(thinktop, book):
    run = book(price=None, budgets=(100,))
    run.keep("p1", 100, 0, pico=None)

    for words in ((), ("p1",), ("p1", 0)):
        assert "unpriced" in thinktop("show", 1, *words, store=run.place).out
    assert json.loads(thinktop("show", 1, "p1", 0, "--json", store=run.place).out)["sample"]["cost_usd"] is None
