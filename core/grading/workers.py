"""Heavy graders in processes of their own, each answer under a deadline.

Owns the processes: nothing outlives the pool, neither its end nor its owner's (even `kill -9`). The hard thing is that
a pattern stuck in C code holds the interpreter: no thread in that process runs, no Python signal handler either. So

- the parent kills, with SIGKILL, the one process that passes its deadline. An executor loses everything it holds when
  one of its processes dies, so each process has an executor to itself (a *lane*), and no other answer is lost;
- a lane starts its process, and imports what the grader needs, before the clock of an answer starts;
- an alarm signal in its default action ends a stuck process whose parent is gone; a thread ends an idle one.

A timeout or a death is no answer with a note, never a wrong one.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import multiprocessing
import os
import resource
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Self, TypeVar

from core.errors import ThinktopError
from core.grading import Grader, grader
from core.vocabulary import Grade, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.process import BaseProcess
    from types import TracebackType

    from core.grading.spec import GradingSpec

_Result = TypeVar("_Result")

_START_S = 60.0
"""Seconds for a process to start and import; generous, since a busy machine takes its time."""
_GRACE_S = 5.0
"""Seconds after its deadline when a process that nobody killed ends itself."""
_MEMORY = 4 * 2**30
"""Bytes of address space for one process: `9^{9^{9}}` is not to take the machine down."""


class GradingPool:
    """Grades anything: light kinds on the spot, heavy ones in processes, which start when first needed.

    Use it as an async context manager. A cancelled `grade` takes its process with it and leaves the others alone.
    """

    def __init__(self, *, processes: int = 2, deadline_s: float = 10.0) -> None:
        """A pool of at most `processes`, giving each answer `deadline_s` seconds once its process is ready."""
        self._deadline_s = deadline_s
        self._graders: dict[GradingSpec, Grader] = {}
        self._lanes = [_Lane() for _ in range(processes)]
        # Last in, first out: a warm process is taken before a new one is started.
        self._free: asyncio.LifoQueue[_Lane] = asyncio.LifoQueue()
        for lane in self._lanes:
            self._free.put_nowait(lane)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for lane in self._lanes:
            lane.close()

    async def grade(self, spec: GradingSpec, text: str, truth: str) -> Grade:
        """The grade of a text, soon: a heavy one that takes longer than the deadline is no answer, with a note.

        Raises:
            UsageError: the kind needs a package that is not installed.
            ThinktopError: no process could be started at all.
        """
        made = self._graders.get(spec) or self._graders.setdefault(spec, grader(spec))
        if not made.heavy:
            return made.grade(text, truth)
        lane = await self._free.get()
        try:
            return await lane.grade(spec, text, truth, self._deadline_s)
        finally:
            self._free.put_nowait(lane)


class _Lane:
    """One process at a time, its executor, and who may kill it."""

    def __init__(self) -> None:
        self._executor: ProcessPoolExecutor | None = None
        self._ready_for: GradingSpec | None = None
        self._closed = False

    async def grade(self, spec: GradingSpec, text: str, truth: str, deadline_s: float) -> Grade:
        executor = await self._ready(spec)
        try:
            async with asyncio.timeout(deadline_s):
                return await _call(executor, functools.partial(_grade, spec, text, truth, deadline_s))
        except TimeoutError:
            self._kill()
            return Grade(None, Verdict.NO_ANSWER, f"grading timed out after {deadline_s:g} s")
        except BrokenProcessPool:
            self._kill()
            if self._closed:
                raise
            return Grade(None, Verdict.NO_ANSWER, "the grading process died")
        except BaseException:
            self._kill()
            raise

    async def _ready(self, spec: GradingSpec) -> ProcessPoolExecutor:
        if self._closed:
            raise RuntimeError("this grading pool is closed")
        if self._executor is not None and not all(process.is_alive() for process in _processes(self._executor)):
            self._kill()  # it died while it had nothing to do, and the next answer must not pay for that
        if self._executor is None:
            # spawn: a fork would copy the threads' locks and the store's connections.
            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(1, context, initializer=_settle_in)
        executor = self._executor
        if self._ready_for != spec:
            try:
                async with asyncio.timeout(_START_S):
                    await _call(executor, functools.partial(_prepare, spec))
            except (TimeoutError, BrokenProcessPool, OSError) as error:
                self._kill()
                raise ThinktopError(
                    f"the process that grades by {spec.kind!r} does not start ({type(error).__name__}); "
                    "look for low memory or a process limit, then grade again: nothing was lost"
                ) from error
            except BaseException:
                self._kill()
                raise
            self._ready_for = spec
        return executor

    def _kill(self) -> None:
        executor, self._executor, self._ready_for = self._executor, None, None
        if executor is None:
            return
        for process in _processes(executor):
            process.kill()
        # The process is gone, so this waits milliseconds, for its thread and its pipes.
        executor.shutdown(wait=True, cancel_futures=True)

    def close(self) -> None:
        self._closed = True
        self._kill()


def _processes(executor: ProcessPoolExecutor) -> list[BaseProcess]:
    return list((executor._processes or {}).values())  # noqa: SLF001 - a public way to kill them comes with 3.14


async def _call(executor: ProcessPoolExecutor, work: Callable[[], _Result]) -> _Result:
    return await asyncio.get_running_loop().run_in_executor(executor, work)


# What follows runs in the grading process.


def _settle_in() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to act on
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    logging.disable(logging.CRITICAL)  # the libraries log what they cannot read, and the terminal is not ours
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS does not take every limit
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@functools.lru_cache(maxsize=8)
def _made(spec: GradingSpec) -> Grader:
    return grader(spec)


def _prepare(spec: GradingSpec) -> None:
    made = _made(spec)
    if spec.kind == "math":
        made.grade("\\boxed{1/2}", "2")  # imports sympy and builds the parser


def _grade(spec: GradingSpec, text: str, truth: str, deadline_s: float) -> Grade:
    signal.setitimer(signal.ITIMER_REAL, deadline_s + _GRACE_S)
    try:
        return _made(spec).grade(text, truth)
    except Exception as error:  # noqa: BLE001 - whatever a grader's library raises is not the answer's fault
        return Grade(None, Verdict.NO_ANSWER, f"the grader failed: {type(error).__name__}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
