"""The config: what a sweep is to do, read once at the door, checked, and passed on as plain values.

`load` reads and merges; `schema` and its sections are the reference of every key; `live` is what may change in flight;
`resolved` is the copy in the store. Imports pydantic, which takes time: the command line imports this only in need.
"""

from core.config.live import LiveValue, parse_live
from core.config.load import DEFAULT_PATH, config_from_mapping, load_config
from core.config.models import Model, Thinking
from core.config.resolved import from_resolved, resolved_json
from core.config.schema import SIMULATOR, Config
from core.config.sections import EndpointSection, Grading, Judge, Problems, Run, Simulator

__all__ = [
    "DEFAULT_PATH",
    "SIMULATOR",
    "Config",
    "EndpointSection",
    "Grading",
    "Judge",
    "LiveValue",
    "Model",
    "Problems",
    "Run",
    "Simulator",
    "Thinking",
    "config_from_mapping",
    "from_resolved",
    "load_config",
    "parse_live",
    "resolved_json",
]
