"""Rank one catalogue for many seekers, block by block, on one core, several or a cluster."""

import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.ranking import DECIMALS, PriorRanker, Ranker, in_order
from matching.records import Opening, Ranked, Seeker
from matching.retrieval import CANDIDATES, Retriever
from matching.telling import Teller, Told, as_line, as_ranked

# Blocks handed out to each worker at a time.
_AHEAD = 4

Suggested = tuple[str, list[Ranked]]
Answer = TypeVar("Answer")


class Suggester:
    """One catalogue made ready to be ranked for any number of seekers.

    Parameters
    ----------
    openings : sequence of Opening
        Their order does not matter.
    ranker : Ranker, optional
        By default the prior.
    """

    def __init__(self, openings: Sequence[Opening], ranker: Ranker | None = None) -> None:
        self.ranker = ranker or PriorRanker()
        listed = in_order(openings)
        self.retriever = Retriever(listed, self.ranker.space)
        self._teller = Teller(listed)

    def block(self, seekers: Sequence[Seeker], top: int) -> list[tuple[str, list[Told]]]:
        """Return the ``top`` eligible openings of each seeker of one block, best first."""
        block, rows, columns = self.retriever.candidates(seekers, max(CANDIDATES, top))
        found = self.ranker.score(block, rows, columns) if len(rows) else np.zeros(0)
        scores = np.round(found.astype(np.float64), DECIMALS)
        order = np.lexsort((columns, -scores, rows))
        rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
        order = order[rank < top]
        ends = np.searchsorted(rows[order], np.arange(len(seekers) + 1)).tolist()
        best, worth = columns[order].tolist(), scores[order].tolist()
        return [
            (seeker.id, self._teller.tell(seeker, best[first:last], worth[first:last]))
            for seeker, first, last in zip(seekers, ends, ends[1:], strict=False)
        ]


def _ranked(name: str, told: list[Told]) -> Suggested:
    return name, as_ranked(told)


# The suggester of the task at hand, one a process.
_ready: dict[str, Suggester] = {}


def _in_worker(
    packed: NDArray[np.uint8],
    digest: str,
    seekers: Sequence[Seeker],
    top: int,
    form: Callable[[str, list[Told]], Answer],
) -> list[Answer]:
    """Answer for one block where the suggester has to be unpacked first, once a process."""
    if digest not in _ready:
        _ready.clear()
        _ready[digest] = pickle.loads(packed.tobytes())  # noqa: S301 (packed by _answers below)
    return [form(*one) for one in _ready[digest].block(seekers, top)]


def _blocks(seekers: Iterable[Seeker], size: int) -> Iterator[list[Seeker]]:
    left = iter(seekers)
    while block := list(islice(left, size)):
        yield block


def _answers(
    seekers: Iterable[Seeker],
    openings: Sequence[Opening],
    form: Callable[[str, list[Told]], Answer],
    top: int,
    ranker: Ranker | None,
    n_jobs: int,
) -> Iterator[Answer]:
    if top < 1 or n_jobs < 1:
        raise ValueError("top and n_jobs must be 1 or more")
    suggester = Suggester(openings, ranker)
    blocks = _blocks(seekers, suggester.retriever.block_size)
    if n_jobs == 1:
        for block in blocks:
            for one in suggester.block(block, top):
                yield form(*one)
        return
    from joblib import Parallel, delayed

    # One array of bytes reaches each process once: joblib maps it, Dask scatters it.
    raw = pickle.dumps(suggester, protocol=pickle.HIGHEST_PROTOCOL)
    packed, digest = np.frombuffer(raw, dtype=np.uint8), hashlib.sha256(raw).hexdigest()
    work: Any = delayed(_in_worker)
    with Parallel(n_jobs=n_jobs) as parallel:
        while some := list(islice(blocks, _AHEAD * n_jobs)):
            for answers in parallel(work(packed, digest, block, top, form) for block in some):
                yield from answers


def suggest(
    seekers: Iterable[Seeker],
    openings: Sequence[Opening],
    *,
    top: int = 20,
    ranker: Ranker | None = None,
    n_jobs: int = 1,
) -> Iterator[Suggested]:
    """Yield each seeker's id with up to ``top`` eligible openings, best first.

    Parameters
    ----------
    seekers : iterable of Seeker
        Read a few blocks at a time; answers come in the same order.
    openings : sequence of Opening
        Their order does not matter.
    top : int, default=20
    ranker : Ranker, optional
        By default the prior.
    n_jobs : int, default=1
        Workers of joblib, in whatever backend is active. The answers do not depend on it.

    Raises
    ------
    ValueError
        If ``top`` or ``n_jobs`` is below 1.
    """
    return _answers(seekers, openings, _ranked, top, ranker, n_jobs)


def suggest_lines(
    seekers: Iterable[Seeker],
    openings: Sequence[Opening],
    *,
    top: int = 20,
    ranker: Ranker | None = None,
    n_jobs: int = 1,
) -> Iterator[bytes]:
    """Yield :func:`suggest` as lines of JSON, written where they are computed."""
    return _answers(seekers, openings, as_line, top, ranker, n_jobs)
