"""The machine that the figures were taken on: its processor, its load, its disk's fsync, the versions that matter."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

from core.store.place import MOUNTINFO, file_system_of

SYNCS = 100
PAGE = 4096


def facts(folder: Path) -> dict[str, object]:
    """What to print beside the figures; `folder` is where the stores are built. The fsync time is in milliseconds."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()],
        "system": f"{platform.system()} {platform.release()}",
        "file system": file_system_of(folder, MOUNTINFO.read_text()) if MOUNTINFO.exists() else "",
        "fsync ms": round(1000 * fsync_s(folder), 3),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "openai": version("openai"),
    }


def fsync_s(folder: Path) -> float:
    """Median seconds to append a page to a file in a folder and have it on the disk."""
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(SYNCS):
            began = time.perf_counter()
            file.write(bytes(PAGE))
            file.flush()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return median(times)


def _processor() -> str:
    table = Path("/proc/cpuinfo")
    if table.exists():
        for line in table.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
