"""Embeddings of places, learned from the places each person knew or chose.

No path tells that Cupertino lies next to San Jose, or which two estates share a bus line. But
places that the same people combine, or people of the same further places, are near each other in
practice: they get similar vectors.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from matching.eligibility.places import split_path
from matching.features.catalogue import MAX_DEPTH
from matching.features.pair_features import FeatureBlock
from matching.features.pooling import (
    collect_phrases,
    pool_first,
    pool_last,
    pool_max,
    pool_mean,
)
from matching.features.text_features import positive_interactions
from matching.records import Seeker, Task
from matching.utils.array_types import Float32Array, IntArray

PLACE_FEATURES = (
    "past_place_similarity",
    "past_place_similarity_mean",
    "past_place_similarity_last",
    "known_place_similarity",
    "known_place_similarity_mean",
    "known_place_similarity_first",
)
# Dampens how common a context place is, or rare places would look alike by chance.
_SMOOTHING = 0.75


def _path(place: str | None) -> str:
    return "/".join(split_path(place)[:MAX_DEPTH])


def _known_paths(seeker: Seeker) -> list[str]:
    """Return home and the places of earlier work."""
    return [_path(place) for place in (seeker.home, *(job.place for job in seeker.experience))]


def place_baskets(tasks: Sequence[Task], labels: Sequence[Sequence[int]]) -> list[list[str]]:
    """Return the distinct places of each task's seeker and of what they chose, sorted."""
    rows = []
    for task, chosen in zip(tasks, labels, strict=True):
        chosen_openings = [one for one, label in zip(task.openings, chosen, strict=True) if label]
        positive = [one for one, _ in positive_interactions(task.seeker.past)]
        went_to = [_path(one.place) for one in (*positive, *chosen_openings)]
        rows.append(sorted({*_known_paths(task.seeker), *went_to} - {""}))
    return rows


class PlaceEmbedding:
    """Vectors of places, from the places that people combine.

    Parameters
    ----------
    dimensions : int, default=60
        Length of the vectors, at most.

    Attributes
    ----------
    places : dict of str to int
        Row of each place.
    vectors : ndarray of shape (n_places, n_dimensions)
        Unit vectors; zeros for a place that goes with all others alike.

    References
    ----------
    Levy and Goldberg (2014), Neural word embedding as implicit matrix factorization: positive
    pointwise mutual information and its singular vectors. Levy, Goldberg and Dagan (2015),
    Improving distributional similarity with lessons learned from word embeddings: the smoothing
    exponent and square roots of the singular values.
    """

    def __init__(self, dimensions: int = 60) -> None:
        self.dimensions = dimensions

    def fit(self, baskets: Iterable[Sequence[str]]) -> "PlaceEmbedding":
        """Learn from one list of distinct places for each person.

        Parameters
        ----------
        baskets : iterable of sequences of str
            Each person counts alike, however many places they have.
        """
        rows = list(baskets)
        self.places = {name: i for i, name in enumerate(sorted({p for row in rows for p in row}))}
        pmi = _positive_pmi(rows, self.places)
        width = min(self.dimensions, len(self.places))
        if pmi.nnz:
            left, strength, _ = randomized_svd(pmi, n_components=width, random_state=0)
            raw = left * np.sqrt(strength)
        else:
            raw = np.zeros((len(self.places), width))
        length = np.linalg.norm(raw, axis=1, keepdims=True)
        self.vectors = (raw / np.where(length > 1e-9, length, np.inf)).astype(np.float32)
        return self

    def score(self, block: FeatureBlock, rows: IntArray, columns: IntArray) -> Float32Array:
        """Return the similarity of each opening's place to the seeker's places, shape (n_pairs, 6).

        Columns as in ``PLACE_FEATURES``: cosines in -1 to 1, 0 where nothing is known.
        """
        paths = ["/".join(path) for path in block.catalogue.paths]
        distinct = {path: i for i, path in enumerate(dict.fromkeys(paths))}
        openings = self._vectors(list(distinct)).T
        codes = np.array([distinct[path] for path in paths], dtype=np.int64)[columns]
        past = collect_phrases(
            [(_path(one.place), weight) for one, weight in positive_interactions(seeker.past)]
            for seeker in block.seekers
        )
        known = collect_phrases(
            [(path, 1.0) for path in _known_paths(seeker)] for seeker in block.seekers
        )
        found = []
        for phrases, poolings in (
            (past, (pool_max, pool_mean, pool_last)),
            (known, (pool_max, pool_mean, pool_first)),
        ):
            # Rounded: the last digits of a product depend on how much is multiplied at once.
            similarity = np.round(self._vectors(phrases.texts) @ openings, 4)
            pooled = [pooling(similarity, phrases, len(block.seekers)) for pooling in poolings]
            found += [table[rows, codes] for table in pooled]
        return np.column_stack(found)

    def _vectors(self, paths: Sequence[str]) -> Float32Array:
        """Return one vector a path, zeros for a place that is not known."""
        none = np.zeros((1, self.vectors.shape[1]), dtype=np.float32)
        at = np.array([self.places.get(path, -1) for path in paths], dtype=np.int64)
        found: Float32Array = np.concatenate([self.vectors, none])[at]
        return found


def _positive_pmi(rows: Sequence[Sequence[str]], places: dict[str, int]) -> sparse.csr_array:
    """Return the positive pointwise mutual information of places, shape (n_places, n_places)."""
    shape = (len(rows), len(places))
    indptr = np.cumsum([0, *map(len, rows)])
    indices = np.array([places[name] for row in rows for name in row], dtype=np.int64)
    persons = sparse.csr_array((np.ones(len(indices)), indices, indptr), shape=shape)
    # The pairs of one place of a person weigh 1 together, however many places the person has. A
    # place also occurs with itself, so that two places that occur together become similar at
    # once, and not only those that share a third.
    sizes = np.maximum(np.diff(indptr), 1)
    pair_counts = sparse.coo_array(persons.T @ sparse.diags_array(1 / sizes) @ persons)
    place, context = pair_counts.coords
    counts = np.bincount(place, pair_counts.data, minlength=len(places))
    smooth = counts**_SMOOTHING
    ratio = np.log(pair_counts.data * smooth.sum() / (counts[place] * smooth[context]))
    kept = ratio > 0
    return sparse.csr_array(
        (ratio[kept], (place[kept], context[kept])), shape=(len(places), len(places))
    )
