"""The promised openings of a course come first for who passed it; staff confirm them as ever."""

from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.access import Actor
from webapp.employers.models import Employer
from webapp.matches.lifecycle import MatchAction, MatchOrigin, MatchState, Pick, after
from webapp.matches.models import Match
from webapp.matches.services.requirements import weigh
from webapp.matches.services.staff_decisions import start
from webapp.matches.services.transitions import lock_opening, takes_people, transition
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState
from webapp.training.lifecycle import OrderState
from webapp.training.models.courses import Course
from webapp.training.models.orders import TrainingOrder

ASK = MatchAction.EMPLOYER_ASKS
REASON = "order"


def put_first(session: Session, actor: Actor, *, course: Course, resident_id: int) -> int:
    """Suggest the openings promised to a course to somebody who just passed it; return how many.

    They stand first in the staff's queue as what the employer asked for, and wait for staff to
    confirm. Left out are who looks for no work, openings that take nobody now, what the law
    bars, and what is under way already. The employer hears of nobody by this.
    """
    if session.get_one(Resident, resident_id).state is not ResidentState.SEEKING:
        return 0
    orders = session.exec(
        select(TrainingOrder)
        .where(
            TrainingOrder.course_id == course.id,
            TrainingOrder.state == OrderState.SIGNED,
            col(TrainingOrder.start_until) >= clock.today(),
        )
        .order_by(col(TrainingOrder.pay_fen).desc(), col(TrainingOrder.id))
    ).all()
    title = session.get_one(Opening, course.opening_id).title
    return sum(_suggest(session, actor, order, resident_id, title) for order in orders)


def _suggest(
    session: Session, actor: Actor, order: TrainingOrder, resident_id: int, title: str
) -> bool:
    opening = lock_opening(session, order.opening_id)
    if opening is None or not takes_people(session, opening.id):
        return False
    found = weigh(session, resident_id=resident_id, opening=opening)
    if found.barred:
        return False
    employer = session.get_one(Employer, order.employer_id).name
    words = _(
        "学完了「%(course)s」，%(employer)s开课前说好要 %(n)d 个学完的人",
        course=title, employer=employer, n=order.people,
    )  # fmt: skip
    asked: dict[str, Any] = {
        "origin": MatchOrigin.EMPLOYER,
        "position": 1,
        "pick": Pick.ASKED,
        "reasons": [{"code": REASON, "text": words}],
        "gaps": [*found.broken, *found.unknown],
    }
    query = select(Match).where(Match.resident_id == resident_id, Match.opening_id == opening.id)
    match = session.exec(query.execution_options(populate_existing=True)).first()
    if match is None:
        match = Match(
            resident_id=resident_id,
            opening_id=opening.id,
            state=MatchState.SUGGESTED,
            since=clock.now(),
            **asked,
        )
        start(session, actor, match, action=ASK, reason=words)
        return True
    if match.state is MatchState.SUGGESTED:
        for column, value in asked.items():
            setattr(match, column, value)
        session.add(match)
        session.flush()
        return True
    if after(match.state, ASK) is None:  # under way already, or hired
        return False
    transition(session, actor, match, ASK, reason=words, postponed_until=None, **asked)
    return True


def forget(session: Session, order: TrainingOrder) -> None:
    """Drop what a promise had put first and nobody has decided on: its reason no longer holds."""
    rows = session.exec(
        select(Match).where(
            Match.opening_id == order.opening_id,
            Match.state == MatchState.SUGGESTED,
            Match.origin == MatchOrigin.EMPLOYER,
        )
    ).all()
    for match in rows:
        if any(one.get("code") == REASON for one in match.reasons):
            session.delete(match)
    session.flush()
