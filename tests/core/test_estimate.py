from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.estimate import Estimate, Limits, Observed, Owed, assumed_tokens, estimate
from core.prices import prompt_bound, reservation
from core.vocabulary import PICO, Budget, Condition, Control, Price

O1_MINI = Price("3.0", "12.0")
BYTES = 600

SEEN = {16: 363.5, 32: 420.4, 64: 470.6, 128: 1106.3, 256: 2193.7, 512: 5355.2, 1024: 8668.3, 2048: 11103.6}
"""Mean completion tokens of o1-mini's published sweep, by the tokens asked for."""


def condition(
    budget: Budget = 16, *, control: Control = Control.PROMPT, price: Price | None = O1_MINI, cap: int = 32_768
) -> Condition:
    return Condition("o1-mini", "o1-mini", "openai", control, budget, cap, "{problem}", None, "{}", price)


def owed(asked: Condition, draws: int = 1, *, first: int = 0, size: int = BYTES) -> Owed:
    return Owed(asked, size, 1, first, first + draws, 1800.0)


def observed(means: dict[int, float] = SEEN) -> dict[tuple[str, Control, Budget], Observed]:
    return {("o1-mini", Control.PROMPT, budget): Observed(30, mean, 40.0) for budget, mean in means.items()}


def sweep(draws: int = 1) -> list[Owed]:
    return [owed(condition(budget), draws) for _ in range(30) for budget in SEEN]


def cents(pico: int | None) -> float:
    assert pico is not None
    return round(pico / PICO, 2)


def fits(found: Estimate, *, worst: bool = False) -> list[int | None]:
    return [share.fit_worst if worst else share.fit_expected for share in found.shares]


def test_the_o1_mini_sweep_costs_about_eleven_dollars() -> None:
    found = estimate(sweep(), observed(), Limits(64, cap_pico=60 * PICO))
    assert found.requests == 240
    assert found.completion_tokens == 30 * (364 + 420 + 471 + 1106 + 2194 + 5355 + 8668 + 11104)
    assert 10.5 < cents(found.expected_pico) < 11.5
    assert found.cut_expected == ()
    assert not any(share.assumed for share in found.shares)


def test_a_hundred_and_twenty_seven_more_draws_at_2048_cost_about_five_hundred() -> None:
    more = [owed(condition(2048), 127, first=1) for _ in range(30)]
    found = estimate(more, observed(), Limits(64))
    assert found.requests == 3810
    assert 490 < cents(found.expected_pico) < 520
    assert found.shares[0].observed == 30


def test_the_worst_case_is_the_sum_of_the_reservations() -> None:
    found = estimate(sweep(3), observed(), Limits(64))
    assert found.worst_pico == 720 * reservation(O1_MINI, BYTES, 1, 32_768)


def test_the_peak_is_the_dearest_requests_that_may_be_in_flight_at_once() -> None:
    dear, cheap = condition(16), condition(32, cap=1000)
    one, other = reservation(O1_MINI, BYTES, 1, 32_768), reservation(O1_MINI, BYTES, 1, 1000)
    plan = [owed(cheap, 5), owed(dear, 3)]
    assert estimate(plan, {}, Limits(4)).peak_reserved_pico == 3 * one + other
    assert estimate(plan, {}, Limits(64)).peak_reserved_pico == 3 * one + 5 * other


def test_input_is_expected_at_four_bytes_a_token() -> None:
    assert estimate([owed(condition(), 3, size=41)], {}, Limits(1)).prompt_tokens == 33


def test_time_is_shared_by_the_slots_that_there_is_work_for() -> None:
    assert estimate(sweep(2), observed(), Limits(64)).seconds == pytest.approx(480 * 40 / 64)
    assert estimate(sweep()[:3], observed(), Limits(64)).seconds == pytest.approx(40)


