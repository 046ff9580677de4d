from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from genai_prices import Usage as ListUsage
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ModelInfo, ModelPrice, Provider, StartDateConstraint, Tier, TieredPrices
from hypothesis import assume, given
from hypothesis import strategies as st

from core import prices
from core.prices import (
    cost,
    cost_of_time,
    look_up,
    price_from_json,
    price_to_json,
    prompt_bound,
    reservation,
    simulated_price,
)
from core.vocabulary import PICO, Price, PriceTier, Usage

DAY = date(2026, 11, 22)
OPENAI = "https://api.openai.com/v1"

LONG = Price("3", "15", "0.3", tiers=(PriceTier(200_000, "6", "22.5", "0.6"),))

rates = st.decimals(0, 200, places=7, allow_nan=False).map(lambda rate: f"{rate:f}")
cached_rates = st.none() | rates


@st.composite
def token_prices(draw: st.DrawFn) -> Price:
    """Any price by the token, also one that no sane list would have: cheaper tiers, dear cached input."""
    thresholds = sorted(draw(st.sets(st.integers(0, 3000), max_size=3)))
    tiers = tuple(PriceTier(above, draw(rates), draw(rates), draw(cached_rates)) for above in thresholds)
    return Price(draw(rates), draw(rates), draw(cached_rates), tiers=tiers)


def test_a_completion_costs_its_tokens_at_their_prices() -> None:
    assert cost(Price("3.0", "12.0"), Usage(100, 11_104)) == 100 * 3_000_000 + 11_104 * 12_000_000


def test_cached_input_has_its_own_price_where_there_is_one() -> None:
    usage = Usage(1000, 0, cached_tokens=400)
    assert cost(Price("3", "12", "0.3"), usage) == 600 * 3_000_000 + 400 * 300_000
    assert cost(Price("3", "12"), usage) == 1000 * 3_000_000
    assert cost(Price("3", "12", "0"), usage) == 600 * 3_000_000


def test_more_cached_tokens_than_input_are_not_believed() -> None:
    assert cost(Price("3", "12", "0.3"), Usage(10, 0, cached_tokens=50)) == 10 * 300_000


def test_input_past_a_threshold_changes_the_price_of_the_whole_request() -> None:
    assert cost(LONG, Usage(200_000, 10)) == 200_000 * 3_000_000 + 10 * 15_000_000
    assert cost(LONG, Usage(200_001, 10, 1)) == 200_000 * 6_000_000 + 600_000 + 10 * 22_500_000


def test_a_tier_without_a_cached_price_takes_its_own_input_price() -> None:
    price = Price("3", "15", "0.3", tiers=(PriceTier(10, "6", "22.5"),))
    assert cost(price, Usage(20, 0, cached_tokens=20)) == 20 * 6_000_000


def test_a_fraction_of_a_picodollar_rounds_up_once_per_request() -> None:
    price = Price("0.0000001", "0.0000001", "0.0000001")
    assert cost(price, Usage(3, 3, cached_tokens=1)) == 1
    assert cost(price, Usage(10, 0)) == 1
    assert cost(price, Usage(10, 1)) == 2


@given(token_prices(), st.data())
def test_no_completion_within_its_bounds_costs_more_than_its_reservation(price: Price, data: st.DataObject) -> None:
    size, messages, cap = (data.draw(st.integers(0, top)) for top in (3000, 4, 40_000))
    prompt = data.draw(st.integers(0, prompt_bound(size, messages)))
    usage = Usage(prompt, data.draw(st.integers(0, cap)), data.draw(st.integers(0, 2 * prompt)))
    assert cost(price, usage) <= reservation(price, size, messages, cap)


@given(token_prices(), st.integers(0, 3000), st.integers(0, 4), st.integers(0, 40_000))
def test_a_reservation_is_no_more_than_the_dearest_completion_could_cost(
    price: Price, size: int, messages: int, cap: int
) -> None:
    assume(not price.tiers)
    bound = prompt_bound(size, messages)
    held = reservation(price, size, messages, cap)
    assert held == max(cost(price, Usage(bound, cap)), cost(price, Usage(bound, cap, bound)))


def test_a_reservation_looks_past_the_tiers_that_a_prompt_cannot_reach() -> None:
    assert reservation(LONG, 200_000 - 64, 1, 1000) == 200_000 * 3_000_000 + 1000 * 15_000_000
    assert reservation(LONG, 200_001 - 64, 1, 1000) == 200_001 * 6_000_000 + 1000 * 22_500_000


def test_input_is_bounded_by_its_bytes_and_sixty_four_tokens_a_message() -> None:
    assert prompt_bound(300, 2) == 428


