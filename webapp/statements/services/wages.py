"""Use cases of wages: an employer says what it paid for a month, the person may object."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.services.access import visible_match
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.statements import policy
from webapp.statements.earnings import first_month
from webapp.statements.models import WageConfirmation

#: How many months back a wage can be confirmed, and what no wage of a month here exceeds.
FURTHEST_BACK, MOST_FEN = 12, 100_000_00


def months_of(match: Match) -> list[date]:
    """Return the months of a hire whose wage can be confirmed, the newest first."""
    last = clock.today()
    if match.state is MatchState.LEFT:
        last = min(last, clock.local(match.since).date())
    started = (match.start_date or last).replace(day=1)
    months = [first_month(back) for back in range(FURTHEST_BACK + 1)]
    return [one for one in months if started <= one <= last]


def hire_of(session: Session, actor: Actor, match_id: int) -> tuple[Match, Opening]:
    """Return a hire of the actor's own organisation; anything else raises ``NotFound``."""
    match = visible_match(session, actor, match_id)
    opening = session.get_one(Opening, match.opening_id)
    if opening.employer_id is None or not policy.can_confirm(
        actor, kind=opening.kind, state=match.state
    ):
        raise NotFound
    return match, opening


def confirm(
    session: Session, actor: Actor, *, match_id: int, month: date, amount_fen: int
) -> WageConfirmation:
    """Write what was paid for a month; what was said of it before gives way."""
    match, opening = hire_of(session, actor, match_id)
    if month not in months_of(match):
        raise BadField("month", _("这个月不在上班的时间里，请重新选"))
    if not 0 < amount_fen <= MOST_FEN:
        raise BadField("amount_yuan", _("请看看数目，一个月的工资要在 0 到 10 万元之间"))
    session.exec(
        update(WageConfirmation)
        .where(
            col(WageConfirmation.match_id) == match.id,
            col(WageConfirmation.month) == month,
            col(WageConfirmation.ended_at).is_(None),
        )
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    row = WageConfirmation(
        match_id=match.id,
        resident_id=match.resident_id,
        employer_id=opening.employer_id or 0,
        month=month,
        amount_fen=amount_fen,
        confirmed_at=clock.now(),
        confirmed_by_id=actor.account_id,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict(_("这个月刚刚确认过了，请刷新看看")) from error
    audit.record(session, "wage.confirm", f"resident:{match.resident_id}", month=f"{month:%Y-%m}")
    return row


def withdraw(session: Session, actor: Actor, *, wage_id: int) -> None:
    """Take back what was said of a month: it was a mistake."""
    row = session.get(WageConfirmation, wage_id)
    if row is None:
        raise NotFound
    hire_of(session, actor, row.match_id)
    done = session.exec(
        update(WageConfirmation)
        .where(col(WageConfirmation.id) == wage_id, col(WageConfirmation.ended_at).is_(None))
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("已经撤掉了。"))
    audit.record(session, "wage.withdraw", f"resident:{row.resident_id}", wage=wage_id)


def object_to(session: Session, actor: Actor, *, wage_id: int, words: str) -> WageConfirmation:
    """Say that a confirmed wage is wrong: it counts no longer, and the branch asks after it."""
    row = _of_person(session, actor, wage_id)
    done = session.exec(
        update(WageConfirmation)
        .where(
            col(WageConfirmation.id) == wage_id,
            col(WageConfirmation.ended_at).is_(None),
            col(WageConfirmation.objected_at).is_(None),
        )
        .values(objected_at=clock.now(), objection=words)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("这个数已经说过不对，或者单位已经改了。"))
    audit.record(session, "wage.object", f"resident:{row.resident_id}", wage=wage_id)
    return row


def settle(session: Session, actor: Actor, *, wage_id: int) -> WageConfirmation:
    """Say that a wage somebody objected to is right after all: it counts again."""
    row = _of_person(session, actor, wage_id)
    done = session.exec(
        update(WageConfirmation)
        .where(
            col(WageConfirmation.id) == wage_id,
            col(WageConfirmation.ended_at).is_(None),
            col(WageConfirmation.objected_at).is_not(None),
        )
        .values(objected_at=None, objection="")
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("这个数没有人说不对，或者单位已经改了。"))
    audit.record(session, "wage.settle", f"resident:{row.resident_id}", wage=wage_id)
    return row


def _of_person(session: Session, actor: Actor, wage_id: int) -> WageConfirmation:
    """Return a wage of somebody whom the actor may speak for; another's is not there."""
    row = session.get(WageConfirmation, wage_id)
    resident = session.get(Resident, row.resident_id) if row else None
    if row is None or resident is None:
        raise NotFound
    if not policy.can_object(actor, resident):
        raise Forbidden if actor.is_staff else NotFound
    return row


def of_match(session: Session, match_id: int) -> list[WageConfirmation]:
    """Return what stands confirmed of a hire, the newest month first."""
    rows = select(WageConfirmation).where(
        col(WageConfirmation.match_id) == match_id, col(WageConfirmation.ended_at).is_(None)
    )
    return list(session.exec(rows.order_by(col(WageConfirmation.month).desc())))
