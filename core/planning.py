"""From a checked config to a plan: reads the problems and the price list, once, at the start.

The only place that knows both the config and the plan. What a plan is, and what makes two the same, is `core.plan`'s.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from core.config import resolved_json
from core.controls import asking, default_prompt, effective_cap, warnings
from core.errors import UsageError
from core.grading import GradingSpec, check_truth
from core.grading.judge import DEFAULT_JUDGE_PROMPT
from core.plan import Judge, Live, Plan, Planned
from core.prices import look_up, simulated_price
from core.problems import read_problems
from core.simulator.faults import Scheduled
from core.simulator.settings import SimulatorSettings
from core.visible import visible_line
from core.vocabulary import Condition, Endpoint, Price, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from core.config import Config, Model
    from core.vocabulary import Budget


def plan_of(config: Config, problems: Sequence[Problem] | None = None) -> Plan:
    """The whole plan that a config describes.

    Args:
        config: What is wanted.
        problems: Those that it names, if they have been read.

    Raises:
        UsageError: the problems cannot be read or graded, a combination is known to be refused, a cap cannot be held.
    """
    if problems is None:
        problems = problems_of(config, config.problems.source)
    planned = tuple(
        Planned(condition_of(config, model, budget), model.thinking.draws_at.get(budget, config.run.draws))  # type: ignore[arg-type] # the one None of `asked` is never among the keys
        for model in config.models
        for budget in model.thinking.asked
    )
    _check_that_the_cap_holds(config, planned)
    return Plan(
        name=config.run.name,
        seed=config.run.seed,
        problems=tuple(problems),
        planned=planned,
        endpoints=endpoints_of(config),
        live=live_of(config),
        config=resolved_json(_with_prompts(config)),
    )


def problems_of(config: Config, source: str, directory: Path | None = None) -> list[Problem]:
    """The problems of a source, read as the config says, each with an answer that its grader can judge.

    Raises:
        UsageError: a file, line and field to look at.
    """
    section, spec = config.problems, grading_of(config)
    problems = read_problems(
        source,
        directory=directory or config.folder,
        question_field=section.question_field,
        answer_field=section.answer_field,
        id_field=section.id_field,
        cluster_field=section.cluster_field,
        where=section.where,
        limit=section.limit,
        seed=config.run.seed,
        revision=section.revision,
        split=section.split,
    )
    for problem in problems:
        reason = check_truth(spec, problem.answer)
        if reason is not None:
            raise UsageError(
                f"{source}: problem {visible_line(problem.id, 80)}: its answer cannot be graded as "
                f"{spec.kind}: {reason}; choose another grading.kind or mend the file"
            )
    return problems


def endpoints_of(config: Config) -> tuple[Endpoint, ...]:
    """The endpoints that a config's models and judge use."""
    judge = config.grading.judge
    used = [model.endpoint for model in config.models] + ([judge.endpoint] if judge else [])
    return tuple(config.endpoint(name) for name in dict.fromkeys(used))


def grading_of(config: Config) -> GradingSpec:
    """How a config has answers read."""
    section = config.grading
    options: dict[str, object] = {
        "pattern": section.pattern,
        "choices": section.choices,
        "ignore_case": section.ignore_case,
        "reads": section.reads,
    }
    if section.range is not None:
        options["low"], options["high"] = section.range
    if section.judge is not None:
        digest = hashlib.sha256(_judge_prompt(config).encode()).hexdigest()[:12]
        options["judge"] = f"{section.judge.model} {digest}"
    return GradingSpec(section.kind, **{name: value for name, value in options.items() if value is not None})  # type: ignore[arg-type] # names and types are those of the checked section


def judge_of(config: Config) -> Judge | None:
    """The judge model of a config, where it has one."""
    section = config.grading.judge
    if section is None:
        return None
    endpoint = config.endpoint(section.endpoint)
    return Judge(
        model=section.model,
        endpoint=section.endpoint,
        prompt=_judge_prompt(config),
        token_cap=section.token_cap,
        token_cap_field=endpoint.token_cap_field,
        price=_price(config.price_of(section), section.model, endpoint),
        spec=grading_of(config),
    )


