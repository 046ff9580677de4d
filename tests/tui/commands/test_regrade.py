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


def test_a_judge_is_refused_because_it_costs(thinktop, book):
    words = ("kind=judge", "judge={model='m', endpoint='simulator'}")

    said = thinktop("regrade", 1, "--grading", words[0], "--grading", words[1], store=book().place)

    assert said.code == 2
    assert "costs money" in said.err


def test_a_run_with_a_sampler_is_refused_with_5(thinktop, book):
    run = book()

    with owned(run.place, run.id, "hand-made"):
        assert thinktop("regrade", 1, store=run.place).code == 5


def test_hostile_answers_are_made_visible(thinktop, book, hostile):
    run = book()
    run.keep("p1", 100, 0, hostile, text=f"\\boxed{{{hostile}}}")

    assert thinktop("regrade", 1, "--grading", "kind=exact", store=run.place).harmless
