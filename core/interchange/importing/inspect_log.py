"""Logs of Inspect AI: what a header and samples x epochs come to, from a `.eval` zip or a `.json`.

Reads whole samples where the log has them and their summaries where it has not. Newer logs carry usage for each sample
and a clean answer; older ones only a text, in the place of the answer. The header's own accuracy leaves out samples
with errors, so nothing is taken from it but to be shown: an errored sample is a failed draw, and so is one that the log
plans and does not have. Logs that thinktop has written say in their metadata what Inspect has no field for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.interchange.importing.conditions import Tables, condition_of, numbered
from core.interchange.importing.facts import LONGEST_ANSWER, LONGEST_TEXT, Facts, refuse
from core.interchange.importing.foreign import SAID, ForeignFailure, ForeignRun, ForeignSample
from core.interchange.importing.inspect_text import asked_of, written_by
from core.interchange.importing.tokens import usage_of
from core.interchange.importing.verdicts import is_clean, is_right, said
from core.vocabulary import Budget, Condition, Control, Grade, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.interchange.importing.sources import Archive, Source
    from core.vocabulary import Usage

HEADER, SUMMARIES = "header.json", "summaries.json"
START = "_journal/start.json"
"""The header of a log whose evaluation did not end."""
_SAMPLE = re.compile(r"samples/.+\.json")
_JOURNAL = re.compile(r"_journal/summaries/\d+\.json")

_USAGE = {
    "prompt": "input_tokens",
    "completion": "output_tokens",
    "reasoning": "reasoning_tokens",
    "cached": "input_tokens_cache_read",
    "written": "input_tokens_cache_write",
    "total": "total_tokens",
}
_CUT = frozenset({"max_tokens", "model_length", "length"})
_CUTTING_LIMITS = frozenset({"token", "context"})
_MOST_EPOCHS = 1_000_000
_MOST_MISSING = 1_000_000
"""Draws that a log plans and does not have."""
_LONGEST_MESSAGE = 500
OURS = "thinktop"
"""Where the metadata of a log that we wrote says what Inspect has no field for."""
MAPPED = frozenset({"budget", "graded"})
"""What a person may map: to a setting of the evaluation, and to a scorer."""


def is_log(document: Any) -> bool:
    """Whether a document is a log of Inspect's."""
    return isinstance(document, dict) and isinstance(document.get("eval"), dict) and "status" in document


def eval_samples(archive: Archive, name: str) -> tuple[Any, Iterator[tuple[str, Any]]]:
    """The header of a `.eval` zip, and its samples, each with where it stands.

    Raises:
        UsageError: it has neither samples nor summaries.
    """
    header = archive.document(HEADER if HEADER in archive else START)
    whole = sorted(member for member in archive.names if _SAMPLE.fullmatch(member))
    if whole:
        return header, ((f"{name}: {member}", archive.document(member)) for member in whole)
    summed = [SUMMARIES] if SUMMARIES in archive else sorted(filter(_JOURNAL.fullmatch, archive.names))
    if not summed:
        refuse(name, "is an Inspect log without samples; log them with --log-samples")
    return header, (row for member in summed for row in json_samples(archive.document(member), f"{name}: {member}"))


def json_samples(samples: Any, where: str) -> Iterator[tuple[str, Any]]:
    """The samples in a list, each with where it stands.

    Raises:
        UsageError: it is no list.
    """
    if not isinstance(samples, list):
        refuse(where, "is an Inspect log without samples; log them with --log-samples")
    for number, sample in enumerate(samples, start=1):
        yield f"{where}: sample {number}", sample


@dataclass(slots=True)
class _Found:
    """Samples of a log, as they come."""

    tables: Tables = field(default_factory=Tables)
    samples: list[tuple[tuple[int, int], ForeignSample]] = field(default_factory=list)
    failures: list[tuple[tuple[int, int], ForeignFailure]] = field(default_factory=list)
    seen: set[tuple[int, int]] = field(default_factory=set)
    """(problem, epoch)."""
    texts: int = 0
    answers: int = 0
    several_targets: bool = False


