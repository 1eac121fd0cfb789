"""Which places people go to alike, learned from all the places each person knew or chose.

No path tells that Cupertino is next to San Jose, or which two estates share a bus line. But who
looked at one place looked at the other too, or both were looked at by those who chose a third:
places become vectors, near each other where the same people, or people of the same further
places, come together.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from matching.eligibility.places import split
from matching.features.catalogue import MAX_DEPTH
from matching.features.pair_features import Block
from matching.features.text_features import recent
from matching.records import Seeker, Task
from matching.utils.array_types import Float32Array, IntArray

NEARNESSES = (
    "past_near",
    "past_near_mean",
    "past_near_last",
    "known_near",
    "known_near_mean",
    "known_near_first",
)
# Common places count less often than they occur, so that rare ones are not taken for near.
_SMOOTHING = 0.75


class _Said(NamedTuple):
    """Places of several seekers in one list: whose each is, and how much it weighs."""

    paths: list[str]
    owners: IntArray
    weights: Float32Array


def _path(place: str | None) -> str:
    return "/".join(split(place)[:MAX_DEPTH])


def _known(seeker: Seeker) -> list[str]:
    """Return home and the places of earlier work."""
    return [_path(place) for place in (seeker.home, *(job.place for job in seeker.experience))]


def places_together(tasks: Sequence[Task], labels: Sequence[Sequence[int]]) -> list[list[str]]:
    """Return the distinct places of each task's seeker and of what they chose, sorted."""
    rows = []
    for task, chosen in zip(tasks, labels, strict=True):
        picked = [one for one, label in zip(task.openings, chosen, strict=True) if label]
        drawn = [one for one, _ in recent(task.seeker.past)]
        found = [*_known(task.seeker), *(_path(one.place) for one in (*drawn, *picked))]
        rows.append(sorted(set(filter(None, found))))
    return rows


class Nearness:
    """Vectors of places, from the places people combine.

    Parameters
    ----------
    dimensions : int, default=60
        Of the vectors, at most.

    Attributes
    ----------
    places : dict of str to int
        Row of each place.
    vectors : ndarray of shape (n_places, n_dimensions)
        Of length 1, or 0 for a place as common as all others together.

    References
    ----------
    Levy and Goldberg (2014), Neural word embedding as implicit matrix factorization: positive
    pointwise mutual information and its singular vectors. Levy, Goldberg and Dagan (2015),
    Improving distributional similarity with lessons learned from word embeddings: the smoothing
    exponent and square roots of the singular values.
    """

    def __init__(self, dimensions: int = 60) -> None:
        self.dimensions = dimensions

    def fit(self, together: Iterable[Sequence[str]]) -> "Nearness":
        """Learn from one list of distinct places a person; each person counts alike."""
        rows = list(together)
        self.places = {name: i for i, name in enumerate(sorted({p for row in rows for p in row}))}
        told = _information(rows, self.places)
        width = min(self.dimensions, len(self.places))
        if told.nnz:
            left, strength, _ = randomized_svd(told, n_components=width, random_state=0)
            raw = left * np.sqrt(strength)
        else:
            raw = np.zeros((len(self.places), width))
        length = np.linalg.norm(raw, axis=1, keepdims=True)
        self.vectors = (raw / np.where(length > 1e-9, length, np.inf)).astype(np.float32)
        return self

    def score(self, block: Block, rows: IntArray, columns: IntArray) -> Float32Array:
        """Return how near each opening is to the seeker's places, shape (n_pairs, 6).

        Columns as in ``NEARNESSES``, cosines in -1 to 1; 0 where nothing is known.
        """
        each = ["/".join(path) for path in block.catalogue.paths]
        distinct = {path: i for i, path in enumerate(dict.fromkeys(each))}
        theirs = self._of(list(distinct)).T
        codes = np.array([distinct[path] for path in each], dtype=np.int64)[columns]
        past = [[(_path(one.place), w) for one, w in recent(s.past)] for s in block.seekers]
        known = [[(path, 1.0) for path in _known(s)] for s in block.seekers]
        found = []
        for said, last in ((_said(past), True), (_said(known), False)):
            # Rounded, since the last digits of a product depend on how much is multiplied at once.
            near = np.round(self._of(said.paths) @ theirs, 4)
            tables = _folded(near, said, len(block.seekers), last=last)
            found += [table[rows, codes] for table in tables]
        return np.column_stack(found)

    def _of(self, paths: Sequence[str]) -> Float32Array:
        """Return one vector a path, 0 for a place that is not known."""
        none = np.zeros((1, self.vectors.shape[1]), dtype=np.float32)
        at = np.array([self.places.get(path, -1) for path in paths], dtype=np.int64)
        found: Float32Array = np.concatenate([self.vectors, none])[at]
        return found


def _said(seekers: Iterable[Iterable[tuple[str, float]]]) -> _Said:
    rows = [(path, i, w) for i, pairs in enumerate(seekers) for path, w in pairs if path]
    return _Said(
        [path for path, _, _ in rows],
        np.array([owner for _, owner, _ in rows], dtype=np.int64),
        np.array([weight for _, _, weight in rows], dtype=np.float32),
    )


def _folded(near: Float32Array, said: _Said, n: int, *, last: bool) -> list[Float32Array]:
    """Return the best, the weighted mean and the last (or first) row of each seeker's places."""
    tables = [np.zeros((n, near.shape[1]), dtype=np.float32) for _ in range(3)]
    if said.paths:
        speakers, starts = np.unique(said.owners, return_index=True)
        ends = np.append(starts[1:], len(said.owners)) - 1
        tables[0][speakers] = np.maximum.reduceat(near, starts, axis=0)
        total = np.add.reduceat(near * said.weights[:, None], starts, axis=0)
        tables[1][speakers] = total / np.add.reduceat(said.weights, starts)[:, None]
        tables[2][speakers] = near[ends if last else starts]
    return tables


def _information(rows: Sequence[Sequence[str]], places: dict[str, int]) -> sparse.csr_array:
    """Return the positive pointwise mutual information of places, shape (n_places, n_places)."""
    shape = (len(rows), len(places))
    indptr = np.cumsum([0, *map(len, rows)])
    indices = np.array([places[name] for row in rows for name in row], dtype=np.int64)
    people = sparse.csr_array((np.ones(len(indices)), indices, indptr), shape=shape)
    # Pairs of one person weigh 1 for each place together, however many the person has. A place
    # meets itself too: vectors of places that met each other are then alike at once, not only
    # those of places that met a third.
    sizes = np.maximum(np.diff(indptr), 1)
    met = sparse.coo_array(people.T @ sparse.diags_array(1 / sizes) @ people)
    ours, theirs = met.coords
    often = np.bincount(ours, met.data, minlength=len(places))
    smooth = often**_SMOOTHING
    ratio = np.log(met.data * smooth.sum() / (often[ours] * smooth[theirs]))
    kept = ratio > 0
    return sparse.csr_array(
        (ratio[kept], (ours[kept], theirs[kept])), shape=(len(places), len(places))
    )
