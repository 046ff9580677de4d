"""A config as one line of JSON for the store, and back: going on with a run reads nothing else."""

from __future__ import annotations

import json
from decimal import Decimal

from pydantic import ValidationError

from core.config.complaints import complaints_of
from core.config.origins import Origins
from core.config.schema import Config
from core.errors import StoreError

_ADVICE = "the run keeps its samples, but cannot go on; start it anew from its config"


def resolved_json(config: Config) -> str:
    """The whole config as canonical JSON: defaults and the texts of prompts included, money as decimal strings.

    Equal configs give equal texts. No key is in it, since none can be in a config; `load` sees to that.
    """
    plain = config.model_dump(mode="json")
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def from_resolved(text: str) -> Config:
    """The config that `resolved_json` wrote.

    Raises:
        StoreError: It is none.
    """
    try:
        return Config.model_validate(json.loads(text, parse_float=Decimal))
    except ValidationError as error:
        said = Origins("stored config").error(complaints_of(error, Config))
        raise StoreError(f"{said}\n{_ADVICE}") from None
    except (ValueError, ArithmeticError, RecursionError):
        raise StoreError(f"stored config: is not the JSON that thinktop wrote\n{_ADVICE}") from None
