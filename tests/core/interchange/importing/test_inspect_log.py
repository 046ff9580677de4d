"""Logs of Inspect AI, whole, summed up, old and new."""

import json

import pytest

from core.errors import UsageError
from core.interchange.importing.foreign import NO_CAP, SAID
from core.vocabulary import Control, Usage


def whole(files, text="ANSWER: 7", **more):
    """A sample as a log with samples has it."""
    said = {"message": {"role": "assistant", "content": text}, "stop_reason": "stop"}
    return files.sample(**more) | {"output": {"model": "o9-2026", "choices": [said]}}


def test_samples_epochs_usage_and_effort_are_read_from_summaries(files, imported):
    head = files.header(epochs=2, reasoning_effort="high", max_tokens=5000)

    (run,) = imported(files.log(files.sample(), files.sample(epoch=2, value="I", answer="8"), head=head))

    (condition,) = run.conditions
    assert (condition.model, condition.budget, condition.control) == ("openai/o9", "high", Control.EFFORT)
    assert condition.token_cap == 5000
    assert [(one.draw, one.said().answer, one.said().verdict.value) for one in run.samples] == [
        (0, "7", "right"),
        (1, "8", "wrong"),
    ]
    assert run.samples[0].usage == Usage(10, 100, 0, 60)
    assert (run.samples[0].seconds, run.samples[0].kept_at) == (4.0, "2026-01-01T01:00:00.000Z")
    assert (run.grader, run.says["task"]) == (SAID, "sums")


def test_the_usage_of_judges_is_nobodys(files, imported):
    usage = {"google/judge": {"input_tokens": 5, "output_tokens": 5}}
    (run,) = imported(files.log(files.sample(model_usage=usage)))
    assert run.samples[0].usage is None
    assert "does not say how many tokens" in run.notes[0]


def test_the_reasoning_of_google_comes_on_top(files, imported):
    usage = {"google/g": {"input_tokens": 10, "output_tokens": 40, "reasoning_tokens": 60, "total_tokens": 110}}
    (run,) = imported(files.log(files.sample(model_usage=usage), head=files.header("google/g")))
    assert run.samples[0].usage.completion_tokens == 100


@pytest.mark.parametrize(
    "error", ["RateLimitError: no\nTraceback", {"message": "RateLimitError: no", "traceback": "x"}]
)
def test_an_errored_sample_is_a_failed_draw_with_its_reason(files, imported, error):
    (run,) = imported(files.log(files.sample(), files.sample(epoch=2, error=error), head=files.header(epochs=2)))
    assert [(one.draw, one.reason) for one in run.failures] == [(1, "RateLimitError: no")]
    assert len(run.samples) == 1


def test_what_a_log_plans_and_does_not_have_is_failed(files, imported):
    head = files.header(epochs=3, status="cancelled")
    (run,) = imported(files.log(files.sample(), files.sample(epoch=3, completed=False), head=head))
    assert [(one.draw, one.reason) for one in run.failures] == [
        (1, "not in the log (its status: cancelled)"),
        (2, "not completed"),
    ]
    assert run.cells[0].planned == 3
    assert "did not end well" in run.notes[0]


def test_a_log_that_plans_what_no_memory_holds_is_refused(files, imported):
    samples = [files.sample(f"p{number}") for number in range(3)]
    with pytest.raises(UsageError, match="lacks over 1,000,000 of the samples"):
        imported(files.log(*samples, head=files.header(epochs=999_999)))


def test_old_logs_with_a_text_for_an_answer_are_read_again_and_both_readings_kept(files, imported):
    texts = ["Let us see.\n\nANSWER: 7", "I think.\n\nANSWER: 8", "Invalid prompt: " + "flagged " * 20]
    samples = [
        files.sample(epoch=n, answer=text, value=value, model_usage={})
        for n, (text, value) in enumerate(zip(texts, "CCI", strict=True), start=1)
    ]

    (run,) = imported(files.log(*samples, head=files.header(epochs=3)))

    assert run.grader == 'integer-1{"high":999,"low":0}'
    assert [one.said(run.grader).answer for one in run.samples] == ["7", "8", None]
    assert [one.said().verdict.value for one in run.samples] == ["right", "right", "wrong"]
    assert [one.said().answer for one in run.samples][:2] == ["7", "7"]
    assert [one.text for one in run.samples] == texts


