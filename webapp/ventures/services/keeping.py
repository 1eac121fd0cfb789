"""Keep a case: open the business, close it, plan it, its licences, months and mentor."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.branches.queries import members
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.employment.lifecycle import Evidence, SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.employment.services import spells
from webapp.engine.suggestion_requests import request_suggestions
from webapp.guides.licence_steps import Need, steps_for
from webapp.matches.lifecycle import TAKEN
from webapp.matches.models import Match
from webapp.residents.models import Resident, ResidentState
from webapp.rulebook.figures import rule
from webapp.ventures import policy
from webapp.ventures.lifecycle import (
    CARED_FOR,
    TRANSITIONS,
    CaseAction,
    CaseState,
    EndCause,
    MentorState,
    SaidBy,
)
from webapp.ventures.models.cases import VentureCase, VenturePlan
from webapp.ventures.models.records import VentureCash, VentureLicence, VentureVisit
from webapp.ventures.models.ventures import Venture
from webapp.ventures.overdue import month_of
from webapp.ventures.services import rounds
from webapp.ventures.services.transitions import (
    lock_case,
    move,
    readable_case,
    state_conflict,
    tell,
    tell_account,
)


@dataclass(frozen=True)
class PlanTerms:
    """A one-page plan as a form says it; money in fen."""

    what: str
    sold_where: str
    buyers: str
    unit: str
    cost_fen: int
    price_fen: int
    fixed_fen: int
    days: int
    expected: int | None = None
    start_fen: int = 0
    own_fen: int = 0
    family_fen: int = 0
    loan_fen: int = 0
    credit_fen: int = 0
    other_fen: int = 0


@dataclass(frozen=True)
class Month:
    """A month's three numbers, in fen; ``month`` is its first day."""

    month: date
    in_fen: int
    out_fen: int
    left_fen: int


def open_business(
    session: Session, actor: Actor, *, case_id: int, opened_on: date, evidence: Evidence
) -> VentureCase:
    """Note that the business is open: from that day the person is on record as self-employed.

    ``evidence`` is what staff have seen of it; a visit counts only where one with a picture, from
    the day or later, is written down. Raises :class:`BadField` where that is not so.
    """
    case, resident = _kept(session, actor, case_id)
    if case.state is CaseState.ACTIVE:
        return case
    if (case.state, CaseAction.OPEN) not in TRANSITIONS:
        raise state_conflict(case)
    if opened_on > clock.today():
        raise BadField("opened_on", _("还没到这一天，到了再记"))
    if evidence is Evidence.VISIT_NOTE and not _seen_since(session, case_id, opened_on):
        raise BadField("evidence", _("先记一次开张以后、带照片的走访，才算上门看过"))
    spell = spells.record(
        session,
        actor,
        resident_id=resident.id,
        kind=SpellKind.SELF_EMPLOYED,
        starts_on=opened_on,
        evidence=evidence,
        words=case.title,
    )
    move(
        session,
        actor,
        case,
        CaseAction.OPEN,
        opened_on=opened_on,
        spell_id=spell.id,
        due_on=clock.today() + _days("venture_visit_days"),
        next_step="",
    )
    if resident.state in {ResidentState.SEEKING, ResidentState.PAUSED}:
        resident.state, resident.updated_at = ResidentState.EMPLOYED, clock.now()
        session.add(resident)
    _after(session, actor, case)
    return case


def close_business(
    session: Session,
    actor: Actor,
    *,
    case_id: int,
    closed_on: date,
    cause: EndCause,
    note: str = "",
) -> VentureCase:
    """Note the last day of a business; with it ends the stretch of self-employment."""
    case, resident = _kept(session, actor, case_id)
    if case.state is CaseState.CLOSED:
        return case
    if closed_on > clock.today():
        raise BadField("closed_on", _("还没到这一天，到了再记"))
    if case.opened_on is not None and closed_on < case.opened_on:
        raise BadField("closed_on", _("不能比开张那天早"))
    move(
        session,
        actor,
        case,
        CaseAction.CLOSE,
        closed_on=closed_on,
        end_cause=cause,
        end_note=note,
        due_on=None,
    )
    end_spell(session, actor, case, closed_on)
    _back_to_looking(session, resident)
    _after(session, actor, case)
    return case


def end_spell(session: Session, actor: Actor, case: VentureCase, ends_on: date) -> None:
    """End the stretch of self-employment that a case has written, unless staff did already."""
    spell = session.get(EmploymentSpell, case.spell_id) if case.spell_id else None
    if spell is None or spell.ends_on is not None or spell.withdrawn_at is not None:
        return
    spells.end(session, actor, spell_id=spell.id, ends_on=max(ends_on, spell.starts_on))


def write_plan(session: Session, actor: Actor, *, case_id: int, terms: PlanTerms) -> VenturePlan:
    """Write the plan of a case, or write it anew: the person, their mentor, or staff."""
    case, resident = lock_case(session, case_id)
    if not policy.can_read(actor, case, resident):
        raise NotFound
    _refuse_over(case)
    plan = session.exec(select(VenturePlan).where(VenturePlan.case_id == case_id)).first()
    values = {**asdict(terms), "updated_at": clock.now(), "updated_by_id": actor.account_id}
    if plan is None:
        plan = VenturePlan(case_id=case_id, **values)
    else:
        for name, value in values.items():
            setattr(plan, name, value)
    session.add(plan)
    session.flush()
    audit.record(session, "venture_case.write_plan", case)
    return plan


