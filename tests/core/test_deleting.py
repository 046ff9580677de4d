"""Deleting a run: what somebody agreed to lose, or nothing."""

import pytest

from core.deleting import delete
from core.errors import Refused, ThinktopError
from core.sampler.ownership import owned
from core.store.opening import reading
from core.store.progress import progress, run_ids


def seen(run):
    with reading(run.place) as db:
        return progress(db, run.id)


def left(run):
    with reading(run.place) as db:
        return run_ids(db)


def test_a_run_goes_with_its_files_and_leaves_the_others(book):
    run, other = book(), book(name="other")
    run.keep("p1", 100, 0)
    run.place.run_log(run.id).write_text("x")

    delete(run.place, seen(run))

    assert left(run) == [other.id]
    assert not run.place.run_log(run.id).exists()


def test_a_run_that_holds_more_than_was_agreed_on_stays(book):
    run = book()
    before = seen(run)
    run.keep("p1", 100, 0)

    with pytest.raises(ThinktopError, match="1 samples by now"):
        delete(run.place, before)
    assert left(run) == [run.id]


def test_another_run_of_the_same_number_stays(book):
    run = book()
    before = seen(run)
    with run.writing() as db:
        db.execute("UPDATE runs SET name = 'renamed'")

    with pytest.raises(ThinktopError, match="another one"):
        delete(run.place, before)
    assert left(run) == [run.id]


def test_a_run_that_a_sampler_has_stays(book):
    run = book()

    with owned(run.place, run.id, "hand-made"), pytest.raises(Refused):
        delete(run.place, seen(run))
    assert left(run) == [run.id]
