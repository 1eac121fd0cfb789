"""Rank one catalogue for many seekers, block by block, on one core, several or a cluster."""

import gc
import hashlib
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from matching.explain.reason_builder import BlockReasons, ReasonBuilder
from matching.ranking.ranker import DECIMALS, PriorRanker, Ranker, canonical_order
from matching.ranking.retrieval import CANDIDATES, Retriever
from matching.records import Opening, Ranked, Seeker

# Blocks handed out to each worker at a time.
_BLOCKS_PER_WORKER = 4

Suggested = tuple[str, list[Ranked]]
Answer = TypeVar("Answer")


class Suggester:
    """Ranks one catalogue for any number of seekers.

    Parameters
    ----------
    openings : sequence of Opening
        Their order does not matter.
    ranker : Ranker, optional
        By default the prior.
    """

    def __init__(self, openings: Sequence[Opening], ranker: Ranker | None = None) -> None:
        self.ranker = ranker or PriorRanker()
        listed = canonical_order(openings)
        self.retriever = Retriever(listed, self.ranker.space)
        self._reason_builder = ReasonBuilder(listed)

    def lines(self, seekers: Sequence[Seeker], top: int) -> list[bytes]:
        """Return the ``top`` eligible openings of each seeker of one block, best first."""
        return self._reason_builder.lines(self._rank_block(seekers, top))

    def records(self, seekers: Sequence[Seeker], top: int) -> list[Suggested]:
        """Return the content of :meth:`lines` as records."""
        return self._reason_builder.records(self._rank_block(seekers, top))

    def _rank_block(self, seekers: Sequence[Seeker], top: int) -> BlockReasons:
        block, rows, columns = self.retriever.candidates(seekers, max(CANDIDATES, top))
        found = self.ranker.score(block, rows, columns) if len(rows) else np.zeros(0)
        scores = np.round(found.astype(np.float64), DECIMALS).astype(np.float64)
        order = np.lexsort((columns, -scores, rows))
        rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
        order = order[rank < top]
        ends = np.searchsorted(rows[order], np.arange(len(seekers) + 1))
        return self._reason_builder.build(seekers, ends, columns[order], scores[order])


Answers = Callable[[Suggester, Sequence[Seeker], int], list[Answer]]

# The suggester of the present run: one for each worker process.
_suggesters: dict[str, Suggester] = {}


def _answer_in_worker(
    pickled: Any,
    digest: str,
    seekers: Sequence[Seeker],
    top: int,
    answer: Answers[Answer],
) -> list[Answer]:
    """Answer for one block; each process unpickles the suggester once."""
    if digest not in _suggesters:
        _suggesters.clear()
        _suggesters[digest] = pickle.loads(pickled)  # noqa: S301 (pickled by _answers below)
    return answer(_suggesters[digest], seekers, top)


def _blocks(seekers: Iterable[Seeker], size: int) -> Iterator[list[Seeker]]:
    left = iter(seekers)
    while block := list(islice(left, size)):
        yield block


def _answers(
    seekers: Iterable[Seeker],
    openings: Sequence[Opening],
    answer: Answers[Answer],
    top: int,
    ranker: Ranker | None,
    n_jobs: int,
    client: Any = None,
) -> Iterator[Answer]:
    if top < 1 or n_jobs < 1:
        raise ValueError("top and n_jobs must be 1 or more")
    suggester = Suggester(openings, ranker)
    blocks = _blocks(seekers, suggester.retriever.block_size)
    if n_jobs == 1 and client is None:
        # The catalogue lives to the end: the garbage collector need not walk it each time.
        gc.freeze()
        try:
            for block in blocks:
                yield from answer(suggester, block, top)
        finally:
            gc.unfreeze()
        return
    raw = pickle.dumps(suggester, protocol=pickle.HIGHEST_PROTOCOL)
    rest = (hashlib.sha256(raw).hexdigest(), top, answer)
    found = (
        _answers_by_joblib(raw, blocks, n_jobs, *rest)
        if client is None
        else _answers_by_dask(raw, blocks, client, *rest)
    )
    for answers in found:
        yield from answers


def _answers_by_joblib(
    raw: bytes, blocks: Iterator[list[Seeker]], n_jobs: int, digest: str, top: int, answer: Any
) -> Iterator[list[Any]]:
    from joblib import Parallel, delayed

    # As an array, which joblib maps into each process's memory instead of copying it.
    pickled = np.frombuffer(raw, dtype=np.uint8)
    work: Any = delayed(_answer_in_worker)
    with Parallel(n_jobs=n_jobs) as parallel:
        while some := list(islice(blocks, _BLOCKS_PER_WORKER * n_jobs)):
            yield from parallel(work(pickled, digest, block, top, answer) for block in some)


def _answers_by_dask(
    raw: bytes, blocks: Iterator[list[Seeker]], client: Any, digest: str, top: int, answer: Any
) -> Iterator[list[Any]]:
    # The result of a task, not scattered data: Dask recomputes it if its worker dies.
    pickled = client.submit(bytes, raw, pure=False)
    waiting: deque[Any] = deque()
    while True:
        room = _BLOCKS_PER_WORKER * max(sum(client.nthreads().values()), 1) - len(waiting)
        for block in islice(blocks, max(room, 1)):
            waiting.append(
                client.submit(_answer_in_worker, pickled, digest, block, top, answer, pure=False)
            )
        if not waiting:
            return
        yield waiting.popleft().result()


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
        Read a few blocks at a time; results come in the same order.
    openings : sequence of Opening
        Their order does not matter.
    top : int, default=20
    ranker : Ranker, optional
        By default the prior.
    n_jobs : int, default=1
        Processes. The results do not depend on it.

    Raises
    ------
    ValueError
        If ``top`` or ``n_jobs`` is below 1.
    """
    return _answers(seekers, openings, Suggester.records, top, ranker, n_jobs)


def suggest_lines(
    seekers: Iterable[Seeker],
    openings: Sequence[Opening],
    *,
    top: int = 20,
    ranker: Ranker | None = None,
    n_jobs: int = 1,
    client: Any = None,
) -> Iterator[bytes]:
    """Yield :func:`suggest` as lines of JSON, encoded by the workers.

    With ``client``, a ``distributed.Client``, the workers of its cluster compute them; a worker
    that dies costs time, not answers.
    """
    return _answers(seekers, openings, Suggester.lines, top, ranker, n_jobs, client)
