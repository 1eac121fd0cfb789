"""The audit trail as it is read: newest first, filtered, in steps that cost the same at any depth.

A step begins where the one before ended (a keyset), never at a row's number, and each filter
has an index that holds its rows in the order they are shown in. Where several accounts, actions
or things are asked for, the newest rows of each are taken from its index and merged, so that
nobody waits for a walk through a trail of hundreds of thousands.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_, union_all
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.core.models import AuditEvent

SIZE = 50
#: Beyond as many hits their exact number helps nobody, and counting them costs.
MOST_COUNTED = 1000
#: So many indexes are looked into at once; more are asked for as a condition of one of them.
_MOST_ARMS = 40
_CHUNK = 500
_MOMENT = AuditEvent.__table__.c.at.type  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Asked:
    """What is asked for; ``None`` means any.

    ``accounts`` are ids, ``actions`` and ``subjects`` as they stand in the trail; of ``since``
    and ``until`` the first belongs to it and the second does not.
    """

    accounts: tuple[int, ...] | None = None
    actions: tuple[str, ...] | None = None
    subjects: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Step:
    """Rows of one step, newest first, and where the steps beside it begin.

    ``newer`` and ``older`` are ids of rows to go on from, ``None`` where nothing follows.
    ``total`` counts all rows asked for, at most :data:`MOST_COUNTED` + 1.
    """

    rows: Sequence[Any]
    total: int
    newer: int | None
    older: int | None


NONE = Step((), 0, None, None)


def step(
    session: Session, asked: Asked, *, older: int | None = None, newer: int | None = None
) -> Step:
    """Return the newest rows, those before row ``older``, or those after row ``newer``."""
    mark = _place(session, older or newer)
    backwards = mark is not None and newer is not None and older is None
    found = _rows(session, asked, limit=SIZE + 1, beyond=mark, backwards=backwards)
    more = len(found) > SIZE
    found = found[:SIZE]
    if backwards:
        found.reverse()
    before = mark is not None if not backwards else more
    after = more if not backwards else True
    return Step(
        rows=found,
        total=count(session, asked, most=MOST_COUNTED + 1),
        newer=found[0].id if found and before else None,
        older=found[-1].id if found and after else None,
    )


def count(session: Session, asked: Asked, *, most: int | None = None) -> int:
    """Return how many rows are asked for, at most ``most``."""
    ids: Any = _union(asked, limit=most, beyond=None, backwards=False, ordered=False)
    if most is not None:
        ids = select(ids.c.id).limit(most).subquery()
    found: int = session.execute(select(func.count()).select_from(ids)).scalar_one()
    return found


def all_rows(session: Session, asked: Asked) -> Iterator[list[Any]]:
    """Yield the rows in chunks, newest first, as they stand when reading begins.

    What is written meanwhile is newer than the first row and left out.
    """
    mark: tuple[datetime, int] | None = None
    while True:
        found = _rows(session, asked, limit=_CHUNK, beyond=mark, backwards=False)
        if found:
            yield found
        if len(found) < _CHUNK:
            return
        mark = (found[-1].at, found[-1].id)


def _place(session: Session, row_id: int | None) -> tuple[datetime, int] | None:
    if row_id is None:
        return None
    row = session.get(AuditEvent, row_id)
    return None if row is None else (row.at, row.id)


def _rows(
    session: Session,
    asked: Asked,
    *,
    limit: int,
    beyond: tuple[datetime, int] | None,
    backwards: bool,
) -> list[Any]:
    ids = _union(asked, limit=limit, beyond=beyond, backwards=backwards, ordered=True)
    statement = (
        select(
            col(AuditEvent.id),
            col(AuditEvent.at),
            col(AuditEvent.action),
            col(AuditEvent.subject),
            col(AuditEvent.details),
            col(AuditEvent.account_id),
            col(Account.name),
            col(Account.role),
        )
        .join(ids, ids.c.id == AuditEvent.id)
        .outerjoin(Account, col(Account.id) == AuditEvent.account_id)
        .order_by(*_order(backwards))
        .limit(limit)
    )
    return list(session.execute(statement).all())


def _union(
    asked: Asked,
    *,
    limit: int | None,
    beyond: tuple[datetime, int] | None,
    backwards: bool,
    ordered: bool,
) -> Any:
    """Return a subquery of the ids of the first ``limit`` rows of each arm."""
    parts: list[Select[Any]] = []
    for arm in _arms(asked):
        part: Select[Any] = select(col(AuditEvent.id)).where(*_conditions(arm))
        if beyond is not None:
            place = tuple_(col(AuditEvent.at), col(AuditEvent.id))
            mark = tuple_(literal(beyond[0], _MOMENT), literal(beyond[1]))
            part = part.where(place > mark if backwards else place < mark)
        if ordered:
            part = part.order_by(*_order(backwards))
        if limit is not None:
            part = part.limit(limit)
        parts.append(part)
    if len(parts) == 1:
        return parts[0].subquery()
    return union_all(*(select(part.subquery().c.id) for part in parts)).subquery()


def _order(backwards: bool) -> tuple[Any, Any]:
    at, id_ = col(AuditEvent.at), col(AuditEvent.id)
    return (at.asc(), id_.asc()) if backwards else (at.desc(), id_.desc())


def _arms(asked: Asked) -> list[Asked]:
    """Return what is asked for in parts that an index each answers, no row in two of them."""
    if asked.subjects is not None and len(asked.subjects) <= _MOST_ARMS:
        return [replace(asked, subjects=(one,)) for one in asked.subjects] or [asked]
    arms = [asked]
    if asked.actions:
        arms = [replace(asked, actions=(one,)) for one in asked.actions]
    if asked.accounts and len(arms) * len(asked.accounts) <= _MOST_ARMS:
        arms = [replace(arm, accounts=(one,)) for arm in arms for one in asked.accounts]
    return arms


def _conditions(asked: Asked) -> Iterator[ColumnElement[bool]]:
    wanted: tuple[tuple[Any, tuple[Any, ...] | None], ...] = (
        (col(AuditEvent.account_id), asked.accounts),
        (col(AuditEvent.action), asked.actions),
        (col(AuditEvent.subject), asked.subjects),
    )
    for column, values in wanted:
        if values is not None:
            yield column == values[0] if len(values) == 1 else column.in_(values)
    if asked.since is not None:
        yield col(AuditEvent.at) >= asked.since
    if asked.until is not None:
        yield col(AuditEvent.at) < asked.until
