"""Starting a sampler as a process of its own, which outlives the terminal, the shell and the monitor.

It has a session of its own and none of the terminal's streams: both are needed to survive the terminal's end. Keys
reach it by its environment only. It says over a pipe that it has the run, or why it cannot have it.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
from typing import TYPE_CHECKING

from core.errors import Refused, ThinktopError

if TYPE_CHECKING:
    from core.store.place import Place

START_S = 60.0
"""How long a sampler may take until it has the run; most of it would be a slow disk."""


def start_detached(place: Place, run_id: int) -> int:
    """The process id of a sampler that now has the run.

    Raises:
        Refused: another sampler has it.
        ThinktopError: it could not start, in its own words.
    """
    place.make_folder()
    ready, say_ready = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 - our own module, by the interpreter that runs this
            # -P: a folder named `core` where the user stands is not picked up.
            [sys.executable, "-P", "-m", "core.sampler", str(place.path), str(run_id), "--ready", str(say_ready)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=(say_ready,),
            cwd=place.path.parent,
        )
    finally:
        os.close(say_ready)
    try:
        word = _read(ready)
    finally:
        os.close(ready)
    if word == "ready":
        return process.pid
    if word.startswith("refused "):
        raise Refused(word.removeprefix("refused "))
    if process.poll() is None and not word:
        raise ThinktopError(
            f"the sampler, process {process.pid}, has not said within {START_S:g} s that it has the run; "
            f"look with `thinktop status {run_id}`, or at {place.run_log(run_id)}"
        )
    raise ThinktopError(word or f"the sampler ended before it had the run; see {place.run_log(run_id)}")


def _read(ready: int) -> str:
    """What the sampler says before it closes the pipe."""
    said = b""
    while select.select([ready], [], [], START_S)[0]:
        part = os.read(ready, 4096)
        if not part:
            break
        said += part
    return said.decode("utf-8", "replace").strip()
