"""Shares of a server's time add up to the time in which it was busy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sampler.server_time import ServerTime


def test_two_at_once_pay_half_each():
    time = ServerTime()
    first, second = time.starts(100.0), time.starts(110.0)
    assert time.ends(first, 120.0) == pytest.approx(15.0)
    assert time.ends(second, 130.0) == pytest.approx(15.0)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 50)), min_size=1, max_size=12))
def test_the_shares_add_up_to_the_busy_time(spans):
    events = sorted([(at, 1, n) for n, (at, _) in enumerate(spans)] + [(a + d, 0, n) for n, (a, d) in enumerate(spans)])
    time, started, total, busy, out, last = ServerTime(), {}, 0.0, 0.0, 0, 0.0
    for at, starts, number in events:
        busy += (at - last) * bool(out)
        out, last = out + (1 if starts else -1), at
        if starts:
            started[number] = time.starts(at)
        else:
            total += time.ends(started[number], at)
    assert total == pytest.approx(busy)
