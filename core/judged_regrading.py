"""A finished run given to a judge model: what reading its answers would cost, making the judge its grader, the flips.

The judging itself is the sampler's: a run whose current grader has not seen all its samples owes their grades, and
they are worked off like anything else that costs, under the run's cap. So handing over is one transaction, and what a
cap or an interruption leaves is gone on with like any run. Asks nobody and prints nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.clock import utc_now
from core.config import resolved_json
from core.errors import Refused, UsageError
from core.estimate import BYTES_PER_TOKEN, TOKENS_PER_SECOND
from core.planning import judge_of
from core.prices import cost, cost_of_time
from core.regrading import BATCH, Regraded, check_truths
from core.sampler.judging import judge_request
from core.sampler.ownership import owned
from core.sampler.requests import bound_of
from core.store.draws import committed
from core.store.imports import refuse_imported
from core.store.notes import add_event
from core.store.opening import reading, writing
from core.store.provenance import grader_of
from core.store.regrading import adopt, batch, grader_named, meet
from core.store.runs import grader_row, load_run
from core.vocabulary import Usage
from core.watching import status

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from core.config import Config
    from core.plan import Judge
    from core.sampler.requests import Request
    from core.store.place import Place
    from core.store.regrading import Regradable
    from core.store.runs import StoredRun
    from core.vocabulary import Endpoint

OUTPUT_TOKENS = 150
"""Completion tokens expected of a judge: one line, and the little that some models think first."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What it would take to have a judge read what it has not read of a run."""

    name: str
    """The run's."""
    model: str
    """The judge's."""
    before: str | None
    """The grader that counts until now."""
    after: str
    samples: int
    answers: int
    """Samples that the judge has not read yet."""
    expected_pico: int | None
    """None is unpriced."""
    worst_pico: int | None
    """The sum of the reservations; None is unpriced."""
    worst_tokens: int
    """Input and output, as reserved."""
    left_pico: int | None
    """Under the run's cap in dollars; None is no cap."""
    left_tokens: int | None
    """Under the run's cap in tokens; None is no cap."""
    fits: bool
    """Whether the caps leave room for any of it."""
    endpoints: tuple[Endpoint, ...]
    """All that a sampler of the run will use: their keys are needed."""


def prospect(place: Place, run_id: int, config: Config) -> Prospect:
    """What it would take to have the judge of a config read a run's answers.

    Args:
        place: The store.
        run_id: The run's row.
        config: The run's config with the judge in its grading.

    Raises:
        UsageError: the run is not ready to be judged, or not by this judge.
        Refused: a sampler has the run.
    """
    judge = _judge(config)
    with reading(place) as db:
        refuse_imported(db, run_id, "judged by a model")
        run = load_run(db, run_id)
        before, other = grader_of(db, run_id), grader_named(db, judge.spec.identity)
        _check_that_it_rests(db, place, run, judge)
        (pico, tokens), cap_pico, cap_tokens = committed(db, run_id)
    check_truths(judge.spec, run.plan.problems)
    if cap_pico is not None and judge.price is None:
        raise UsageError(
            f"no price is known for {judge.model}, so the run's cap in dollars cannot be held; "
            "give the judge a price, or use cap_tokens instead"
        )
    left_pico = None if cap_pico is None else max(cap_pico - pico, 0)
    left_tokens = None if cap_tokens is None else max(cap_tokens - tokens, 0)
    endpoint, fits = _endpoint(run, config, judge), False
    problems = {problem.id: problem for problem in run.plan.problems}
    samples = answers = expected = worst = worst_tokens = 0
    for sample in _samples(place, run_id, other=other):
        samples += 1
        if sample.other is not None:
            continue
        answers += 1
        request = judge_request(judge, problems[sample.problem], sample.text)
        bound = bound_of(request, endpoint.timeout_s)
        fits = fits or (
            (left_pico is None or bound.pico <= left_pico) and (left_tokens is None or bound.tokens <= left_tokens)
        )
        worst += bound.pico
        worst_tokens += bound.tokens
        expected += min(_expected(request, run.plan.live.max_concurrency), bound.pico)
    return Prospect(
        name=run.plan.name,
        model=judge.model,
        before=before,
        after=judge.spec.identity,
        samples=samples,
        answers=answers,
        expected_pico=None if judge.price is None else expected,
        worst_pico=None if judge.price is None else worst,
        worst_tokens=worst_tokens,
        left_pico=left_pico,
        left_tokens=left_tokens,
        fits=fits or not answers,
        endpoints=tuple({one.name: one for one in (endpoint, *run.plan.endpoints)}.values()),
    )