@pytest.mark.parametrize(
    ("asked", "tokens"),
    [
        (condition(16), 400),
        (condition(100), 800),
        (condition(2048), 16_384),
        (condition(8192), 32_768),
        (condition(16, cap=100), 100),
        (condition(None, control=Control.NONE), 8192),
        (condition("low", control=Control.EFFORT, cap=10), 3),
        (condition(512, control=Control.MAX_TOKENS, cap=512), 512),
        (condition(1024, control=Control.THINKING_BUDGET), 1424),
        (condition(1024, control=Control.EXTRA_BODY, cap=1200), 1200),
    ],
)
def test_where_nothing_was_seen_a_stated_rule_stands_in(asked: Condition, tokens: int) -> None:
    assert assumed_tokens(asked) == tokens
    share = estimate([owed(asked)], {}, Limits(1)).shares[0]
    assert share.assumed
    assert share.completion_tokens == tokens
    assert share.seconds == pytest.approx(tokens / 50)


def test_what_was_seen_of_another_budget_or_of_no_draw_is_no_guide() -> None:
    key = ("o1-mini", Control.PROMPT, 16)
    assert estimate([owed(condition(32))], observed({16: 5000}), Limits(1)).shares[0].assumed
    unseen = estimate([owed(condition(16))], {key: Observed(0, 0.0, 0.0)}, Limits(1)).shares[0]
    assert unseen.assumed
    assert unseen.completion_tokens == 400


def test_no_more_is_expected_than_the_token_cap_lets_through() -> None:
    assert estimate([owed(condition(16, cap=300))], observed(), Limits(1)).completion_tokens == 300


def test_an_unpriced_model_leaves_the_dollars_unknown_and_never_nil() -> None:
    found = estimate([owed(condition(16)), owed(condition(32, price=None))], {}, Limits(4, cap_pico=60 * PICO))
    assert found.expected_pico is None
    assert found.worst_pico is None
    assert found.peak_reserved_pico is None
    assert found.shares[0].expected_pico is not None
    assert fits(found) == fits(found, worst=True) == [None, None]
    assert found.cut_expected == found.cut_worst == ()


def test_an_unpriced_model_can_be_capped_by_tokens() -> None:
    bound = prompt_bound(BYTES, 1) + 32_768
    found = estimate([owed(condition(16, price=None), 10)], {}, Limits(4, cap_tokens=3 * bound))
    assert fits(found, worst=True) == [3]
    assert fits(found) == [10]


def test_a_server_by_the_hour_costs_its_busy_time() -> None:
    own = condition(16, price=Price(per_hour="3.6"))
    found = estimate([owed(own, 80)], observed(), Limits(8))
    assert found.seconds == pytest.approx(400)
    assert cents(found.expected_pico) == 0.40
    assert found.worst_pico == 80 * 1_800_000_000_000


def test_the_cap_cuts_late_draws_of_all_before_it_cuts_a_condition_off() -> None:
    low, high = condition(16), condition(2048)
    plan = [owed(low, 10), owed(high, 10)]
    found = estimate(plan, observed(), Limits(64, cap_pico=PICO))
    assert fits(found) == [5, 5]
    assert found.cut_expected == (low, high)
    assert fits(found, worst=True) == [1, 1]


def test_a_draw_needs_room_for_its_reservation_and_then_takes_its_cost() -> None:
    hold = reservation(O1_MINI, BYTES, 1, 32_768)
    plan = [owed(condition(16), 100)]
    assert fits(estimate(plan, observed(), Limits(1, cap_pico=hold - 1))) == [0]
    assert fits(estimate(plan, observed(), Limits(1, cap_pico=hold))) == [1]
    # 363.5 tokens seen and 150 of input: the second reservation holds 81 draws and then the last one's own.
    assert fits(estimate(plan, observed(), Limits(1, cap_pico=2 * hold))) == [
        hold // (150 * 3_000_000 + 364 * 12_000_000) + 1
    ]


