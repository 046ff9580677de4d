"""What a report says, whatever it is written as: looked at in Markdown, where little stands between the words."""

from types import SimpleNamespace

import pytest

from core.interchange.report import MOST_LISTED
from core.store.imports import AggregateRow, Origin, SourceFile, add_aggregates, mark_imported
from core.vocabulary import Price, Problem


def real_run(place):
    return SimpleNamespace(place=place, id=1)


def test_a_report_says_that_it_is_simulated_and_what_it_cost(book, report):
    run = book()
    run.keep("p1", 100, 0, right=True, pico=9_170_502_000_000)

    text = report(run)

    assert "**SIMULATED**" in text
    assert "$9.170502" in text.replace("\\$", "$")
    assert "$3.0 input, $12.0 output" in text.replace("\\$", "$")
    assert "- thinktop 0.1.0" in text


def test_what_failed_or_is_in_doubt_is_listed_and_the_rest_counted(book, report):
    run = book(draws_planned=50)
    for draw in range(MOST_LISTED + 3):
        run.fail("p1", 100, draw, "400: no")
    run.doubt("p2", 100, 0, "connection lost")

    text = report(run)

    assert text.count("failed for good: p1") == MOST_LISTED
    assert "and 3 more failed for good" in text
    assert "$1.00 at most; connection lost" in text.replace("\\$", "$")


def test_what_was_cut_off_is_said_with_its_share(book, report):
    run = book()
    run.keep("p1", 100, 0, right=True, finish="length")
    run.keep("p1", 100, 1)

    assert "lower bound: m 100 1 of 2" in report(run)


def test_an_unpriced_run_never_says_zero_dollars_a_sample(book, report):
    run = book(price=None)
    run.keep("p1", 100, 0, pico=None)

    text = report(run)

    assert "| m | model | unpriced |  | unpriced |  |" in text
    assert "the rest is unpriced" in text


def test_a_price_by_the_hour_is_named_as_such(book, report):
    assert "$2.5 an hour" in report(book(price=Price(per_hour="2.5"))).replace("\\$", "$")


def test_paid_and_list_price_stand_side_by_side(book, report):
    run = book()
    run.keep("p1", 100, 0, tokens=1000, pico=5_000_000_000)

    text = report(run).replace("\\$", "$")

    # 10 tokens in at $3 and 1,000 out at $12 a million.
    assert "| $0.005 | $0.01203 |" in text


def test_several_runs_share_one_table_and_have_a_section_each(book, report):
    first, second = book(), book(name="other")
    first.keep("p1", 100, 0)
    second.keep("p1", 100, 0)

    text = report(first, second)

    assert text.count("## Results") == 1
    assert "| hand-made: m | 100 |" in text
    assert "| other: m | 100 |" in text
    assert "## Run hand-made" in text
    assert "## Run other" in text


def test_an_imported_run_names_its_source_and_costs_nothing(book, report):
    run = book()
    with run.writing() as db:
        mark_imported(db, run.id, Origin("aggregates", (SourceFile("log.json", "ab" * 32),), "2026-11-22T10:00:00Z"))
        add_aggregates(db, run.id, [AggregateRow("m", "model", "prompt", 2048, 8, 30, 0.7, 88448.4)])

    text = report(run)

    assert "**IMPORTED**" in text
    assert f"log.json (SHA-256 {'ab' * 32})" in text
    assert "nothing was paid here" in text
    assert "| m | 2048 | published |" in text
    assert "| m | 2048 |  | 70.0 % |" in text
    assert "spent" not in text


def test_prompts_that_differ_by_their_budget_only_are_shown_once(real, report):
    text = report(real_run(real))

    assert text.count("#### Prompt of") == 1
    assert "Prompt of o1-mini 16, 256, 2048" in text
    assert "about {budget} tokens" in text


def test_verdicts_lead(real, report):
    text = report(real_run(real))

    assert text.index("## Verdicts") < text.index("## Results")
    assert "> **o1-mini**: " in text


def test_conditions_stand_from_the_least_thinking_to_the_most(book, report):
    run = book(budgets=("high", "low"))
    for budget, tokens in (("high", 900), ("low", 90)):
        run.keep("p1", budget, 0, tokens=tokens)

    text = report(run)

    assert text.index("| m | low | 1 |") < text.index("| m | high | 1 |")


def test_differences_between_budgets_are_paired(book, report):
    run = book()
    for draw, (less, more) in enumerate([(False, True), (False, True)]):
        for problem in ("p1", "p2"):
            run.keep(problem, 100, draw, right=less)
            run.keep(problem, 400, draw, right=more)

    assert "| m 100 | m 400 | 2 | 0 | +100.0 |" in report(run)


def test_what_to_ask_for_at_a_given_spend_is_judged_on_problems_held_out(real, report):
    text = report(real_run(real))

    assert "## Spending" in text
    assert "on problems held out" in text


def test_the_same_problems_have_the_same_fingerprint_in_any_order(book, report):
    problems = (Problem("a", "What is 1?", "1"), Problem("b", "What is  2?", "2"))
    texts = [
        report(book(name="x", problems=problems)),
        report(book(name="y", problems=problems[::-1])),
        report(book(name="z", problems=problems[:1])),
    ]

    first, second, third = (text.split("fingerprint of their questions ")[1][:16] for text in texts)

    assert first == second != third


def test_the_entry_for_a_bibliography_names_the_run(book, report):
    text = report(book(name="x_{y"))

    assert "@misc{thinktop," in text
    assert r"title = {{x\_\textbraceleft{}y}: Simulated test-time compute sweep of model" in text


@pytest.mark.parametrize("form", ["md", "html", "tex"])
def test_two_reports_of_a_run_are_equal(book, report, form):
    run = book()
    run.keep("p1", 100, 0)

    assert report(run, form=form) == report(run, form=form)


@pytest.mark.parametrize("form", ["md", "html", "tex"])
def test_foreign_text_drives_no_terminal(book, report, form, hostile):
    run = book(problems=(Problem(hostile, hostile, "1"),), labels=(hostile,), name=f"x{hostile.replace('/', '')}")
    run.keep(hostile, 100, 0, label=hostile, right=True)
    run.fail(hostile, 100, 1, hostile, label=hostile)

    text = report(run, form=form)

    assert not [bad for bad in ("\x1b", "\x07", "\x9b", "\u202e", "\u200b") if bad in text]
