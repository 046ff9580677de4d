import asyncio
import json
from contextlib import closing

import pytest

from core.config import config_from_mapping, from_resolved, resolved_json
from core.grading import GradingSpec
from core.regrading import regrade
from core.sampler.ownership import owned
from core.sampler.run import Sampler
from core.store.opening import open_reader


def config_of(place):
    with closing(open_reader(place)) as db:
        return from_resolved(db.execute("SELECT config FROM runs").fetchone()[0])


def test_the_same_grader_changes_nothing(thinktop, real):
    before = thinktop("curve", "--json", store=real).json

    said = thinktop("regrade", "real", store=real)

    assert said.code == 0
    assert "no verdict changed" in said.out
    assert thinktop("curve", "--json", store=real).json == before


def test_a_change_is_told_with_counts_and_examples_and_kept(thinktop, book):
    run = book()
    run.keep("p1", 100, 0, right=True, text="\\boxed{042}")

    said = thinktop("regrade", 1, "--grading", "kind=exact", store=run.place)

    assert "1 right to wrong" in said.out
    assert "p1 · m 100 · draw 0  42 -> 042  truth 42" in said.out
    assert config_of(run.place).grading.kind == "exact"
    assert thinktop("status", store=run.place).out.count("0% ±") == 1


def test_a_dry_run_says_the_same_and_keeps_nothing(thinktop, book):
    run = book()
    run.keep("p1", 100, 0, right=True, text="\\boxed{042}")

    given = thinktop("regrade", 1, "--grading", "kind=exact", "--dry-run", "--json", store=run.place).json

    assert given["flips"] == {"right to wrong": 1}
    assert given["examples"]["right to wrong"][0]["after"] == "042"
    assert config_of(run.place).grading.kind == "integer"


def test_grading_can_come_from_a_config_file(thinktop, book, tmp_path):
    run = book()
    run.keep("p1", 100, 0, right=True)
    file = tmp_path / "c.toml"
    file.write_text(
        '[run]\nname = "x"\n[problems]\nsource = "builtin:competition"\n[grading]\nkind = "exact"\n'
        '[[models]]\nname = "m"\nendpoint = "simulator"\ntoken_cap = 10\n[models.thinking]\ncontrol = "none"\n'
    )

    assert thinktop("regrade", 1, "--config", file, store=run.place).code == 0
    assert config_of(run.place).grading.kind == "exact"


async def test_a_run_goes_on_with_its_new_grader(book):

    run = book(draws_planned=1, budgets=(100,))
    data = json.loads(run.plan.config)
    config = resolved_json(config_from_mapping(data | {"grading": {"kind": "exact"}}))
    await asyncio.to_thread(regrade, run.place, run.id, GradingSpec("exact"), config)

    await Sampler(run.place, run.id).work_off()

    graders = run.read("SELECT DISTINCT identity FROM grades JOIN graders ON graders.id = grader_id")
    assert graders == [(GradingSpec("exact").identity,)]
    assert run.read("SELECT sum(graded), sum(kept) FROM cells") == [(2, 2)]


@pytest.mark.parametrize(
    "words",
    [("--grading", "kind=nope"), ("--grading", "kind=regex"), ("--grading", "rnage=[0, 9]"), ("--grading", "kind"),
     ("--grading", "kind=judge"), ("--config", "no.toml"), ("--grading", "kind=exact", "--config", "no.toml"),
     ("--grading", "range=[0, 1]")],
)  # fmt: skip
def test_what_cannot_be_is_told_in_a_line_and_changes_nothing(thinktop, book, words):
    run = book()
    run.keep("p1", 100, 0, right=True)

    said = thinktop("regrade", 1, *words, store=run.place)

    assert (said.code, said.out) == (2, "")
    assert "--set" not in said.err
    assert config_of(run.place).grading.kind == "integer"


JUDGE = ("--grading", "kind=judge", "--grading", "judge={model='gpt-4o-mini', endpoint='simulator'}")


def judged(run):
    """(attempts of the judge, samples, samples that its grades count for) of a run."""
    read = run.execute("SELECT count(*) FROM attempts WHERE purpose = 'judge' AND outcome = 'kept'").fetchone()
    return (*read, *run.execute("SELECT sum(kept), sum(graded) FROM cells").fetchone())


def test_a_judge_reads_every_answer_for_its_price_and_the_flips_add_up(thinktop, real):
    before = thinktop("status", "--json", store=real).json
    with closing(open_reader(real)) as db:
        (right_before,) = db.execute("SELECT sum(right) FROM cells").fetchone()

    said = thinktop("regrade", "real", *JUDGE, "--yes", "--json", store=real)

    assert said.code == 0
    with closing(open_reader(real)) as db:
        assert judged(db) == (72, 72, 72)
        (billed,) = db.execute("SELECT sum(billed_pico) FROM attempts").fetchone()
        assert db.execute("SELECT spent_pico FROM totals").fetchone() == (billed,)
        assert db.execute("SELECT count(*) FROM events WHERE kind = 'regrade'").fetchone() == (1,)
        (right,) = db.execute("SELECT sum(right) FROM cells").fetchone()
    assert float(thinktop("status", "--json", store=real).json["spent_usd"]) > float(before["spent_usd"])
    given = said.json
    assert (given["samples"], given["unread"]) == (72, 0)
    assert (given["right_before"], given["right_after"]) == (right_before, right)
    gained = sum(number for kind, number in given["flips"].items() if kind.endswith("to right"))
    lost = sum(number for kind, number in given["flips"].items() if kind.startswith("right to"))
    assert given["right_after"] - given["right_before"] == gained - lost
    assert config_of(real).grading.kind == "judge"