def test_nothing_is_asked_after_the_first_draw_that_does_not_fit_however_cheap() -> None:
    dear, cheap = condition(2048), condition(16, cap=1000)
    plan = [owed(dear, 5), owed(cheap, 20)]
    single = [estimate([replace(cell, stop=1)], observed(), Limits(1)) for cell in plan]
    a_round = sum(one.expected_pico or 0 for one in single)
    hold = single[0].worst_pico or 0
    for rounds in (1, 2, 3):
        found = estimate(plan, observed(), Limits(1, cap_pico=(rounds - 1) * a_round + hold))
        assert fits(found) == [rounds, rounds]


def test_free_draws_fit_under_a_cap_of_nothing() -> None:
    free = owed(condition(16, price=Price("0", "0")), 5)
    assert fits(estimate([free], observed(), Limits(1, cap_pico=0))) == [5]


def test_cells_that_end_earlier_leave_their_room_to_the_others() -> None:
    plan = [owed(condition(16), 2), owed(condition(32), 5, first=1)]
    found = estimate(plan, observed(), Limits(1, cap_pico=60 * PICO))
    assert fits(found) == [2, 5]


def test_a_cap_that_holds_everything_cuts_nothing() -> None:
    found = estimate(sweep(2), observed(), Limits(64))
    capped = estimate(sweep(2), observed(), Limits(64, cap_pico=found.worst_pico, cap_tokens=10**9))
    assert fits(capped) == fits(capped, worst=True) == [60] * 8
    assert capped.cut_expected == capped.cut_worst == ()


def test_nothing_owed_costs_nothing() -> None:
    assert estimate([], {}, Limits(4, cap_pico=0)).requests == 0
    done = estimate([owed(condition(), 0)], {}, Limits(4, cap_pico=0))
    assert (done.requests, done.expected_pico, done.peak_reserved_pico, done.seconds) == (0, 0, 0, 0)
    assert done.cut_worst == ()


cells = st.tuples(st.sampled_from([16, 512, 2048]), st.integers(0, 6), st.integers(0, 6), st.integers(0, 4000))


@given(st.lists(cells, max_size=8), st.integers(0, 20 * PICO), st.integers(0, 400_000), st.booleans())
def test_the_cut_is_what_walking_the_draws_one_by_one_would_find(
    drawn: list[tuple[int, int, int, int]], cap_pico: int, cap_tokens: int, worst: bool
) -> None:
    plan = [owed(condition(budget), draws, first=first, size=size) for budget, first, draws, size in drawn]
    found = estimate(plan, observed(), Limits(4, cap_pico, cap_tokens))
    walked: dict[Condition, int] = dict.fromkeys((cell.condition for cell in plan), 0)
    each = [estimate([replace(cell, stop=cell.first + 1)], observed(), Limits(4)) for cell in plan]
    for number, row in ((number, row) for number in range(12) for row in range(len(plan))):
        cell, one = plan[row], each[row]
        if not cell.first <= number < cell.stop:
            continue
        hold, tokens = one.worst_pico, prompt_bound(cell.prompt_bytes, 1) + cell.condition.token_cap
        assert hold is not None
        assert one.expected_pico is not None
        if hold > cap_pico or tokens > cap_tokens:
            break
        walked[cell.condition] += 1
        cap_pico -= hold if worst else one.expected_pico
        cap_tokens -= tokens if worst else one.prompt_tokens + one.completion_tokens
    assert {
        share.condition: count for share, count in zip(found.shares, fits(found, worst=worst), strict=True)
    } == walked


def test_ten_thousand_cells_of_ten_thousand_draws_take_about_a_second() -> None:
    plan = [owed(condition(16 + row % 10), 10_000 - row % 5, size=row) for row in range(10_000)]
    started = time.process_time()
    found = estimate(plan, {}, Limits(64, cap_pico=5_000 * PICO))
    assert time.process_time() - started < 3
    assert found.requests == 10_000 * 9_998
