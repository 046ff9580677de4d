"""Our own bundles (`core.interchange.bundle` says what is in one), read back to the same numbers.

Requests are not taken over: they were made and paid elsewhere, and stay in the bundle; what they cost in all is kept in
words. Samples keep what each was billed, since curves are drawn from it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from core.interchange.importing.facts import LONGEST_ANSWER, LONGEST_TEXT, Facts, parsed, refuse
from core.interchange.importing.foreign import (
    ENDPOINT,
    SAID,
    ForeignCell,
    ForeignFailure,
    ForeignRun,
    ForeignSample,
)
from core.money import MOST, dollars
from core.prices import price_from_json
from core.store.draws import whole
from core.store.imports import AggregateRow
from core.store.withheld import withheld
from core.vocabulary import Budget, Condition, Control, Grade, Price, Problem, Usage, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.interchange.importing.sources import Archive, Source

FORMAT = "thinktop bundle"
VERSION = 1
MANIFEST = "manifest.json"
MOST_RUNS = 1000
MOST_DRAWS = 10_000_000

_Told = TypeVar("_Told", Grade, float)
_Place = tuple[int, int, int, int]
"""Problem, condition, draw, step."""


def is_manifest(document: Any) -> bool:
    """Whether a zip's manifest is one of ours, of whatever version."""
    return isinstance(document, dict) and document.get("format") == FORMAT


def read_bundle(source: Source, archive: Archive) -> tuple[ForeignRun, ...]:
    """The runs of a bundle, in its order.

    Raises:
        UsageError: it is of a newer version, or a value is not what it must be.
    """
    manifest = Facts.of(archive.document(MANIFEST), f"{source.name}: {MANIFEST}")
    if manifest.whole("version") != VERSION:
        refuse(manifest.where, f"version: this thinktop reads version {VERSION}; upgrade it")
    runs = [Facts.of(one, manifest.where) for one in manifest.items("runs")]
    if not runs or len(runs) > MOST_RUNS:
        refuse(manifest.where, f"runs: must be from 1 to {MOST_RUNS:,} runs")
    return tuple(_run(source, archive, one.text("folder") or "") for one in runs)


def _run(source: Source, archive: Archive, folder: str) -> ForeignRun:
    def rows(name: str) -> Iterator[Facts]:
        for number, line in archive.lines(f"{folder}{name}.jsonl"):
            where = f"{source.name}: {folder}{name}.jsonl: line {number}"
            yield Facts.of(parsed(line, where), where)

    said = Facts.of(archive.document(f"{folder}run.json"), f"{source.name}: {folder}run.json")
    problems = tuple(_problem(_in_order(number, one)) for number, one in enumerate(rows("problems")))
    conditions = tuple(_condition(_in_order(number, one)) for number, one in enumerate(rows("conditions")))
    size = len(problems), len(conditions)
    cells = tuple(_cell(one, size) for one in rows("cells"))
    grades = _by_place(rows("grades"), size, _grade)
    scores = _by_place(rows("scores"), size, _score)
    samples = tuple(_sample(one, size, grades, scores) for one in rows("samples"))
    failures = tuple(_failure(one, size) for one in rows("failures"))
    _check_names(source, problems, conditions)
    _check_draws(source, cells, samples, failures)
    return ForeignRun(
        name=said.name("name") or source.stem,
        format="bundle",
        files=(source.file,),
        problems=problems,
        conditions=conditions,
        cells=cells,
        samples=samples,
        failures=failures,
        aggregates=tuple(_aggregate(one) for one in rows("aggregates")),
        grader=said.text("grader", LONGEST_ANSWER) or SAID,
        started_at=said.moment("started_at"),
        ended_at=said.moment("ended_at"),
        worked_s=said.seconds("worked_s") or 0.0,
        simulated=bool(said.flag("simulated")),
        seed=said.whole("seed") or 0,
        config=whole(json.dumps(archive.document(f"{folder}config.json"), sort_keys=True, ensure_ascii=False)),
        versions=json.dumps(said.within("versions").values, sort_keys=True),
        says=_says(said, rows("attempts")),
        warnings=tuple(_warning(Facts.of(one, said.where)) for one in said.items("warnings")),
    )


def _in_order(number: int, facts: Facts) -> Facts:
    if facts.whole("position") != number:
        facts.wrong("position", f"{number}, since rows stand in their order")
    return facts


