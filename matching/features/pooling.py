"""Pooling of rows by owner: one row for each seeker from one row for each of their phrases.

Rows of one owner lie together, owners ascending. An owner without rows gets zeros.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from matching.utils.array_types import Float32Array, IntArray


class Phrases(NamedTuple):
    """Phrases of several seekers end to end.

    Attributes
    ----------
    texts : list of str
    owners : ndarray of shape (n_phrases,)
        The seeker of each phrase, ascending.
    weights : ndarray of shape (n_phrases,)
    """

    texts: list[str]
    owners: IntArray
    weights: Float32Array


def collect_phrases(weighted: Iterable[Iterable[tuple[str, float]]]) -> Phrases:
    """Return the phrases of each seeker, given with their weights; blank ones are left out."""
    rows = [
        (text, owner, weight)
        for owner, pairs in enumerate(weighted)
        for text, weight in pairs
        if text and text.strip()
    ]
    return Phrases(
        [text for text, _, _ in rows],
        np.array([owner for _, owner, _ in rows], dtype=np.int64),
        np.array([weight for _, _, weight in rows], dtype=np.float32),
    )


def pool_max(values: Float32Array, phrases: Phrases, n_owners: int) -> Float32Array:
    """Return the maximum of each owner's rows, shape (n_owners, values.shape[1])."""
    out = np.zeros((n_owners, values.shape[1]), dtype=np.float32)
    if phrases.texts:
        present, starts = np.unique(phrases.owners, return_index=True)
        out[present] = np.maximum.reduceat(values, starts, axis=0)
    return out


def pool_mean(values: Float32Array, phrases: Phrases, n_owners: int) -> Float32Array:
    """Return the weighted mean of each owner's rows, shape (n_owners, values.shape[1])."""
    out = np.zeros((n_owners, values.shape[1]), dtype=np.float32)
    if phrases.texts:
        present, starts = np.unique(phrases.owners, return_index=True)
        total = np.add.reduceat(values * phrases.weights[:, None], starts, axis=0)
        out[present] = total / np.add.reduceat(phrases.weights, starts)[:, None]
    return out


def pool_first(values: Float32Array, phrases: Phrases, n_owners: int) -> Float32Array:
    """Return the first of each owner's rows, shape (n_owners, values.shape[1])."""
    out = np.zeros((n_owners, values.shape[1]), dtype=np.float32)
    if phrases.texts:
        present, starts = np.unique(phrases.owners, return_index=True)
        out[present] = values[starts]
    return out


def pool_last(values: Float32Array, phrases: Phrases, n_owners: int) -> Float32Array:
    """Return the last of each owner's rows, shape (n_owners, values.shape[1])."""
    out = np.zeros((n_owners, values.shape[1]), dtype=np.float32)
    if phrases.texts:
        present, starts = np.unique(phrases.owners, return_index=True)
        ends = np.append(starts[1:], len(phrases.owners)) - 1
        out[present] = values[ends]
    return out


Pooling = Callable[[Float32Array, Phrases, int], Float32Array]