def test_a_judge_is_estimated_first_and_a_dry_run_stops_there(thinktop, real):
    said = thinktop("regrade", "real", *JUDGE, "--dry-run", "--json", store=real)

    assert said.code == 0
    assert "is to read 72 answers" in said.err
    assert 0 < float(said.json["expected_usd"]) < float(said.json["worst_usd"])
    with closing(open_reader(real)) as db:
        assert judged(db) == (0, 72, 72)
    assert config_of(real).grading.kind == "integer"


def test_what_a_judge_costs_is_never_more_than_its_worst_case(thinktop, real):
    worst = float(thinktop("regrade", "real", *JUDGE, "--dry-run", "--json", store=real).json["worst_usd"])

    thinktop("regrade", "real", *JUDGE, "--yes", store=real)

    with closing(open_reader(real)) as db:
        (billed,) = db.execute("SELECT sum(billed_pico) FROM attempts WHERE purpose = 'judge'").fetchone()
    assert 0 < billed / 1e12 <= worst


def test_without_a_terminal_a_judge_wants_a_yes(thinktop, real):
    said = thinktop("regrade", "real", *JUDGE, store=real)

    assert said.code == 2
    assert "--yes" in said.err
    assert config_of(real).grading.kind == "integer"


def test_a_cap_stops_a_judge_with_3_and_a_higher_one_lets_it_finish(thinktop, real):
    spent = float(thinktop("status", "--json", store=real).json["spent_usd"])
    assert thinktop("set", "real", f"cap_usd={spent + 1.0:.6f}", store=real).code == 0

    capped = thinktop("regrade", "real", *JUDGE, "--yes", store=real)

    assert capped.code == 3
    assert "cap_usd=MORE" in capped.err
    assert "&& thinktop resume real" in capped.err
    with closing(open_reader(real)) as db:
        _, kept, graded = judged(db)
    assert 0 < graded < kept
    thinktop("set", "real", f"cap_usd={spent + 1000:.2f}", store=real)
    asyncio.run(Sampler(real, 1).work_off())
    with closing(open_reader(real)) as db:
        assert judged(db) == (72, 72, 72)


def test_a_cap_with_room_for_no_answer_at_all_leaves_the_run_as_it_is(thinktop, real):
    thinktop("set", "real", "cap_usd=0.01", store=real)

    said = thinktop("regrade", "real", *JUDGE, "--yes", store=real)

    assert said.code == 3
    assert "cap_usd=MORE" in said.err
    assert config_of(real).grading.kind == "integer"
    with closing(open_reader(real)) as db:
        assert judged(db) == (0, 72, 72)


def test_grades_that_a_judge_has_given_once_are_not_paid_for_again(thinktop, real):
    thinktop("regrade", "real", *JUDGE, "--yes", store=real)
    assert thinktop("regrade", "real", "--grading", "kind=integer", store=real).code == 0

    again = thinktop("regrade", "real", *JUDGE, store=real)

    assert again.code == 0
    assert "is to read 0 answers of 72" in again.err
    with closing(open_reader(real)) as db:
        assert judged(db) == (72, 72, 72)


def test_a_judge_is_refused_while_draws_are_owed(thinktop, book):
    run = book()
    run.keep("p1", 100, 0, right=True)

    said = thinktop("regrade", 1, *JUDGE, "--yes", store=run.place)

    assert said.code == 2
    assert "owes 15 draws" in said.err
    assert config_of(run.place).grading.kind == "integer"


def test_the_judge_that_a_run_has_is_not_handed_it_again(thinktop, real):
    thinktop("regrade", "real", *JUDGE, "--yes", store=real)

    said = thinktop("regrade", "real", store=real)

    assert said.code == 2
    assert "by this judge already" in said.err


def test_a_judge_at_an_endpoint_of_its_config_wants_its_key_before_anything_changes(thinktop, real, tmp_path):
    file = tmp_path / "c.toml"
    file.write_text(
        '[run]\nname = "x"\n[problems]\nsource = "builtin:competition"\n[grading]\nkind = "judge"\n'
        '[grading.judge]\nmodel = "j"\nendpoint = "own"\nprice = { input = 1, output = 2 }\n'
        '[endpoints.own]\nbase_url = "http://127.0.0.1:9/v1"\napi_key_env = "NOBODYS_KEY"\n'
        '[[models]]\nname = "m"\nendpoint = "simulator"\ntoken_cap = 10\n[models.thinking]\ncontrol = "none"\n'
    )

    said = thinktop("regrade", "real", "--config", file, "--yes", store=real)

    assert said.code == 1
    assert "NOBODYS_KEY" in said.err
    assert config_of(real).grading.kind == "integer"


def test_a_run_with_a_sampler_is_refused_with_5(thinktop, book):
    run = book()

    with owned(run.place, run.id, "hand-made"):
        assert thinktop("regrade", 1, store=run.place).code == 5


def test_hostile_answers_are_made_visible(thinktop, book, hostile):
    run = book()
    run.keep("p1", 100, 0, hostile, text=f"\\boxed{{{hostile}}}")

    assert thinktop("regrade", 1, "--grading", "kind=exact", store=run.place).harmless
