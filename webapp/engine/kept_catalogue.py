"""The openings that were ranked last, as records and prepared, kept in the process.

Preparing thousands of openings takes seconds and ranking them for one resident a moment; from one
resident to the next few openings change, or none.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

from webapp.engine import records

if TYPE_CHECKING:
    from matching.ranking.batch import Suggester
    from matching.records import Opening

# Seekers served before openings are prepared anew: what is looked up for each takes memory.
_MAX_SERVED = 2048

_rows: dict[int, tuple[tuple[Any, ...], "Opening"]] = {}
_reading, _ranking = Lock(), Lock()


class _Kept:
    """A suggester with the openings and the model it was made for, and how many it has served."""

    def __init__(self, openings: Sequence["Opening"], ranker: Any) -> None:
        from matching.ranking.batch import Suggester

        self.openings, self.ranker, self.served = list(openings), ranker, 0
        self.suggester: Suggester = Suggester(openings, ranker)

    def serves(self, openings: Sequence["Opening"], ranker: Any) -> bool:
        return (
            self.ranker is ranker
            and self.served < _MAX_SERVED
            and len(self.openings) == len(openings)
            and all(one is other for one, other in zip(self.openings, openings, strict=True))
        )


_kept: _Kept | None = None


def opening_records(rows: Iterable[tuple[Any, ...]]) -> list["Opening"]:
    """Return the record of each row of ``records.OPENING_FIELDS`` and the employer's name.

    A row that is as it was the last time has the same record, not another one that is equal.
    """
    with _reading:
        now: dict[int, tuple[tuple[Any, ...], Opening]] = {}
        for row in rows:
            values, known = tuple(row), _rows.get(row[0])
            if known is None or known[0] != values:
                *_, employer = values
                known = values, records.opening_record(row, employer=employer)
            now[row[0]] = known
        _rows.clear()
        _rows.update(now)
        return [record for _values, record in now.values()]


@contextmanager
def suggester_for(
    openings: Sequence["Opening"], ranker: Any, seekers: int
) -> Iterator["Suggester"]:
    """Yield a suggester over some openings for so many seekers.

    The one of the last call where the openings are the same records and nobody else is using it.
    """
    global _kept
    alone = _ranking.acquire(blocking=False)
    try:
        if not alone:
            yield _Kept(openings, ranker).suggester
            return
        if _kept is None or not _kept.serves(openings, ranker):
            _kept = None  # its memory is free before the next is made
            _kept = _Kept(openings, ranker)
        _kept.served += seekers
        yield _kept.suggester
    finally:
        if alone:
            _ranking.release()
