"""Candidate retrieval: for each seeker the eligible openings with the best approximate score.

The quick score is one dot product: what is wanted, known and done before against the words, the
skills, the likely trades and the places of openings, each with about the weight the prior gives
it. It only chooses what is scored with every feature, and is exact among the eligible.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from matching.eligibility.index import EligibilityIndex
from matching.eligibility.places import split_path
from matching.features.candidate_features import CandidateBlock, SimilarityCache
from matching.features.catalogue import MAX_DEPTH, Catalogue, FeatureSpace, Path
from matching.features.pair_features import FeatureBlock
from matching.features.seeker_cleaning import clean_seeker, understand_phrases
from matching.features.text_features import positive_interactions
from matching.ranking.topk import TopK, TopKSearch
from matching.records import Opening, Seeker
from matching.skills import meaning
from matching.skills import vectors as skill_vectors
from matching.utils.array_types import Float32Array, IntArray
from matching.utils.caches import RowCache
from matching.utils.sparse import dense_product

# Eligible openings of one seeker that are scored with all features.
CANDIDATES = 60
# Cells of the largest table of a block, and seekers in a block, at most.
_MAX_BLOCK_CELLS = 6 * 2**20
_MAX_BLOCK_SEEKERS = 1024
# Cached scores of profile parts and openings.
_MAX_CACHED_SCORES = 32 * 2**20
# Above this share of the catalogue, dense tables are quicker than chosen pairs.
_DENSE_SHARE = 0.25


class _PartWeights(NamedTuple):
    """What a seeker's words, linked skills, trades and places count in the quick score."""

    words: float
    links: float
    trades: float
    places: float


_WANTED = _PartWeights(2.4, 2.6, 4.0, 0.0)
_SKILLS = _PartWeights(1.4, 1.6, 4.0, 0.0)
_EXPERIENCE = _PartWeights(2.0, 1.2, 2.0, 0.0)
_PAST = _PartWeights(2.2, 1.0, 0.0, 0.0)
_HOME_PLACE = _PartWeights(0.0, 0.0, 0.0, 1.2)
_EXPERIENCE_PLACE = _PartWeights(0.0, 0.0, 0.0, 4.5)
_PAST_PLACE = _PartWeights(0.0, 0.0, 0.0, 6.0)
# What the rest of an opening's text counts beside its title.
_FULL_TEXT_WEIGHT = 0.8


class Candidates(NamedTuple):
    """The pairs of some seekers to score.

    Attributes
    ----------
    block : FeatureBlock
        To score these pairs with.
    rows, columns : ndarray of shape (n_pairs,)
        Eligible pairs, seeker by seeker; columns ascend within a row.
    least : ndarray of shape (n_seekers,)
        Least quick score among a seeker's, minus infinity where all eligible openings are there.
    """

    block: FeatureBlock
    rows: IntArray
    columns: IntArray
    least: Float32Array


# A phrase or a place path of a seeker, with its weights.
_Part = tuple[str | Path, _PartWeights]


