"""A checked config out of a file, the environment and `--set`; or out of values that are built in.

The one place where the steps stand in order: read, lay over, look for keys, read the files that it names, check.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from core.config.complaints import Complaint, complaints_of
from core.config.credentials import ADVICE, leaking_lines, leaks
from core.config.document import text_of, values_of
from core.config.included import include_files
from core.config.keys import printable
from core.config.layers import merged, overrides_of, variables_of
from core.config.origins import Origins
from core.config.schema import Config
from core.controls import asking
from core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEFAULT_PATH = Path("config.toml")
_HOW_TO_GET_ONE = "there is no such file; try `thinktop demo`, which needs none, or write one as the README shows"


def load_config(
    path: Path | None = None, *, overrides: Sequence[str] = (), environ: Mapping[str, str] = os.environ
) -> Config:
    """The config in the TOML file at `path` (default: `config.toml`), under `environ`, under `overrides`.

    Args:
        path: The file; files that it names are looked for beside it.
        overrides: `KEY=VALUE` arguments with dotted keys and TOML values: `run.cap_usd=5`, `models.0.token_cap=4096`.
        environ: Variables such as `THINKTOP_RUN__CAP_USD=5`.

    Raises:
        UsageError: Something in it is wrong; one line per fault says where, what, and what would do.
    """
    path = DEFAULT_PATH if path is None else Path(path)
    text = text_of(path, missing=_HOW_TO_GET_ONE)
    return config_from_text(text, printable(str(path)), path.parent, overrides=overrides, environ=environ)


def config_from_text(
    text: str,
    name: str,
    folder: Path,
    *,
    overrides: Sequence[str] = (),
    environ: Mapping[str, str] = os.environ,
) -> Config:
    """The config that a TOML text spells out, as the file `name` in `folder` would.

    Raises:
        UsageError: As `load_config`.
    """
    return _config(keyless_values(text, name), Origins(name, text), folder, overrides, environ)


def keyless_values(text: str, name: str) -> dict[str, Any]:
    """The tables of a TOML text in which nothing looks like a key; whether they make a config is not looked at.

    Raises:
        UsageError: Something in it looks like a key, or it is not TOML.
    """
    # First of all, since what is said of broken TOML repeats some of it.
    if lines := list(leaking_lines(text)):
        raise UsageError(f"{name}:{lines[0]}: {ADVICE}")
    values = values_of(text, name)
    if leaking := [Complaint(path, ADVICE) for path in leaks(values)]:
        raise Origins(name, text).error(leaking)
    return values


def refuse_keys(text: str, name: str) -> None:
    """Nothing, but where something in a text looks like a key; one that is not TOML yet is looked at line by line.

    Raises:
        UsageError: Something does.
    """
    try:
        keyless_values(text, name)
    except UsageError as error:
        if ADVICE in str(error):
            raise


def config_from_mapping(
    data: Mapping[str, Any],
    *,
    overrides: Sequence[str] = (),
    environ: Mapping[str, str] | None = None,
    name: str = "built-in config",
    folder: Path | None = None,
) -> Config:
    """The config that `data` spells out, as a file would, under the environment and the overrides if given.

    Raises:
        UsageError: As `load_config`; messages call the data `name`.
    """
    return _config(data, Origins(name), folder or Path(), overrides, environ or {})


def _config(
    values: Mapping[str, Any], origins: Origins, folder: Path, overrides: Sequence[str], environ: Mapping[str, str]
) -> Config:
    variables = variables_of(environ, values)
    arguments = overrides_of(overrides)
    origins = Origins(origins.name, origins.text, (*variables, *arguments))
    data = merged(values, variables, arguments)
    if leaking := [Complaint(path, ADVICE) for path in leaks(data)]:
        raise origins.error(leaking)
    if unread := include_files(data, folder):
        raise origins.error(unread)
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        raise origins.error(complaints_of(error, Config)) from None
    if refused := _unaskable(config):
        raise origins.error(refused)
    config._folder = folder  # noqa: SLF001 - no key of the config, so no field of it
    return config


def _unaskable(config: Config) -> list[Complaint]:
    """What no request can be made of, or what a provider is known to refuse: the first fault of each model."""
    complaints = []
    for position, model in enumerate(config.models):
        endpoint = config.endpoint(model.endpoint)
        try:
            for budget in model.thinking.asked:
                asking(
                    model.thinking.control,
                    budget,
                    model=model.name,
                    base_url=endpoint.base_url,
                    token_cap=model.token_cap,
                    token_cap_field=endpoint.token_cap_field,
                    style=model.thinking.style,
                    prompt=model.thinking.prompt,
                    system=model.system,
                    extra_body=model.thinking.extra_body,
                    request=model.request,
                    grading_kind=config.grading.kind,
                )
        except UsageError as error:
            complaints.append(Complaint(("models", position), str(error)))
    return complaints
