"""Samples as a log that Inspect AI reads: its EvalLog, version 2, as JSON.

Inspect has one model and one setting per log, so a log holds one condition of one run. A problem is a sample's `id`, a
draw its `epoch` (from 1), a draw that failed for good a sample with an `error`. Tokens follow Inspect's convention:
`output_tokens` hold reasoning, `input_tokens` leave out what was read from the cache. A score is C, I or N; what was
cut by the token cap scores I, as here. What Inspect has no field for stands under `metadata.thinktop`: the label,
control and budget, exact dollars, the grader's own verdict.

The format is that of inspect_ai/log/_log.py (EvalLog), model/_model_output.py and scorer/_metric.py. Samples come last
and are streamed.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.controls import fill
from core.interchange.redaction import Redaction
from core.money import usd
from core.reading import curve_of, read_conditions
from core.store.bundling import (
    cell_places,
    condition_facts,
    failure_facts,
    grade_facts,
    problem_facts,
    run_facts,
    sample_facts,
    stored_config,
)
from core.vocabulary import PICO

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from typing import TextIO

    from core.analysis.curve import ConditionCurve
    from core.store.bundling import CellPlace

_STOP_REASONS = {"stop": "stop", "eos": "stop", "length": "max_tokens", "content_filter": "content_filter"}
_SCORES = {"right": "C", "wrong": "I", "no answer": "N"}
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""Those that Inspect has a word for; any other is in the metadata only."""

_Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ConditionLog:
    """One condition of one run, to be written as a log."""

    connection: sqlite3.Connection
    run_id: int
    run: _Fields
    config: _Fields
    condition: _Fields
    """As a bundle has it, with its position."""
    problems: tuple[_Fields, ...]
    places: tuple[CellPlace, ...]
    curve: ConditionCurve
    texts: bool

    @property
    def label(self) -> str:
        """The configured model's label."""
        return str(self.condition["label"])

    @property
    def budget(self) -> str:
        """The budget in words."""
        return "none" if self.condition["budget"] is None else str(self.condition["budget"])


def logs_of(connection: sqlite3.Connection, run_id: int, *, texts: bool) -> Iterator[ConditionLog]:
    """The conditions of a run, each to be written to a file of its own.

    Args:
        connection: to a store, within one transaction.
        run_id: the run.
        texts: whether what models wrote is in them.
    """
    run, config = run_facts(connection, run_id), stored_config(connection, run_id)
    problems = tuple(problem_facts(connection, run_id))
    places = cell_places(connection, run_id)
    # The curves come in the order of the conditions; their numbers are the headline of each log.
    for condition, read in zip(condition_facts(connection, run_id), read_conditions(connection, run_id), strict=True):
        at = condition["position"]
        own = tuple(place for place in places if place.condition == at)
        yield ConditionLog(connection, run_id, run, config, condition, problems, own, curve_of(read).curve, texts)


def write_inspect(file: TextIO, log: ConditionLog) -> int:
    """How many samples were written, those that failed among them."""
    head = json.dumps(_head(log), ensure_ascii=True, indent=1)
    file.write(head[: head.rindex("}")].rstrip() + ',\n "samples": [')
    written = 0
    for sample in _samples(log):
        file.write((",\n" if written else "\n") + json.dumps(sample, ensure_ascii=True, separators=(",", ":")))
        written += 1
    file.write("\n ]\n}\n")
    return written