def test_whole_samples_bring_texts_reasoning_and_why_they_stopped(files, imported):
    parts = [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": "attachment://abc"}]
    first = whole(files, parts) | {"attachments": {"abc": "At last, ANSWER: 7"}}
    second = whole(files, epoch=2)
    second["output"]["choices"][0]["stop_reason"] = "max_tokens"
    third = whole(files, epoch=3) | {"limit": {"type": "time", "limit": 5}}
    members = {f"samples/p1_epoch_{n}.json": one for n, one in enumerate([first, second, third], start=1)}

    (run,) = imported(files.zip({"header.json": files.header(epochs=3)} | members))

    assert [(one.text, one.reasoning, one.finish_reason) for one in run.samples] == [
        ("At last, ANSWER: 7", "hm", "stop"),
        ("ANSWER: 7", None, "length"),
        ("ANSWER: 7", None, "limit: time"),
    ]
    assert run.samples[0].model == "o9-2026"
    assert run.grader == SAID
    assert run.samples[0].said(run.spec.identity).answer == "7"


def test_json_logs_are_read_on_one_line_and_on_many(files, imported):
    log = files.header() | {"samples": [whole(files)]}
    (one,), (many,) = (imported(files.write("a.json", json.dumps(log, indent=indent))) for indent in (None, 1))
    assert one.samples == many.samples
    assert len(one.samples) == 1


def test_an_unfinished_log_is_read_from_its_journal(files, imported):
    members = {"_journal/start.json": files.header(status="started"), "_journal/summaries/1.json": [files.sample()]}
    (run,) = imported(files.zip(members))
    assert len(run.samples) == 1


def test_messages_and_choices_make_the_question(files, imported):
    asked = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Which?"}]},
    ]
    (run,) = imported(files.log(files.sample(input=asked, choices=["x", "y"], target="A", answer="A")))
    assert run.problems[0].question == "Which?\nA) x\nB) y"
    assert run.spec.kind == "choice"


def test_the_template_is_the_prompt(files, imported):
    head = files.header()
    head["plan"]["steps"] = [{"solver": "prompt_template", "params": {"template": "Solve: {prompt}"}}]
    (run,) = imported(files.log(files.sample(), head=head))
    assert (run.conditions[0].prompt, run.conditions[0].token_cap) == ("Solve: {problem}", NO_CAP)


def test_a_setting_can_be_mapped_to_the_budget_and_a_scorer_to_the_verdict(files, imported):
    head = files.header(max_tokens=4096)
    scores = {"match": {"value": "C", "answer": "7"}, "strict": {"value": 0, "answer": "7"}}
    (run,) = imported(
        files.log(files.sample(scores=scores), head=head), mapping={"budget": "max_tokens", "graded": "strict"}
    )
    assert (run.conditions[0].budget, run.samples[0].said().verdict.value) == (4096, "wrong")
    with pytest.raises(UsageError, match="no such scorer; there is match, strict"):
        imported(files.log(files.sample(scores=scores), head=head), mapping={"graded": "other"})
    with pytest.raises(UsageError, match="no such setting"):
        imported(files.log(files.sample()), mapping={"budget": "other"})
    with pytest.raises(UsageError, match="not answer"):
        imported(files.log(files.sample()), mapping={"answer": "other"})


def test_scores_that_are_numbers_are_kept_as_scores_and_partly_right_is_wrong(files, imported):
    scores = {"match": {"value": 0.5, "answer": "7"}, "reward": {"value": -1.25}}
    (run,) = imported(files.log(files.sample(scores=scores)))
    assert run.samples[0].scores == (("match", 0.5), ("reward", -1.25))
    assert (run.samples[0].said().verdict.value, run.samples[0].said().note) == ("wrong", "scored 0.5")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"epoch": "x"}, "epoch: must be a whole number"),
        ({"id": None}, "id: must be"),
        ({"scores": []}, "scores: must be an object"),
        ({"scores": {"match": {"value": {"a": 1}}}}, "value: must be right or wrong"),
        ({"model_usage": {"openai/o9": {"output_tokens": -1}}}, "output_tokens"),
        ({"target": {"a": 1}}, "target: must be text"),
        ({"output": {"choices": ["x"]}}, "must be an object"),
    ],
)
def test_a_value_of_a_wrong_kind_is_refused_with_its_place(files, imported, change, reason):
    with pytest.raises(UsageError, match=reason) as error:
        imported(files.log(files.sample() | change))
    assert str(error.value).startswith("log.eval: summaries.json: sample 1")


def test_a_sample_that_stands_there_twice_is_refused(files, imported):
    with pytest.raises(UsageError, match="second sample of problem p1 in epoch 1"):
        imported(files.log(files.sample(), files.sample()))


@pytest.mark.parametrize("samples", [[], None])
def test_a_log_without_samples_is_refused(files, imported, samples):
    with pytest.raises(UsageError, match="without samples"):
        imported(files.write("a.json", json.dumps(files.header() | {"samples": samples})))


@pytest.mark.parametrize("value", [10**400, float("inf")])
def test_a_score_that_is_no_number_of_this_world_is_refused(files, imported, value):
    with pytest.raises(UsageError, match=r"value: must be a finite number|is not JSON"):
        imported(files.log(files.sample(value=value)))


@pytest.mark.parametrize("limit", [[], [1], {"type": ["token"]}])
def test_a_limit_of_a_wrong_kind_cuts_nothing(files, imported, limit):
    (run,) = imported(files.log(files.sample(limit=limit)))
    assert run.samples[0].finish_reason != "length"
