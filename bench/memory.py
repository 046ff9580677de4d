"""Peak memory of the sampler's process in a short run and in a long one: it must not depend on the samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.legs import sampler_leg
from bench.workload import CELLS

if TYPE_CHECKING:
    from pathlib import Path

FEW, MANY = 2_000, 50_000
"""Samples, rounded up to whole draws of every cell."""
AT_ONCE = 64


def memory(folder: Path, _rounds: int) -> list[Figure]:
    """Peak resident memory at 2,000 and at 50,000 samples, once each, and their ratio."""
    few, many = (sampler_leg(folder, draws=-(-samples // CELLS), at_once=AT_ONCE) for samples in (FEW, MANY))
    if few.peak_kib is None or many.peak_kib is None:
        return [Figure("memory", "growth", None, "", note="no /proc here to read it from")]
    return [
        Figure("memory", f"sampler, {few.requests:,} samples", few.peak_kib / 1024, "MiB"),
        Figure("memory", f"sampler, {many.requests:,} samples", many.peak_kib / 1024, "MiB"),
        Figure("memory", "many / few", many.peak_kib / few.peak_kib, "", at_most=1.1),
    ]
