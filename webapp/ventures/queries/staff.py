"""What staff see of ventures: all cases, what is overdue, one venture's entries, mentors."""

from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlmodel import Session, col

from webapp.branches.queries.members import members, who_knows
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.formatting import hours_words
from webapp.core.memo import built_once
from webapp.matches.queries.match_detail import PROVEN
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.residents.queries import people_named
from webapp.ventures.lifecycle import (
    CARED_FOR,
    LIVE,
    CaseState,
    MentorState,
    RoundState,
    Survival,
)
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.records import VentureSurvival
from webapp.ventures.models.ventures import Venture, VentureRound
from webapp.ventures.overdue import Deadline, deadline, overdue_clause

MOST_FOUND = 8
MOST_IN_LINE = 10
SHOWN = ("overdue", "preparing", "open", "offered", "over")


def cases(actor: Actor, shown: str) -> Any:
    """Return the statement of the cases the actor's branch cares for, or that they stand by."""
    which = {
        "overdue": overdue_clause(deadline()),
        "preparing": col(VentureCase.state) == CaseState.PLANNING,
        "open": col(VentureCase.state) == CaseState.ACTIVE,
        "offered": col(VentureCase.state) == CaseState.OFFERED,
        "over": col(VentureCase.state).in_([CaseState.CLOSED, CaseState.STOPPED]),
    }.get(shown, col(VentureCase.state).in_(sorted(CARED_FOR | {CaseState.OFFERED})))
    return (
        select(
            VentureCase,
            col(Resident.name),
            col(Resident.phone),
            col(Resident.account_id),
            case((overdue_clause(deadline()), 1), else_=0).label("overdue"),
        )
        .join(Resident, col(Resident.id) == VentureCase.resident_id)
        .where(which, _within(actor))
        .order_by(
            case((overdue_clause(deadline()), 0), else_=1),
            case((col(VentureCase.due_on).is_(None), 1), else_=0),
            col(VentureCase.due_on),
            col(VentureCase.id),
        )
    )


def overdue_cases() -> Any:
    """Return the statement of all overdue cases, for the workbench: (id, title, name, due_on)."""
    return _overdue_cases(deadline())


@built_once
def _overdue_cases(on: Deadline) -> Any:
    return (
        select(
            col(VentureCase.id),
            col(VentureCase.title),
            col(VentureCase.due_on),
            col(Resident.name),
        )
        .join(Resident, col(Resident.id) == VentureCase.resident_id)
        .where(overdue_clause(on))
        .order_by(col(VentureCase.due_on), col(VentureCase.id))
    )


@built_once
def to_call() -> Any:
    """Return the statement of those to be told in person that a place is kept for them."""
    return (
        select(
            col(VentureCase.id),
            col(VentureCase.title),
            col(VentureCase.offered_until),
            col(Resident.name),
            col(Resident.phone),
            col(Resident.contact_note),
        )
        .join(Resident, col(Resident.id) == VentureCase.resident_id)
        .where(col(VentureCase.state) == CaseState.OFFERED, col(Resident.account_id).is_(None))
        .order_by(col(VentureCase.offered_until), col(VentureCase.id))
    )


@built_once
def to_freeze() -> Any:
    """Return the statement of stalls whose entries closed: (id, title, valid_until, wanting)."""
    frozen = select(col(VentureRound.venture_id)).where(
        col(VentureRound.state) == RoundState.FROZEN
    )
    return (
        select(
            col(Venture.id),
            col(Opening.title),
            col(Opening.valid_until),
            func.count(col(VentureCase.id)).label("wanting"),
        )
        .join(Opening, col(Opening.id) == Venture.opening_id)
        .join(VentureCase, col(VentureCase.venture_id) == Venture.id)
        .join(Resident, col(Resident.id) == VentureCase.resident_id)
        .where(
            PROVEN,
            col(VentureCase.state) == CaseState.APPLIED,
            col(VentureCase.round_id).is_(None),
            col(Opening.state) != OpeningState.CLOSED,
            col(Opening.valid_until) < clock.today(),
            col(Opening.headcount) > col(Opening.hired_count),
            col(Venture.id).not_in(frozen),
        )
        .group_by(col(Venture.id), col(Opening.title), col(Opening.valid_until))
        .order_by(col(Opening.valid_until), col(Venture.id))
    )


def count_overdue(session: Session) -> int:
    """Return how many cases are overdue."""
    query = select(func.count()).select_from(VentureCase).where(overdue_clause(deadline()))
    return session.execute(query).scalar_one()


