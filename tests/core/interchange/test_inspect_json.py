import io
import json

import pytest

from core.interchange.inspect_json import _usage, logs_of, write_inspect
from core.interchange.redaction import REDACTED
from core.store.opening import reading


@pytest.fixture
def logged():
    """A run's logs, as objects, and the text of them all."""

    def write(run, *, texts=True):
        files = []
        with reading(run.place) as db:
            for log in logs_of(db, run.id, texts=texts):
                files.append(io.StringIO())
                write_inspect(files[-1], log)
        return [json.loads(file.getvalue()) for file in files], "".join(file.getvalue() for file in files)

    return write


def test_a_draw_is_an_epoch_and_a_problem_a_sample(book, logged):
    run = book()
    run.keep("p2", 400, 3, "7", tokens=1234, pico=2_500_000_000, text="so 7")

    (_, log), _ = logged(run)

    (sample,) = log["samples"]
    assert (sample["id"], sample["epoch"], sample["input"], sample["target"]) == ("p2", 4, "What is 1 + 1?", "2")
    assert sample["output"]["completion"] == "so 7"
    assert sample["output"]["choices"][0]["stop_reason"] == "stop"
    assert sample["model_usage"]["model"]["output_tokens"] == 1234
    assert sample["model_usage"]["model"]["total_cost"] == 0.0025
    assert sample["scores"]["thinktop_integer"]["value"] == "I"
    assert log["eval"]["config"]["epochs"] == 4
    assert log["eval"]["metadata"]["thinktop"]["budget"] == 400


def test_the_message_is_the_prompt_with_the_problem_in_it(book, logged):
    run = book()
    run.keep("p1", 100, 0)

    (log, _), _ = logged(run)

    assert log["samples"][0]["messages"] == [{"role": "user", "content": "What is 6 x 7?", "source": "input"}]
    assert log["plan"]["steps"][0]["params"]["template"] == "{prompt}"


def test_what_is_cut_scores_as_wrong_and_what_is_unread_as_no_answer(book, logged):
    run = book()
    run.keep("p1", 100, 0, right=True)
    run.keep("p1", 100, 1, right=True, finish="length")
    run.keep("p1", 100, 2, None)
    run.keep("p1", 100, 3, graded=False)

    (log, _), _ = logged(run)

    scores = [sample["scores"].get("thinktop_integer", {}) for sample in log["samples"]]
    assert [score.get("value") for score in scores] == ["C", "I", "N", None]
    assert scores[1]["metadata"]["verdict"] == "right"
    assert log["samples"][1]["output"]["choices"][0]["stop_reason"] == "max_tokens"


def test_what_was_read_from_the_cache_is_beside_the_input_and_reasoning_within_the_output():
    sample = {"prompt_tokens": 100, "cached_tokens": 60, "completion_tokens": 50, "reasoning_tokens": 40}

    usage = _usage(sample | {"billed_pico": None, "estimated": False})

    assert (usage["input_tokens"], usage["input_tokens_cache_read"], usage["output_tokens"]) == (40, 60, 50)
    assert (usage["total_tokens"], usage["total_cost"]) == (150, None)
    assert _usage(sample | {"completion_tokens": 0, "billed_pico": None, "estimated": True}) is None


def test_thinking_that_was_shown_is_content_of_its_own(book, logged):
    run = book()
    run.keep("p1", 100, 0, text="42", reasoning="hm")

    (log, _), _ = logged(run)

    content = log["samples"][0]["output"]["choices"][0]["message"]["content"]
    assert content == [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": "42"}]


def test_a_draw_that_failed_is_a_sample_with_an_error_that_shows_no_key(book, logged):
    run = book()
    run.fail("p1", 100, 0, "400: too long")
    run.fail("p1", 100, 1, "401: bad key sk-abcdefghijklmnop123")

    (log, _), text = logged(run)

    assert [sample["error"]["message"] for sample in log["samples"]] == ["400: too long", REDACTED]
    assert "sk-abc" not in text
    assert (log["results"]["total_samples"], log["results"]["completed_samples"]) == (8, 0)


def test_texts_can_be_left_out(book, logged):
    run = book()
    run.keep("p1", 100, 0, text="a secret thought", reasoning="another secret")

    assert "secret" not in logged(run, texts=False)[1]


def test_a_log_is_ascii_and_two_of_a_run_are_equal(book, logged, hostile):
    run = book(labels=(hostile,))
    run.keep("p1", 100, 0, label=hostile, text=f"{hostile}\udc80")

    (log, _), text = logged(run)

    assert text.isascii()
    assert "\x1b" not in text
    assert log["samples"][0]["output"]["completion"] == f"{hostile}\udc80"
    assert logged(run)[1] == text


@pytest.mark.parametrize(("budget", "field"), [("low", "low"), ("a level of its own", None)])
def test_an_effort_that_inspect_knows_is_its_effort(book, logged, budget, field):
    (log,), _ = logged(book(budgets=(budget,)))

    assert log["eval"]["model_generate_config"].get("reasoning_effort") == field
    assert log["eval"]["metadata"]["thinktop"]["budget"] == budget
