"""The size of a sample: by the textbook, and by what it finds; the interval by simulation."""

import random
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core import receipt_codes
from webapp.draws import order
from webapp.payment_checks.sampling import finds, interval, sample_size
from webapp.rulebook import figures


def printed(settled: int) -> int:
    """Return the size by the figures that the program ships."""
    return sample_size(
        settled,
        **{
            name: next(
                row.value
                for row in figures.shipped()
                if row.name.removeprefix("payment_check_").removesuffix("_permille") == name
            )
            for name in ("confidence", "margin", "all_below")
        },
    )


def test_sizes_worked_out_by_hand():
    # n0 = 1.96^2 / (4 * 0.1^2) = 96.04; n = n0 / (1 + (n0 - 1) / N), rounded up; below 59 all
    by_hand = {1: 1, 58: 58, 59: 37, 60: 38, 100: 50, 200: 66, 500: 81, 1000: 88, 100000: 96}
    assert {settled: printed(settled) for settled in by_hand} == by_hand


def test_one_in_twenty_unpaid_is_found_with_95_percent_at_every_printed_size():
    """Exactly, by counting samples; "5%" of 61 is 4, of which a sample holds at least one."""
    for settled in range(1, 3000):
        sample, wrong = printed(settled), ceil(settled / 20)
        assert finds(settled, wrong, sample) >= 0.95, (settled, sample)


@pytest.mark.parametrize("settled", [59, 100, 400])
def test_the_draw_itself_finds_one_in_twenty_as_often(settled):
    """2,000 draws by fixed results: what is counted in theory happens in fact."""
    rng = random.Random(settled)
    signs = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    codes = ["".join(rng.choices(signs, k=receipt_codes.LENGTH)) for _one in range(settled)]
    unpaid = set(codes[: ceil(settled / 20)])
    sample, rounds = printed(settled), 2000 * 59 // settled
    found = 0
    for _one in range(rounds):
        reds = sorted(rng.sample(range(1, 34), 6))
        seed = " ".join(f"{one:02d}" for one in [*reds, rng.randint(1, 16)])
        found += not unpaid.isdisjoint(order.drawn_order(seed, codes)[:sample])
    exactly = finds(settled, len(unpaid), sample)
    spread = (exactly * (1 - exactly) / rounds) ** 0.5
    assert abs(found / rounds - exactly) < 4 * spread + 1 / rounds


@given(st.integers(1, 400), st.data())
def test_the_interval_holds_the_share_and_narrows_to_it(settled, data):
    sample = data.draw(st.integers(1, settled))
    hits = data.draw(st.integers(0, sample))
    low, high = interval(hits, sample, settled, confidence=950)
    assert 0 <= low <= hits / sample + 1e-9
    assert hits / sample - 1e-9 <= high <= 1
    wider = interval(hits, sample, settled, confidence=990)
    assert wider[0] <= low + 1e-9
    assert wider[1] >= high - 1e-9


def test_the_interval_covers_what_is_true():
    """Of 1,000 samples of 50 out of 100, with 90 paid, 95% of intervals hold 0.9, or more."""
    rng = random.Random(7)
    paid = [True] * 90 + [False] * 10
    held = 0
    for _one in range(1000):
        low, high = interval(sum(rng.sample(paid, 50)), 50, 100, confidence=950)
        held += low <= 0.9 <= high
    assert held >= 945
