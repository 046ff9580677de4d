"""Tables of samples with anybody's names for their columns."""

import json

import pytest

from core.errors import UsageError
from core.interchange.importing import sample_table
from core.interchange.importing.columns import checked_mapping
from core.interchange.importing.foreign import SAID
from core.interchange.importing.verdicts import WRONG_ANSWER
from core.vocabulary import Control, Verdict

ROW = {"id": "p1", "epoch": 1, "model": "openai/o9", "reasoning_effort": "low", "target": "7", "answer": "7",
       "graded": "C", "input_tokens": 10, "output_tokens": 100}  # fmt: skip


def grades(run):
    return [(sample.said().answer, sample.said().verdict.value) for sample in run.samples]


def test_names_that_are_in_use_need_no_mapping(files, imported):
    path = files.lines(ROW, ROW | {"epoch": 2, "answer": "8", "graded": "I", "cost": 0.25, "working_time": 3})

    (run,) = imported(path)

    (condition,) = run.conditions
    assert (condition.label, condition.budget, condition.control) == ("openai/o9", "low", Control.EFFORT)
    assert [(one.id, one.answer) for one in run.problems] == [("p1", "7")]
    assert grades(run) == [("7", "right"), ("8", "wrong")]
    second = run.samples[1]
    assert (second.usage.prompt_tokens, second.usage.completion_tokens) == (10, 100)
    assert (second.billed_pico, second.seconds, second.draw) == (250_000_000_000, 3.0, 1)
    assert run.mapping["truth"] == "target"


def test_other_names_are_mapped(files, imported):
    rows = [{"q": "What is 3 + 4?", "lim": 2048, "guess": "7", "gold": "7", "ok": 1, "n": 900}]
    mapping = checked_mapping(["question=q", "budget=lim", "answer=guess", "graded=ok", "completion_tokens=n"])

    (run,) = imported(files.lines(*rows), mapping=mapping)

    assert (run.conditions[0].budget, run.conditions[0].control) == (2048, Control.PROMPT)
    assert (run.problems[0].id, run.problems[0].question) == ("What is 3 + 4?", "What is 3 + 4?")
    assert run.samples[0].usage.completion_tokens == 900


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["budget"], "must be FIELD=COLUMN"),
        (["budget="], "must be FIELD=COLUMN"),
        (["colour=x"], "there is no field"),
        (["budget=a", "budget=b"], "given twice"),
        (["budget=\x1b[31m", "x\x1b=1"], "␛"),
    ],
)
def test_a_mapping_that_is_none_is_refused(words, reason):
    with pytest.raises(UsageError, match=reason):
        checked_mapping(words)


def test_a_mapped_column_must_be_there(files, imported):
    with pytest.raises(UsageError, match="no such column; there is id, epoch"):
        imported(files.lines(ROW), mapping={"budget": "limit"})


def test_the_answer_is_the_known_one_beside_predictions(files, imported):
    (run,) = imported(files.lines({"id": "a", "answer": "7", "prediction": "8", "correct": False}))
    assert (run.problems[0].answer, grades(run)) == ("7", [("8", "wrong")])


def test_models_and_budgets_are_conditions_from_the_least_thinking_to_the_most(files, imported):
    rows = [
        {"id": "p", "model": model, "effort": effort, "right": True, "answer": "1"}
        for model in ("b", "a")
        for effort in ("xhigh", "low", "minimal", "odd")
    ]
    (run,) = imported(files.lines(*rows))
    assert [str(one) for one in run.conditions[:4]] == ["b minimal", "b low", "b xhigh", "b odd"]
    assert {sample.condition for sample in run.samples} == set(range(8))
    assert [run.conditions[sample.condition].budget for sample in run.samples if sample.condition < 4] == [
        "xhigh", "low", "minimal", "odd"
    ]  # fmt: skip


def test_draws_are_counted_from_0_in_the_order_of_their_numbers(files, imported):
    rows = [{"id": "p", "seed": seed, "answer": str(seed), "right": False} for seed in (901, 7, 55)]
    (run,) = imported(files.lines(*rows))
    assert [(one.draw, one.said().answer) for one in run.samples] == [(0, "7"), (1, "55"), (2, "901")]
    assert [(cell.planned, cell.planned_first) for cell in run.cells] == [(3, 3)]


def test_several_runs_of_one_condition_are_draws_of_it_all_of_them(files, imported):
    (run,) = imported(files.lines(ROW | {"run": "a"}, ROW | {"run": "b"}))
    assert [one.draw for one in run.samples] == [0, 1]


def test_a_draw_that_stands_there_twice_is_refused(files, imported):
    with pytest.raises(UsageError, match="line 2: is the second row of draw 1 of problem p1 under openai/o9 low"):
        imported(files.lines(ROW, ROW))


def test_an_error_is_a_failed_draw_and_no_answer(files, imported):
    rows = [
        ROW,
        ROW | {"epoch": 2, "error": "timeout"},
        ROW | {"epoch": 3, "error": False},
        ROW | {"epoch": 4, "error": {}},
    ]
    (run,) = imported(files.lines(*rows))
    assert len(run.samples) == 3
    assert [(one.draw, one.reason) for one in run.failures] == [(1, "timeout")]


