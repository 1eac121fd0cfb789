"""Pooling of phrases by seeker, against plain Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.features.pooling import collect_phrases, pool_first, pool_last, pool_max, pool_mean

_SEEKERS = st.lists(
    st.lists(st.tuples(st.sampled_from(["a", "b", " ", ""]), st.integers(1, 4)), max_size=3),
    max_size=4,
)


@pytest.mark.slow
@given(_SEEKERS)
def test_each_seeker_gets_what_their_own_phrases_give(seekers: list) -> None:
    phrases = collect_phrases(seekers)
    assert phrases.texts == [text for said in seekers for text, _ in said if text.strip()]
    values = np.arange(2.0 * len(phrases.texts), dtype=np.float32).reshape(-1, 2) % 5
    pooled = [
        pooling(values, phrases, len(seekers))
        for pooling in (pool_max, pool_mean, pool_first, pool_last)
    ]
    for owner in range(len(seekers)):
        own = values[phrases.owners == owner]
        weights = phrases.weights[phrases.owners == owner]
        if len(own):
            expected = [own.max(axis=0), np.average(own, axis=0, weights=weights), own[0], own[-1]]
        else:
            expected = [np.zeros(2)] * 4
        for found, right in zip(pooled, expected, strict=True):
            assert found[owner] == pytest.approx(right)