def simulator_of(config: Config, problems: tuple[Problem, ...]) -> SimulatorSettings:
    """How the built-in simulator is to behave for a run."""
    section, judge = config.simulator, config.grading.judge
    names = [model.name for model in config.models] + ([judge.model] if judge else [])
    return SimulatorSettings(
        problems=problems,
        models=tuple(dict.fromkeys(names)),
        seed=config.run.seed,
        speed=section.speed,
        latency_s=section.latency_s,
        faults=section.faults,
        schedule=tuple(
            Scheduled(one.kind, (one.at, one.at) if isinstance(one.at, int) else one.at, one.from_s, one.to_s)
            for one in section.schedule
        ),
        ignore=section.ignore,
        text_chars=section.text_chars,
    )


def warnings_of(config: Config) -> list[str]:
    """What is allowed in a config but may not be meant, a line each."""
    found: dict[str, None] = {}
    for model in config.models:
        for budget in model.thinking.asked:
            lines = warnings(
                model.thinking.control,
                budget,
                model=model.name,
                base_url=config.endpoint(model.endpoint).base_url,
                token_cap=model.token_cap,
                style=model.thinking.style,
                extra_body=model.thinking.extra_body,
                request=model.request,
                draws=config.run.draws,
                stream=config.endpoint(model.endpoint).stream,
            )
            found |= dict.fromkeys(f"{model.label}: {line}" for line in lines)
    return list(found)


def condition_of(config: Config, model: Model, budget: Budget) -> Condition:
    """A configured model, asked for one of its budgets.

    Raises:
        UsageError: the combination is known to be refused or ignored.
    """
    endpoint, thinking = config.endpoint(model.endpoint), model.thinking
    asked = asking(
        thinking.control,
        budget,
        model=model.name,
        base_url=endpoint.base_url,
        token_cap=model.token_cap,
        token_cap_field=endpoint.token_cap_field,
        style=thinking.style,
        prompt=thinking.prompt,
        system=model.system,
        extra_body=thinking.extra_body,
        request=model.request,
        grading_kind=config.grading.kind,
    )
    return Condition(
        label=model.label,
        model=model.name,
        endpoint=model.endpoint,
        control=thinking.control,
        budget=budget,
        token_cap=effective_cap(thinking.control, budget, model.token_cap),
        prompt=asked.prompt,
        system=asked.system,
        body=json.dumps(asked.fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
        price=_price(config.price_of(model), model.name, endpoint, model.request.get("service_tier")),
    )


def _with_prompts(config: Config) -> Config:
    """The config with the built-in words spelled out, so that what a run asks later is worded as it was at first."""
    worded = tuple(
        model.model_copy(
            update={
                "thinking": model.thinking.model_copy(
                    update={
                        "prompt": model.thinking.prompt or default_prompt(model.thinking.control, config.grading.kind)
                    }
                )
            }
        )
        for model in config.models
    )
    return config.model_copy(update={"models": worded})


def _price(configured: Price | None, model: str, endpoint: Endpoint, service_tier: object = None) -> Price | None:
    if configured is not None:
        return configured
    if endpoint.simulated:
        return simulated_price()
    return look_up(model, endpoint.base_url, service_tier=service_tier if isinstance(service_tier, str) else None)


def live_of(config: Config) -> Live:
    """The live settings that a config gives a run."""
    return Live(
        max_concurrency=config.run.max_concurrency,
        cap_pico=config.cap_pico,
        cap_tokens=config.run.cap_tokens,
        max_attempts=config.run.max_attempts,
        give_up_after_s=config.run.give_up_after,
        on_unknown=config.run.on_unknown,
    )


def _check_that_the_cap_holds(config: Config, planned: tuple[Planned, ...]) -> None:
    judge = judge_of(config)
    unpriced = {one.condition.model for one in planned if one.condition.price is None}
    if judge is not None and judge.price is None:
        unpriced.add(judge.model)
    if config.cap_pico is not None and unpriced:
        raise UsageError(
            f"run.cap_usd: no price is known for {', '.join(sorted(unpriced))}, so a cap in dollars cannot be held; "
            "give the model a price, or use run.cap_tokens instead"
        )


def _judge_prompt(config: Config) -> str:
    judge = config.grading.judge
    assert judge is not None
    return judge.prompt or DEFAULT_JUDGE_PROMPT
