import io
import json

from core.interchange.jsonl_file import write_jsonl
from core.interchange.sample_rows import FIELDS, Rows
from core.money import usd
from core.store.opening import reading
from core.store.progress import run_row

HOSTILE = "\x1b]0;owned\x07\u202e[red]\udc80 =1"


def rows_of(*runs, texts=False):
    with reading(runs[0].place) as db:
        return list(Rows(db, tuple(run_row(db, run.id) for run in runs), texts=texts))


def test_each_sample_is_a_row_with_its_exact_cost(book):
    run = book()
    run.keep("p1", 100, 0, right=True, pico=123_456_789_012)
    run.keep("p1", 400, 1, "7", pico=None)

    first, second = rows_of(run)

    assert tuple(first) == FIELDS
    assert (first["cost_usd"], second["cost_usd"]) == ("0.123456789012", None)
    assert (first["right"], second["right"], first["request_id"]) == (True, False, "req-p1-100-0")
    assert (first["simulated"], first["truth"], first["budget"], second["draw"]) == (True, "42", 100, 1)


def test_what_is_cut_does_not_count_as_right_and_what_is_not_graded_as_nothing(book):
    run = book()
    run.keep("p1", 100, 0, right=True, finish="length")
    run.keep("p1", 100, 1, graded=False)

    cut, ungraded = rows_of(run)

    assert (cut["verdict"], cut["right"], cut["truncated"]) == ("right", False, True)
    assert (ungraded["verdict"], ungraded["right"], ungraded["grader"]) == (None, None, None)


def test_the_costs_of_all_rows_add_up_to_what_was_spent(book):
    run = book()
    for draw in range(4):
        run.keep("p1", 100, draw, pico=10**11 + draw)

    total = sum(int(row["cost_usd"].replace(".", "")) for row in rows_of(run))

    assert run.read("SELECT spent_pico FROM totals") == [(total,)]
    assert usd(total) == "0.400000000006"


def test_runs_follow_each_other(book):
    first, second = book(), book(name="other")
    first.keep("p1", 100, 0)
    second.keep("p1", 100, 0)

    assert [row["run"] for row in rows_of(second, first)] == ["other", "hand-made"]


def test_lines_of_json_are_ascii_and_keep_a_hostile_text_as_it_came(book):
    run = book()
    run.keep("p1", 100, 0, text=HOSTILE, reasoning=HOSTILE)
    file = io.StringIO()

    written = write_jsonl(file, rows_of(run, texts=True))

    assert written == 1
    assert file.getvalue().isascii()
    assert "\x1b" not in file.getvalue()
    back = json.loads(file.getvalue())
    assert (back["text"], back["reasoning"]) == (HOSTILE, HOSTILE)