def _problem(facts: Facts) -> Problem:
    key = facts.text("key")
    if not key:
        facts.wrong("key", "the problem's id")
    content = facts.text("content") or ""
    return Problem(
        key,
        facts.text("question", LONGEST_TEXT) or (withheld(content) if content else ""),
        facts.text("answer", LONGEST_ANSWER) or "",
        facts.text("cluster"),
        facts.real("difficulty"),
    )


def _condition(facts: Facts) -> Condition:
    label, model, cap = facts.text("label"), facts.text("model"), facts.whole("token_cap")
    if not label or not model:
        facts.wrong("label", "a label, beside a model")
    if not cap:
        facts.wrong("token_cap", "a number of tokens")
    return Condition(
        label=label,
        model=model,
        endpoint=facts.text("endpoint") or ENDPOINT,
        control=_control(facts),
        budget=_budget(facts),
        token_cap=cap,
        prompt=facts.text("prompt", LONGEST_TEXT) or "{problem}",
        system=facts.text("system", LONGEST_TEXT),
        body=whole(json.dumps(facts.within("body").values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)),
        price=_price(facts),
    )


def _control(facts: Facts) -> Control:
    control = facts.text("control")
    if control not in set(Control):
        facts.wrong("control", f"one of {', '.join(Control)}")
    return Control(control)


def _budget(facts: Facts) -> Budget:
    value = facts.values.get("budget")
    return facts.text("budget") if isinstance(value, str) else facts.tokens("budget")


def _price(facts: Facts) -> Price | None:
    if facts.values.get("price") is None:
        return None
    said = facts.within("price")
    for part in (said, *(Facts.of(tier, said.where) for tier in said.items("tiers"))):
        for name in part.values:
            if name not in ("tiers", "source"):
                part.pico(name)
    try:
        return price_from_json(json.dumps(said.values))
    except TypeError:
        facts.wrong("price", "a price record")


def _place(facts: Facts, size: tuple[int, int]) -> _Place:
    problem, condition = facts.whole("problem"), facts.whole("condition")
    draw, step = facts.whole("draw", MOST_DRAWS), facts.whole("step", MOST_DRAWS)
    if problem is None or problem >= size[0]:
        facts.wrong("problem", f"a place among {size[0]:,} problems")
    if condition is None or condition >= size[1]:
        facts.wrong("condition", f"a place among {size[1]:,} conditions")
    if draw is None:
        facts.wrong("draw", "the number of a draw")
    return problem, condition, draw, step or 0


def _cell(facts: Facts, size: tuple[int, int]) -> ForeignCell:
    problem, condition, *_ = _place(Facts({**facts.values, "draw": 0}, facts.where), size)
    planned, first = facts.whole("planned", MOST_DRAWS), facts.whole("planned_first", MOST_DRAWS)
    if planned is None or first is None or first > planned:
        facts.wrong("planned", "a number of draws, not below planned_first")
    return ForeignCell(problem, condition, planned, first)


def _by_place(
    rows: Iterator[Facts], size: tuple[int, int], read: Callable[[Facts], tuple[str, _Told]]
) -> dict[_Place, dict[str, _Told]]:
    """By draw: what each grader or scorer says of it.

    Raises:
        UsageError: one says it twice.
    """
    found: dict[_Place, dict[str, _Told]] = {}
    for one in rows:
        name, told = read(one)
        if name in (by_name := found.setdefault(_place(one, size), {})):
            refuse(one.where, f"is the second of its draw by {name:.60}")
        by_name[name] = told
    return found


def _grade(facts: Facts) -> tuple[str, Grade]:
    grader, answer, verdict = (facts.text(name, LONGEST_TEXT) for name in ("grader", "answer", "verdict"))
    if not grader:
        facts.wrong("grader", "a grader's identity")
    if verdict not in set(Verdict) or (verdict == Verdict.NO_ANSWER) != (answer is None):
        facts.wrong("verdict", "right, wrong or no answer, and fit the answer")
    return grader, Grade(answer, Verdict(verdict), facts.text("note", LONGEST_TEXT) or "")


def _score(facts: Facts) -> tuple[str, float]:
    name, value = facts.text("name"), facts.real("value", least=-1e308)
    if not name or value is None:
        facts.wrong("value", "a number, beside a name")
    return name, value