@dataclass(frozen=True, slots=True)
class _Header:
    """What the log says of the whole evaluation."""

    condition: Condition
    model: str
    scorers: tuple[str, ...]
    epochs: int
    status: str
    ended_at: str | None


def read_log(source: Source, header: Any, samples: Iterable[tuple[str, Any]], mapping: Mapping[str, str]) -> ForeignRun:
    """The run of one log.

    Raises:
        UsageError: a value is not what it must be.
    """
    unknown = sorted(set(mapping) - MAPPED)
    if unknown:
        refuse(
            source.name, f"is an Inspect log, of which only {', '.join(sorted(MAPPED))} are mapped, not {unknown[0]}"
        )
    facts = Facts.of(header, f"{source.name}: header")
    told = _header(facts, mapping)
    found = _Found()
    found.tables.condition(told.condition, facts.where)
    used: set[str] = set()
    for where, sample in samples:
        _take(Facts.of(sample, where), told, found, used, mapping.get("graded"))
    if not found.seen:
        refuse(source.name, "is an Inspect log without samples; log them with --log-samples")
    if len(found.tables.problems) * told.epochs - len(found.seen) > _MOST_MISSING:
        refuse(
            source.name, f"lacks over {_MOST_MISSING:,} of the samples that its header plans ({told.epochs:,} epochs)"
        )
    _plan(told, found)
    kept, failed, cells = numbered(found.samples, found.failures)
    return ForeignRun(
        name=source.stem,
        format="inspect",
        files=(source.file,),
        problems=tuple(found.tables.problems.values()),
        conditions=(told.condition,),
        cells=cells,
        samples=kept,
        failures=failed,
        texts=found.texts * 2 > found.answers,
        started_at=facts.within("stats").moment("started_at") or facts.within("eval").moment("created"),
        ended_at=told.ended_at,
        says=_says(facts),
        mapping={"graded": " and ".join(sorted(used)), **mapping},
        simulated=bool(facts.within("eval").within("metadata").within(OURS).flag("simulated")),
        notes=tuple(_notes(told, found, kept)),
    )


def _header(facts: Facts, mapping: Mapping[str, str]) -> _Header:
    evaluation = facts.within("eval")
    model = evaluation.name("model")
    if model is None:
        refuse(evaluation.where, "model: is missing")
    config = {**evaluation.within("model_generate_config").values, **facts.within("plan").within("config").values}
    generate = Facts(config, f"{facts.where}: plan: config")
    budget, control = _budget(generate, evaluation, mapping.get("budget"))
    template = _template(facts)
    condition = condition_of(
        evaluation.within("metadata").within(OURS).name("label") or model,
        model,
        budget,
        control,
        token_cap=generate.tokens("max_tokens"),
        prompt=template or "{problem}",
        system=generate.text("system_message", LONGEST_TEXT),
    )
    epochs = evaluation.within("config").whole("epochs", _MOST_EPOCHS) or 0
    scorers = tuple(
        name
        for number, one in enumerate(evaluation.items("scorers"))
        if (name := Facts.of(one, f"{evaluation.where}: scorer {number + 1}").name("name")) is not None
    )
    status = facts.name("status") or "unknown"
    return _Header(condition, model, scorers, epochs, status, facts.within("stats").moment("completed_at"))


def _budget(generate: Facts, evaluation: Facts, setting: str | None) -> tuple[Budget, Control | None]:
    if setting is not None:
        for facts in (generate, evaluation.within("task_args"), evaluation.within("model_args")):
            if facts.values.get(setting) is not None:
                return _as_budget(facts, setting), None
        refuse(evaluation.where, f"--map budget={setting}: the evaluation has no such setting")
    ours = evaluation.within("metadata").within(OURS)
    if (control := ours.name("control")) in set(Control):
        return _as_budget(ours, "budget"), Control(control)
    for name in ("reasoning_effort", "effort"):
        if (effort := generate.name(name)) is not None:
            return effort, Control.EFFORT
    tokens = generate.tokens("reasoning_tokens")
    return (tokens, Control.THINKING_BUDGET) if tokens else (None, Control.NONE)


