"""The openings worth a closer look: eligible ones, best by a quick score, a block at a time.

The quick score is one dot product: what is wanted, known and done before against the words, the
skills and the places of openings, each with about the weight the prior gives it. It only chooses
what is scored with every feature, and is exact among the eligible.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from matching import links
from matching.candidates import CandidateBlock, PlaceTable
from matching.catalogue import MAX_DEPTH, Catalogue, IntArray, Path, Space
from matching.eligibility import EligibilityIndex
from matching.features import Block
from matching.nearest import Nearest
from matching.places import split
from matching.records import Opening, Seeker
from matching.textfeatures import recent

# Eligible openings of one seeker that are scored with every feature.
CANDIDATES = 60
# Cells of the largest table of a block, and the most seekers in one.
_CELLS = 6 * 2**20
_MOST_SEEKERS = 1024
# Above this share of the catalogue, whole tables are quicker than chosen pairs.
_NEARLY_ALL = 0.25


class _Weights(NamedTuple):
    """What a seeker's words, linked skills and places count in the quick score."""

    words: float
    links: float
    places: float


_WANTED = _Weights(2.4, 2.6, 0.0)
_SKILLS = _Weights(1.4, 1.6, 0.0)
_DONE = _Weights(2.0, 1.2, 4.5)
_PAST = _Weights(2.2, 1.0, 6.0)
_HOME = _Weights(0.0, 0.0, 1.2)
# What the rest of an opening's text counts beside its title.
_WHOLE_TEXT = 0.8


class Retriever:
    """Finds candidates in one catalogue for any number of seekers.

    Parameters
    ----------
    openings : sequence of Opening
        In an order that does not matter to callers: ties go to the first.
    space : Space, optional
        As for :class:`matching.catalogue.Catalogue`.
    """

    def __init__(self, openings: Sequence[Opening], space: Space | None = None) -> None:
        self.catalogue = Catalogue(openings, space)
        self.index = EligibilityIndex(openings)
        self._places = PlaceTable(self.catalogue)
        self._starts = {start: i for i, start in enumerate(self.catalogue.space.places.rarity)}
        linked = self.catalogue.link_vectors
        parts = [
            self.catalogue.title_vectors + np.float32(_WHOLE_TEXT) * self.catalogue.all_vectors,
            sparse.csr_array((len(openings), 0)) if linked is None else linked,
            self._path_rows((path, 1.0) for path in self.catalogue.paths),
        ]
        self._linked = linked is not None
        self._nearest = Nearest(_beside(parts), self.index)

    @property
    def block_size(self) -> int:
        """Seekers to be looked at together, so that no table of a block grows too large."""
        return max(16, min(_MOST_SEEKERS, _CELLS // max(len(self.catalogue), 1)))

    def candidates(
        self, seekers: Sequence[Seeker], size: int = CANDIDATES
    ) -> tuple[Block, IntArray, IntArray]:
        """Return the block and the pairs to score, seeker by seeker.

        Returns
        -------
        block : Block
            Ready to be asked for these pairs.
        rows, columns : ndarray of shape (n_pairs,)
            Eligible pairs alone, at most ``size`` a seeker; columns rise within a row.
        """
        if size >= len(self.catalogue):
            rows, columns = np.nonzero(self.index.eligible_block(seekers))
        else:
            found = self._nearest.search(seekers, self._queries(seekers), size)
            order = np.lexsort((found.columns, found.rows))
            rows, columns = found.rows[order], found.columns[order]
        if size > _NEARLY_ALL * len(self.catalogue):
            return Block(seekers, self.catalogue), rows, columns
        block = CandidateBlock(seekers, self.catalogue, rows, columns, self._places)
        return block, rows, columns

    # --- seekers as vectors ---------------------------------------------------------------

    def _queries(self, seekers: Sequence[Seeker]) -> sparse.csr_array:
        """Return one row a seeker, in the columns of the openings' vectors."""
        texts: dict[str, int] = {}
        rows: list[int] = []
        columns: list[int] = []
        words: list[float] = []
        skills: list[float] = []
        walked: list[tuple[int, Path, float]] = []
        for row, seeker in enumerate(seekers):
            for said, weights in _said(seeker):
                total = sum(weight for _, weight in said)
                for text, weight in said:
                    rows.append(row)
                    columns.append(texts.setdefault(text, len(texts)))
                    words.append(weights.words * weight / total)
                    skills.append(weights.links * weight / total)
            walked += [(row, path, weight) for path, weight in _been(seeker)]
        listed, n = list(texts), len(seekers)
        by_word = _rows_of(rows, columns, words, (n, len(listed)))
        by_link = _rows_of(rows, columns, skills, (n, len(listed)))
        who = [row for row, _, _ in walked]
        been = _rows_of(who, range(len(walked)), [1.0] * len(walked), (n, len(walked)))
        parts = [
            by_word @ self.catalogue.space.terms.vectors(listed),
            by_link @ links.vectors(listed) if self._linked else sparse.csr_array((n, 0)),
            been @ self._path_rows((path, weight) for _, path, weight in walked),
        ]
        return _beside(parts)

    def _path_rows(self, paths: Iterable[tuple[Path, float]]) -> sparse.csr_array:
        """Return one row a path: for each start of it, the root of what sharing it tells more.

        The product of two rows is the weight times the rarity of the longest start they share.
        """
        rarity = self.catalogue.space.places.rarity
        indptr, indices, values = [0], list[int](), list[float]()
        for path, weight in paths:
            before = 0.0
            for depth in range(1, len(path) + 1):
                start = "/".join(path[:depth])
                column = self._starts.get(start)
                if column is None:
                    break
                told = rarity[start] - before
                if told > 0:
                    indices.append(column)
                    values.append(weight * told**0.5)
                before = max(before, rarity[start])
            indptr.append(len(indices))
        return sparse.csr_array(
            (np.array(values, dtype=np.float32), np.array(indices, dtype=np.int32), indptr),
            shape=(len(indptr) - 1, len(self._starts)),
        )


def _rows_of(
    rows: Sequence[int], columns: Sequence[int], values: Sequence[float], shape: tuple[int, int]
) -> sparse.csr_array:
    where = (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))
    return sparse.csr_array((np.array(values, dtype=np.float32), where), shape=shape)


def _beside(parts: Sequence[Any]) -> sparse.csr_array:
    return sparse.csr_array(sparse.hstack(parts, format="csr"), dtype=np.float32)


def _said(seeker: Seeker) -> list[tuple[list[tuple[str, float]], _Weights]]:
    """Return what a seeker says of work, with what each phrase weighs among its like."""
    return [
        ([(text, 1.0) for text in seeker.wanted], _WANTED),
        ([(text, 1.0) for text in (*seeker.skills, *seeker.certificates)], _SKILLS),
        ([(job.title, 1.0) for job in seeker.experience], _DONE),
        ([(one.title, weight) for one, weight in recent(seeker.past)], _PAST),
    ]


def _been(seeker: Seeker) -> list[tuple[Path, float]]:
    """Return the places that count for a seeker, with what they weigh."""
    found = [(seeker.home, _HOME.places)] if seeker.home else []
    jobs = [job.place for job in seeker.experience if job.place]
    found += [(place, _DONE.places / len(jobs)) for place in jobs]
    past = [(one.place, weight) for one, weight in recent(seeker.past) if one.place]
    total = sum(weight for _, weight in past)
    found += [(place, _PAST.places * weight / total) for place, weight in past]
    return [(split(place)[:MAX_DEPTH], weight) for place, weight in found]
