"""The chance that k samples include a right one. Knows counts only: no answers, no votes."""

from __future__ import annotations

from math import prod


def pass_at_k(drawn: int, correct: int, k: int) -> float:
    """Chance that k of `drawn` samples, taken without replacement, include a correct one.

    Unbiased estimator of Chen et al. 2021, arXiv:2107.03374, section 2.1: 1 - C(drawn - correct, k) / C(drawn, k).
    The ratio is taken as a product of the smaller of k and `correct` factors, each in [0, 1], so that nothing overflows
    and nothing cancels.

    Raises:
        ValueError: k is below 1 or larger than drawn, or correct is not within 0..drawn: the estimator is undefined.
    """
    if not 1 <= k <= drawn:
        raise ValueError(f"pass@{k} needs 1 <= k <= {drawn}, the samples drawn")
    if not 0 <= correct <= drawn:
        raise ValueError(f"{correct} of {drawn} samples cannot be correct")
    if k == 1:
        return correct / drawn
    wrong = drawn - correct
    if wrong < k:
        return 1.0
    # C(wrong, k) / C(drawn, k) is symmetric in k and correct: both count how two subsets of `drawn` fail to meet.
    few, many = sorted((k, correct))
    return 1.0 - prod(1.0 - many / (drawn - i) for i in range(few))