def _as_budget(facts: Facts, setting: str) -> Budget:
    value = facts.values.get(setting)
    return facts.name(setting) if isinstance(value, str) and not value.isdecimal() else facts.tokens(setting)


def _template(facts: Facts) -> str | None:
    """The user message of a log that was asked through a template, with our word for the problem's place."""
    for number, step in enumerate(facts.within("plan").items("steps")):
        one = Facts.of(step, f"{facts.where}: plan: step {number + 1}")
        if one.name("solver") == "prompt_template":
            template = one.within("params").text("template", LONGEST_TEXT)
            return None if template is None else template.replace("{prompt}", "{problem}")
    return None


def _take(facts: Facts, told: _Header, found: _Found, used: set[str], scorer: str | None) -> None:
    name, epoch = facts.name("id"), facts.whole("epoch", _MOST_EPOCHS) or 1
    if name is None:
        facts.wrong("id", "the problem's id")
    targets = facts.items("target") if isinstance(facts.values.get("target"), list) else [facts.values.get("target")]
    truth = Facts({"target": targets[0] if targets else None}, facts.where).text("target", LONGEST_ANSWER) or ""
    found.several_targets |= len(targets) > 1
    question = asked_of(facts)
    ours = facts.within("metadata").within(OURS)
    problem = Problem(name, question, truth, ours.name("cluster"), ours.real("difficulty"))
    place = found.tables.problem(problem, facts.where)
    if (place, epoch) in found.seen:
        refuse(facts.where, f"is the second sample of problem {name} in epoch {epoch}")
    found.seen.add((place, epoch))
    reason = _failure(facts)
    if reason is not None:
        failed_at = facts.moment("completed_at") or told.ended_at
        found.failures.append(((0, epoch), ForeignFailure(place, 0, 0, reason, failed_at=failed_at)))
        return
    scores = facts.within("scores")
    chosen = _scorer(scores, told, scorer)
    answer = None if chosen is None else scores.within(chosen).text("answer", LONGEST_TEXT)
    if chosen is not None:
        used.add(chosen)
    if answer:
        found.answers += 1
        found.texts += not is_clean(answer)
    written = written_by(facts)
    text = written.text if written.text is not None else answer if answer and not is_clean(answer) else None
    usage, pico = _usage(facts, told.model)
    sample = ForeignSample(
        problem=place,
        condition=0,
        draw=0,
        text=text,
        reasoning=written.reasoning,
        grades=_grades(scores, chosen, answer, truth),
        usage=usage,
        estimated=bool(ours.flag("estimated")),
        billed_pico=ours.pico("cost_usd") if ours.values else pico,
        seconds=facts.seconds("working_time") or facts.seconds("total_time") or None,
        kept_at=facts.moment("completed_at") or told.ended_at,
        finish_reason=_finish(facts, ours.name("finish_reason") or written.stopped),
        model=written.model or told.model,
        fingerprint=ours.name("fingerprint"),
        scores=_numbers(scores),
    )
    found.samples.append(((0, epoch), sample))


def _failure(facts: Facts) -> str | None:
    """Why a sample brought nothing, its first line; None where it did."""
    error = facts.values.get("error")
    if isinstance(error, dict):
        error = error.get("message") or error.get("type") or "error"
    if error:
        return str(error).strip().split("\n", 1)[0][:_LONGEST_MESSAGE] or "error"
    return "not completed" if facts.values.get("completed") is False else None


