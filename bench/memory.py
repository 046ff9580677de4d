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
    peaks = [sampler_leg(folder, draws=-(-samples // CELLS), at_once=AT_ONCE).peak_kib for samples in (FEW, MANY)]
    few, many = peaks
    if few is None or many is None:
        return [Figure("memory", "growth", None, "", note="no /proc here to read it from")]
    return [
        Figure("memory", f"sampler, {FEW:,} samples", few / 1024, "MiB"),
        Figure("memory", f"sampler, {MANY:,} samples", many / 1024, "MiB"),
        Figure("memory", f"{MANY:,} / {FEW:,}", many / few, "", at_most=1.1),
    ]