class Retriever:
    """Retrieves candidates from one catalogue for any number of seekers.

    Parameters
    ----------
    openings : sequence of Opening
        Ties go to the first.
    space : Space, optional
        As for :class:`matching.features.catalogue.Catalogue`.
    """

    def __init__(self, openings: Sequence[Opening], space: FeatureSpace | None = None) -> None:
        self.catalogue = Catalogue(openings, space)
        self.index = EligibilityIndex(openings)
        self._similarity_cache = SimilarityCache(self.catalogue)
        self._prefix_columns = {
            start: i for i, start in enumerate(self.catalogue.space.places.rarity)
        }
        linked = self.catalogue.skill_link_vectors
        parts = [
            self.catalogue.title_vectors
            + np.float32(_FULL_TEXT_WEIGHT) * self.catalogue.all_vectors,
            sparse.csr_array((len(openings), 0)) if linked is None else linked,
            sparse.csr_array((len(openings), 0))
            if linked is None
            else self.catalogue.trade_vectors,
            self._path_vectors((path, 1.0) for path in self.catalogue.paths),
        ]
        self._linked = linked is not None
        vectors = _hstack(parts)
        self._search = TopKSearch(vectors, self.index)
        self._by_term = vectors.T.tocsr()
        self._max_parts = _MAX_CACHED_SCORES // max(len(openings), 1)
        self._score_cache = RowCache(
            len(openings), np.float32, _MAX_CACHED_SCORES, self._part_scores, 128
        )

    @property
    def block_size(self) -> int:
        """Seekers to handle together, so that no table of a block grows too large."""
        return max(16, min(_MAX_BLOCK_SEEKERS, _MAX_BLOCK_CELLS // max(len(self.catalogue), 1)))

    def candidates(self, seekers: Sequence[Seeker], size: int = CANDIDATES) -> Candidates:
        """Return the pairs to score, at most ``size`` a seeker."""
        least = np.full(len(seekers), -np.inf, dtype=np.float32)
        if size >= len(self.catalogue):
            rows, columns = np.nonzero(self.index.eligible_block(seekers))
        else:
            found = self._top_k(seekers, size)
            full = np.flatnonzero(np.bincount(found.rows, minlength=len(seekers)) == size)
            # The best come first.
            least[full] = found.scores[np.searchsorted(found.rows, full, side="right") - 1]
            order = np.lexsort((found.columns, found.rows))
            rows, columns = found.rows[order], found.columns[order]
        block = (
            FeatureBlock(seekers, self.catalogue)
            if size > _DENSE_SHARE * len(self.catalogue)
            else CandidateBlock(seekers, self.catalogue, rows, columns, self._similarity_cache)
        )
        return Candidates(block, rows, columns, least)

    def quick_scores(self, seekers: Sequence[Seeker], columns: IntArray) -> Float32Array:
        """Return the score that candidates are chosen by, shape (len(seekers), len(columns))."""
        parts, weights = self._profile_weights(seekers)
        scores = self._part_vectors(parts) @ self._by_term[:, columns]
        return np.asarray((weights @ scores).toarray())

    def _top_k(self, seekers: Sequence[Seeker], size: int) -> TopK:
        parts, weights = self._profile_weights(seekers)
        if len(parts) > self._max_parts:
            return self._search.search(seekers, weights @ self._part_vectors(parts), size)
        rows = self._score_cache.rows(parts)
        weights = sparse.csr_array(
            (weights.data, rows[weights.indices], weights.indptr),
            shape=(len(seekers), len(self._score_cache.table)),
        )
        return self._search.search_weighted_rows(seekers, weights, self._score_cache.table, size)

    # --- seekers as weighted sums of profile parts -----------------------------------------

    def _profile_weights(self, seekers: Sequence[Seeker]) -> tuple[list[_Part], sparse.csr_array]:
        """Return the distinct profile parts, and the weights of each seeker's parts among them."""
        understand_phrases(seekers)
        number: dict[_Part, int] = {}
        starts, which, weights = [0], list[int](), list[float]()
        for seeker in seekers:
            for part, weight in _profile_parts(seeker):
                which.append(number.setdefault(part, len(number)))
                weights.append(weight)
            starts.append(len(which))
        values = np.array(weights, dtype=np.float32), np.array(which, dtype=np.int64), starts
        return list(number), sparse.csr_array(values, shape=(len(seekers), len(number)))

    def _part_vectors(self, parts: Sequence[_Part]) -> sparse.csr_array:
        """Return one row a part, in the columns of the openings' vectors."""
        texts = ["" if isinstance(said, tuple) else said for said, _ in parts]
        paths = [said if isinstance(said, tuple) else () for said, _ in parts]
        weights = np.array([one for _, one in parts], dtype=np.float32).reshape(-1, 4).T
        words = self.catalogue.space.terms.vectors(texts)
        linked = traded = sparse.csr_array((len(parts), 0))
        if self._linked:
            # What the prior gives no trade is not asked for one.
            asked = [text if one else "" for text, one in zip(texts, weights[2], strict=True)]
            linked, traded = skill_vectors.vectors(texts), meaning.phrase_trades(asked)
        return _hstack(
            [
                sparse.diags_array(weights[0]) @ words,
                sparse.diags_array(weights[1]) @ linked,
                sparse.diags_array(weights[2]) @ traded,
                self._path_vectors(zip(paths, weights[3].tolist(), strict=True)),
            ]
        )

    def _part_scores(self, parts: Sequence[_Part]) -> Float32Array:
        """Return the scores of parts and all openings, shape (n_parts, n_openings)."""
        return dense_product(self._part_vectors(parts), self._by_term)

    def _path_vectors(self, paths: Iterable[tuple[Path, float]]) -> sparse.csr_array:
        """Return one vector a path, with a column for each place prefix.

        Values are the square roots of the increase in rarity from prefix to prefix, so that the
        product of two rows is the weight times the rarity of their longest common prefix.
        """
        rarity = self.catalogue.space.places.rarity
        indptr, indices, values = [0], list[int](), list[float]()
        for path, weight in paths:
            before = 0.0
            for depth in range(1, len(path) + 1):
                start = "/".join(path[:depth])
                column = self._prefix_columns.get(start)
                if column is None:
                    break
                increase = rarity[start] - before
                if increase > 0:
                    indices.append(column)
                    values.append(weight * increase**0.5)
                before = max(before, rarity[start])
            indptr.append(len(indices))
        return sparse.csr_array(
            (np.array(values, dtype=np.float32), np.array(indices, dtype=np.int32), indptr),
            shape=(len(indptr) - 1, len(self._prefix_columns)),
        )


def _hstack(parts: Sequence[Any]) -> sparse.csr_array:
    return sparse.csr_array(sparse.hstack(parts, format="csr"), dtype=np.float32)


def _profile_parts(seeker: Seeker) -> Iterator[tuple[_Part, float]]:
    """Yield what a seeker says of work and places, with what it weighs among its like."""
    seeker = clean_seeker(seeker)
    for phrases, weights in (
        ([(text, 1.0) for text in seeker.wanted], _WANTED),
        ([(text, 1.0) for text in (*seeker.skills, *seeker.certificates)], _SKILLS),
        ([(job.title, 1.0) for job in seeker.experience], _EXPERIENCE),
        ([(one.title, weight) for one, weight in positive_interactions(seeker.past)], _PAST),
    ):
        total = sum(weight for _, weight in phrases)
        for text, weight in phrases:
            yield (text, weights), weight / total
    jobs = [(job.place, 1.0) for job in seeker.experience if job.place]
    past = [(one.place, weight) for one, weight in positive_interactions(seeker.past) if one.place]
    for visited, weights in (
        ([(seeker.home, 1.0)], _HOME_PLACE),
        (jobs, _EXPERIENCE_PLACE),
        (past, _PAST_PLACE),
    ):
        total = sum(weight for _, weight in visited)
        for place, weight in visited:
            if place:
                yield (split_path(place)[:MAX_DEPTH], weights), weight / total
