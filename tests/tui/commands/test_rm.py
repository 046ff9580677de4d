import io

import pytest

from core.sampler.ownership import owned


class Terminal(io.StringIO):
    def isatty(self):
        return True


def runs(thinktop, place):
    return [one["name"] for one in thinktop("status", "--all", "--json", store=place).json]


def test_a_run_goes_with_all_its_rows_and_files_and_no_other(thinktop, book):
    run, other = book(), book(name="other")
    for one in (run, other):
        one.keep("p1", 100, 0)
        one.fail("p1", 100, 1)
        one.doubt("p1", 100, 2)
    log = run.place.run_log(run.id)
    log.write_text("x")
    log.with_name(log.name + ".1").write_text("x")

    said = thinktop("rm", "hand-made", "--yes", store=run.place)

    assert said.code == 0
    assert "1 sample that cost" in said.out
    assert runs(thinktop, run.place) == ["other"]
    for table in ("samples", "texts", "grades", "failures"):
        assert run.read(f"SELECT count(*) FROM {table}") == [(1,)], table
    assert sorted(path.name for path in run.place.folder.iterdir()) == ["turn.lock"]


def test_without_a_terminal_it_wants_a_yes(thinktop, book):
    run = book()

    said = thinktop("rm", 1, store=run.place)

    assert (said.code, "--yes" in said.err) == (2, True)
    assert runs(thinktop, run.place) == ["hand-made"]


@pytest.mark.parametrize(("answer", "left"), [("y\n", []), ("YES\n", []), ("n\n", ["hand-made"]), ("\n", ["hand-made"]),
                                              ("", ["hand-made"]), ("yep\n", ["hand-made"])])  # fmt: skip
def test_at_a_terminal_only_yes_is_yes(thinktop, book, monkeypatch, answer, left):
    run = book()
    run.keep("p1", 100, 0, pico=9_170_502_000_000)
    asked = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdin", Terminal(answer))
        patch.setattr("sys.stderr", asked)
        thinktop("rm", 1, store=run.place)

    assert "1 sample that cost $9.17" in asked.getvalue()
    assert runs(thinktop, run.place) == left


def test_a_run_with_a_sampler_stays(thinktop, book):
    run = book()

    with owned(run.place, run.id, "hand-made"):
        assert thinktop("rm", 1, "--yes", store=run.place).code == 5

    assert runs(thinktop, run.place) == ["hand-made"]


def test_the_run_must_be_named(thinktop, book):
    assert thinktop("rm", "--yes", store=book().place).code == 2


def test_an_unpriced_run_did_not_cost_nothing(thinktop, book):
    run = book(price=None)
    run.keep("p1", 100, 0, pico=None)

    assert "an unpriced amount" in thinktop("rm", 1, "--yes", store=run.place).out