def _head(log: ConditionLog) -> _Fields:
    run, condition, curve = log.run, log.condition, log.curve
    name, started = str(condition["model"]), run["started_at"] or run["created_at"]
    template = condition["prompt"].replace("{problem}", "{prompt}")
    scorer, epochs = _scorer(run), max((place.planned for place in log.places), default=0)
    metrics = {"accuracy": curve.accuracy, "stderr": curve.se}
    return {
        "version": 2,
        "status": "success" if run["state"] == "finished" or run["imported"] else "cancelled",
        "eval": {
            "eval_id": _id(log, "eval"),
            "run_id": _id(log, "run"),
            "created": started,
            "task": run["name"],
            "task_id": _id(log, "task"),
            "task_version": 0,
            "task_attribs": {},
            "task_args": {},
            "dataset": {
                "name": _data_set(log.config),
                "samples": len(log.places),
                "sample_ids": [log.problems[place.problem]["key"] for place in log.places],
                "shuffled": False,
            },
            "model": name,
            "model_generate_config": _settings(condition),
            "model_args": {},
            "config": {"epochs": epochs, "epochs_reducer": ["mean"]},
            "packages": run["versions"],
            "metadata": {"thinktop": _said(log)},
            "scorers": [{"name": scorer}],
        },
        "plan": {
            "name": "plan",
            "steps": [
                {"solver": "prompt_template", "params": {"template": template}},
                {"solver": "generate", "params": {}},
            ],
            "config": _settings(condition),
        },
        "results": {
            "total_samples": curve.draws,
            "completed_samples": curve.samples,
            "scores": [
                {
                    "name": scorer,
                    "scorer": scorer,
                    "reducer": "mean",
                    "params": {},
                    "metrics": {
                        metric: {"name": metric, "value": value, "params": {}}
                        for metric, value in metrics.items()
                        if value is not None
                    },
                }
            ],
        },
        "stats": {"started_at": started, "completed_at": run["ended_at"] or "", "model_usage": {name: _total(log)}},
    }


def _samples(log: ConditionLog) -> Iterator[_Fields]:
    grader, redaction = log.run["grader"], Redaction.of_endpoints(log.run["endpoints"], os.environ)
    for place in log.places:
        problem = log.problems[place.problem]
        # One problem's grades and failures at a time: they are few, and the samples are streamed past them.
        grades = {
            (grade["draw"], grade["step"]): grade
            for grade in grade_facts(log.connection, place.id)
            if grade["grader"] == grader
        }
        for sample in sample_facts(log.connection, place.id, texts=log.texts):
            yield _sample(log, problem, sample, grades.get((sample["draw"], sample["step"])))
        for failure in failure_facts(log.connection, place.id):
            yield _failed(log, problem, failure["draw"], failure["failed_at"], redaction.message(failure["reason"]))


def _sample(log: ConditionLog, problem: _Fields, sample: _Fields, grade: _Fields | None) -> _Fields:
    name, cut = str(log.condition["model"]), sample["finish_reason"] == "length"
    usage = _usage(sample)
    took = None if log.run["imported"] and not sample["seconds"] else sample["seconds"]
    said = {
        "finish_reason": sample["finish_reason"],
        "estimated": sample["estimated"],
        "cost_usd": None if sample["billed_pico"] is None else usd(sample["billed_pico"]),
        "fingerprint": sample["fingerprint"],
    }
    return _placed(log, problem, sample["draw"]) | {
        "output": {
            "model": sample["model"] or name,
            "choices": [
                {
                    "message": {"role": "assistant", "content": _content(sample), "source": "generate", "model": name},
                    "stop_reason": _STOP_REASONS.get(sample["finish_reason"], "unknown"),
                }
            ],
            "completion": sample.get("text") or "",
            "usage": usage,
            "time": took,
        },
        "scores": {} if grade is None else {_scorer(log.run): _score(grade, cut=cut)},
        "metadata": {"thinktop": _kept_facts(problem) | said},
        "model_usage": {} if usage is None else {name: usage},
        "completed_at": sample["kept_at"],
        "total_time": took,
        "working_time": took,
    }


def _failed(log: ConditionLog, problem: _Fields, draw: int, failed_at: str, reason: str) -> _Fields:
    return _placed(log, problem, draw) | {
        "output": {"model": str(log.condition["model"]), "choices": [], "completion": ""},
        "scores": {},
        "metadata": {"thinktop": _kept_facts(problem)},
        "model_usage": {},
        "completed_at": failed_at,
        "error": {"message": reason, "traceback": reason, "traceback_ansi": reason},
    }