def test_sixty_four_requests_of_o1_mini_hold_twenty_five_dollars() -> None:
    held = 64 * reservation(Price("3", "12"), 300, 1, 32_768)
    assert held == 64 * (364 * 3_000_000 + 32_768 * 12_000_000)
    assert held // (PICO // 100) == 2523


def test_time_costs_its_part_of_an_hour() -> None:
    own = Price(per_hour="2.5")
    assert cost_of_time(own, 3600.0) == 2_500_000_000_000
    assert cost_of_time(own, 0.0) == 0
    assert cost_of_time(own, 1e-9) == cost_of_time(own, 1e-12) == 1
    assert reservation(own, 10**6, 1, 10**6, timeout_s=1800.0) == 1_250_000_000_000


@given(rates, st.floats(0, 1e6), st.floats(0, 1e6))
def test_no_share_of_a_timeout_costs_more_than_its_reservation(per_hour: str, share: float, timeout: float) -> None:
    assume(share <= timeout)
    own = Price(per_hour=per_hour)
    assert cost_of_time(own, share) <= reservation(own, 0, 0, 0, timeout_s=timeout)


def test_a_price_of_the_wrong_kind_is_refused_and_never_taken_for_free() -> None:
    with pytest.raises(ValueError, match="not by the token"):
        cost(Price(per_hour="2.5"), Usage(1, 1))
    with pytest.raises(ValueError, match="by the token"):
        cost_of_time(Price("3", "12"), 1.0)
    with pytest.raises(ValueError, match="timeout"):
        reservation(Price(per_hour="2.5"), 1, 1, 1)
    with pytest.raises(ValueError, match="not by the token"):
        cost(Price(input="3"), Usage(1, 1))
    for seconds in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="finite"):
            cost_of_time(Price(per_hour="2.5"), seconds)


@given(token_prices() | rates.map(lambda rate: Price(per_hour=rate, source="here ✓")))
def test_a_price_survives_the_store(price: Price) -> None:
    assert price_from_json(price_to_json(price)) == price


def test_a_stored_price_has_only_what_is_known() -> None:
    assert price_to_json(LONG) == (
        '{"cached_input":"0.3","input":"3","output":"15","source":"config","tiers":'
        '[{"above_input_tokens":200000,"cached_input":"0.6","input":"6","output":"22.5"}]}'
    )


def test_the_simulator_costs_what_o1_mini_did() -> None:
    assert simulated_price() == Price("3.0", "12.0", source="simulated")


# The price list: the data are real, the days are fixed.


def test_a_listed_price_names_the_list_and_who_is_paid() -> None:
    found = look_up("o1-mini", OPENAI, on=DAY)
    assert found is not None
    assert Decimal(found.input or 0) > 0
    assert Decimal(found.output or 0) > Decimal(found.input or 0)
    assert found.source.startswith("genai-prices ")
    assert found.source.endswith(" (openai)")


@pytest.mark.parametrize(
    ("model", "url"),
    [
        ("no-such-model", None),
        ("no-such-model", OPENAI),
        ("", OPENAI),
        ("claude-sonnet-4-5", OPENAI),
        ("sonar", "https://api.perplexity.ai"),  # has a price per request besides
        ("text-embedding-3-small", OPENAI),  # has no price of output
        ("o1-mini", "http://localhost:8000/v1"),
        ("o1-mini", "http://127.0.0.1:8000/v1"),
        ("o1-mini", "http://[::1]:8000/v1"),
        ("o1-mini", "http://10.1.2.3/v1"),
        ("o1-mini", "http://gpu-07:8000/v1"),
        ("o1-mini", "https://models.lab.internal/v1"),
        ("o1-mini", "https://[broken"),
    ],
)
def test_what_cannot_be_known_is_unpriced(model: str, url: str | None) -> None:
    assert look_up(model, url, on=DAY) is None


def test_a_gateway_is_priced_by_the_models_name_and_says_so() -> None:
    direct, gateway = look_up("o1-mini", OPENAI, on=DAY), look_up("o1-mini", "https://llm.example.com/v1", on=DAY)
    assert direct is not None
    assert gateway is not None
    assert (gateway.input, gateway.output) == (direct.input, direct.output)
    assert gateway.source.endswith("(openai, by the model's name)")


def test_a_service_tier_has_its_own_price_or_none() -> None:
    standard, flex = look_up("o3", OPENAI, on=DAY), look_up("o3", OPENAI, service_tier="flex", on=DAY)
    assert standard is not None
    assert flex is not None
    assert Decimal(flex.output or 0) < Decimal(standard.output or 0)
    assert flex.source.endswith("(openai, flex)")
    assert look_up("o3", OPENAI, service_tier="auto", on=DAY) == standard
    assert look_up("o3", OPENAI, service_tier="platinum", on=DAY) is None