def report(session: Session) -> dict[str, Any]:
    """Return how many cases stand where, are overdue, and are there after 3, 6, 12 months."""
    counted = select(col(VentureCase.state), func.count()).group_by(col(VentureCase.state))
    by_state = dict(session.execute(counted).all())
    survival: dict[int, dict[Survival, int]] = {}
    rows = session.execute(
        select(col(VentureSurvival.months), col(VentureSurvival.result), func.count()).group_by(
            col(VentureSurvival.months), col(VentureSurvival.result)
        )
    )
    for months, result, count in rows:
        survival.setdefault(months, {})[result] = count
    return {
        "preparing": by_state.get(CaseState.PLANNING, 0),
        "open": by_state.get(CaseState.ACTIVE, 0),
        "overdue": count_overdue(session),
        "survival": sorted(survival.items()),
    }


def asked_of(session: Session, account_id: int | None) -> list[Any]:
    """Return (case id, title, name) of those a member was asked to stand by and has not said."""
    return list(
        session.execute(
            select(col(VentureCase.id), col(VentureCase.title), col(Resident.name))
            .join(Resident, col(Resident.id) == VentureCase.resident_id)
            .where(
                col(VentureCase.mentor_id) == account_id,
                col(VentureCase.mentor_state) == MentorState.ASKED,
                col(VentureCase.state).in_(sorted(CARED_FOR)),
            )
            .order_by(col(VentureCase.id))
        )
    )


def offers_in_line(session: Session) -> list[Any]:
    """Return (venture id, title, valid_until, wanting) of ventures whose places are to give out."""
    wanting = func.count(case((PROVEN, col(VentureCase.id))))
    return list(
        session.execute(
            select(col(Venture.id), col(Opening.title), col(Opening.valid_until), wanting)
            .join(Opening, col(Opening.id) == Venture.opening_id)
            .outerjoin(
                VentureCase,
                and_(
                    col(VentureCase.venture_id) == Venture.id,
                    col(VentureCase.state) == CaseState.APPLIED,
                ),
            )
            .outerjoin(Resident, col(Resident.id) == VentureCase.resident_id)
            .group_by(
                col(Venture.id), col(Opening.title), col(Opening.valid_until), col(Opening.state)
            )
            .having(or_(col(Opening.state) == OpeningState.PUBLISHED, wanting > 0))
            .order_by(wanting.desc(), col(Opening.valid_until), col(Venture.id))
            .limit(MOST_IN_LINE)
        )
    )


def entries(session: Session, venture_id: int) -> list[Any]:
    """Return (case, name, phone, account_id, proven) of a venture's live cases, in their order."""
    return list(
        session.execute(
            select(
                VentureCase,
                col(Resident.name),
                col(Resident.phone),
                col(Resident.account_id),
                PROVEN.label("proven"),
            )
            .join(Resident, col(Resident.id) == VentureCase.resident_id)
            .where(
                col(VentureCase.venture_id) == venture_id,
                col(VentureCase.state).in_(sorted(LIVE)),
            )
            .order_by(
                case((col(VentureCase.rank).is_(None), 1), else_=0),
                col(VentureCase.round_id),
                col(VentureCase.rank),
                col(VentureCase.created_at),
            )
        )
    )


def people_to_enter(session: Session, venture_id: int, words: str) -> list[Any]:
    """Return (id, name, phone, there) of residents by part of a name or a whole number."""
    entered = exists().where(
        col(VentureCase.resident_id) == col(Resident.id),
        col(VentureCase.venture_id) == venture_id,
        col(VentureCase.state).in_(sorted(LIVE)),
    )
    return people_named(session, words, is_there=entered, most=MOST_FOUND)


def mentors(session: Session, trade: str) -> list[tuple[int, str]]:
    """Return (account id, words) of members to ask: those who know the trade or stalls first."""
    known = {one.account_id for word in (trade, "摆摊", "算账") for one in who_knows(session, word)}
    ordered = sorted(
        members(session), key=lambda one: (one.account_id not in known, one.account_id)
    )
    found = []
    for one in ordered:
        trades = "、".join(one.profile.trades) if one.profile else one.title
        hours = hours_words(one.profile.hours) if one.profile else ""
        found.append(
            (one.account_id, " · ".join(part for part in (one.name, trades, hours) if part))
        )
    return found


def _within(actor: Actor) -> Any:
    if actor.serves_all:
        return col(VentureCase.id).is_not(None)
    stood_by = and_(
        col(VentureCase.mentor_id) == actor.account_id,
        col(VentureCase.mentor_state) != MentorState.DECLINED,
    )
    return or_(col(Resident.branch_id) == actor.branch_id, stood_by)
