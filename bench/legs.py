"""One leg of a comparison: a fresh store, a fresh server, and one process that asks; measured by the server's clock."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.server import HOST
from bench.workload import CELLS, planned

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
POLL_S = 0.1
STATUS = "/proc/{}/status"


class LegError(Exception):
    """A process of a leg failed, or did not ask what it was to ask."""


@dataclass(frozen=True, slots=True)
class Leg:
    """What a leg came to."""

    requests: int
    seconds: float
    """First request to last reply, at the server."""
    most_at_once: int
    server_share: float
    """Of one core, that the server took: near 1 it was the limit."""
    peak_kib: int | None
    """The most memory that the asking process held at a time; None where the system does not say."""

    @property
    def per_s(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def sampler_leg(folder: Path, *, draws: int, at_once: int, latency_s: float = 0.0) -> Leg:
    """A whole run by the sampler, started as `thinktop run` starts it."""
    return _leg(folder, ["-P", "-m", "core.sampler"], draws, at_once, latency_s)


def client_leg(folder: Path, *, draws: int, at_once: int, latency_s: float = 0.0) -> Leg:
    """The same requests by the bare client."""
    return _leg(folder, ["-m", "bench.client"], draws, at_once, latency_s)


def _leg(folder: Path, asks: list[str], draws: int, at_once: int, latency_s: float) -> Leg:
    with tempfile.TemporaryDirectory(dir=folder) as inside, _server(latency_s) as server:
        base_url = f"http://{HOST}:{_line(server)}/v1"
        place, run_id = planned(Path(inside), base_url, draws=draws, at_once=at_once)
        peak = _watched([sys.executable, *asks, str(place.path), str(run_id)])
        said, _ = server.communicate()
        seen: dict[str, Any] = json.loads(said)
    if seen["requests"] != CELLS * draws:
        raise LegError(f"{asks[-1]}: {seen['requests']} requests came where {CELLS * draws} were planned")
    seconds = seen["last"] - seen["first"]
    return Leg(seen["requests"], seconds, seen["most_at_once"], seen["cpu_s"] / seconds, peak)


@contextmanager
def _server(latency_s: float) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bench.server", str(latency_s)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own module
        try:
            yield server
        finally:
            server.kill()


def _line(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    return server.stdout.readline().strip()


def _watched(command: list[str]) -> int | None:
    """The peak memory, in KiB, of a process that has ended well."""
    peak = None
    with subprocess.Popen(command, cwd=ROOT) as process:  # noqa: S603 - our own modules
        while process.poll() is None:
            peak = _peak_kib(process.pid) or peak
            time.sleep(POLL_S)
    if process.returncode != 0:
        raise LegError(f"{' '.join(command[1:-2])} ended with exit code {process.returncode}")
    return peak


def _peak_kib(pid: int) -> int | None:
    try:
        status = Path(STATUS.format(pid)).read_text()
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return None