def _scorer(scores: Facts, told: _Header, wanted: str | None) -> str | None:
    """Whose word counts: the scorer that was named, else the first that the header lists, else the first there is."""
    if wanted is not None:
        if scores.values and wanted not in scores.values:
            refuse(scores.where, f"--map graded={wanted}: there is no such scorer; there is {', '.join(scores.values)}")
        return wanted if wanted in scores.values else None
    return next((name for name in (*told.scorers, *scores.values) if name in scores.values), None)


def _grades(scores: Facts, chosen: str | None, answer: str | None, truth: str) -> tuple[tuple[str, Grade], ...]:
    if chosen is None:
        return ()
    one = scores.within(chosen)
    value = one.values.get("value")
    right = is_right(value)
    if right is None:
        if isinstance(value, int | float) and (number := one.real("value", least=-1e308)) is not None:  # partly right
            return ((SAID, said(answer, truth, right=False, note=f"scored {number:g}")),)
        one.wrong("value", "right or wrong, such as C, I, 1 or 0; name another scorer with --map graded=SCORER")
    return ((SAID, said(answer, truth, right=right)),)


def _numbers(scores: Facts) -> tuple[tuple[str, float], ...]:
    """The scores that are numbers and no verdicts, by their scorers."""
    numbers = []
    for name in scores.values:
        one = scores.within(name)
        value = one.values.get("value")
        if isinstance(value, int | float) and is_right(value) is None:
            number = one.real("value", least=-1e308)
            numbers += [] if number is None else [(name, number)]
    return tuple(numbers)


def _usage(facts: Facts, model: str) -> tuple[Usage | None, int | None]:
    """Tokens and cost of the model that was evaluated, and of no other: judges have an entry of their own."""
    by_model = facts.within("model_usage")
    if model in by_model.values:
        one = by_model.within(model)
    elif not by_model.values and facts.within("output").values.get("usage") is not None:
        one = facts.within("output").within("usage")
    else:
        return None, None
    return usage_of(one, model, _USAGE), one.pico("total_cost")


def _finish(facts: Facts, stopped: str | None) -> str | None:
    limit = facts.values.get("limit")
    kind = limit.get("type") if isinstance(limit, dict) else limit
    if stopped in _CUT or (isinstance(kind, str) and kind in _CUTTING_LIMITS):
        return "length"
    return f"limit: {kind}"[:_LONGEST_MESSAGE] if kind else stopped


def _plan(told: _Header, found: _Found) -> None:
    """Count what the log plans and does not have as failed: the draws of problems that it has."""
    why = "not in the log" if told.status == "success" else f"not in the log (its status: {told.status})"
    for place in range(len(found.tables.problems)):
        for epoch in range(1, told.epochs + 1):
            if (place, epoch) not in found.seen:
                failure = ForeignFailure(place, 0, 0, why, failed_at=told.ended_at)
                found.failures.append(((0, epoch), failure))


def _says(facts: Facts) -> dict[str, str]:
    evaluation, says = facts.within("eval"), {"status": facts.name("status") or "unknown"}
    for ours, (where, name) in {
        "task": (evaluation, "task"),
        "run": (evaluation, "run_id"),
        "created": (evaluation, "created"),
        "dataset": (evaluation.within("dataset"), "name"),
        "inspect_ai": (evaluation.within("packages"), "inspect_ai"),
    }.items():
        if (value := where.name(name)) is not None:
            says[ours] = value
    for one in facts.within("results").items("scores")[:1]:
        metrics = Facts.of(one, facts.where).within("metrics")
        accuracy = metrics.within("accuracy").real("value", least=-1e308)
        if accuracy is not None:
            says["accuracy"] = f"{accuracy:g} (as the log's header has it, which leaves samples with errors out)"
    return says


def _notes(told: _Header, found: _Found, kept: tuple[ForeignSample, ...]) -> Iterator[str]:
    if told.status != "success":
        yield f"the evaluation did not end well (its status: {told.status}); what it lacks counts as failed"
    if kept and all(sample.usage is None for sample in kept):
        yield "it does not say how many tokens each sample took"
    if found.several_targets:
        yield "some problems have several right answers: only the first is kept as the known one"
