"""Rank one catalogue for many seekers, block by block, on one core, several or a cluster."""

import gc
import hashlib
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

import numpy as np

from matching.explain.reason_builder import BlockReasons, ReasonBuilder
from matching.ranking.former_run import Kept
from matching.ranking.ranker import DECIMALS, PriorRanker, Ranker, canonical_order
from matching.ranking.retrieval import CANDIDATES, Candidates, Retriever
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

    def prepare(self) -> None:
        """Look up all that is needed of the openings now, not when first asked."""
        self.retriever.catalogue.prepare_meaning()

    def lines(self, seekers: Sequence[Seeker], top: int) -> list[bytes]:
        """Return the ``top`` eligible openings of each seeker of one block, best first."""
        return self._reason_builder.lines(self._rank_block(seekers, top))

    def records(self, seekers: Sequence[Seeker], top: int) -> list[Suggested]:
        """Return the content of :meth:`lines` as records."""
        return self._reason_builder.records(self._rank_block(seekers, top))

    def kept(self, seekers: Sequence[Seeker], top: int) -> list[Kept]:
        """Return :meth:`lines` with what each was made from."""
        chosen = self.retriever.candidates(seekers, max(CANDIDATES, top))
        lines = self._reason_builder.lines(self._reasons_of_best(seekers, chosen, top))
        ends = np.searchsorted(chosen.rows, np.arange(len(seekers) + 1))
        columns = chosen.columns.astype(np.int32)
        return [
            Kept(line, columns[start:end].tobytes(), least)
            for line, start, end, least in zip(
                lines, ends, ends[1:], chosen.least.tolist(), strict=False
            )
        ]

    def _rank_block(self, seekers: Sequence[Seeker], top: int) -> BlockReasons:
        chosen = self.retriever.candidates(seekers, max(CANDIDATES, top))
        return self._reasons_of_best(seekers, chosen, top)

    def _reasons_of_best(
        self, seekers: Sequence[Seeker], chosen: Candidates, top: int
    ) -> BlockReasons:
        block, rows, columns, _ = chosen
        found = self.ranker.score(block, rows, columns) if len(rows) else np.zeros(0)
        scores = np.round(found.astype(np.float64), DECIMALS).astype(np.float64)
        order = np.lexsort((columns, -scores, rows))
        rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
        order = order[rank < top]
        ends = np.searchsorted(rows[order], np.arange(len(seekers) + 1))
        return self._reason_builder.build(seekers, ends, columns[order], scores[order])


Answers = Callable[[Suggester, Sequence[Seeker], int], list[Answer]]

# The suggester of the present run, which forked workers find in their memory, or the one that a
# worker of a cluster has unpickled.
_suggesters: dict[str, Suggester] = {}
_FORKED = "forked"


class WorkerDied(ValueError):
    """A worker process ended before its work was done."""


def _answer_in_fork(seekers: Sequence[Seeker], top: int, answer: Answers[Answer]) -> list[Answer]:
    return answer(_suggesters[_FORKED], seekers, top)


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
        _suggesters[digest] = pickle.loads(pickled)  # noqa: S301 (pickled by answers below)
    return answer(_suggesters[digest], seekers, top)


def _blocks(seekers: Iterable[Seeker], size: int) -> Iterator[list[Seeker]]:
    left = iter(seekers)
    while block := list(islice(left, size)):
        yield block


def answers(
    suggester: Suggester,
    seekers: Iterable[Seeker],
    answer: Answers[Answer],
    top: int,
    n_jobs: int = 1,
    client: Any = None,
) -> Iterator[Answer]:
    """Yield a suggester's answer for each seeker, worked out by processes or a cluster.

    Parameters
    ----------
    suggester : Suggester
    seekers : iterable of Seeker
        Read a few blocks at a time.
    answer : callable
        A method of :class:`Suggester`.
    top : int
    n_jobs : int, default=1
    client : distributed.Client, optional
    """
    if top < 1 or n_jobs < 1:
        raise ValueError("top and n_jobs must be 1 or more")
    blocks = _blocks(seekers, suggester.retriever.block_size)
    if client is not None:
        raw = pickle.dumps(suggester, protocol=pickle.HIGHEST_PROTOCOL)
        yield from _answers_by_dask(raw, blocks, client, top, answer)
        return
    # The catalogue lives to the end: the garbage collector need not walk it each time, nor write
    # on pages that workers share.
    gc.freeze()
    try:
        if n_jobs == 1:
            for block in blocks:
                yield from answer(suggester, block, top)
        else:
            yield from _answers_by_forks(suggester, blocks, n_jobs, top, answer)
    finally:
        gc.unfreeze()


def _answers_by_forks(
    suggester: Suggester, blocks: Iterator[list[Seeker]], n_jobs: int, top: int, answer: Any
) -> Iterator[Any]:
    """Yield answers of processes that are forked when all is prepared, and so share it."""
    suggester.prepare()
    _suggesters[_FORKED] = suggester
    waiting: deque[Any] = deque()
    try:
        with ProcessPoolExecutor(n_jobs, mp_context=get_context("fork")) as pool:
            while True:
                for block in islice(blocks, _BLOCKS_PER_WORKER * n_jobs - len(waiting)):
                    waiting.append(pool.submit(_answer_in_fork, block, top, answer))
                if not waiting:
                    return
                yield from waiting.popleft().result()
    except BrokenProcessPool as error:
        raise WorkerDied(f"a worker process died: {error}") from error
    finally:
        del _suggesters[_FORKED]


def _answers_by_dask(
    raw: bytes, blocks: Iterator[list[Seeker]], client: Any, top: int, answer: Any
) -> Iterator[Any]:
    # The result of a task, not scattered data: Dask recomputes it if its worker dies.
    pickled = client.submit(bytes, raw, pure=False)
    digest = hashlib.sha256(raw).hexdigest()
    waiting: deque[Any] = deque()
    while True:
        room = _BLOCKS_PER_WORKER * max(sum(client.nthreads().values()), 1) - len(waiting)
        for block in islice(blocks, max(room, 1)):
            waiting.append(
                client.submit(_answer_in_worker, pickled, digest, block, top, answer, pure=False)
            )
        if not waiting:
            return
        yield from waiting.popleft().result()


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
    return answers(Suggester(openings, ranker), seekers, Suggester.records, top, n_jobs)


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
    return answers(Suggester(openings, ranker), seekers, Suggester.lines, top, n_jobs, client)
