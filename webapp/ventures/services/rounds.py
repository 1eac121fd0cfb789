"""Give out the places of a venture: freeze who wants one, find the order, offer from its top.

Entries close with the last day to apply. Where there are places for all, all get one. Otherwise
the order is that of the published points, those of equal points parted by a draw, or of the draw
alone (:mod:`webapp.draws`): its list of receipt codes is frozen with its hash before the public
result it waits for can be known. A place that is not taken goes to the next in the order.
"""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import audit, clock, receipt_codes
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import BadField, Conflict, Forbidden
from webapp.draws import service as draws
from webapp.draws.lifecycle import SeedSource
from webapp.draws.models import Draw, DrawEntry
from webapp.matches.queries.match_detail import PROVEN
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.rulebook.figures import rule
from webapp.ventures import policy
from webapp.ventures.lifecycle import Allocation, CaseAction, CaseState, RoundState
from webapp.ventures.models.cases import VentureCase
from webapp.ventures.models.ventures import Venture, VentureRound
from webapp.ventures.services import points
from webapp.ventures.services.places import free_places, sync_opening
from webapp.ventures.services.transitions import lock_venture, move, tell

_SUBJECT = "venture_round:"


def freeze(
    session: Session,
    actor: Actor,
    *,
    venture_id: int,
    source: SeedSource | None = None,
    day: date | None = None,
) -> VentureRound:
    """Close the list of those who want a place, and begin to find the order.

    ``source`` and ``day`` name the public result a draw waits for; asked for only where there is
    something to draw. Raises ``Conflict`` while entries are open, without a free place, with
    nobody on the list, or with a list that waits already.
    """
    if not policy.can_manage(actor):
        raise Forbidden
    venture, opening = lock_venture(session, venture_id)
    entries = waiting_entries(session, venture_id)
    free = free_places(session, venture)
    _refuse_freezing(session, venture, opening, entries, free)
    today = clock.today()
    details = points.points_of(session, [one.resident_id for one in entries], on=today)
    by_points = venture.allocation is Allocation.POINTS
    order = sorted(entries, key=lambda one: (-points.total(details[one.resident_id]), one.code))
    sums = [points.total(details[one.resident_id]) for one in order]
    contested = len(entries) > len(free)
    to_draw = contested and (not by_points or len(set(sums)) < len(sums))
    row = VentureRound(
        venture_id=venture_id,
        state=RoundState.FROZEN,
        method=venture.allocation,
        places=len(free),
        entries=len(entries),
        entries_until=opening.valid_until or today,
        frozen_at=clock.now(),
        frozen_by_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    for case in entries:
        case.round_id = row.id
        if by_points:
            case.points_detail = details[case.resident_id]
            case.points = points.total(case.points_detail)
        session.add(case)
    session.flush()
    audit.record(session, "venture_round.freeze", row, entries=len(entries), places=len(free))
    if to_draw:
        _begin_draw(session, actor, row, opening, entries, source, day)
    else:
        _decide(session, actor, row, venture, order)
    return row


def _refuse_freezing(
    session: Session,
    venture: Venture,
    opening: Opening,
    entries: list[VentureCase],
    free: list[int],
) -> None:
    if venture.allocation is Allocation.OPEN:
        raise Conflict(_("这个项目不限人，不用分"))
    if opening.state is OpeningState.CLOSED:
        raise Conflict(_("摊位收回去了，不用分"))
    if opening.valid_until is None or opening.valid_until >= clock.today():
        raise Conflict(_("报名还没有截止，过了最后一天才能定名单"))
    if waiting_round(session, venture.id) is not None:
        raise Conflict(_("名单已经定死了，等抽签出来"))
    if not free:
        raise Conflict(_("现在没有空的摊位"))
    if not entries:
        raise Conflict(_("还没有人报名，不用分"))


def _begin_draw(
    session: Session,
    actor: Actor,
    row: VentureRound,
    opening: Opening,
    entries: list[VentureCase],
    source: SeedSource | None,
    day: date | None,
) -> None:
    if source is None or day is None:
        raise BadField("day", _("想要的人比摊位多，要抽签：请选用哪一天的开奖号码"))
    draw = draws.begin(
        session, actor, subject=f"{_SUBJECT}{row.id}", title=opening.title, places=row.places
    )
    for case in entries:
        draws.enter(session, draw.id, code=case.code)
    draws.freeze(session, actor, draw_id=draw.id, source=source, day=day)
    for case in entries:
        tell(session, case, f"frozen:{row.id}")


def draw_done(session: Session, actor: Actor, *, subject: str) -> None:
    """Take over the order of a draw that was for one of these rounds."""
    row = _of_subject(session, subject)
    if row is None or row.state is RoundState.DECIDED:
        return
    venture, _opening = lock_venture(session, row.venture_id)
    drawn = dict(
        session.exec(
            select(DrawEntry.code, DrawEntry.rank)
            .join(Draw, col(Draw.id) == DrawEntry.draw_id)
            .where(Draw.subject == subject, col(DrawEntry.rank).is_not(None))
        ).all()
    )
    cases = session.exec(
        select(VentureCase).where(
            VentureCase.round_id == row.id, VentureCase.state == CaseState.APPLIED
        )
    ).all()
    order = sorted(cases, key=lambda one: (-(one.points or 0), drawn[one.code]))
    _decide(session, actor, row, venture, order)


def draw_cancelled(session: Session, *, subject: str) -> None:
    """Open the list of a round again whose draw was called off; everybody gets a new receipt.

    The old codes stand in a list that was published and drawn by nobody.
    """
    row = _of_subject(session, subject)
    if row is None or row.state is RoundState.DECIDED:
        return
    lock_venture(session, row.venture_id)
    for case in session.exec(select(VentureCase).where(VentureCase.round_id == row.id)).all():
        case.round_id, case.points, case.points_detail = None, None, []
        case.code = receipt_codes.fresh()
        session.add(case)
        tell(session, case, f"again:{row.id}")
    session.flush()
    session.delete(row)
    audit.record(session, "venture_round.reopen", row)


def fill_places(session: Session, actor: Actor, venture: Venture) -> None:
    """Offer free places to those next in the order; the opening says how many are left.

    Once every place has its open business, the rest of the order is told that it was not theirs.
    """
    free = free_places(session, venture)
    ranked = session.exec(
        select(VentureCase)
        .where(
            VentureCase.venture_id == venture.id,
            VentureCase.state == CaseState.APPLIED,
            col(VentureCase.rank).is_not(None),
        )
        .order_by(col(VentureCase.round_id), col(VentureCase.rank))
        .execution_options(populate_existing=True)
    ).all()
    for number, case in zip(free, ranked, strict=False):
        last = clock.today() + timedelta(days=rule("venture_accept_days", on=clock.today()))
        until = clock.end_of_day(last) - timedelta(minutes=1)  # named with the day it belongs to
        move(session, actor, case, CaseAction.OFFER, place_no=number, offered_until=until)
        tell(session, case, "offer")
    if not free and not _still_moving(session, venture.id):
        for case in ranked:
            move(session, SYSTEM, case, CaseAction.PASS_OVER)
            tell(session, case, "passed_over")
    sync_opening(session, venture)


def end_entries(session: Session, *, opening_id: int) -> int:
    """Tell those who wait that an opening was closed for good; return how many.

    One that has only run out stays: its list is yet to be frozen. A list that waits for its draw
    is drawn.
    """
    opening = session.get_one(Opening, opening_id)
    venture = session.exec(select(Venture).where(Venture.opening_id == opening_id)).first()
    if venture is None or opening.state is not OpeningState.CLOSED:
        return 0
    if waiting_round(session, venture.id) is not None:
        return 0
    waiting = session.exec(
        select(VentureCase).where(
            VentureCase.venture_id == venture.id, VentureCase.state == CaseState.APPLIED
        )
    ).all()
    for case in waiting:
        move(session, SYSTEM, case, CaseAction.PASS_OVER, end_note=_("摊位收回去了"))
        tell(session, case, "taken_back")
    return len(waiting)


def lapse_offers(session: Session) -> int:
    """Pass on the places that nobody answered for in time (a job); return how many."""
    late = select(VentureCase).where(
        VentureCase.state == CaseState.OFFERED, col(VentureCase.offered_until) <= clock.now()
    )
    lapsed = 0
    for found in session.exec(late.order_by(col(VentureCase.id))).all():
        if found.venture_id is None:
            continue
        venture, _opening = lock_venture(session, found.venture_id)
        session.refresh(found)
        in_time = found.offered_until is None or found.offered_until > clock.now()
        if found.state is not CaseState.OFFERED or in_time:
            continue
        move(session, SYSTEM, found, CaseAction.LAPSE)
        tell(session, found, "lapsed")
        fill_places(session, SYSTEM, venture)
        lapsed += 1
    return lapsed


def waiting_entries(session: Session, venture_id: int) -> list[VentureCase]:
    """Return who has applied, is in no round yet and has proven their number, by their codes.

    Anybody may type another's number: such an entry takes no lot until the number is proven.
    """
    query = _in_no_round(venture_id).join(Resident, col(Resident.id) == VentureCase.resident_id)
    return list(session.exec(query.where(PROVEN).order_by(VentureCase.code)).all())


def _in_no_round(venture_id: int) -> Any:
    return select(VentureCase).where(
        VentureCase.venture_id == venture_id,
        VentureCase.state == CaseState.APPLIED,
        col(VentureCase.round_id).is_(None),
    )


def waiting_round(session: Session, venture_id: int) -> VentureRound | None:
    """Return the round of a venture whose list is frozen and whose order is not known yet."""
    return session.exec(
        select(VentureRound).where(
            VentureRound.venture_id == venture_id, VentureRound.state == RoundState.FROZEN
        )
    ).first()


def subject_of(row: VentureRound) -> str:
    """Return what a round's draw is known by."""
    return f"{_SUBJECT}{row.id}"


def _of_subject(session: Session, subject: str) -> VentureRound | None:
    if not subject.startswith(_SUBJECT):
        return None
    return session.get(VentureRound, int(subject.removeprefix(_SUBJECT)))


def _decide(
    session: Session,
    actor: Actor,
    row: VentureRound,
    venture: Venture,
    order: list[VentureCase],
) -> None:
    for rank, case in enumerate(order, 1):
        case.rank = rank
        session.add(case)
    row.state, row.decided_at = RoundState.DECIDED, clock.now()
    session.add(row)
    session.flush()
    audit.record(session, "venture_round.decide", row, method=row.method.value)
    fill_places(session, actor, venture)
    # The list was fixed without those whose number was not proven then.
    for case in session.exec(_in_no_round(venture.id).order_by(VentureCase.id)).all():
        move(session, SYSTEM, case, CaseAction.PASS_OVER, end_note=_("定名单的时候手机号还没核对"))
        tell(session, case, "passed_over")


def _still_moving(session: Session, venture_id: int) -> bool:
    """Whether somebody holds a place and may still give it up before opening."""
    query = select(VentureCase.id).where(
        VentureCase.venture_id == venture_id,
        col(VentureCase.state).in_([CaseState.OFFERED, CaseState.PLANNING]),
    )
    return session.exec(query).first() is not None
