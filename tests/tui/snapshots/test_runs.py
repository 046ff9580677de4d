"""What the list of runs reads: order, money, and what is not read each time."""

from datetime import date, datetime

from core.store.opening import reading
from core.vocabulary import PICO
from tui.snapshots import runs
from tui.snapshots.runs import Listing, Notes, spending

TODAY = date(2026, 11, 22)


def started(run, day, *, simulated):
    moment = datetime(day.year, day.month, day.day, 12).astimezone().isoformat()
    with run.writing() as db:
        db.execute("UPDATE runs SET started_at = ?, simulated = ? WHERE id = ?", (moment, simulated, run.id))


def lines_of(place):
    with reading(place) as db:
        return Listing().read(db, place)


def test_simulated_dollars_are_never_added_to_paid_ones(book):
    paid, older, simulated = book(), book(name="older"), book(name="sim")
    paid.keep("p1", 100, 0, pico=2 * PICO)
    paid.doubt("p1", 100, 1)
    older.keep("p1", 100, 0, pico=3 * PICO)
    simulated.keep("p1", 100, 0, pico=40 * PICO)
    simulated.doubt("p1", 100, 1)
    started(paid, TODAY, simulated=False)
    started(older, date(2026, 11, 20), simulated=False)
    started(simulated, TODAY, simulated=True)

    found = spending(lines_of(paid.place), TODAY)

    assert (found.spent, found.today, found.simulated) == (5 * PICO, 2 * PICO, 40 * PICO)
    assert found.unknown == PICO  # of the paid one alone
    assert not found.unpriced


def test_the_newest_run_comes_first_and_one_at_work_before_it(book):
    first, second, third = book(), book(name="second"), book(name="third")
    with first.writing() as db:
        db.execute("UPDATE runs SET state = 'running' WHERE id = ?", (second.id,))
        db.execute(
            "INSERT INTO samplers (run_id, pid, host, started_at, beat_at) VALUES (?, 1, 'elsewhere', ?, ?)",
            (second.id, "2026-11-22T10:00:00.000Z", "2999-01-01T00:00:00.000Z"),
        )

    assert [line.run.id for line in lines_of(first.place)] == [second.id, third.id, first.id]


def test_cells_that_take_long_to_read_are_left_for_a_while_but_not_states_and_dollars(book, monkeypatch):
    clock = iter([0.0, 1.0, 20.0, 200.0, 200.001])
    monkeypatch.setattr(runs, "monotonic", lambda: next(clock))  # the first reading takes a second
    run, listing = book(), Listing()
    with reading(run.place) as db:
        listing.read(db, run.place)
    run.keep("p1", 100, 0, pico=PICO)

    with reading(run.place) as db:
        (soon,) = listing.read(db, run.place)
    behind = listing.behind
    with reading(run.place) as db:
        (later,) = listing.read(db, run.place)

    assert (soon.run.spent_pico, soon.status.sums.kept, behind) == (PICO, 0, True)
    assert (later.status.sums.kept, listing.behind) == (1, False)


def test_a_change_of_state_is_read_whole_at_once(book, monkeypatch):
    clock = iter([0.0, 1.0, 2.0, 2.001])
    monkeypatch.setattr(runs, "monotonic", lambda: next(clock))
    run, listing = book(), Listing()
    with reading(run.place) as db:
        listing.read(db, run.place)
    run.keep("p1", 100, 0)
    with run.writing() as db:
        db.execute("UPDATE runs SET state = 'finished'")

    with reading(run.place) as db:
        (line,) = listing.read(db, run.place)

    assert line.status.sums.kept == 1


def test_all_warnings_are_kept_though_only_new_events_are_read(book):
    run, notes = book(), Notes()

    def happens(kind, text):
        with run.writing() as db:
            db.execute("INSERT INTO events (run_id, at, kind, text) VALUES (?, 'now', ?, ?)", (run.id, kind, text))

    happens("warning", "ignores the budget")
    with reading(run.place) as db:
        notes.of(db, run.id)
    for number in range(9):
        happens("retry", f"retry {number}")
    happens("warning", "texts are alike")
    happens("warning", "ignores the budget")
    with reading(run.place) as db:
        noted = notes.of(db, run.id)

    assert noted.warnings == ("ignores the budget", "texts are alike")
    assert [event.text for event in noted.events][2:] == ["retry 8", "retry 7"]