def _placed(log: ConditionLog, problem: _Fields, draw: int) -> _Fields:
    """What a sample and a failure have in common: which draw of which problem it is, and what was asked."""
    messages = [{"role": "user", "content": fill(log.condition["prompt"], problem["question"]), "source": "input"}]
    if log.condition["system"] is not None:
        messages.insert(0, {"role": "system", "content": log.condition["system"]})
    return {
        "id": problem["key"],
        "epoch": draw + 1,
        "input": problem["question"],
        "target": problem["answer"],
        "messages": messages,
        "uuid": _id(log, f"{problem['key']} {draw}"),
    }


def _content(sample: _Fields) -> str | list[_Fields]:
    text = sample.get("text") or ""
    if sample.get("reasoning") is None:
        return str(text)
    return [{"type": "reasoning", "reasoning": sample["reasoning"]}, {"type": "text", "text": text}]


def _score(grade: _Fields, *, cut: bool) -> _Fields:
    value = "I" if cut and grade["verdict"] == "right" else _SCORES[grade["verdict"]]
    return {
        "value": value,
        "answer": grade["answer"],
        "explanation": grade["note"] or None,
        "metadata": {"verdict": grade["verdict"]},
        "history": [],
    }


def _usage(sample: _Fields) -> _Fields | None:
    """None where no server or source has said how many tokens it was."""
    if sample["estimated"] and not sample["completion_tokens"]:
        return None
    billed = sample["billed_pico"]
    return {
        "input_tokens": sample["prompt_tokens"] - sample["cached_tokens"],
        "output_tokens": sample["completion_tokens"],
        "total_tokens": sample["prompt_tokens"] + sample["completion_tokens"],
        "input_tokens_cache_read": sample["cached_tokens"],
        "reasoning_tokens": sample["reasoning_tokens"],
        "total_cost": None if billed is None else billed / PICO,
    }


def _total(log: ConditionLog) -> _Fields:
    sums = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0, "input_tokens_cache_read": 0}
    reasoning: int | None = None
    for place in log.places:
        for sample in sample_facts(log.connection, place.id, texts=False):
            usage = _usage(sample) or {}
            for name in sums:
                sums[name] += usage.get(name) or 0
            if usage.get("reasoning_tokens") is not None:
                reasoning = (reasoning or 0) + usage["reasoning_tokens"]
    return sums | {"reasoning_tokens": reasoning}


def _settings(condition: _Fields) -> _Fields:
    """What Inspect calls the generation's config, as far as it has the field."""
    body = condition["body"]
    settings = {name: body[name] for name in ("temperature", "top_p") if name in body}
    if condition["control"] == "effort" and condition["budget"] in _EFFORTS:
        settings["reasoning_effort"] = condition["budget"]
    if condition["control"] == "thinking_budget":
        settings["reasoning_tokens"] = condition["budget"]
    return {"max_tokens": condition["token_cap"]} | settings


def _said(log: ConditionLog) -> _Fields:
    condition, run = log.condition, log.run
    told = Redaction.of_endpoints(run["endpoints"], os.environ).settings("", condition)
    return {name: told[name] for name in ("label", "control", "budget", "token_cap", "price", "body")} | {
        "simulated": run["simulated"],
        "imported": run["imported"],
        "grader": run["grader"],
    }


def _kept_facts(problem: _Fields) -> _Fields:
    return {name: problem[name] for name in ("cluster", "difficulty") if problem[name] is not None}


def _scorer(run: _Fields) -> str:
    """The grader's kind: its whole identity stands in the metadata."""
    return f"thinktop_{str(run['grader'] or 'nobody').partition('-')[0]}"


def _data_set(config: _Fields) -> str | None:
    source = config.get("problems", {}).get("source")
    return None if source is None else str(source)


def _id(log: ConditionLog, what: str) -> str:
    """An id as long as Inspect's own, the same in every export."""
    said = json.dumps([log.run["name"], log.run["created_at"], log.condition["position"], what])
    return hashlib.sha256(said.encode()).hexdigest()[:22]
