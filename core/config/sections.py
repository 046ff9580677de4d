"""The sections of a config but for its models: what is run, on which problems, how graded, on which servers.

Each field's docstring is its reference: unit, default, meaning. A section checks what it can see by itself; what two
sections must agree on is `schema`'s business.
"""

from __future__ import annotations

import re
from string import ascii_uppercase
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, StrictStr, field_validator, model_validator

from core.config.complaints import shown, suggestion, wrong
from core.config.fields import (
    Attempts,
    BaseUrl,
    Cap,
    Concurrency,
    Draws,
    Duration,
    Headers,
    Name,
    PerMinute,
    ProxyUrl,
    Real,
    Section,
    Text,
    Timeout,
    Tokens,
    TokenTotal,
    VariableName,
)
from core.config.price import PriceSection  # noqa: TC001 - pydantic reads annotations at run time
from core.simulator.budget import IGNORABLE
from core.simulator.faults import FAULTS

_LARGEST = 2**63 - 1


class Run(Section):
    """What is run, how often, and what it may cost."""

    name: Name
    """Names the run in the store; the same name and the same plan is the same run."""
    store: Text = "runs.db"
    """The file that holds all runs, relative to where thinktop is run."""
    draws: Draws = 1
    """Samples per cell (problem x condition)."""
    seed: Annotated[StrictInt, Field(ge=0, le=_LARGEST)] = 0
    """Seeds the problem generator, the simulator and the bootstrap; never sent to a model."""
    cap_usd: Cap | None = None
    """Dollars that spent + in doubt + reserved never pass."""
    cap_tokens: TokenTotal | None = None
    """Tokens that the run never passes, prompts included: the cap for servers without a price."""
    max_concurrency: Concurrency = 64
    """Requests in flight at once, over all endpoints."""
    on_unknown: Literal["retry", "skip"] = "retry"
    """What becomes of a draw whose request may have been billed without a reply."""
    max_attempts: Attempts = 5
    """Requests for one draw before it fails for good."""
    give_up_after: Duration = 12 * 3600.0
    """How long to wait for an endpoint that cannot be reached: `"90s"`, `"15m"`, `"12h"`, `"2d"`, or seconds."""
    notes: Text = ""
    """Anything worth keeping with the run."""
    tags: tuple[Name, ...] = ()
    """Words to find it by."""

    @model_validator(mode="after")
    def _can_be_named_on_a_command_line(self) -> Self:
        if "/" in self.name or "\\" in self.name or self.name.startswith(("-", ".")):
            raise wrong(f"must not start with - or . and must not hold a slash (got {shown(self.name)})", "name")
        if self.name.isdigit():
            raise wrong(f"must not be a number alone: runs are also called by theirs (got {shown(self.name)})", "name")
        if not self.store or self.store.endswith("/"):
            raise wrong("must be the path of a file", "store")
        return self


class Problems(Section):
    """Where the problems come from, and which of them are asked."""

    source: Annotated[Text, Field(min_length=1)]
    """`builtin:NAME`, a `.jsonl`, `.csv` or `.parquet` file beside the config, or `hf://OWNER/NAME` (extra `data`)."""
    question_field: Name = "problem"
    """The field that holds the question."""
    answer_field: Name = "answer"
    """The field that holds the known answer."""
    id_field: Name | None = None
    """The field that names the problem; without it: a hash of the question."""
    cluster_field: Name | None = None
    """The field that says which problems belong together (a contest): intervals are clustered by it."""
    where: dict[str, Text] = Field(default_factory=dict)
    """Only problems whose fields contain these texts."""
    limit: Draws | None = None
    """At most so many problems, the first ones."""
    revision: Name | None = None
    """Of an `hf://` data set: a tag, a branch or a commit."""
    split: Name | None = None
    """Of an `hf://` data set: `train`, `test` ..."""

    @model_validator(mode="after")
    def _source_is_whole(self) -> Self:
        scheme = re.match(r"(hf|https?|file)://", self.source)
        if self.source == "builtin:":
            raise wrong('must name the built-in problems, such as "builtin:competition"', "source")
        if scheme and scheme[1] != "hf":
            raise wrong(f'must be a file, "builtin:NAME" or "hf://OWNER/NAME" (got {shown(self.source)})', "source")
        if scheme and not re.fullmatch(r"hf://[\w.-]+/[\w.-]+(/[\w./-]+)?", self.source):
            raise wrong(f"must be hf://OWNER/NAME (got {shown(self.source)})", "source")
        for key in ("revision", "split"):
            if getattr(self, key) is not None and not scheme:
                raise wrong('is for problems from "hf://OWNER/NAME" only', key)
        return self


