"""Where problems come from: the built-in generator, files, the hub. duckdb and the hub are loaded only to read."""

from __future__ import annotations

from core.problems.builtin import competition
from core.problems.source import read_problems

__all__ = ["competition", "read_problems"]
