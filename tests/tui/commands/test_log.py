from core.store import notes

NOW = "2026-11-22T10:00:00.000Z"


def test_events_come_in_order_and_can_be_chosen_by_kind(thinktop, real):
    every = thinktop("log", "real", "--json", store=real).json["events"]
    doubts = thinktop("log", "real", "--kind", "doubt", "--json", store=real).json["events"]

    assert (every[0]["kind"], every[-1]["kind"]) == ("start", "end")
    assert doubts == [one for one in every if one["kind"] == "doubt"]
    assert len(doubts) == 2


def test_a_kind_that_did_not_happen_is_answered_with_those_that_did(thinktop, real):
    said = thinktop("log", "real", "--kind", "outrage", store=real)

    assert said.code == 2
    assert "doubt, end" in said.err


def test_doubts_say_what_each_may_have_cost_and_how_to_close_it(thinktop, book):
    run = book()
    row = run.doubt("p1", 100, 3, "connection lost")
    run.keep("p1", 100, 2)

    said = thinktop("log", 1, "--doubts", store=run.place)
    (given,) = thinktop("log", 1, "--doubts", "--json", store=run.place).json["doubts"]

    assert "$1.00 at most" in said.out
    assert "p1 · m 100 · draw 3" in said.out
    assert f"thinktop settle 1 {row} --usd X" in said.out
    assert (given["attempt"], given["may_cost_usd"]) == (row, "1.000000000000")
    assert given["settle"] == f"thinktop settle 1 {row} --usd X --store {run.place.path}"


def test_doubts_add_up_to_what_status_says(thinktop, real):
    given = thinktop("log", "real", "--doubts", "--json", store=real).json
    total = sum(int(one["may_cost_usd"].replace(".", "")) for one in given["doubts"])

    assert total == int(given["unknown_usd"].replace(".", ""))
    assert given["unknown_usd"] == thinktop("status", "real", "--json", store=real).json["unknown_usd"]


def test_a_doubt_without_a_price_is_unpriced_and_not_free(thinktop, book):
    run = book(price=None)
    run.doubt("p1", 100, 0)

    assert "unpriced at most" in thinktop("log", "--doubts", store=run.place).out
    assert thinktop("log", "--doubts", "--json", store=run.place).json["doubts"][0]["may_cost_usd"] is None


def test_nothing_in_doubt_is_a_note(thinktop, book):
    said = thinktop("log", "--doubts", store=book().place)

    assert (said.code, said.out) == (0, "")
    assert "nothing is in doubt" in said.err


def test_kind_and_doubts_exclude_each_other(thinktop, book):
    assert thinktop("log", "--doubts", "--kind", "end", store=book().place).code == 2


def test_what_a_server_said_is_made_visible(thinktop, book, hostile):
    run = book()
    run.doubt("p1", 100, 0, hostile)
    with run.writing() as db:
        notes.add_event(db, run.id, "warning", hostile, NOW)

    for words in ((), ("--doubts",), ("--json",), ("--doubts", "--json")):
        assert thinktop("log", *words, store=run.place).harmless
