"""Finds the files of a data set on the Hugging Face hub, `hf://OWNER/NAME` (extra `data`), and brings them here.

Everything is read at one commit: the revision's when it was asked for. Only `fetch` goes to the network, with the hub
client's own cache and its own look-up of a token; what the files hold is the readers' business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from core.errors import ThinktopError, UsageError
from core.extra_data import missing_extra
from core.problems.rows import meant, named

SCHEME = "hf://"
FORMATS = (".parquet", ".jsonl", ".ndjson", ".csv")
"""What is read, in the order of preference: data sets often hold the same rows in several formats."""

Choose = Callable[[Sequence[str]], Sequence[str]]
"""From the paths of all files of a data set to those to download."""

_NAME = re.compile(r"hf://(?:datasets/)?([\w.-]+/[\w.-]+)", re.ASCII)
_SHARD = re.compile(r"-\d+-of-\d+(-[0-9a-f]+)?$")
_PATIENCE_S = 30
_CONVERTED = "refs/convert/parquet"
"""The branch where the hub itself keeps a Parquet copy of many data sets."""


def hub_files(source: str, revision: str | None, split: str | None) -> list[tuple[str, Path]]:
    """The files of one split, in their order: the name of each in the data set, and where it is on this machine.

    Raises:
        UsageError: the name is none, the data set is not there or not open, or it is unclear which split is meant.
        ThinktopError: the hub cannot be reached.
    """
    name = _NAME.fullmatch(source)
    if name is None:
        raise UsageError(f"{source}: not the name of a data set; write hf://OWNER/NAME")

    def choose(files: Sequence[str]) -> list[str]:
        return split_files(files, source, split)

    return fetch(name[1], revision, choose, source)


def split_files(files: Sequence[str], source: str, split: str | None) -> list[str]:
    """The files of the split that was named, or of the only one.

    Raises:
        UsageError: nothing can be read, there is no such split, or there are several and none was named.
    """
    splits = splits_of(files)
    if not splits:
        raise UsageError(
            f"{source}: no {', '.join(FORMATS)} among its {len(files)} files; "
            f'the hub may have a copy that can be read: set problems.revision = "{_CONVERTED}"'
        )
    if split is None:
        if len(splits) > 1:
            raise UsageError(f"{source}: set problems.split to one of its splits: {named(splits)}")
        return next(iter(splits.values()))
    fitting = [name for name in splits if name == split] or [name for name in splits if name.endswith(f"/{split}")]
    if not fitting:
        raise UsageError(f"{source}: no split {split!r} (problems.split){meant(split, splits)}; it has {named(splits)}")
    if len(fitting) > 1:
        raise UsageError(
            f"{source}: several splits are called {split!r}; set problems.split to one of {named(fitting)}"
        )
    return splits[fitting[0]]


def splits_of(files: Sequence[str]) -> dict[str, list[str]]:
    """The files that can be read, of the preferred format, by split, in the order of their names.

    A split is named by its files' path without shard numbers: `data/train-00000-of-00002.parquet` is of `train`,
    `main/test/0000.parquet` (the hub's own copies) of `main/test`.
    """
    for ending in FORMATS:
        splits: dict[str, list[str]] = {}
        for file in sorted(files):
            path = PurePosixPath(file)
            if path.suffix.lower() == ending and not path.name.startswith("."):
                stem = path.with_name(_SHARD.sub("", path.stem))
                whole = stem.parent if stem.name.isdigit() and stem.parent.name else stem
                splits.setdefault(str(whole).removeprefix("data/"), []).append(file)
        if splits:
            return splits
    return {}


def fetch(repository: str, revision: str | None, choose: Choose, source: str) -> list[tuple[str, Path]]:
    """The chosen files of a data set, downloaded: the one function here that goes to the network."""
    try:
        from huggingface_hub import HfApi, errors  # noqa: PLC0415 - an extra, and slow to load
        from huggingface_hub.utils.tqdm import silent_tqdm  # noqa: PLC0415 - a bar would be drawn over the monitor
    except ImportError as error:
        raise missing_extra(source, error) from error
    hub = HfApi()
    try:
        found = hub.dataset_info(repository, revision=revision, timeout=_PATIENCE_S)
        local = {
            name: hub.hf_hub_download(repository, name, repo_type="dataset", revision=found.sha, tqdm_class=silent_tqdm)
            for name in choose([sibling.rfilename for sibling in found.siblings or ()])
        }
        return [(name, Path(path)) for name, path in local.items()]
    except UsageError:
        raise
    except errors.GatedRepoError as error:
        raise UsageError(
            f"{source}: its owner asks you to accept terms; do so on the hub, then `hf auth login`"
        ) from error
    except errors.RevisionNotFoundError as error:
        raise UsageError(
            f"{source}: no revision {revision!r} (problems.revision); name a branch, tag or commit"
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise UsageError(f"{source}: no such data set, or a private one: check the name, or `hf auth login`") from error
    except errors.HFValidationError as error:
        raise UsageError(f"{source}: not the name of a data set: {_first_line(error)}") from error
    except Exception as error:
        raise ThinktopError(
            f"{source}: the hub cannot be reached or did not answer as it should: {_first_line(error)}. Try again, "
            "or download a file and set problems.source to it"
        ) from error


def _first_line(error: Exception) -> str:
    """An error in one line: its first, or its type where it says nothing."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
