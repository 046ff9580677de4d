"""What a model's tokens, or an hour of one's own server, cost, as written in the config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from core.config.complaints import wrong
from core.config.fields import Amount, Section, plain
from core.vocabulary import Price

if TYPE_CHECKING:
    from decimal import Decimal

Dollars = Annotated[Amount, Field(ge=0)]


class PriceSection(Section):
    """Dollars per million tokens, or per hour; never both."""

    input: Dollars | None = None
    """USD per million prompt tokens."""
    output: Dollars | None = None
    """USD per million completion tokens, reasoning included."""
    cached_input: Dollars | None = None
    """USD per million prompt tokens that were cached; without it: as `input`."""
    per_hour: Dollars | None = None
    """USD per hour of a server of one's own."""

    @model_validator(mode="after")
    def _one_kind_of_price(self) -> Self:
        by_token = {"input": self.input, "output": self.output, "cached_input": self.cached_input}
        if self.per_hour is not None:
            if any(part is not None for part in by_token.values()):
                raise wrong("per_hour stands alone: a server is paid by the hour or by the token")
        elif self.input is None or self.output is None:
            raise wrong("must have both input and output (USD per million tokens), or per_hour")
        return self

    @property
    def price(self) -> Price:
        """The same as the record that every layer speaks."""
        return Price(
            input=_text(self.input),
            output=_text(self.output),
            cached_input=_text(self.cached_input),
            per_hour=_text(self.per_hour),
        )


def _text(part: Decimal | None) -> str | None:
    return None if part is None else plain(part)
