"""Which counts of a quarter are hidden: small ones, and what would give them away."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from webapp.core.suppression import FEW
from webapp.spot_checks.queries.results import hidden

CELLS = st.lists(st.integers(0, 30), min_size=5, max_size=5)


@given(CELLS)
def test_no_small_count_is_shown_nor_follows_from_the_others(counts: list[int]) -> None:
    cells = dict(enumerate(counts))
    shown = hidden(cells)
    assert all(count is None or count == 0 or count >= FEW for count in shown.values())
    assert all(count in {None, cells[one]} for one, count in shown.items())
    away = [one for one, count in shown.items() if count is None]
    if len(away) in {0, len(cells)}:
        return
    total = sum(cells[one] for one in away)
    small = [one for one in away if cells[one] < FEW]
    large = len(away) - len(small)
    for one in small:  # every value it could have, whatever the others are
        others = [range(1, FEW)] * (len(small) - 1)
        could = {
            value
            for value in range(1, FEW)
            for rest in product(*others)
            if (total - value - sum(rest) >= FEW * large if large else
                total == value + sum(rest))
        }  # fmt: skip
        assert cells[one] in could
        assert len(could) > 1


def test_nothing_is_hidden_without_need() -> None:
    assert hidden({"a": 17, "b": 0, "c": 5}) == {"a": 17, "b": 0, "c": 5}
