"""Whose turn it is in a place in a course, and its road, as its person reads them."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.formatting import date_words, moment_words
from webapp.core.turns import Road, Turn, Waiting
from webapp.training.lifecycle import EnrolmentAction, EnrolmentState
from webapp.training.models.enrolments import EnrolmentEvent
from webapp.training.queries.own import OwnCourse

A, S = EnrolmentAction, EnrolmentState


def waiting_of(one: OwnCourse) -> Waiting | None:
    """Return whose turn it is; ``None`` once it is over."""
    state, run = one.enrolment.state, one.run
    begins = clock.local(run.starts_at).date() if run else None
    if one.is_over:
        return None
    if one.invited_to is not None:
        return Waiting(Turn.YOU, clock.local(one.invited_to.starts_at).date())
    if state is S.OFFERED and one.enrolment.offered_until:
        return Waiting(Turn.YOU, clock.local(one.enrolment.offered_until).date())
    if state is S.INVITED:
        return Waiting(Turn.YOU)
    if one.papers_missing:
        return Waiting(Turn.YOU, begins if begins and begins >= clock.today() else None)
    if state is S.ACCEPTED:
        return Waiting(Turn.DAY, begins)
    if state is S.ATTENDING:
        return Waiting(Turn.DAY, run.next_on if run else None)
    return Waiting(Turn.BRANCH)


def roads_of(session: Session, courses: Sequence[OwnCourse]) -> dict[int, Road]:
    """Return the roads of a person's places in courses by enrolment; one query."""
    events = session.exec(
        select(EnrolmentEvent)
        .where(col(EnrolmentEvent.enrolment_id).in_([one.enrolment.id for one in courses]))
        .order_by(col(EnrolmentEvent.at), col(EnrolmentEvent.id))
    ).all()
    return {
        one.enrolment.id: Road(
            [
                {"text": _told(event), "when": moment_words(event.at)}
                for event in events
                if event.enrolment_id == one.enrolment.id
            ],
            one.sentence,
            waiting_of(one),
            _ahead(one),
        )
        for one in courses
    }


def _told(event: EnrolmentEvent) -> str:
    return {
        A.INVITE: _("社区请您来学"),
        A.APPLY: _("您说想学"),
        A.TAKE_SEAT: _("报上名了，座位留好"),
        A.JOIN_LINE: _("排进候补"),
        A.OFFER: _("候补轮到您"),
        A.ACCEPT: _("您要了这个座位"),
        A.LAPSE: _("到时间没有回话，名还留着"),
        A.RELEASE: _("这一期没有上成，名留着"),
        A.BEGIN: _("开课了"),
        A.PASS: _("考核通过"),
        A.FAIL: _("考核这次没过"),
        A.DROP: _("中途没学了"),
        A.MISS: _("没有来上课"),
        A.WITHDRAW: _("您撤回了"),
    }[EnrolmentAction(event.action)]


_STEPS = {S.INVITED: 0, S.APPLIED: 0, S.WAITING: 1, S.OFFERED: 1, S.ACCEPTED: 2, S.ATTENDING: 3}


def _ahead(one: OwnCourse) -> list[str]:
    """Return the steps that usually come, in words; none of what is over."""
    if one.enrolment.state not in _STEPS:
        return []
    begins = date_words(one.run.starts_at) if one.run else ""
    steps = (
        _("选一期，报上名"),
        _("有了座位，您说要"),
        _("%(day)s开课", day=begins) if begins else _("开课"),
        _("学完考核，过了发结业证"),
    )
    found = list(steps[_STEPS[one.enrolment.state] :])
    if one.enrolment.state in {S.INVITED, S.APPLIED}:
        found.remove(steps[1])  # who chooses a run with a free seat has it
    return found
