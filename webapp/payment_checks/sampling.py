"""How many settlements are called back, what such a sample finds, and what it says of all.

Sample size for a share with finite population correction, for the worst case of one half: Cochran,
Sampling Techniques (1977), 4.4. The interval is the exact one for drawing without putting back:
all shares under which a sample as extreme as this one is likelier than half the error (the
hypergeometric analogue of Clopper and Pearson; Cochran 3.6).
"""

from bisect import bisect_left
from math import ceil, comb
from statistics import NormalDist


def sample_size(settled: int, *, confidence: int, margin: int, all_below: int) -> int:
    """Return how many of ``settled`` to call; ``confidence`` and ``margin`` in thousandths.

    >>> [sample_size(n, confidence=950, margin=100, all_below=59) for n in (5, 58, 59, 100, 10000)]
    [5, 58, 37, 50, 96]
    """
    if settled < all_below:
        return settled
    unlimited = (_z(confidence) / (margin / 1000)) ** 2 / 4
    return min(settled, ceil(unlimited / (1 + (unlimited - 1) / settled)))


def finds(settled: int, wrong: int, sample: int) -> float:
    """Return how likely a sample holds at least one of ``wrong`` settlements among ``settled``.

    >>> round(finds(100, 5, 50), 3)
    0.972
    """
    return 1 - comb(settled - wrong, sample) / comb(settled, sample)


def interval(hits: int, sample: int, settled: int, *, confidence: int) -> tuple[float, float]:
    """Return between which shares that of all ``settled`` lies; all of them asked: exactly.

    >>> interval(30, 30, 30, confidence=950)
    (1.0, 1.0)
    >>> low, high = interval(48, 50, 100, confidence=950)
    >>> round(low, 3), round(high, 3)
    (0.89, 0.98)
    """
    tail, misses = (1 - confidence / 1000) / 2, sample - hits
    few, many = hits, settled - misses  # fewer and more cannot be, whatever the others say

    def likely(seen: int, of_kind: int) -> bool:
        return _at_least(seen, sample, of_kind, settled) > tail

    low = bisect_left(range(few, many), True, key=lambda n: likely(hits, n))
    high = bisect_left(range(many, few, -1), True, key=lambda n: likely(misses, settled - n))
    return (few + low) / settled, (many - high) / settled


def _at_least(hits: int, sample: int, all_hits: int, settled: int) -> float:
    """Return how likely a sample holds ``hits`` or more of ``all_hits`` among ``settled``."""
    ways = sum(
        comb(all_hits, n) * comb(settled - all_hits, sample - n)
        for n in range(hits, min(sample, all_hits) + 1)
    )
    return ways / comb(settled, sample)


def _z(confidence: int) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 2000)
