"""The whole config: its sections, what they must agree on, and its way into the records that every layer speaks.

Knows nothing of files, the environment or the command line: `load` brings those together.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, PrivateAttr, field_validator, model_validator

from core.config.analysing import Analysis, Reference
from core.config.complaints import alternatives, shown, suggestion, wrong
from core.config.fields import Name, Section
from core.config.models import Model  # noqa: TC001 - pydantic reads annotations at run time
from core.config.sections import (
    EndpointSection,
    Grading,
    Judge,
    Problems,
    Run,
    Simulator,
)
from core.errors import UsageError
from core.vocabulary import PICO, Endpoint, Price

if TYPE_CHECKING:
    from decimal import Decimal

SIMULATOR = "simulator"
"""The endpoint that is always there."""


class Config(Section):
    """What a run is to do, checked."""

    run: Run
    problems: Problems
    grading: Grading
    endpoints: dict[Name, EndpointSection] = Field(default_factory=dict)
    models: tuple[Model, ...]
    simulator: Simulator = Field(default_factory=Simulator)
    analysis: Analysis = Field(default_factory=Analysis)
    reference: tuple[Reference, ...] = ()

    _folder: Path = PrivateAttr(default_factory=Path)

    @property
    def folder(self) -> Path:
        """Where the files that this config names are looked for: the folder that it was read from."""
        return self._folder

    @property
    def cap_pico(self) -> int | None:
        """Picodollars that the run never passes, rounded down; None is no cap in dollars."""
        return None if self.run.cap_usd is None else pico_below(self.run.cap_usd)

    @property
    def simulated(self) -> bool:
        """Whether any answer comes from the built-in simulator."""
        return any(model.endpoint == SIMULATOR for model in self.models)

    def endpoint(self, name: str) -> Endpoint:
        """The endpoint of that name, as every layer speaks of it.

        Raises:
            UsageError: There is none of that name.
        """
        section = self.endpoints.get(name)
        if section is None and name != SIMULATOR:
            raise UsageError(f"endpoint {shown(name)} {self._unknown_endpoint(name)}")
        values = {} if section is None else {key: getattr(section, key) for key in type(section).model_fields}
        values["base_url"] = None if section is None else section.base_url
        values["headers"] = tuple((section.headers if section else {}).items())
        return Endpoint(name=name, **values)

    def price_of(self, model: Model | Judge) -> Price | None:
        """The price that the config gives a model or a judge; None leaves it to the price list."""
        return model.price.price if model.price else None

    @property
    def _known_endpoints(self) -> list[str]:
        return [*self.endpoints, SIMULATOR]

    def _unknown_endpoint(self, name: str) -> str:
        hint = suggestion(name, self._known_endpoints) or f" (there is {alternatives(self._known_endpoints)})"
        return f"has no table [endpoints.{name}]{hint}" if name.isidentifier() else f"is unknown{hint}"

    @field_validator("models", mode="before")
    @classmethod
    def _models_are_several(cls, value: Any) -> Any:
        if isinstance(value, dict):
            raise wrong("must be an array of tables: write [[models]] above each model")
        return value

    @model_validator(mode="after")
    def _endpoints_have_addresses(self) -> Self:
        for name, endpoint in self.endpoints.items():
            if name == SIMULATOR and (endpoint.base_url or endpoint.api_key_env):
                raise wrong("the built-in simulator has no address and no key of its own: choose another name",
                            "endpoints", name)  # fmt: skip
            if name != SIMULATOR and endpoint.base_url is None:
                raise wrong("is missing", "endpoints", name, "base_url")
        return self

    @model_validator(mode="after")
    def _endpoints_exist(self) -> Self:
        if not self.models:
            raise wrong("must have at least one table [[models]]", "models")
        for position, model in enumerate(self.models):
            if model.endpoint not in self._known_endpoints:
                raise wrong(f"{shown(model.endpoint)} {self._unknown_endpoint(model.endpoint)}",
                            "models", position, "endpoint")  # fmt: skip
        judge = self.grading.judge
        if judge and judge.endpoint not in self._known_endpoints:
            raise wrong(f"{shown(judge.endpoint)} {self._unknown_endpoint(judge.endpoint)}",
                        "grading", "judge", "endpoint")  # fmt: skip
        return self

    @model_validator(mode="after")
    def _labels_are_unique(self) -> Self:
        seen: dict[str, int] = {}
        for position, model in enumerate(self.models):
            if model.label in seen:
                reason = f"{shown(model.label)} is taken by models.{seen[model.label]}; give each a label of its own"
                raise wrong(reason, "models", position, "label")
            seen[model.label] = position
        return self


def pico_below(dollars: Decimal) -> int:
    """Picodollars in `dollars`, rounded down, as becomes a cap."""
    return int(dollars * PICO)
