"""Suggestions of which only those are made that may have changed since a former run.

A seeker's suggestions stand as long as nothing they were made from has changed: the seeker, the
openings that were scored for them, and what the whole catalogue tells of each of its words, places
and pay. An opening that is new, or was changed, may also come in where it is allowed and its quick
score reaches the least of those that were scored.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import tee
from typing import Any, Final

import numpy as np

from matching.ranking.batch import Suggester, answers
from matching.ranking.former_run import FormerOutput, Kept, Recorder, seeker_digest
from matching.ranking.ranker import content_key
from matching.ranking.retrieval import Retriever
from matching.records import Seeker
from matching.utils.array_types import BoolArray, Float32Array, IntArray
from matching.utils.ragged import MISSING

# A quick score so little below the least that was scored counts as reaching it: sums of the same
# numbers in another order may differ by less.
_MARGIN: Final = 1e-3
_BLOCK: Final = 1024


def suggest_changed(
    suggester: Suggester,
    seekers: Iterable[Seeker],
    recorder: Recorder,
    former: FormerOutput | None,
    *,
    top: int,
    n_jobs: int = 1,
    client: Any = None,
) -> Iterator[bytes]:
    """Yield the line of each seeker, in order, and note what it was made from.

    With a former output its lines are used where they still stand: the lines are the same, and
    all seekers are held at once.
    """

    def worked_out(some: Iterable[Seeker]) -> Iterator[Kept]:
        return answers(suggester, some, Suggester.kept, top, n_jobs, client)

    if former is None:
        # Workers are some blocks behind what is read.
        read, noted = tee(seekers)
        for kept in worked_out(read):
            yield recorder.add(seeker_digest(next(noted)), kept)
        return
    people = list(seekers)
    kept_before = standing(former, suggester.retriever, people)
    changed = worked_out(
        [one for one, kept in zip(people, kept_before, strict=True) if kept is None]
    )
    for one, before in zip(people, kept_before, strict=True):
        yield recorder.add(seeker_digest(one), next(changed) if before is None else before)


def standing(
    output: FormerOutput, retriever: Retriever, seekers: Sequence[Seeker]
) -> list[Kept | None]:
    """Return what still stands of each seeker, in their order; ``None`` for who is done again.

    The retriever's openings are in canonical order.
    """
    former, lines = output.run, output.lines
    found: list[Kept | None] = [None] * len(seekers)
    if retriever.catalogue.background_digest() != former.background:
        return found
    now = {content_key(one): at for at, one in enumerate(retriever.catalogue.openings)}
    moved = np.array([now.get(key, MISSING) for key in former.openings], dtype=np.int32)
    came = np.array(sorted({*now.values()} - {*moved.tolist()}), dtype=np.int64)
    before = {digest.tobytes(): row for row, digest in enumerate(former.seekers)}
    rows = [before.get(seeker_digest(one), MISSING) for one in seekers]
    known = [at for at, row in enumerate(rows) if row != MISSING]
    starts = np.concatenate([[0], former.ends])
    for start in range(0, len(known), _BLOCK):
        some = known[start : start + _BLOCK]
        least = former.least[[rows[at] for at in some]]
        reached = _reached(retriever, [seekers[at] for at in some], came, least)
        for at, comes_in in zip(some, reached.tolist(), strict=True):
            row = rows[at]
            columns = moved[former.columns[starts[row] : starts[row + 1]]]
            if not comes_in and (columns != MISSING).all():
                found[at] = Kept(lines[row], columns.tobytes(), float(former.least[row]))
    return found


def _reached(
    retriever: Retriever, seekers: Sequence[Seeker], came: IntArray, least: Float32Array
) -> BoolArray:
    """Return for which seekers an opening that came would have to be scored."""
    if not len(came) or not seekers:
        return np.zeros(len(seekers), dtype=np.bool_)
    quick = retriever.quick_scores(seekers, came)
    near = quick >= (least - _MARGIN * (1 + np.abs(least)))[:, None]
    near &= retriever.index.eligible_block(seekers, came)
    comes_in: BoolArray = np.any(near, axis=1)
    return comes_in
