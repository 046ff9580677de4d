"""Requests a second of a whole run beside the bare client's, and the time of a run whose server takes its time."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.legs import client_leg, sampler_leg

if TYPE_CHECKING:
    from pathlib import Path

AT_ONCE = (64, 256)
DRAWS = 32
"""7,680 requests a leg: long enough to fill the ten seconds that rates are taken over."""
LATENCY_S, LATENCY_AT_ONCE, LATENCY_DRAWS = 0.2, 100, 8
"""1,920 requests, a hundred at a time, each answered after 200 ms: 3.84 s at best."""
SERVER_IS_THE_LIMIT = 0.9


def throughput(folder: Path, rounds: int) -> list[Figure]:
    """The sampler's rate as a share of the bare client's, legs taken in turn; medians over the rounds."""
    figures = []
    for at_once in AT_ONCE:
        pairs = [
            (client_leg(folder, draws=DRAWS, at_once=at_once), sampler_leg(folder, draws=DRAWS, at_once=at_once))
            for _ in range(rounds)
        ]
        ratios = sorted(sampler.per_s / client.per_s for client, sampler in pairs)
        busiest = max(leg.server_share for pair in pairs for leg in pair)
        note = f"{ratios[0]:.2f} to {ratios[-1]:.2f} in {rounds} rounds; the server took {busiest:.0%} of a core"
        if busiest > SERVER_IS_THE_LIMIT:
            note += " AND WAS THE LIMIT"
        what = f"{at_once} at once"
        figures += [
            Figure("throughput", f"{what}: bare client", median(pair[0].per_s for pair in pairs), "req/s"),
            Figure("throughput", f"{what}: sampler", median(pair[1].per_s for pair in pairs), "req/s"),
            Figure("throughput", f"{what}: sampler / client", median(ratios), "", at_least=0.85, note=note),
        ]
    return figures


def latency(folder: Path, rounds: int) -> list[Figure]:
    """The time of a run that is bound by its server's latency, as a multiple of the ideal."""
    sizes = {"draws": LATENCY_DRAWS, "at_once": LATENCY_AT_ONCE}
    legs = [sampler_leg(folder, **sizes, latency_s=LATENCY_S) for _ in range(rounds)]
    ideal_s = legs[0].requests * LATENCY_S / LATENCY_AT_ONCE
    taken_s = median(leg.seconds for leg in legs)
    most = max(leg.most_at_once for leg in legs)
    what = f"{LATENCY_AT_ONCE} at once, {1000 * LATENCY_S:g} ms: time / ideal"
    note = f"{taken_s:.2f} s where {ideal_s:.2f} s is the least; at most {most} out at once"
    return [Figure("latency", what, taken_s / ideal_s, "", at_most=1.25, note=note)]
