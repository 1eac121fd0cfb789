"""What the pages of draws show."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import receipt_codes
from webapp.core.db import moment
from webapp.core.memo import built_once
from webapp.draws.lifecycle import AWAITS_SEED, DrawState
from webapp.draws.models import Draw, DrawEntry, SeedEntry


@dataclass(frozen=True)
class Line:
    """One line of the public page: ``number`` in the list, ``rank`` once drawn."""

    number: int
    rank: int | None
    code: str
    drawn: bool


def by_code(session: Session, code: str) -> Draw | None:
    """Return the draw with this code unless it is still open; ``None`` for none."""
    plain = receipt_codes.plain(code)
    if plain is None:
        return None
    return session.execute(
        select(Draw).where(col(Draw.code) == plain, col(Draw.state) != DrawState.OPEN)
    ).scalar_one_or_none()


def lines(session: Session, draw: Draw) -> list[Line]:
    """Return the entries, in the order they were drawn, before that by their numbers."""
    rows = session.execute(
        select(col(DrawEntry.number), col(DrawEntry.rank), col(DrawEntry.code))
        .where(col(DrawEntry.draw_id) == draw.id)
        .order_by(col(DrawEntry.rank), col(DrawEntry.number))
    ).all()
    return [
        Line(number or 0, rank, code, rank is not None and rank <= draw.places)
        for number, rank, code in rows
    ]


def published() -> Any:
    """Return the statement of draws whose list stands, the newest first."""
    return (
        select(Draw)
        .where(col(Draw.list_hash) != "")
        .order_by(col(Draw.frozen_at).desc(), col(Draw.id).desc())
    )


def all_draws() -> Any:
    """Return the statement of all draws for staff: those to type in first."""
    return select(Draw).order_by(
        col(Draw.state).in_(sorted(AWAITS_SEED)).desc(), col(Draw.created_at).desc()
    )


@built_once
def to_type() -> Any:
    """Return the statement of draws whose result is known and not typed in by two yet."""
    return (
        select(col(Draw.id), col(Draw.title), col(Draw.state), col(Draw.source),
               col(Draw.source_day))
        .where(col(Draw.state).in_(sorted(AWAITS_SEED)), col(Draw.known_at) <= moment())
        .order_by(col(Draw.known_at), col(Draw.id))
    )  # fmt: skip


def mismatch(session: Session, draw: Draw) -> tuple[str, str] | None:
    """Return what the two typed in the last round, when it differed."""
    if draw.round == 1 or draw.state is not DrawState.FROZEN:
        return None
    values = session.execute(
        select(col(SeedEntry.value))
        .where(col(SeedEntry.draw_id) == draw.id, col(SeedEntry.round) == draw.round - 1)
        .order_by(col(SeedEntry.turn))
    ).scalars()
    first, second = values
    return first, second


def has_typed(session: Session, draw: Draw, account_id: int | None) -> bool:
    """Whether this member typed the result of this round in already."""
    query = select(col(SeedEntry.id)).where(
        col(SeedEntry.draw_id) == draw.id,
        col(SeedEntry.round) == draw.round,
        col(SeedEntry.typed_by_id) == account_id,
    )
    return session.execute(query).first() is not None