class Judge(Section):
    """A model that judges answers; its calls are counted against the cap."""

    model: Name
    """The judge's name at its endpoint."""
    endpoint: Name
    """An `[endpoints.NAME]` of this config, or `simulator`."""
    prompt: Text | None = None
    """What it is asked, with {problem} and {text} filled in; `file:...` reads it from beside the config."""
    price: PriceSection | None = None
    """USD per million tokens; without it: the price list."""
    token_cap: Tokens = 4096
    """Completion tokens at most, sent with every call."""

    @field_validator("prompt")
    @classmethod
    def _response_has_a_place(cls, prompt: str | None) -> str | None:
        if prompt is not None and "{text}" not in prompt:
            raise wrong("has no {text}: say where the response goes, and {problem} where the problem does")
        return prompt


def _bounds(value: Any) -> Any:
    whole = isinstance(value, list | tuple) and all(isinstance(end, int) and not isinstance(end, bool) for end in value)
    if not whole or len(value) != 2 or any(abs(end) > _LARGEST for end in value):  # noqa: PLR2004 - two ends
        raise wrong("must be two whole numbers, [lowest, highest]")
    if value[0] > value[1]:
        raise wrong(f"must go from the lowest to the highest answer (got [{value[0]}, {value[1]}])")
    return value


def _letters(value: Any) -> Any:
    letters = (
        "".join(value) if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value) else value
    )
    capitals = isinstance(letters, str) and len(letters) > 1 and set(letters) <= set(ascii_uppercase)
    if not capitals or len(set(letters)) < len(letters):
        raise wrong(f'must be two or more different capital letters, such as "ABCD" (got {shown(letters)})')
    return letters


class Grading(Section):
    """How an answer is read out of a sample, and judged."""

    kind: Literal["integer", "math", "choice", "exact", "regex", "judge"]
    """`math` needs the extra `math`; `judge` needs `[grading.judge]`."""
    range: Annotated[tuple[int, int], BeforeValidator(_bounds)] | None = None
    """`integer`: the lowest and the highest number that can be an answer; others are not read as one."""
    pattern: Text | None = None
    """`regex`: what an answer looks like; the group named `answer`, else the first, else the whole match is it."""
    choices: Annotated[StrictStr, BeforeValidator(_letters)] | None = None
    """`choice`: the letters on offer, such as `"ABCD"` or `["A", "B", "C", "D"]`; default: A to E."""
    ignore_case: StrictBool = True
    """`exact` and `regex`: whether `Paris` and `paris` are the same answer."""
    reads: Literal["integer", "choice", "exact"] = "integer"
    """`judge`: how the judge's reply is read."""
    judge: Judge | None = None
    """`judge`: the model that judges."""

    @model_validator(mode="after")
    def _options_fit_the_kind(self) -> Self:
        for option, kind in {"range": "integer", "pattern": "regex", "choices": "choice", "judge": "judge"}.items():
            if getattr(self, option) is not None and self.kind != kind:
                raise wrong(f'goes with kind = "{kind}" only (kind is "{self.kind}")', option)
        if self.kind == "regex":
            self._check_pattern()
        if self.kind == "judge" and self.judge is None:
            raise wrong('kind = "judge" needs a table [grading.judge] with model and endpoint')
        return self

    def _check_pattern(self) -> None:
        if not self.pattern:
            raise wrong('kind = "regex" needs a pattern')
        try:
            re.compile(self.pattern)
        except (re.error, RecursionError, OverflowError) as error:
            raise wrong(f"is no regular expression: {error}", "pattern") from None


