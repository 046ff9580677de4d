"""The monitor as people have it: a process of its own on a pseudo-terminal, beside a sampler that is another one."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.terminal import Terminal
    from core.store.place import Place

collect_ignore_glob = [] if sys.platform == "linux" else ["test_*.py"]
"""The instrument reads /proc."""

THINKTOP = Path(sys.executable).with_name("thinktop")
STYLE = re.compile(rb"\x1b\[([0-9;]*)m")
EXTENDED = frozenset([38, 48, 58])
SLOW_S = 20.0
"""What takes a second may take so long on a machine that has much else to do."""


@pytest.fixture(scope="session")
def thinktop_path() -> Path:
    """The command."""
    return THINKTOP


@pytest.fixture
def monitor(terminal: Callable[..., Terminal]) -> Callable[..., Terminal]:
    """A starter of monitors on terminals of their own, given a store, options, and how the terminal is to be."""

    def start(place: Place, *options: str, **how: Any) -> Terminal:
        return terminal(THINKTOP, *options, "--store", place.path, **how)

    return start


@pytest.fixture(scope="session")
def until() -> Callable[[Callable[[], object]], None]:
    """A patient wait for something to hold."""

    def wait(holds: Callable[[], object]) -> None:
        deadline = time.monotonic() + SLOW_S
        while not holds():
            assert time.monotonic() < deadline, "in vain"
            time.sleep(0.02)

    return wait


@pytest.fixture(scope="session")
def last_words() -> Callable[[Terminal], str]:
    """What a monitor wrote after it had given the terminal back, without control sequences."""

    def read(shown: Terminal) -> str:
        _, left, words = shown.output.rpartition(b"\x1b[?1049l")
        assert left, "it never left the screen that it had taken"
        parts = words.decode().split("\x1b")
        return "".join([parts[0], *(part.lstrip("[<?;0123456789")[1:] for part in parts[1:])]).strip("\r\n")

    return read


@pytest.fixture(scope="session")
def style_settings() -> Callable[[bytes], set[int]]:
    """A reader of the numbers in all style sequences, without those by which an extended colour is named."""

    def read(output: bytes) -> set[int]:
        found: set[int] = set()
        for numbers in STYLE.findall(output):
            rest = [int(number or 0) for number in numbers.split(b";")]
            while rest:
                found.add(rest[0])
                named_by = 0 if rest[0] not in EXTENDED else 2 if rest[1:2] == [5] else 4
                rest = rest[1 + named_by :]
        return found

    return read