def test_a_long_context_price_becomes_a_tier() -> None:
    found = look_up("gemini-2.5-pro", None, on=DAY)
    assert found is not None
    assert [tier.above_input_tokens for tier in found.tiers] == [200_000]
    assert Decimal(found.tiers[0].output) > Decimal(found.output or 0)


def listed() -> list[tuple[Provider, ModelInfo]]:
    return [(provider, model) for provider in get_snapshot().providers for model in provider.models]


def test_every_price_taken_from_the_list_charges_what_the_list_would_at_its_dearest_hour() -> None:
    hours = [datetime.combine(DAY, datetime.min.time(), UTC) + timedelta(minutes=30 * half) for half in range(48)]
    priced = 0
    for place, (provider, model) in enumerate(listed()):
        days = [prices._plain(price) for price in prices._prices_of_day(provider, model, None, DAY)]
        if any(price is None for price in days):
            continue
        plain = len(days) == 1 and not (days[0] and days[0].tiers)
        if plain and place % 10:
            continue  # a tenth of the many that have one price for everything
        priced += 1
        moments = hours if len(days) > 1 else hours[:1]
        for tokens, cached in ((1000, 600), (150_000, 1000), (300_000, 1000), (1_200_000, 0)):
            usage = ListUsage(input_tokens=tokens, output_tokens=5000, cache_read_tokens=cached)
            expected = max(
                model.calc_price(usage, provider, genai_request_timestamp=moment).total_price for moment in moments
            )
            ours = max(cost(price, Usage(tokens, 5000, cached)) for price in days if price is not None)
            assert abs(Decimal(ours) / PICO - expected) < Decimal("1e-11"), (provider.id, model.id, tokens)
    assert priced > 200


def test_a_price_that_changes_with_the_hour_is_taken_at_its_dearest_and_says_so() -> None:
    found = look_up("deepseek-reasoner", "https://api.deepseek.com", on=DAY)
    assert found is not None
    assert found.source.endswith("at its dearest hour)")
    for provider, model in listed():
        days = [prices._plain(price) for price in prices._prices_of_day(provider, model, None, DAY)]
        if len(days) > 1 and provider.id == "deepseek":
            found = look_up(model.id, "https://api.deepseek.com", on=DAY)
            assert found is not None
            assert all(
                cost(found, Usage(1000, 5000, 500)) >= cost(price, Usage(1000, 5000, 500)) for price in days if price
            )


def test_a_price_of_which_one_hour_cannot_be_used_is_no_price(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = ModelPrice(input_mtok=Decimal(1), output_mtok=Decimal(2))
    by_request = ModelPrice(input_mtok=Decimal(1), output_mtok=Decimal(2), requests_kcount=Decimal(3))
    monkeypatch.setattr(prices, "_prices_of_day", lambda *_: [plain, by_request])
    assert look_up("o1-mini", OPENAI, on=DAY) is None


def test_a_price_change_announced_for_later_waits_for_its_day() -> None:
    provider, model, last = next(
        (provider, model, model.prices[-1])
        for provider, model in listed()
        if isinstance(model.prices, list) and isinstance(model.prices[-1].constraint, StartDateConstraint)
    )
    assert isinstance(last.constraint, StartDateConstraint)
    day = last.constraint.start_date
    assert prices._prices_of_day(provider, model, None, day) == [last.prices]
    assert prices._prices_of_day(provider, model, None, day - timedelta(days=1)) != [last.prices]


def test_thresholds_that_differ_between_input_and_output_become_a_tier_each() -> None:
    listed_price = ModelPrice(
        input_mtok=TieredPrices(base=Decimal("1.0"), tiers=[Tier(100, Decimal(2))]),
        output_mtok=TieredPrices(base=Decimal(8), tiers=[Tier(50, Decimal(9)), Tier(200, Decimal("1E+1"))]),
        web_searches_kcount=Decimal(10),
    )
    assert prices._plain(listed_price) == Price(
        "1.0",
        "8",
        tiers=(PriceTier(50, "1.0", "9"), PriceTier(100, "2", "9"), PriceTier(200, "2", "10")),
    )


def test_a_part_of_a_price_that_we_do_not_know_makes_it_unusable() -> None:
    assert prices._plain(ModelPrice(input_mtok=Decimal(1), output_mtok=Decimal(2), moonlight_mtok=Decimal(3))) is None
    assert prices._plain(ModelPrice(input_mtok=Decimal(1), output_mtok=Decimal(2), requests_kcount=Decimal(3))) is None


def test_the_list_is_not_loaded_until_it_is_asked() -> None:
    program = "import core.prices, sys; print('genai_prices' in sys.modules, 'pydantic' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said == "False False\n"
