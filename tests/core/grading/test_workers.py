"""Heavy grading with real processes: stuck, dead and cancelled ones."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import time

import pytest

from core.errors import ThinktopError
from core.grading import GradingSpec, workers
from core.grading.workers import GradingPool
from core.vocabulary import Grade, Verdict

INTEGER = GradingSpec("integer")
KIND = GradingSpec("regex", pattern=r"ANS: (\d+)")
STUCK = GradingSpec("regex", pattern=r"(a+)+$")
FOREVER = "a" * 64 + "b"


def pids() -> set[int]:
    return {child.pid for child in multiprocessing.active_children() if child.pid is not None}


async def test_light_kinds_start_no_process() -> None:
    async with GradingPool() as pool:
        grade = await pool.grade(INTEGER, r"\boxed{7}", "7")
        started = pids()

    assert grade.verdict is Verdict.RIGHT
    assert not started


async def test_a_stuck_answer_is_no_answer_and_takes_no_other_with_it() -> None:
    async with GradingPool(processes=2, deadline_s=1.5) as pool:
        stuck, *others = await asyncio.gather(
            pool.grade(STUCK, FOREVER, "x"), *(pool.grade(KIND, f"ANS: {number}", "3") for number in range(6))
        )
        after = await pool.grade(KIND, "ANS: 3", "3")

    assert stuck == Grade(None, Verdict.NO_ANSWER, "grading timed out after 1.5 s")
    assert [grade.answer for grade in others] == ["0", "1", "2", "3", "4", "5"]
    assert after.verdict is Verdict.RIGHT
    assert not pids()


async def test_a_dead_worker_is_no_answer_and_the_next_one_is_graded() -> None:
    async with GradingPool(processes=1, deadline_s=30) as pool:
        await pool.grade(KIND, "ANS: 3", "3")
        (worker,) = pids()
        grading = asyncio.create_task(pool.grade(STUCK, FOREVER, "x"))
        await asyncio.sleep(0.5)
        os.kill(worker, signal.SIGKILL)
        died = await grading
        after = await pool.grade(KIND, "ANS: 3", "3")

    assert died == Grade(None, Verdict.NO_ANSWER, "the grading process died")
    assert after.verdict is Verdict.RIGHT


async def test_a_worker_that_died_while_idle_is_replaced_without_losing_an_answer() -> None:
    async with GradingPool(processes=1, deadline_s=30) as pool:
        await pool.grade(KIND, "ANS: 3", "3")
        (worker,) = pids()
        os.kill(worker, signal.SIGKILL)
        await asyncio.sleep(0.3)
        after = await pool.grade(KIND, "ANS: 3", "3")

    assert after.verdict is Verdict.RIGHT


async def test_a_cancelled_grade_takes_its_process_along_and_leaves_its_place_free() -> None:
    async with GradingPool(processes=1, deadline_s=60) as pool:
        await pool.grade(KIND, "ANS: 3", "3")
        grading = asyncio.create_task(pool.grade(STUCK, FOREVER, "x"))
        await asyncio.sleep(0.3)
        grading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await grading
        left = pids()
        after = await pool.grade(KIND, "ANS: 3", "3")

    assert not left
    assert after.verdict is Verdict.RIGHT


async def test_a_pool_that_is_left_by_an_error_leaves_nothing_running() -> None:
    async def leave_while_one_is_stuck() -> None:
        async with GradingPool(processes=2, deadline_s=60) as pool, asyncio.TaskGroup() as group:
            group.create_task(pool.grade(STUCK, FOREVER, "x"))
            await pool.grade(KIND, "ANS: 3", "3")
            raise LookupError

    with pytest.raises(ExceptionGroup):
        await leave_while_one_is_stuck()

    assert not pids()


async def test_a_pool_that_is_closed_grades_nothing_heavy() -> None:
    async with GradingPool() as pool:
        pass

    with pytest.raises(RuntimeError, match="closed"):
        await pool.grade(KIND, "ANS: 3", "3")


async def test_math_is_graded_in_a_worker_and_a_monster_is_no_answer() -> None:
    math = GradingSpec("math")

    async with GradingPool(processes=1, deadline_s=3) as pool:
        right = await pool.grade(math, r"\boxed{\frac{2}{4}}", "0.5")
        monster = await pool.grade(math, r"\boxed{9^{9^{9^{9}}} + \sqrt{x^{9^9}}}", "5")

    assert right.verdict is Verdict.RIGHT
    assert monster.verdict is Verdict.NO_ANSWER


async def test_a_process_that_does_not_start_is_an_error_and_no_grade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_START_S", 0.0)

    async with GradingPool(processes=1) as pool:
        with pytest.raises(ThinktopError, match="does not start"):
            await pool.grade(KIND, "ANS: 3", "3")

    assert not pids()


ORPHANS = """
import asyncio, multiprocessing
from core.grading import GradingSpec, workers
workers._GRACE_S = 0.0
async def main():
    async with workers.GradingPool(processes=2, deadline_s=2.0) as pool:
        await pool.grade(GradingSpec("regex", pattern="x"), "x", "x")
        stuck = asyncio.create_task(pool.grade(GradingSpec("regex", pattern="(a+)+$"), "a" * 64 + "b", "x"))
        await pool.grade(GradingSpec("regex", pattern="x"), "x", "x")
        await asyncio.sleep(0.5)
        print(*[child.pid for child in multiprocessing.active_children()], flush=True)
        await stuck
if __name__ == "__main__":
    asyncio.run(main())
"""


def test_no_worker_stuck_or_idle_outlives_a_parent_that_was_killed(tmp_path) -> None:
    (tmp_path / "parent.py").write_text(ORPHANS)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "parent.py")], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        children = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()

    assert len(children) == 2
    deadline = time.monotonic() + 30
    while any(map(runs, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [child for child in children if runs(child)]


def runs(pid: int) -> bool:
    """Whether a process lives; a dead one that its new parent has not reaped yet does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.strip().startswith("Z")