def note_licence(
    session: Session,
    actor: Actor,
    *,
    case_id: int,
    key: str,
    done_on: date | None,
    note: str = "",
) -> VentureCase:
    """Tick a step of the licences as done on a day, or take the tick back (``None``)."""
    case, resident = lock_case(session, case_id)
    if not policy.can_read(actor, case, resident):
        raise NotFound
    _refuse_over(case)
    steps = steps_for(case.trade, case.site, on=clock.today())
    if key not in {step.key for step in steps if step.need is not Need.NO}:
        raise NotFound
    if done_on is not None and done_on > clock.today():
        raise BadField("done_on", _("还没到这一天，到了再记"))
    row = session.exec(
        select(VentureLicence).where(VentureLicence.case_id == case_id, VentureLicence.key == key)
    ).first()
    if done_on is None:
        if row is not None:
            session.delete(row)
    else:
        row = row or VentureLicence(case_id=case_id, key=key, done_on=done_on)
        row.done_on, row.note, row.by_id = done_on, note, actor.account_id
        session.add(row)
    session.flush()
    audit.record(session, "venture_case.licence", case, step=key, done=done_on is not None)
    return case


def note_month(session: Session, actor: Actor, *, case_id: int, month: Month) -> VentureCash:
    """Write down a month in three numbers; written again, the last word holds.

    What the person says rests on their word; what staff or the mentor write, they have seen.
    """
    case, resident = lock_case(session, case_id)
    if not policy.can_read(actor, case, resident):
        raise NotFound
    if case.opened_on is None or case.state not in {CaseState.ACTIVE, CaseState.CLOSED}:
        raise Conflict(_("开张以后才记每个月的数"))
    first = month_of(month.month)
    if first < month_of(case.opened_on) or first > month_of(clock.today()):
        raise BadField("month", _("只能记开张那个月到这个月"))
    if case.closed_on is not None and first > month_of(case.closed_on):
        raise BadField("month", _("那个月已经收摊了"))
    row = session.exec(
        select(VentureCash).where(VentureCash.case_id == case_id, VentureCash.month == first)
    ).first()
    values: dict[str, Any] = {
        "in_fen": month.in_fen,
        "out_fen": month.out_fen,
        "left_fen": month.left_fen,
        "said_by": SaidBy.STAFF if actor.is_staff else SaidBy.RESIDENT,
        "at": clock.now(),
        "by_id": actor.account_id,
    }
    if row is None:
        row = VentureCash(case_id=case_id, month=first, **values)
    else:
        for name, value in values.items():
            setattr(row, name, value)
    session.add(row)
    session.flush()
    case.cash_until = max(case.cash_until or first, first)
    session.add(case)
    audit.record(session, "venture_case.month", case, month=first.isoformat())
    return row


def ask_mentor(session: Session, actor: Actor, *, case_id: int, account_id: int) -> VentureCase:
    """Ask a member or volunteer to stand by somebody; they say yes or no themselves."""
    case, _resident = _kept(session, actor, case_id)
    _refuse_over(case)
    if account_id not in {member.account_id for member in members(session)}:
        raise BadField("mentor", _("请从各支部的人里选"))
    if case.mentor_id == account_id and case.mentor_state is not MentorState.DECLINED:
        return case
    case.mentor_id, case.mentor_state = account_id, MentorState.ASKED
    session.add(case)
    session.flush()
    audit.record(session, "venture_case.ask_mentor", case, member=account_id)
    tell_account(session, account_id, case, f"mentor:{account_id}")
    return case


def answer_as_mentor(session: Session, actor: Actor, *, case_id: int, yes: bool) -> VentureCase:
    """Say whether one stands by the person one was asked for; nobody answers for another."""
    case, _resident = lock_case(session, case_id)
    if case.mentor_id is None or case.mentor_id != actor.account_id:
        raise NotFound
    target = MentorState.AGREED if yes else MentorState.DECLINED
    if case.mentor_state is target:
        return case
    case.mentor_state = target
    session.add(case)
    session.flush()
    audit.record(session, "venture_case.mentor_answer", case, yes=yes)
    tell(session, case, f"mentor:{target.value}:{case.mentor_id}")
    return case


def readable_plan(session: Session, actor: Actor, case_id: int) -> VenturePlan | None:
    """Return the plan of a case the actor may read, ``None`` before it is written."""
    readable_case(session, actor, case_id)
    return session.exec(select(VenturePlan).where(VenturePlan.case_id == case_id)).first()


def _kept(session: Session, actor: Actor, case_id: int) -> tuple[VentureCase, Resident]:
    case, resident = lock_case(session, case_id)
    if not policy.can_keep(actor, case, resident):
        raise NotFound
    return case, resident


def _refuse_over(case: VentureCase) -> None:
    if case.state not in CARED_FOR:
        raise state_conflict(case)


def _seen_since(session: Session, case_id: int, day: date) -> bool:
    query = select(VentureVisit.id).where(
        VentureVisit.case_id == case_id,
        col(VentureVisit.visited_on) >= day,
        VentureVisit.photo != "",
    )
    return session.exec(query).first() is not None


def _back_to_looking(session: Session, resident: Resident) -> None:
    """Have somebody look again who has neither a job nor another business."""
    job = select(Match.id).where(Match.resident_id == resident.id, col(Match.state).in_(TAKEN))
    business = select(VentureCase.id).where(
        VentureCase.resident_id == resident.id, VentureCase.state == CaseState.ACTIVE
    )
    if session.exec(job).first() is not None or session.exec(business).first() is not None:
        return
    if resident.state is ResidentState.EMPLOYED:
        resident.state, resident.updated_at = ResidentState.SEEKING, clock.now()
        session.add(resident)


def _after(session: Session, actor: Actor, case: VentureCase) -> None:
    if case.venture_id is not None:
        rounds.fill_places(session, actor, session.get_one(Venture, case.venture_id))
    request_suggestions(session, resident_id=case.resident_id)


def _days(name: str) -> timedelta:
    return timedelta(days=rule(name, on=clock.today()))
