"""Who looks at what: never their own branch's, and spread as evenly as that allows."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from webapp.spot_checks.sharing import share

PEOPLE = st.integers(1, 6)
CHOICES = st.lists(st.sets(PEOPLE, max_size=6), max_size=14)


@given(CHOICES, st.dictionaries(PEOPLE, st.integers(0, 4)))
def test_everybody_gets_only_what_they_may_and_nothing_is_left_that_somebody_may(
    choices: list[set[int]], load: dict[int, int]
) -> None:
    given_to = share(choices, load)
    assert len(given_to) == len(choices)
    for may, who in zip(choices, given_to, strict=True):
        assert (who in may) if may else who is None


@given(CHOICES, st.dictionaries(PEOPLE, st.integers(0, 4)))
def test_no_chain_of_moves_would_be_fairer(choices: list[set[int]], load: dict[int, int]) -> None:
    """From nobody can a line go, by however many others, to one who has two fewer."""
    given_to = share(choices, load)
    has = Counter(load) + Counter(who for who in given_to if who is not None)
    for start in set(given_to) - {None}:
        reached, waiting = {start}, [start]
        while waiting:
            person = waiting.pop()
            for may, who in zip(choices, given_to, strict=True):
                if who == person:
                    waiting += may - reached
                    reached |= may
        assert all(has[start] <= has[one] + 1 for one in reached)


@given(
    st.lists(st.integers(0, 3), max_size=20),
    st.dictionaries(st.integers(1, 8), st.integers(0, 3), min_size=2),
)
def test_nobody_looks_at_their_own_branch(branches: list[int], branch_of: dict[int, int]) -> None:
    """Among those of any one branch the numbers differ by one at the most."""
    choices = [{one for one, of in branch_of.items() if of != branch} for branch in branches]
    given_to = share(choices)
    for branch, who in zip(branches, given_to, strict=True):
        assert who is None or branch_of[who] != branch
    has = Counter(given_to)
    for branch in set(branch_of.values()):
        counts = [has[one] for one, of in branch_of.items() if of == branch]
        assert max(counts) - min(counts) <= 1


def test_what_somebody_has_already_counts() -> None:
    assert share([{1, 2}, {1, 2}], {1: 2}) == [2, 2]
    assert share([{1, 2}, {1}]) == [2, 1]  # the first moves along
