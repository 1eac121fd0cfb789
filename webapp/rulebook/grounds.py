"""Grounds of law on which one code of wording may stand: dated rows, shipped and seeded."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, or_, select

from webapp.core import clock
from webapp.rulebook.models import ExceptionGround, WordingCode

TABLE = Path(__file__).resolve().parents[2] / "data" / "exception_grounds.csv"


def in_force(session: Session, *, on: date) -> list[ExceptionGround]:
    """Return the grounds in force on a day, in the order of the table."""
    statement = select(ExceptionGround).where(
        ExceptionGround.since <= on,
        or_(col(ExceptionGround.until).is_(None), col(ExceptionGround.until) > on),
    )
    return list(session.exec(statement.order_by(col(ExceptionGround.id))).all())


def codes(session: Session, *, on: date) -> frozenset[str]:
    """Return the codes of wording that have an exception on that day."""
    return frozenset(ground.lifts.value for ground in in_force(session, on=on))


def seed(session: Session) -> int:
    """Take in the shipped grounds that are missing, end today those no longer shipped."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        shipped = {_key(row): row for row in csv.DictReader(file)}
    changed = 0
    for ground in session.exec(select(ExceptionGround)).all():
        if shipped.pop((ground.name, ground.since), None) is None and ground.until is None:
            ground.until = clock.today()
            changed += 1
    for (name, since), row in shipped.items():
        session.add(
            ExceptionGround(
                name=name,
                lifts=WordingCode(row["lifts"]),
                words=row["words"],
                source=row["source"],
                since=since,
                created_at=clock.now(),
            )
        )
    session.flush()
    return changed + len(shipped)


def _key(row: dict[str, Any]) -> tuple[str, date]:
    return row["ground"], date.fromisoformat(row["from"])
