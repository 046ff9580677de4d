import io

from core.interchange.markdown import MOST_LISTED, escaped, fenced, report_of, write_markdown
from core.store.opening import reading
from core.vocabulary import Price, Problem
from core.watching import status


def report(*runs):
    file = io.StringIO()
    with reading(runs[0].place) as db:
        write_markdown(file, [report_of(db, status(db, run.place, run.id)) for run in runs])
    return file.getvalue()


def test_a_report_says_that_it_is_simulated_and_what_it_cost(book):
    run = book()
    run.keep("p1", 100, 0, right=True, pico=9_170_502_000_000)

    text = report(run)

    assert "**SIMULATED**" in text
    assert "$9.170502000000" in text
    assert "| m | 100 | 1 | 100.0 % |" in text
    assert "$3.0 input, $12.0 output" in text
    assert "- thinktop 0.1.0" in text


def test_what_failed_or_is_in_doubt_is_listed_and_the_rest_counted(book):
    run = book(draws_planned=50)
    for draw in range(MOST_LISTED + 3):
        run.fail("p1", 100, draw, "400: no")
    run.doubt("p2", 100, 0, "connection lost")

    text = report(run)

    assert text.count("failed for good: p1") == MOST_LISTED
    assert "and 3 more failed for good" in text
    assert "$1.000000000000 at most; connection lost" in text


def test_an_unpriced_run_never_says_zero_dollars_a_sample(book):
    run = book(price=None)
    run.keep("p1", 100, 0, pico=None)

    text = report(run)

    assert "(model): unpriced" in text
    assert "the rest is unpriced" in text


def test_a_price_by_the_hour_is_named_as_such(book):
    assert "$2.5 an hour" in report(book(price=Price(per_hour="2.5")))


def test_foreign_text_can_neither_drive_a_terminal_nor_the_page(book):
    run = book(problems=(Problem("a|b\x1b[31m<script>", "q", "1"),))
    run.fail("a|b\x1b[31m<script>", 100, 0, "![x](http://evil) | `\u202e")

    text = report(run)

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script>" not in text
    assert "![" not in text


def test_escaped_text_is_text():
    assert escaped("a|b*_`<i>&") == "a\\|b\\*\\_\\`&lt;i\\>&amp;"


def test_a_prompt_cannot_end_its_own_fence():
    block = fenced("a\n```\n# not a heading\n````\nb")

    assert block.startswith("`````text\n")
    assert block.endswith("\n`````")


def test_several_runs_are_sections_of_one_report(book):
    text = report(book(), book(name="other"))

    assert text.count("## Results") == 2
    assert "# hand-made" in text
    assert "# other" in text
