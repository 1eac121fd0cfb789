"""Whom to invite to a run: who gains most by it, what speaks against it, and who is left out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.employment.queries import homes_at_work
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState
from webapp.training.lifecycle import LIVE, EnrolmentState, InvitationOutcome
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.demand import CourseDemand, DemandGain
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.invitations import CourseInvitation, InvitationStop
from webapp.training.services import clashes, subsidy

MOST_SHOWN, MOST_LEFT_OUT = 60, 40
_EXAMPLES = 2


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be invited; ``against`` says what of the hours does not fit."""

    resident_id: int
    name: str
    assisted: bool
    wishes: bool
    household_without_work: bool
    unlocked: int
    completed: int
    examples: list[str]
    against: list[str]
    ticked: bool


@dataclass(frozen=True)
class LeftOut:
    """Somebody who gains by the course and is not invited; ``stopped``: at their own wish."""

    resident_id: int
    name: str
    why: str
    stopped: bool


@dataclass(frozen=True)
class Candidates:
    """The invitation list of a run; ``left_out`` is who cannot be invited, and why.

    ``room`` is how many may be invited before there are more invitations than free seats.
    """

    people: list[Candidate]
    more: int
    left_out: list[LeftOut]
    room: int


@dataclass(frozen=True)
class Invited:
    """How the invitations to a run stand; who does not come this time is in ``all`` alone."""

    all: int
    accepted: int
    blocked: int
    waiting: int


@dataclass(frozen=True)
class Unanswered:
    """Somebody invited who has not answered, for staff to ask."""

    enrolment_id: int
    resident_id: int
    name: str
    phone: str
    assisted: bool


def invitable(
    session: Session, course: Course, run: CourseRun, resident_ids: Collection[int]
) -> set[int]:
    """Return who of these may be invited to a run now."""
    here = select(col(Resident.id)).where(
        col(Resident.id).in_(resident_ids), col(Resident.state) != ResidentState.LEFT
    )
    return set(session.scalars(here).all()) - set(left_out(session, course, run, resident_ids))


def left_out(
    session: Session, course: Course, run: CourseRun, resident_ids: Collection[int]
) -> dict[int, str]:
    """Return person → why they are not invited to this run; four queries at most.

    What they answered to an invitation is no such reason, and nobody reads it here.
    """
    found: dict[int, str] = {}
    known = session.execute(
        select(
            col(Resident.id),
            col(Resident.state),
            col(InvitationStop.id).label("stop"),
            func.max(case((_in_a_run(), 1), else_=0)).label("enrolled"),
            func.max(case((col(Enrolment.state) == EnrolmentState.PASSED, 1), else_=0)).label(
                "passed"
            ),
            func.max(case((col(Enrolment.state) == EnrolmentState.APPLIED, 1), else_=0)).label(
                "wishes"
            ),
            func.count(col(CourseInvitation.id)).label("asked"),
        )
        .select_from(Resident)
        .outerjoin(InvitationStop, col(InvitationStop.resident_id) == Resident.id)
        .outerjoin(
            Enrolment,
            and_(
                col(Enrolment.resident_id) == Resident.id,
                col(Enrolment.course_id) == course.id,
            ),
        )
        .outerjoin(
            CourseInvitation,
            and_(
                col(CourseInvitation.enrolment_id) == Enrolment.id,
                col(CourseInvitation.run_id) == run.id,
            ),
        )
        .where(col(Resident.id).in_(resident_ids))
        .group_by(col(Resident.id), col(Resident.state), col(InvitationStop.id))
    )
    used_up = subsidy.used_up_by(session, course, run, resident_ids)
    for row in known:
        reason = ""
        if row.enrolled:
            reason = _("已经报了这门课")
        elif row.passed:
            reason = _("学过，结业了")
        elif row.asked:
            reason = _("这一期请过了")
        elif row.stop is not None:
            reason = _stopped()
        elif row.id in used_up:
            reason = _("今年有补贴的课上过了")
        elif row.state is ResidentState.PAUSED and not row.wishes:
            reason = _("说了暂时不找")
        if reason:
            found[row.id] = reason
    return found


