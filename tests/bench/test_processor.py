from __future__ import annotations

import time

from bench.processor import cpu_ms
from core.analysis.intervals import t_quantile


def remembered() -> int:
    return t_quantile.cache_info().currsize


def test_what_the_analysis_remembers_is_forgotten_before_each_round():
    seen = []

    cpu_ms(lambda: (seen.append(remembered()), t_quantile(7)), 3)

    assert seen[1:] == [0, 0, 0]


def test_it_is_kept_where_doing_it_again_is_asked_about():
    seen = []

    cpu_ms(lambda: (seen.append(remembered()), t_quantile(7)), 3, remembered=True)

    assert min(seen[1:]) > 0


def test_waiting_is_no_work():
    assert cpu_ms(lambda: time.sleep(0.05), 1) < 25
