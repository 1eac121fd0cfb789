"""`fumin verify`: recompute what must hold and say what does not."""

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from webapp.core import audit
from webapp.core.db import Database
from webapp.draws import service as draws
from webapp.matches.lifecycle import TAKEN
from webapp.matches.models import Match
from webapp.openings.models import Opening
from webapp.ops import schema
from webapp.payment_checks import queries as payment_checks
from webapp.piecework.ledger import verification
from webapp.spot_checks.queries import results as spot_checks


def faults(db: Database) -> list[str]:
    """Return one line for each thing that is wrong; empty when all holds."""
    found = [f"schema: {difference}" for difference in schema.differences(db)]
    if found:
        return found  # the rest would only stumble over it
    with db.reader() as session:
        return [
            *_foreign_keys(session),
            *audit.verify_chain(session),
            *_hired_counts(session),
            *verification.faults(session),
            *draws.faults(session),
            *payment_checks.faults(session),
            *spot_checks.faults(session),
        ]


def _foreign_keys(session: Session) -> list[str]:
    if session.get_bind().dialect.name != "sqlite":
        return []  # PostgreSQL cannot switch them off
    rows = session.execute(text("PRAGMA foreign_key_check")).all()
    return [f"foreign key: {row[0]} row {row[1]} points to a missing {row[2]}" for row in rows]


def _hired_counts(session: Session) -> list[str]:
    taken = (
        select(Match.opening_id, func.count().label("n"))
        .where(col(Match.state).in_(TAKEN))
        .group_by(col(Match.opening_id))
        .subquery()
    )
    counted = func.coalesce(taken.c.n, 0)
    rows = session.exec(
        select(Opening.id, Opening.hired_count, counted)
        .outerjoin(taken, taken.c.opening_id == Opening.id)
        .where(col(Opening.hired_count) != counted)
    ).all()
    return [f"opening {id_}: {count} places taken, {n} people hired" for id_, count, n in rows]
