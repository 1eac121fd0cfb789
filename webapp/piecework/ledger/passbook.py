"""The passbook (领料存折): each line carries the digest of the line before it.

Page and print show the same lines. Whoever changes one later is found out, because the digests
printed on paper no longer agree.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from webapp.core import clock
from webapp.piecework.models.assignment import Assignment
from webapp.piecework.models.passbook import PassbookHead, PassbookKind, PassbookLine

GENESIS = "0" * 64


def write(
    session: Session,
    assignment: Assignment,
    kind: PassbookKind,
    *,
    entry_id: int | None = None,
    **facts: Any,
) -> PassbookLine:
    """Add a line to the passbook of the assignment's household; ``facts`` are JSON values.

    The names of facts are part of the digests (``tranche`` is a delivery's number): they stay.
    """
    head = _locked_head(session, assignment.household_id)
    line = PassbookLine(
        household_id=assignment.household_id,
        number=head.number + 1,
        at=clock.now(),
        kind=kind,
        assignment_id=assignment.id,
        entry_id=entry_id,
        facts={key: value for key, value in facts.items() if value is not None},
        previous=head.digest,
        digest="",
    )
    line.digest = digest(line)
    head.number, head.digest = line.number, line.digest
    session.add(line)
    session.add(head)
    session.flush()
    return line


def digest(line: PassbookLine) -> str:
    """Return the SHA-256 (hex) over a line's content and the digest before it."""
    content = [
        line.previous,
        line.household_id,
        line.number,
        line.at.isoformat(timespec="microseconds"),
        str(line.kind),
        line.assignment_id,
        line.facts,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def claimed_since(since: datetime | None) -> list[ColumnElement[bool]]:
    """Return the conditions of lines about work claimed from a moment on, of all without one."""
    if since is None:
        return []
    of_then = select(col(Assignment.id)).where(col(Assignment.claimed_at) >= since)
    return [col(PassbookLine.assignment_id).in_(of_then)]


def check(session: Session, printed: str) -> PassbookLine | None:
    """Return the line whose digest was printed, when it still has that content."""
    line = session.execute(
        select(PassbookLine).where(col(PassbookLine.digest) == printed)
    ).scalar_one_or_none()
    return line if line is not None and digest(line) == printed else None


def chain_faults(session: Session) -> list[str]:
    """Return one message for each broken chain; empty when all passbooks are whole."""
    found: list[str] = []
    heads = {
        household: (number, last)
        for household, number, last in session.execute(
            select(
                col(PassbookHead.household_id), col(PassbookHead.number), col(PassbookHead.digest)
            )
        ).all()
    }
    ends: dict[int, tuple[int, str]] = {}
    query = select(PassbookLine).order_by(col(PassbookLine.household_id), col(PassbookLine.number))
    for line in session.execute(query.execution_options(yield_per=1000)).scalars():
        number, previous = ends.get(line.household_id, (0, GENESIS))
        name = f"passbook of household {line.household_id}, line {line.number}"
        if line.number != number + 1 or line.previous != previous:
            found.append(f"{name}: does not follow the line before it")
        if line.digest != digest(line):
            found.append(f"{name}: content was changed")
        ends[line.household_id] = (line.number, line.digest)
    for household, end in ends.items():
        if heads.pop(household, None) != end:
            found.append(f"passbook of household {household}: its end is not its last line")
    found += [
        f"passbook of household {household}: lines are missing"
        for household, (number, _last) in heads.items()
        if number
    ]
    return found


def _locked_head(session: Session, household_id: int) -> PassbookHead:
    found = (
        select(PassbookHead)
        .where(col(PassbookHead.household_id) == household_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    head = session.execute(found).scalar_one_or_none()
    if head is not None:
        return head
    try:
        with session.begin_nested():
            session.add(PassbookHead(household_id=household_id, number=0, digest=GENESIS))
    except IntegrityError:  # begun by another in the same moment
        pass
    return session.execute(found).scalar_one()
