from core.grading import GradingSpec
from core.store.opening import reading
from core.store.provenance import attempts_of_draw, doubts, grader_of, outcomes, request_id_of, versions_of


def test_the_requests_of_a_draw_are_those_of_its_own_cell(book):
    run = book(budgets=(100, "low", None))
    run.doubt("p1", None, 0, "cut")
    run.keep("p1", None, 0)
    run.keep("p1", 100, 0)
    run.keep("p2", None, 0)

    with reading(run.place) as db:
        found = attempts_of_draw(db, run.id, "p1", "m", None, 0)

    assert [(one.outcome, one.message) for one in found] == [("unknown", "cut"), ("kept", "")]
    assert [one.billed_pico for one in found] == [0, 5_000_000]


def test_doubts_are_those_of_one_run(book):
    run, other = book(), book(name="other")
    row = run.doubt("p1", 100, 0)
    run.keep("p1", 100, 1)
    other.doubt("p1", 100, 0)

    with reading(run.place) as db:
        found = list(doubts(db, run.id))

    assert [(one.id, one.problem, one.budget, one.reserved_pico) for one in found] == [(row, "p1", 100, 10**12)]


def test_what_a_run_was_made_with_is_known(book):
    run = book()
    sample = run.keep("p1", 100, 0)
    run.doubt("p1", 100, 1)

    with reading(run.place) as db:
        assert versions_of(db, run.id) == {"thinktop": "0.1.0"}
        assert grader_of(db, run.id) == GradingSpec("integer").identity
        assert request_id_of(db, sample) == "req-p1-100-0"
        assert request_id_of(db, 999) is None
        assert outcomes(db, run.id) == {"kept": 1, "unknown": 1}
