"""`python -P -m core.sampler STORE RUN`: the detached sampler's process. Started by `detach`, not by people."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import traceback
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import Refused, ThinktopError
from core.sampler.run import Sampler
from core.store.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable

LOG_BYTES = 1_000_000
log = logging.getLogger("core.sampler")


def main() -> int:
    """The exit code of a sampler that worked off its run."""
    parser = argparse.ArgumentParser(prog="core.sampler", description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("run", type=int)
    parser.add_argument("--ready", type=int, default=None, help="a pipe to say `ready` on, or why not")
    arguments = parser.parse_args()
    os.umask(0o077)  # a log that is rotated is made anew
    place = Place.at(arguments.store)
    _log_to(place.run_log(arguments.run))

    def say(word: str) -> None:
        pipe, arguments.ready = arguments.ready, None  # once: closed, its number is soon some other file's
        if pipe is not None:
            with suppress(OSError):
                os.write(pipe, word.encode())
                os.close(pipe)

    try:
        return asyncio.run(_work(Sampler(place, arguments.run), lambda: say("ready")))
    except ThinktopError as error:
        say(f"refused {error}" if isinstance(error, Refused) else str(error))
        log.error("%s", error)  # noqa: TRY400 - a line for a person; a traceback could show what is in memory
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - nobody is there to see it: the log has to say
        log.critical("ended by a fault of its own: %s", _where(error))
        return 1


def _where(error: BaseException) -> str:
    """The lines of code that an error came through, without its text, which could hold what is in memory."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return "".join([type(error).__name__, "\n", *traceback.format_tb(error.__traceback__)])


async def _work(sampler: Sampler, on_ready: Callable[[], None]) -> int:
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, sampler.interrupt)
    loop.add_signal_handler(signal.SIGHUP, lambda: log.info("the terminal went away; going on"))
    ending = await sampler.work_off(on_ready)
    log.info("ended: %s %s", ending.state, ending.reason)
    return 0


def _log_to(path: Path) -> None:
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        logging.basicConfig(level=logging.INFO, handlers=[handler])
    # The client's own debugging logs would write requests and headers.
    for noisy in ("openai", "httpx2", "httpcore2", "aiohttp"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


if __name__ == "__main__":
    raise SystemExit(main())