class EndpointSection(Section):
    """A server: how to reach it and how hard it may be asked."""

    base_url: BaseUrl | None = None
    """Its address, such as `https://api.openai.com/v1`; only the built-in simulator has none."""
    api_key_env: VariableName | None = None
    """The name of the environment variable that holds its key, never a key; servers without keys need none."""
    timeout_s: Timeout = 1800.0
    """Seconds for one attempt, from sending to the last byte."""
    requests_per_minute: PerMinute | None = None
    """Requests started per minute at most."""
    tokens_per_minute: PerMinute | None = None
    """Tokens per minute at most, prompt and completion."""
    token_cap_field: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"  # noqa: S105 - a field's name, no secret
    """The field that this server reads the token cap from; most ignore the other one silently."""
    stream: StrictBool = False
    """Whether replies are streamed."""
    max_concurrency: Concurrency | None = None
    """Requests in flight at once on this endpoint; without it: the run's."""
    errors_billed: StrictBool = False
    """Whether this server may bill replies with a status of 5xx."""
    headers: Headers = Field(default_factory=dict)
    """Sent with every request; none that carries a key."""
    organization: Name | None = None
    """OpenAI's organization."""
    project: Name | None = None
    """OpenAI's project."""
    proxy: ProxyUrl | None = None
    """An HTTP or SOCKS proxy on the way."""
    ca_bundle: Annotated[Text, Field(min_length=1)] | None = None
    """A file of certificates to trust, relative to the config."""


class ScheduledFault(Section):
    """A fault that strikes certain requests, or for a while."""

    kind: Literal[tuple(FAULTS)]  # type: ignore[valid-type]  # the simulator's own table of names
    """One of the simulator's kinds of faults."""
    at: StrictInt | tuple[StrictInt, StrictInt] | None = None
    """The request, or the first and last request, that it strikes, counted from 1."""
    from_s: Annotated[Real, Field(ge=0)] | None = None
    """Seconds after the start from which it strikes."""
    to_s: Annotated[Real, Field(ge=0)] | None = None
    """Seconds after the start until which it strikes; without it: for good."""

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if (self.at is None) == (self.from_s is None):
            raise wrong("must say when: either at, or from_s")
        if self.kind == "outage" and self.at is not None:
            raise wrong("an outage is scheduled by from_s and to_s", "at")
        if self.from_s is not None and self.to_s is not None and self.to_s <= self.from_s:
            raise wrong(f"must be after from_s (got {self.to_s:g})", "to_s")
        return self


class Simulator(Section):
    """How the built-in simulator behaves, for models whose endpoint is `simulator`."""

    speed: Annotated[Real, Field(ge=0)] = 400.0
    """Times faster than life: 1 answers in seconds to minutes; 0 at once."""
    latency_s: Annotated[Real, Field(ge=0)] | None = None
    """Seconds that every reply takes instead."""
    faults: dict[str, Annotated[Real, Field(ge=0, le=1)]] = Field(default_factory=dict)
    """Probability of each kind of fault, such as `{ 500 = 0.01, reset = 0.002 }`; at most 1 in all."""
    schedule: tuple[ScheduledFault, ...] = ()
    """Faults at known times, such as `[{ kind = "429", at = [10, 20] }]`."""
    ignore: tuple[str, ...] = ()
    """Controls or request fields that it ignores, as real servers do."""
    text_chars: Annotated[StrictInt, Field(ge=1, le=10**8)] | None = None
    """Characters of a reply's text; without it: a few hundred."""

    @model_validator(mode="after")
    def _faults_are_known(self) -> Self:
        for kind in self.faults:
            if kind not in FAULTS:
                raise wrong(f"is no kind of fault{suggestion(kind, FAULTS)}", "faults", kind)
        if "outage" in self.faults:
            raise wrong("has no probability: give it in schedule, with from_s and to_s", "faults", "outage")
        if sum(self.faults.values()) > 1 + 1e-9:
            raise wrong("must be at most 1 in all", "faults")
        for position, name in enumerate(self.ignore):
            if name not in IGNORABLE:
                raise wrong(f"is nothing that can be ignored{suggestion(name, IGNORABLE)}", "ignore", position)
        return self