def _sample(
    facts: Facts,
    size: tuple[int, int],
    grades: dict[_Place, dict[str, Grade]],
    scores: dict[_Place, dict[str, float]],
) -> ForeignSample:
    place = _place(facts, size)
    completion = facts.tokens("completion_tokens")
    if completion is None:
        facts.wrong("completion_tokens", "a number of tokens")
    usage = Usage(
        facts.tokens("prompt_tokens") or 0,
        completion,
        facts.tokens("cached_tokens") or 0,
        facts.tokens("reasoning_tokens"),
    )
    estimated = bool(facts.flag("estimated"))
    return ForeignSample(
        problem=place[0],
        condition=place[1],
        draw=place[2],
        step=place[3],
        text=facts.prose("text"),
        reasoning=facts.prose("reasoning"),
        text_sha=_sha(facts),
        grades=tuple(grades.get(place, {}).items()),
        usage=None if estimated and not completion else usage,
        estimated=estimated,
        billed_pico=facts.whole("billed_pico", MOST),
        seconds=facts.seconds("seconds") or None,
        kept_at=facts.moment("kept_at"),
        finish_reason=facts.text("finish_reason"),
        model=facts.text("model"),
        fingerprint=facts.text("fingerprint"),
        scores=tuple(scores.get(place, {}).items()),
    )


def _sha(facts: Facts) -> bytes:
    digits = facts.text("text_sha") or ""
    try:
        sha = bytes.fromhex(digits)
    except ValueError:
        sha = b""
    if len(sha) != 32:  # noqa: PLR2004 - bytes of a SHA-256
        facts.wrong("text_sha", "64 hexadecimal digits")
    return sha


def _failure(facts: Facts, size: tuple[int, int]) -> ForeignFailure:
    problem, condition, draw, step = _place(facts, size)
    reason = facts.text("reason", LONGEST_ANSWER) or "failed"
    return ForeignFailure(problem, condition, draw, reason, step, facts.moment("failed_at"))


def _aggregate(facts: Facts) -> AggregateRow:
    label, model, accuracy = facts.text("label"), facts.text("model"), facts.real("accuracy", most=1.0)
    if not label or not model or accuracy is None:
        facts.wrong("accuracy", "a number from 0 to 1, beside a label and a model")
    votes, problems = facts.whole("votes", MOST_DRAWS) or 1, facts.whole("problems", MOST_DRAWS)
    control, tokens = _control(facts).value, facts.real("mean_tokens")
    return AggregateRow(label, model, control, _budget(facts), votes, problems or None, accuracy, tokens)


def _warning(facts: Facts) -> tuple[str, str]:
    return facts.moment("at") or "", facts.text("text", LONGEST_ANSWER) or ""


def _check_names(source: Source, problems: tuple[Problem, ...], conditions: tuple[Condition, ...]) -> None:
    """Nothing, where each problem has a key of its own, and each condition a label and a budget.

    Raises:
        UsageError: it is not so.
    """
    if len({problem.id for problem in problems}) < len(problems):
        refuse(source.name, "holds a problem twice")
    if len({(one.label, "" if one.budget is None else one.budget) for one in conditions}) < len(conditions):
        refuse(source.name, "holds a condition twice")


def _check_draws(
    source: Source,
    cells: tuple[ForeignCell, ...],
    samples: tuple[ForeignSample, ...],
    failures: tuple[ForeignFailure, ...],
) -> None:
    """Nothing, where each cell is planned once, and each sample and failure is a draw that it plans, there once.

    Raises:
        UsageError: it is not so.
    """
    planned = {(cell.problem, cell.condition): cell.planned for cell in cells}
    if len(planned) < len(cells):
        refuse(source.name, "plans a cell twice")
    seen: set[_Place] = set()
    draws = [(one.problem, one.condition, one.draw, one.step) for one in samples]
    draws += [(one.problem, one.condition, one.draw, one.step) for one in failures]
    for place in draws:
        problem, condition, draw, _ = place
        where = f"draw {draw} of problem {problem} under condition {condition}"
        if draw >= planned.get((problem, condition), 0):
            refuse(source.name, f"holds {where}, which is not planned")
        if place in seen:
            refuse(source.name, f"holds {where} twice")
        seen.add(place)


def _says(said: Facts, attempts: Iterator[Facts]) -> dict[str, str]:
    says = {"created": said.text("created_at") or "unknown", "state": said.text("state") or "unknown"}
    requests, pico = 0, 0
    for attempt in attempts:
        requests += 1
        pico += attempt.whole("billed_pico", MOST) or 0
    says |= {"requests": f"{requests:,}", "spent": dollars(pico)}
    for origin in [said.within("imported")] if said.values.get("imported") is not None else []:
        says["first imported as"] = origin.text("format") or "unknown"
    return says
