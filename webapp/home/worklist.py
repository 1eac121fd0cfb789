"""What waits for staff today, each kind of it as one statement."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.employers.models import Employer
from webapp.matches.lifecycle import AWAITS_EMPLOYER, MatchAction, MatchState
from webapp.matches.models import Match
from webapp.matches.queries.match_detail import LINE, joined
from webapp.matches.services.follow_ups import FOLLOW_UPS
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Resident

S = MatchState
FEW = 5


def waiting_for_answer() -> Any:
    """Return the statement of residents to call: those without an account first."""
    return (
        joined(*LINE)
        .where(col(Match.state).in_([S.OFFERED, S.INTERESTED]))
        .order_by(
            case((col(Resident.account_id).is_(None), 0), else_=1),
            col(Match.offered_until),
            col(Match.id),
        )
    )


def due() -> Any:
    """Return the statement of what ran out: no reply, silent employers, jobs to ask after."""
    today = clock.today()
    started = {
        S.HIRED: MatchAction.FOLLOW_UP_30,
        S.DAY_30: MatchAction.FOLLOW_UP_90,
        S.DAY_90: MatchAction.RETAIN,
    }
    to_ask = [
        and_(
            col(Match.state) == state,
            col(Match.start_date) <= today - timedelta(days=FOLLOW_UPS[action]),
        )
        for state, action in started.items()
    ]
    silent = and_(col(Match.state).in_(AWAITS_EMPLOYER), col(Match.chases) > 0)
    return (
        joined(*LINE)
        .where(or_(col(Match.state) == S.NO_REPLY, silent, *to_ask))
        .order_by(col(Match.since), col(Match.id))
    )


def to_review() -> Any:
    """Return the statement of openings handed in, the longest waiting first."""
    return (
        select(
            col(Opening.id),
            col(Opening.title),
            col(Opening.kind),
            col(Opening.updated_at),
            col(Employer.name).label("employer"),
        )
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(Opening.state) == OpeningState.SUBMITTED)
        .order_by(col(Opening.updated_at), col(Opening.id))
    )


def first_few(session: Session, statement: Any, few: int = FEW) -> tuple[int, list[Any]]:
    """Return how many rows a statement has, and the first of them, in one query."""
    counted = statement.add_columns(func.count().over().label("of_all")).limit(few)
    rows = list(session.execute(counted))
    return (rows[0].of_all if rows else 0), rows