def candidates(session: Session, course: Course, run: CourseRun, *, free: int) -> Candidates:
    """Return whom to invite to a run with so many free seats; ten queries, however many people.

    Who said that they want to learn this comes first, then as worked out (``rank``).
    """
    rows = session.execute(
        select(
            col(Resident.id),
            col(Resident.name),
            col(Resident.account_id),
            col(Resident.available),
            col(DemandGain.unlocked),
            col(DemandGain.completed),
            col(DemandGain.openings),
            col(Enrolment.id).label("wish"),
        )
        .select_from(Resident)
        .outerjoin(CourseDemand, col(CourseDemand.course_id) == course.id)
        .outerjoin(
            DemandGain,
            and_(
                col(DemandGain.demand_id) == CourseDemand.id,
                col(DemandGain.resident_id) == Resident.id,
            ),
        )
        .outerjoin(
            Enrolment,
            and_(
                col(Enrolment.resident_id) == Resident.id,
                col(Enrolment.course_id) == course.id,
                col(Enrolment.state) == EnrolmentState.APPLIED,
            ),
        )
        .where(
            col(Resident.state) != ResidentState.LEFT,
            or_(col(DemandGain.id).is_not(None), col(Enrolment.id).is_not(None)),
        )
        .order_by(
            col(Enrolment.id).is_(None), col(Enrolment.since), col(DemandGain.rank),
            col(Resident.id),
        )
    ).all()  # fmt: skip
    ids = [row.id for row in rows]
    out = left_out(session, course, run, ids)
    listed = [row for row in rows if row.id not in out]
    shown = listed[:MOST_SHOWN]
    against = _against(session, run, {row.id: row.available for row in shown})
    titles = _titles(session, [id_ for row in shown for id_ in (row.openings or [])[:_EXAMPLES]])
    without_work = _without_work(session, [row.id for row in shown])
    room = max(free - invited_to(session, run.id, free=free).waiting, 0)
    fitting = [row.id for row in shown if not against.get(row.id)][:room]
    people = [
        Candidate(
            resident_id=row.id,
            name=row.name,
            assisted=row.account_id is None,
            wishes=row.wish is not None,
            household_without_work=row.id in without_work,
            unlocked=row.unlocked or 0,
            completed=row.completed or 0,
            examples=[titles[id_] for id_ in (row.openings or [])[:_EXAMPLES] if id_ in titles],
            against=against.get(row.id, []),
            ticked=row.id in fitting,
        )
        for row in shown
    ]
    named = [
        LeftOut(row.id, row.name, out[row.id], out[row.id] == _stopped())
        for row in rows
        if row.id in out
    ][:MOST_LEFT_OUT]
    return Candidates(people, len(listed) - len(shown), named, room)


def invited_to(session: Session, run_id: int, *, free: int) -> Invited:
    """Return how the invitations to a run stand, one query.

    Who has not answered and finds no free seat is blocked, not silent.
    """
    outcome = col(CourseInvitation.outcome)
    row = session.execute(
        select(
            func.count(col(CourseInvitation.id)).label("all"),
            func.count(case((outcome == InvitationOutcome.ACCEPTED, 1))).label("accepted"),
            func.count(case((outcome == InvitationOutcome.BLOCKED, 1))).label("blocked"),
            func.count(case((outcome.is_(None), 1))).label("waiting"),
        ).where(col(CourseInvitation.run_id) == run_id)
    ).one()
    return Invited(
        row.all,
        row.accepted,
        row.blocked if free else row.blocked + row.waiting,
        row.waiting if free else 0,
    )


def unanswered(session: Session, run_id: int) -> list[Unanswered]:
    """Return who was invited to a run and has not answered, the longest waiting first."""
    rows = session.execute(
        select(
            col(Enrolment.id).label("enrolment_id"),
            col(Resident.id),
            col(Resident.name),
            col(Resident.phone),
            col(Resident.account_id),
        )
        .join(Enrolment, col(Enrolment.resident_id) == Resident.id)
        .join(CourseInvitation, col(CourseInvitation.enrolment_id) == Enrolment.id)
        .where(col(CourseInvitation.run_id) == run_id, col(CourseInvitation.outcome).is_(None))
        .order_by(col(CourseInvitation.id))
    )
    return [
        Unanswered(row.enrolment_id, row.id, row.name, row.phone or "", row.account_id is None)
        for row in rows
    ]


def _stopped() -> str:
    return _("说过不用请去学课")


def _in_a_run() -> ColumnElement[bool]:
    return and_(col(Enrolment.state).in_(LIVE), col(Enrolment.run_id).is_not(None))


def _against(
    session: Session, run: CourseRun, available: dict[int, list[dict[str, str]]]
) -> dict[int, list[str]]:
    """Return person → what of the run's hours does not fit them; two queries."""
    meetings: Sequence[ClassMeeting] = session.scalars(
        select(ClassMeeting)
        .where(col(ClassMeeting.run_id) == run.id)
        .order_by(col(ClassMeeting.starts_at))
    ).all()
    others = clashes.other_courses(session, list(available), run.id, meetings) if meetings else {}
    found: dict[int, list[str]] = {}
    for resident_id, free in available.items():
        missed = clashes.outside(free, meetings)
        words = [_("%(n)d 次课在空闲时间以外", n=missed)] if missed else []
        words += [_("跟报的「%(what)s」撞了", what=what) for what in others.get(resident_id, {})]
        if words:
            found[resident_id] = words
    return found


def _titles(session: Session, opening_ids: list[int]) -> dict[int, str]:
    rows = session.execute(
        select(col(Opening.id), col(Opening.title)).where(col(Opening.id).in_(set(opening_ids)))
    )
    return {row.id: row.title for row in rows}


def _without_work(session: Session, resident_ids: list[int]) -> set[int]:
    """Return who of these lives where nobody is in work."""
    return set(
        session.scalars(
            select(col(Resident.id)).where(
                col(Resident.id).in_(resident_ids),
                col(Resident.household_id).not_in(homes_at_work(on=clock.today())),
            )
        ).all()
    )