def test_what_was_cut_is_called_length(files, imported):
    rows = [ROW | {"finish_reason": "max_tokens"}, ROW | {"epoch": 2, "finish_reason": "stop"}]
    (run,) = imported(files.lines(*rows))
    assert [one.finish_reason for one in run.samples] == ["length", "stop"]


def test_a_missing_answer_casts_no_vote(files, imported):
    (run,) = imported(files.lines(ROW, {k: v for k, v in ROW.items() if k != "answer"} | {"epoch": 2, "graded": "I"}))
    assert run.samples[1].said().verdict is Verdict.NO_ANSWER


def test_without_any_answers_wrong_ones_are_taken_to_agree_and_it_is_said(files, imported):
    (run,) = imported(files.lines({"id": "p", "passed": 0}, {"id": "p", "passed": 1}))
    assert grades(run) == [(WRONG_ANSWER, "wrong"), ("(right)", "right")]
    assert "lower bound" in run.notes[0]


def test_answers_without_verdicts_are_read_by_our_grader(files, imported):
    rows = [{"id": "p", "target": "7", "answer": answer} for answer in ("7", "08", "none")]
    (run,) = imported(files.lines(*rows))
    assert run.grader == run.spec.identity != SAID
    assert [one.said(run.grader).verdict.value for one in run.samples] == ["right", "wrong", "no answer"]


def test_neither_verdicts_nor_known_answers_is_refused(files, imported):
    with pytest.raises(UsageError, match="says neither which answers are right"):
        imported(files.lines({"id": "p", "answer": "7"}))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"output_tokens": -1}, "output_tokens: must be a whole number"),
        ({"output_tokens": 1.5}, "whole number"),
        ({"output_tokens": 1e300}, "whole number"),
        ({"output_tokens": True}, "whole number"),
        ({"output_tokens": [1]}, "got a list"),
        ({"input_tokens": "many"}, r"got 'many'"),
        ({"cost": "-1"}, "amount in dollars"),
        ({"cost": "inf"}, "amount in dollars"),
        ({"seconds": -0.5}, "seconds: must be a number"),
        ({"graded": 0.37}, "--map score=graded"),
        ({"graded": "perhaps"}, "right or wrong"),
        ({"id": {}}, "id: must be text"),
        ({"id": "x" * 10_000}, "at most 500 characters"),
        ({"id": ""}, "does not say which problem"),
        ({"text": 5}, "text: must be text"),
        ({"epoch": -1}, "epoch"),
        ({"reward": "high", "graded": "C"}, "reward: must be a finite number"),
    ],
)
def test_a_value_of_a_wrong_kind_is_refused_with_file_row_and_field(files, imported, change, reason):
    with pytest.raises(UsageError, match=reason) as error:
        imported(files.lines(ROW, ROW | {"epoch": 2} | change))
    assert str(error.value).startswith("s.jsonl: line 2: ")


def test_a_problem_that_changes_its_answer_is_refused(files, imported):
    with pytest.raises(UsageError, match="problem p1: its answer is '8' here and '7' in an earlier row"):
        imported(files.lines(ROW, ROW | {"epoch": 2, "target": "8"}))


def test_scores_are_kept_under_the_names_of_their_columns(files, imported):
    (run,) = imported(files.lines(ROW | {"reward": 0.5, "verifier_score": -2}))
    assert run.samples[0].scores == (("reward", 0.5), ("verifier_score", -2.0))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_has_the_same_rows_whatever_separates_its_cells(files, imported, separator):
    text = "\ufeff" + "\n".join(separator.join(map(str, line)) for line in (ROW, ROW.values())) + "\n"
    (of_csv,), (of_lines,) = imported(files.write("s.csv", text)), imported(files.lines(ROW))
    assert (of_csv.problems, of_csv.conditions, of_csv.samples) == (
        of_lines.problems,
        of_lines.conditions,
        of_lines.samples,
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("id,right\na,1,2\n", "row 2: has 3 cells below 2 names"),
        ("id,id\na,b\n", "two columns of the same name"),
        ('id,right\n"a,1\n', "is no table of values"),
        ("id,right\n", "has no rows"),
    ],
)
def test_csv_that_is_no_table_is_refused(files, imported, text, reason):
    with pytest.raises(UsageError, match=reason):
        imported(files.write("s.csv", text))


def test_a_list_of_rows_in_one_document_is_read_too(files, imported):
    (run,) = imported(files.write("rows.json", json.dumps([ROW], indent=2)))
    assert len(run.samples) == 1


def test_lone_surrogates_and_nuls_are_kept_out_of_columns(files, imported):
    (run,) = imported(files.lines(ROW | {"id": "a\ud800\0b", "text": "x\ud800\0"}))
    assert run.problems[0].id == "a?\ufffdb"
    assert run.samples[0].text == "x\ud800\0"


def test_a_line_without_an_end_is_not_read_into_memory(files, imported, monkeypatch):
    monkeypatch.setattr(sample_table, "LONGEST_TEXT", 100)
    with pytest.raises(UsageError, match="no table of values: field larger than field limit"):
        imported(files.write("s.csv", "id,right\n" + "a" * 10_000))
    monkeypatch.setattr(sample_table, "_LONGEST_HEAD", 50)
    with pytest.raises(UsageError, match="a first line of over 50 characters"):
        imported(files.write("s.csv", ",".join(f"c{n}" for n in range(50)) + "\n"))
