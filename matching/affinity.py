"""Affinities learned from choices: which words, employers and places go with which.

For a term of the seeker's record and a term of an opening, the affinity is the log of how often
the two met in openings that were chosen, over how often they would have met had the choice been
made blindly among the openings of the same task, both raised by a constant so that what was
rarely seen stays near 0.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from scipy import sparse

from matching.catalogue import IntArray
from matching.features import SHUNNED, Block
from matching.places import split
from matching.records import Opening, Seeker
from matching.text import squeeze
from matching.wording import FloatArray, terms

Terms = Callable[[Seeker], Iterable[str]]
OpeningTerms = Callable[[Opening], Iterable[str]]


def _places(path: str | None) -> list[str]:
    parts = split(path)
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]


def _named(value: str | None) -> list[str]:
    # Nothing is learned from a missing name: that is an accident of who keyed the record in.
    return [squeeze(value)] if value and squeeze(value) else []


def _drawn(seeker: Seeker) -> list[Opening]:
    return [one for one in seeker.past if one.action not in SHUNNED]


def _past_words(seeker: Seeker) -> list[str]:
    return [term for one in _drawn(seeker) for term in terms(one.title)]


def _wanted_words(seeker: Seeker) -> list[str]:
    return [term for wish in seeker.wanted for term in terms(wish)]


def _experience_words(seeker: Seeker) -> list[str]:
    said = [*(job.title for job in seeker.experience), *seeker.skills]
    return [term for phrase in said for term in terms(phrase)]


def _past_places(seeker: Seeker) -> list[str]:
    return [place for one in _drawn(seeker) for place in _places(one.place)]


def _known_places(seeker: Seeker) -> list[str]:
    known = [seeker.home, *(job.place for job in seeker.experience)]
    return [place for path in known for place in _places(path)]


def _past_employers(seeker: Seeker) -> list[str]:
    return [name for one in _drawn(seeker) for name in _named(one.employer)]


def _title(opening: Opening) -> Iterable[str]:
    return terms(opening.title)


def _employer(opening: Opening) -> Iterable[str]:
    return _named(opening.employer)


def _place(opening: Opening) -> Iterable[str]:
    return _places(opening.place)


PAIRS: Mapping[str, tuple[Terms, OpeningTerms]] = {
    f"{ours}_{theirs}_affinity": (of_seeker, of_opening)
    for ours, of_seeker in (
        ("past", _past_words),
        ("wanted", _wanted_words),
        ("experience", _experience_words),
    )
    for theirs, of_opening in (("title", _title), ("employer", _employer))
} | {
    "past_place_affinity": (_past_places, _place),
    "known_place_affinity": (_known_places, _place),
    "past_same_employer_affinity": (_past_employers, _employer),
}
AFFINITIES = tuple(PAIRS)


def _rows(groups: Iterable[Iterable[str]], columns: dict[str, int]) -> sparse.csr_array:
    """One row a group, each distinct term 1 / sqrt(their number); unknown terms left out."""
    indptr, indices, values = [0], list[int](), list[float]()
    for group in groups:
        distinct = set(group)
        known = sorted(columns[term] for term in distinct if term in columns)
        indices += known
        values += [max(len(distinct), 1) ** -0.5] * len(known)
        indptr.append(len(indices))
    return sparse.csr_array(
        (np.array(values), np.array(indices, dtype=np.int64), np.array(indptr, dtype=np.int64)),
        shape=(len(indptr) - 1, len(columns)),
    )


def _numbered(groups: Iterable[Iterable[str]]) -> dict[str, int]:
    return {term: i for i, term in enumerate(sorted({t for group in groups for t in group}))}


class Affinity:
    """The affinity of one kind of seeker terms with one kind of opening terms.

    Parameters
    ----------
    name : str
        One of ``AFFINITIES``.

    Attributes
    ----------
    ours, theirs : dict of str to int
        Known terms of seekers and of openings.
    table : tuple of ndarray
        Data, indices and index pointer of the sparse affinities, shape (ours, theirs).
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def fit(
        self,
        seekers: Sequence[Seeker],
        openings: Sequence[Sequence[Opening]],
        labels: Sequence[Sequence[int]],
        shrinkage: float,
    ) -> "Affinity":
        """Learn from tasks: a seeker, the openings shown, and which were chosen."""
        of_seeker, of_opening = PAIRS[self.name]
        said = [list(of_seeker(seeker)) for seeker in seekers]
        told = [[list(of_opening(opening)) for opening in shown] for shown in openings]
        flat = [group for shown in told for group in shown]
        self.ours, self.theirs = _numbered(said), _numbered(flat)
        people, catalogue = _rows(said, self.ours), _rows(flat, self.theirs)
        people.data[:] = 1
        catalogue.data[:] = 1
        owner = np.repeat(np.arange(len(told)), [len(shown) for shown in told])
        y = np.array([label for task in labels for label in task], dtype=np.float64)
        chosen = np.maximum(np.bincount(owner, weights=y, minlength=len(told)), 1)
        sizes = np.bincount(owner, minlength=len(told))
        shape, where = (len(told), len(flat)), (owner, np.arange(len(flat)))
        picked = sparse.csr_array((y / chosen[owner], where), shape=shape)
        blind = sparse.csr_array((1 / sizes[owner], where), shape=shape)
        met = sparse.coo_array(people.T @ (blind @ catalogue))
        rows, columns = met.coords
        together = sparse.csr_array(people.T @ (picked @ catalogue))
        # Indexing an array by no places at all gives a sparse array, not an empty one.
        seen = np.asarray(together[rows, columns]).ravel() if len(rows) else np.zeros(0)
        ratio = np.log((seen + shrinkage) / (met.data + shrinkage))
        table = sparse.csr_array((ratio, (rows, columns)), shape=met.shape)
        self.table = (table.data.astype(np.float32), table.indices, table.indptr)
        return self

    def score(self, block: Block, rows: IntArray, columns: IntArray) -> FloatArray:
        """Return the affinity of each pair, shape (n_pairs,); 0 where nothing is known."""
        of_seeker, of_opening = PAIRS[self.name]
        shape = (len(self.ours), len(self.theirs))
        table = sparse.csr_array(self.table, shape=shape)
        people = _rows(map(of_seeker, block.seekers), self.ours)
        catalogue = _rows(map(of_opening, block.catalogue.openings), self.theirs)
        pulled = sparse.csr_array(people @ table)
        if len(block.seekers) == 1:
            found = np.asarray((catalogue @ pulled.T).todense()).ravel()[columns]
        else:
            found = np.asarray((pulled[rows].multiply(catalogue[columns])).sum(axis=1)).ravel()
        scores: FloatArray = found.astype(np.float32)
        return scores
