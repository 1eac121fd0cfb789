"""A person's own courses: where each stands, what is new, what they are told before enrolling."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core.formatting import date_words, moment_words
from webapp.openings.models import Opening
from webapp.training.lifecycle import NEWS_OF_STANDING, NEWS_REMINDING, OVER, EnrolmentState
from webapp.training.models.courses import Course
from webapp.training.models.enrolments import Enrolment, TrainingNews
from webapp.training.models.invitations import CourseInvitation, InvitationStop
from webapp.training.queries.runs import RunView, places_in_line, runs_of
from webapp.training.words import run_title

S = EnrolmentState
MOST = 50


@dataclass(frozen=True)
class OwnCourse:
    """One enrolment of a person's own; ``sentence`` says where it stands and what comes next."""

    enrolment: Enrolment
    title: str
    href: str
    sentence: str
    tone: str
    run: RunView | None
    papers: list[str]
    invited_to: RunView | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing comes any more."""
        return self.enrolment.state in OVER

    @property
    def may_withdraw(self) -> bool:
        """Whether it can be taken back."""
        return self.enrolment.state in {S.INVITED, S.APPLIED, S.WAITING, S.OFFERED, S.ACCEPTED}

    @property
    def to_answer(self) -> bool:
        """Whether a seat is kept until they answer."""
        return self.enrolment.state is S.OFFERED

    @property
    def is_asked(self) -> bool:
        """Whether the branch waits to hear if they come to a run it invited them to."""
        return self.invited_to is not None

    @property
    def papers_missing(self) -> list[str]:
        """What has to be handed in and was not, while it matters."""
        matters = self.enrolment.state in {S.ACCEPTED, S.ATTENDING}
        return self.papers if matters and self.enrolment.papers_in_at is None else []


def own_courses(session: Session, resident_id: int) -> list[OwnCourse]:
    """Return a person's courses, what waits for them first, what is over last."""
    rows = session.execute(
        select(Enrolment, Course, col(Opening.title))
        .join(Course, col(Course.id) == Enrolment.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(col(Enrolment.resident_id) == resident_id)
        .order_by(col(Enrolment.since).desc(), col(Enrolment.id).desc())
        .limit(MOST)
    ).all()
    enrolments = [row[0] for row in rows]
    asked = _asked(session, [one.id for one in enrolments])
    run_ids = [one.run_id for one in enrolments if one.run_id]
    runs = {run.id: run for run in runs_of(session, run_ids=[*run_ids, *asked.values()])}
    places = places_in_line(session, enrolments)
    found = [
        _own(
            enrolment,
            course,
            title,
            runs.get(enrolment.run_id or 0),
            places,
            runs.get(asked.get(enrolment.id, 0)),
        )
        for enrolment, course, title in rows
    ]
    return sorted(found, key=lambda one: (one.is_over, not one.to_answer, not one.is_asked))


def _asked(session: Session, enrolment_ids: list[int]) -> dict[int, int]:
    """Return enrolment → the run it was last invited to, while an answer is waited for."""
    rows = session.scalars(
        select(CourseInvitation)
        .where(
            col(CourseInvitation.enrolment_id).in_(enrolment_ids),
            col(CourseInvitation.outcome).is_(None),
        )
        .order_by(col(CourseInvitation.id))
    )
    return {row.enrolment_id: row.run_id for row in rows}


def _own(
    enrolment: Enrolment,
    course: Course,
    title: str,
    run: RunView | None,
    places: dict[int, int],
    invited_to: RunView | None,
) -> OwnCourse:
    sentence, tone = _standing(enrolment, run, places.get(enrolment.id, 0))
    if invited_to is not None:
        day = date_words(invited_to.starts_at)
        sentence, tone = _("社区请您来学，%(day)s开课。来不来都行，说一声就好", day=day), "warn"
    shown = run or invited_to
    return OwnCourse(
        enrolment=enrolment,
        title=run_title(title, shown.number) if shown else title,
        href=url_for("training.show", course_id=course.id),
        sentence=sentence,
        tone=tone,
        run=run,
        papers=course.papers,
        invited_to=invited_to,
    )


def _standing(enrolment: Enrolment, run: RunView | None, place: int) -> tuple[str, str]:
    state = enrolment.state
    if state is S.WAITING:
        return _("在候补，排第 %(n)d 位。轮到您，马上告诉您", n=place), "wait"
    if state is S.OFFERED:
        until = moment_words(enrolment.offered_until)
        return _("轮到您了！请在%(until)s前说要不要", until=until), "warn"
    if state is S.ACCEPTED and run is not None:
        return _("座位留好了，%(day)s开课", day=date_words(run.starts_at)), "good"
    fixed = {
        S.INVITED: (_("社区请您来学，点开选一期"), "warn"),
        S.APPLIED: (_("您说想学，记下了。有班先告诉您，也可以点开选一期"), "wait"),
        S.ATTENDING: (_("正在上课"), "good"),
        S.PASSED: (_("结业了，祝贺您"), "good"),
        S.NOT_PASSED: (_("这次没过，可以再学一次"), "neutral"),
        S.DROPPED: (_("中途没学了，想学随时再报。这件事只有社区知道"), "neutral"),
        S.NO_SHOW: (_("这次没有来上课，想学随时再报。这件事只有社区知道"), "neutral"),
        S.WITHDRAWN: (_("现在没有报，想学随时再报。这件事只有社区知道"), "neutral"),
    }
    return fixed.get(state, (state.label, "neutral"))


def own_enrolment(session: Session, resident_id: int | None, course_id: int) -> OwnCourse | None:
    """Return the person's enrolment in one course that is not over, if there is one."""
    if resident_id is None:
        return None
    found = [
        one
        for one in own_courses(session, resident_id)
        if one.enrolment.course_id == course_id and not one.is_over
    ]
    return found[0] if found else None


def own_news(session: Session, resident_id: int) -> list[TrainingNews]:
    """Return what a person was told of their courses, the newest first."""
    rows = session.scalars(
        select(TrainingNews)
        .join(Enrolment, col(Enrolment.id) == TrainingNews.enrolment_id)
        .where(col(Enrolment.resident_id) == resident_id)
        .order_by(col(TrainingNews.id).desc())
        .limit(MOST)
    )
    return list(rows.all())


def unread_news(news: list[TrainingNews], courses: list[OwnCourse]) -> list[TrainingNews]:
    """Return what of :func:`own_news` was not read and still holds.

    Where one stands (in line, offered, seated) is said by the last of such news; of courses that
    are over, only how they ended.
    """
    over = {one.enrolment.id for one in courses if one.is_over}
    told: set[int] = set()
    fresh = []
    for one in news:
        outdated = one.enrolment_id in over and one.kind in NEWS_OF_STANDING | NEWS_REMINDING
        if one.kind in NEWS_OF_STANDING:
            outdated = outdated or one.enrolment_id in told
            told.add(one.enrolment_id)
        if one.read_at is None and not outdated:
            fresh.append(one)
    return fresh


def wants_no_invitations(session: Session, resident_id: int) -> bool:
    """Return whether a person said that they want no invitations to courses."""
    stop = select(col(InvitationStop.id)).where(col(InvitationStop.resident_id) == resident_id)
    return session.execute(stop).first() is not None


def run_ids_in_class(resident_id: int) -> Any:
    """Return the statement of the runs a person has a seat in."""
    in_class = [S.ACCEPTED, S.ATTENDING]
    return select(col(Enrolment.run_id)).where(
        col(Enrolment.resident_id) == resident_id, col(Enrolment.state).in_(in_class)
    )
