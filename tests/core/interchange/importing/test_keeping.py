"""Foreign runs in the store: whole or not at all, marked, and read like any other."""

import hashlib

import pytest

from core.errors import UsageError
from core.interchange.importing import keeping
from core.interchange.importing.keeping import keep, run_name
from core.interchange.importing.wanted import grading_asked
from core.reading import read_run
from core.regrading import regrade
from core.store.imports import origin_of, scores_of
from core.store.opening import reading
from core.store.place import Place
from core.store.progress import progress, run_rows
from core.store.provenance import grader_of
from core.store.runs import load_run
from core.store.samples import samples, text
from core.studying import study_of_runs

ROW = {"id": "p", "model": "m", "budget": 64, "target": "7", "answer": "7", "graded": "C", "output_tokens": 100}


@pytest.fixture
def place(tmp_path):
    return Place.at(tmp_path / "runs.db")


def test_a_run_is_finished_marked_and_has_cost_nothing(files, imported, place):
    path = files.lines(ROW | {"cost": 0.5}, ROW | {"answer": "8", "graded": "I", "reward": 0.5, "cost": 0.5})

    ((run_id, name),) = keep(place, imported(path))

    with reading(place) as db:
        found = progress(db, run_id)
        origin = origin_of(db, run_id)
        assert scores_of(db, run_id) == {"reward": {2: 0.5}}
    assert (name, found.run.state, found.run.imported, found.run.reason) == (
        "s",
        "finished",
        True,
        "imported from s.jsonl",
    )
    assert (found.run.spent_pico, found.run.spent_tokens, found.run.attempts) == (0, 0, 0)
    assert (found.sums.kept, found.sums.right, found.sums.owed, found.sums.billed_pico) == (2, 1, 0, 10**12)
    assert origin.files[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert origin.mapping["completion_tokens"] == "output_tokens"


def test_a_source_that_says_no_tokens_has_none_in_its_curve(files, imported, place):
    ((run_id, _),) = keep(place, imported(files.lines({k: v for k, v in ROW.items() if k != "output_tokens"})))
    with reading(place) as db:
        (condition,) = read_run(db, run_id).conditions
        assert db.execute("SELECT count(*) FROM token_octaves").fetchone() == (0,)
    assert condition.to_json()["mean_completion_tokens"] is None
    assert condition.to_json()["accuracy"] == 1.0


def test_a_text_that_is_not_there_is_not_made_up_and_equal_answers_are_no_copies(files, imported, place):
    ((run_id, _),) = keep(place, imported(files.lines(ROW, ROW)))
    with reading(place) as db:
        rows = list(samples(db, run_id))
        assert [(row.answer, text(db, row.id)) for row in rows] == [("7", (None, None))] * 2
        assert db.execute("SELECT count(DISTINCT text_sha) FROM samples").fetchone() == (2,)


def test_all_runs_are_kept_or_none(files, imported, place, monkeypatch):
    runs = imported(files.lines(ROW), files.lines(ROW, name="t.jsonl"))
    really = keeping.add_aggregates

    def fail_at_the_second(db, run_id, rows):
        if run_id > 1:
            raise KeyError
        really(db, run_id, rows)

    monkeypatch.setattr(keeping, "add_aggregates", fail_at_the_second)
    with pytest.raises(KeyError):
        keep(place, runs)
    with reading(place) as db:
        assert run_rows(db) == []
        assert db.execute("SELECT count(*) FROM samples").fetchone() == (0,)


def test_sums_that_no_store_can_hold_are_refused(files, imported, place):
    rows = [ROW | {"cost": 9_000_000, "epoch": 1}, ROW | {"cost": 9_000_000, "epoch": 2}]
    with pytest.raises(UsageError, match=r"s\.jsonl: adds up to more dollars"):
        keep(place, imported(files.lines(*rows)))
    assert not place.path.exists()


def test_texts_are_packed_before_everybody_else_has_to_wait(files, imported, place, monkeypatch):
    order = []
    packed, writing = keeping.packed, keeping.writing
    monkeypatch.setattr(keeping, "packed", lambda sample: order.append("pack") or packed(sample))
    monkeypatch.setattr(keeping, "writing", lambda where: order.append("write") or writing(where))

    keep(place, [*imported(files.lines(ROW, ROW)), *imported(files.lines(ROW, name="t.jsonl"))])

    assert order == ["pack"] * 3 + ["write"]


def test_names_are_made_unique(files, imported, place):
    runs = imported(files.lines(ROW))
    assert [name for _ in range(3) for _, name in keep(place, runs)] == ["s", "s-2", "s-3"]


@pytest.mark.parametrize(
    ("wished", "name"),
    [
        ("gpt-5.2 low", "gpt-5.2-low"),
        ("../../etc/passwd", "etc-passwd"),
        ("2024", "imported-2024"),
        ("", "imported"),
        ("-x", "x"),
        ("a\x1b[31m\u202eb", "a[31mb"),
        ("x" * 200, "x" * 80),
    ],
)
def test_a_run_is_called_as_a_command_line_can_call_it(wished, name):
    assert run_name(wished) == name


def test_labels_that_no_config_may_have_are_kept_all_the_same(files, imported, place):
    label = "sk-proj-" + "a1B2" * 12
    ((run_id, _),) = keep(place, imported(files.lines(ROW | {"model": label})))
    with reading(place) as db:
        assert load_run(db, run_id).plan.planned[0].condition.label == label


def test_an_imported_run_is_read_again_for_nothing(files, imported, place):
    row = ROW | {"answer": "8", "graded": "I", "text": "so \\boxed{7}"}
    ((run_id, _),) = keep(place, imported(files.lines(row)))

    done = regrade(place, run_id, grading_asked(["integer"]), "{}")

    assert (done.before, done.right_before, done.right_after) == ("imported-1", 0, 1)
    with reading(place) as db:
        assert grader_of(db, run_id) == 'integer-1{"high":999,"low":0}'
        assert db.execute("SELECT count(*) FROM grades").fetchone() == (2,)


def test_several_files_are_one_run_together(files, imported, place):
    first = files.log(files.sample(), name="low.eval", head=files.header(reasoning_effort="low"))
    second = files.log(
        files.sample(value="I", answer="8"), name="high.eval", head=files.header(reasoning_effort="high")
    )
    more = files.log(files.sample(epoch=1, input=None), name="more.eval", head=files.header(reasoning_effort="low"))

    ((run_id, name),) = keep(place, imported(second, first, more, together="sweep"))

    with reading(place) as db:
        found = progress(db, run_id)
    assert name == "sweep"
    assert [(row.budget, row.sums.kept) for row in found.conditions] == [("low", 2), ("high", 1)]
    with pytest.raises(UsageError, match="the same, to the byte"):
        imported(first, first, together="x")
    with pytest.raises(UsageError, match="leave out --name"):
        imported(first, second, together="x", name="y")


def test_files_that_contradict_each_other_are_not_put_together(files, imported):
    other = files.lines(ROW | {"target": "8"}, name="t.jsonl")
    with pytest.raises(UsageError, match=r"t\.jsonl: problem p: its answer is '8' here and '7'"):
        imported(files.lines(ROW), other, together="x")


def test_without_tokens_nothing_is_said_along_them(files, imported, place):
    rows = [
        {
            "id": f"p{n}",
            "model": "m",
            "effort": effort,
            "target": "7",
            "answer": "7" if d % 2 else "8",
            "right": d % 2 == 1,
        }
        for n in range(6)
        for effort in ("low", "high")
        for d in range(8)
    ]
    ((run_id, _),) = keep(place, imported(files.lines(*rows)))
    with reading(place) as db:
        verdicts = study_of_runs(db, [run_id]).verdicts
    assert len(verdicts) == 2
    assert all("does not say how many tokens" in one.words for one in verdicts)