def hand_over(place: Place, run_id: int, config: Config, found: Prospect) -> tuple[int, int]:
    """(the grader's row that counted until now, the judge's): from here on the run counts and owes the judge's grades.

    Raises:
        UsageError: the run has changed since the prospect, and is not ready any more.
        Refused: a sampler has the run.
    """
    judge = _judge(config)
    with owned(place, run_id, found.name), writing(place) as db:
        run = load_run(db, run_id)
        _check_that_it_rests(db, place, run, judge)
        assert run.grader_id is not None
        judge_id = grader_row(db, judge.spec.identity)
        meet(db, run_id, _endpoint(run, config, judge))
        adopt(db, run_id, judge_id, resolved_json(config))
        words = f"{found.before} -> {found.after}: {found.answers} answers for the judge to read"
        add_event(db, run_id, "regrade", words, utc_now())
    return run.grader_id, judge_id


def compared(place: Place, run_id: int, found: Prospect, held: int, judge: int) -> Regraded:
    """What the judge makes of the samples that it has read, against the grader (rows) that counted before."""
    done = Regraded(found.before, found.after)
    for sample in _samples(place, run_id, held=held, other=judge):
        if sample.other is not None:
            done.count(sample, sample.other)
    return done


def _judge(config: Config) -> Judge:
    judge = judge_of(config)
    assert judge is not None
    return judge


def _check_that_it_rests(db: sqlite3.Connection, place: Place, run: StoredRun, judge: Judge) -> None:
    """Nothing, where all that is left to do for a sampler would be this judge's: so that only that is paid for."""
    name, now = run.plan.name, status(db, place, run.id)
    if now.sampler_alive:
        raise Refused(f"a sampler has run {name} ({run.id}); watch it with `thinktop status {run.id}`")
    if now.sums.owed:
        raise UsageError(
            f"run {name} ({run.id}) owes {now.sums.owed:,} draws, and a judge reads a run that owes none: "
            f"go on with `thinktop resume {run.id}` first"
        )
    if run.paused:
        raise UsageError(f"run {name} ({run.id}) is paused by a wish; take it back with `thinktop resume {run.id}`")
    if grader_of(db, run.id) == judge.spec.identity:
        raise UsageError(
            f"run {name} ({run.id}) is read by this judge already; "
            f"what it has left is gone on with by `thinktop resume {run.id}`"
        )


def _endpoint(run: StoredRun, config: Config, judge: Judge) -> Endpoint:
    """The judge's endpoint: the run's own of that name, where it has one, with the settings that it has now."""
    wanted = config.endpoint(judge.endpoint)
    held = next((one for one in run.plan.endpoints if one.name == wanted.name), wanted)
    if held.base_url != wanted.base_url:
        raise UsageError(
            f"endpoint {wanted.name}: the run knows it at {held.base_url or 'the simulator'}, the judge's config at "
            f"{wanted.base_url or 'the simulator'}; give the judge's endpoint another name"
        )
    return held


def _expected(request: Request, in_flight: int) -> int:
    """Picodollars that a judge's request is expected to cost; 0 where it is unpriced."""
    output = min(OUTPUT_TOKENS, request.token_cap)
    if request.price is None:
        return 0
    if request.price.per_hour is not None:  # with all slots busy, each bears its part of the server's time
        return cost_of_time(request.price, output / TOKENS_PER_SECOND / in_flight)
    return cost(request.price, Usage(-(-request.prompt_bytes // BYTES_PER_TOKEN), output))


def _samples(place: Place, run_id: int, *, held: int | None = None, other: int | None) -> Iterator[Regradable]:
    """All samples of a run, a batch in memory at once."""
    after = 0
    while True:
        with reading(place) as db:
            found = batch(db, run_id, after, BATCH, held=held, other=other)
        if not found:
            return
        yield from found
        after = found[-1].id
