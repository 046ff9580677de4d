from __future__ import annotations

from functools import cache
from random import Random
from statistics import fmean

import numpy as np
import pytest

from core.simulator.budget import Asked
from core.simulator.knowledge import Knowledge
from core.simulator.model import answer_chances, expected_tokens, generate, tokens_for_words
from core.vocabulary import Problem

PROBLEMS = [Problem(str(n), f"question {n}?", str(n * 31 % 1000), difficulty=n / 30) for n in range(30)]
KNOWN = [Knowledge(PROBLEMS).find((problem.question,)) for problem in PROBLEMS]
OBSERVED = {  # budget: mean tokens used, accuracy
    16: (363, 0.20),
    32: (420, 0.27),
    64: (471, 0.20),
    128: (1106, 0.43),
    256: (2194, 0.37),
    512: (5355, 0.40),
    1024: (8668, 0.60),
    2048: (11104, 0.53),
}


@cache
def draws(asked, each=200, seed=0):
    return [[generate(known, asked, Random(f"{seed}/{known.id}/{asked}/{n}")) for n in range(each)] for known in KNOWN]


@pytest.mark.parametrize("budget", OBSERVED)
def test_tokens_and_accuracy_are_those_that_were_observed(budget):
    tokens, accuracy = OBSERVED[budget]
    cells = draws(Asked(words=budget))
    assert fmean(g.tokens for cell in cells for g in cell) == pytest.approx(tokens, rel=0.05)
    right = fmean(g.answer == known.answer for known, cell in zip(KNOWN, cells, strict=True) for g in cell)
    assert right == pytest.approx(accuracy, abs=0.07)


@pytest.mark.parametrize(("budget", "tokens"), [(1, 600), (4, 760), (2**13, 11250), (2**15, 8190), (2**17, 8000)])
def test_the_far_ends_of_the_axis_are_those_that_were_observed(budget, tokens):
    assert tokens_for_words(budget) == pytest.approx(tokens)


def test_between_two_measured_budgets_the_tokens_lie_on_a_line_in_log_log():
    assert tokens_for_words(2**12) == pytest.approx((11104 * 11250) ** 0.5, rel=0.01)
    assert tokens_for_words(2**40) == pytest.approx(8000)


def majority(draws_in_a_vote):
    """Expected credit of a vote at 2^11, over problems: the exact chances, sampled."""
    generator = np.random.default_rng(0)
    credits_ = []
    for known in KNOWN:
        chances = answer_chances(known, expected_tokens(Asked(words=2048)))
        answers = list(chances)
        counts = generator.multinomial(draws_in_a_vote, list(chances.values()), size=3000)
        counts[:, answers.index(None)] = 0
        leaders = counts == counts.max(axis=1, keepdims=True)
        credits_.append(np.mean(leaders[:, answers.index(known.answer)] / leaders.sum(axis=1)))
    return float(np.mean(credits_))


def test_votes_saturate_from_eight_draws_up():
    votes = {k: majority(k) for k in (1, 8, 16, 32, 64, 128)}
    assert votes[1] < 0.6
    assert all(0.64 < votes[k] < 0.73 for k in (8, 16, 32, 64, 128))
    assert abs(votes[128] - votes[16]) < 0.015


def test_the_favourite_wrong_answer_wins_on_the_hard_three_in_ten():
    chances = [(known, answer_chances(known, tokens_for_words(2048))) for known in KNOWN]
    misled = [known for known, each in chances if max(each, key=each.get) != known.answer]
    assert misled == [known for known in KNOWN if known.hardness > 0.7]
    assert all(sum(each.values()) == pytest.approx(1) for _, each in chances)


def test_each_problem_gets_no_worse_with_more_thinking():
    for known in KNOWN:
        curve = [answer_chances(known, tokens)[known.answer] for tokens in (300, 600, 1200, 5000, 11000)]
        assert curve == sorted(curve)


def test_hard_problems_take_more_tokens():
    cells = draws(Asked(words=512), each=50)
    means = [fmean(g.tokens for g in cell) for cell in cells]
    assert fmean(means[20:]) > 1.5 * fmean(means[:10])


def test_one_or_two_draws_in_a_hundred_hold_no_answer():
    silent = [g for cell in draws(Asked(words=256)) for g in cell if g.answer is None]
    assert 0.01 < len(silent) / 6000 < 0.02
    assert not any("boxed" in g.text or "Answer" in g.text for g in silent)


def test_a_token_cap_is_never_passed_and_cuts_the_text_before_its_answer():
    capped = [g for cell in draws(Asked(words=2048, cap=6000), each=20) for g in cell]
    cut = [g for g in capped if g.cut]
    assert max(g.tokens for g in capped) == 6000
    assert 0 < len(cut) < len(capped)
    assert all(g.answer is None and "boxed" not in g.text and "Answer" not in g.text for g in cut)


def test_more_effort_means_more_tokens():
    levels = ["minimal", "low", "medium", "high", "xhigh", "max"]
    used = [fmean(g.tokens for cell in draws(Asked(effort=level), each=20) for g in cell) for level in levels]
    assert used == sorted(used)
    assert used[-1] > 10 * used[0]


def test_a_thinking_budget_is_a_wall():
    for budget in (1024, 4096):
        thinking = [g.reasoning_tokens for cell in draws(Asked(thinking=budget), each=20) for g in cell]
        assert budget / 2 < fmean(thinking) <= max(thinking) <= budget + 400


def test_with_thinking_switched_off_no_reasoning_is_reported():
    off = [g for cell in draws(Asked(thinking=0), each=20) for g in cell]
    assert {g.reasoning_tokens for g in off} == {0}
    assert fmean(g.tokens for g in off) < 400


def test_texts_are_short_varied_and_end_in_the_answer():
    texts = [g.text for cell in draws(Asked(words=1024), each=40) for g in cell if g.answer is not None]
    answers = [g.answer for cell in draws(Asked(words=1024), each=40) for g in cell if g.answer is not None]
    assert len(set(texts)) == len(texts)
    assert 250 < min(map(len, texts)) < max(map(len, texts)) < 1600
    assert all(answer in text[-60:] for answer, text in zip(answers, texts, strict=True))


def test_a_text_can_be_asked_for_by_its_length():
    text = generate(KNOWN[0], Asked(words=16), Random(1), chars=100_000).text
    assert len(text) == 100_000
