"""Rank one catalogue for many seekers, block by block, on one core or many."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from matching.ranking import PriorRanker, Ranker, best_first, in_order, told
from matching.records import Opening, Ranked, Seeker
from matching.retrieval import CANDIDATES, Retriever

# Seekers handled at once: memory grows with this times the openings.
BLOCK_SIZE = 128

Suggested = tuple[str, list[Ranked]]


def _blocks(seekers: Iterable[Seeker]) -> Iterator[list[Seeker]]:
    left = iter(seekers)
    while block := list(islice(left, BLOCK_SIZE)):
        yield block


def suggest_block(
    retriever: Retriever, seekers: Sequence[Seeker], ranker: Ranker, top: int
) -> list[Suggested]:
    """Return the ``top`` eligible openings of each seeker of one block, best first."""
    block, rows, columns = retriever.candidates(seekers, max(CANDIDATES, top))
    openings = retriever.catalogue.openings
    scores = ranker.score(block, rows, columns) if len(rows) else np.zeros(0, dtype=np.float32)
    starts = np.searchsorted(rows, np.arange(len(seekers) + 1))
    found: list[Suggested] = []
    for row, seeker in enumerate(seekers):
        first, last = int(starts[row]), int(starts[row + 1])
        mine = scores[first:last]
        best = [
            told(seeker, openings[columns[first + i]], float(mine[i]), broken=[], eligible=True)
            for i in best_first(mine)[:top]
        ]
        found.append((seeker.id, best))
    return found


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
    if top < 1 or n_jobs < 1:
        raise ValueError("top and n_jobs must be 1 or more")
    chosen = ranker or PriorRanker()
    retriever = Retriever(in_order(openings), chosen.space)
    blocks = _blocks(seekers)
    if n_jobs == 1:
        for block in blocks:
            yield from suggest_block(retriever, block, chosen, top)
        return
    from joblib import Parallel, delayed

    work = delayed(suggest_block)
    with Parallel(n_jobs=n_jobs) as parallel:
        while some := list(islice(blocks, 4 * n_jobs)):
            for answers in parallel(work(retriever, block, chosen, top) for block in some):
                yield from answers
