"""Courses for the public: one course as a page shows it, its calendar."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import and_, select
from sqlmodel import Session, col

from webapp.core.icalendar import CalendarEntry, uid_of
from webapp.core.labels import label
from webapp.employers.models import Employer
from webapp.openings.models import Opening
from webapp.openings.presentation import demand_words, place_line
from webapp.training.lifecycle import PUBLIC_RUNS, RunState
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.queries.runs import RunView, runs_of
from webapp.training.words import fee_words, run_title

MOST_MEETINGS = 2000


@dataclass(frozen=True)
class CourseView:
    """A course for a page, with the runs people see of it."""

    course: Course
    opening: Opening
    provider: str
    fee: str
    place: str
    runs: list[RunView]

    @property
    def open_runs(self) -> list[RunView]:
        """Runs that give out seats or lines now."""
        return [run for run in self.runs if run.takes_people]

    @property
    def card(self) -> dict[str, Any]:
        """The course as ``opening_card`` draws it: no pay, but what it costs and when it is."""
        run = next(iter(self.open_runs or self.runs), None)
        badges: list[dict[str, str]] = []
        if run is not None:
            badges.append({"label": run.seats_words, "tone": "good" if run.free else "wait"})
            if run.moved:
                badges.append({"label": _("改期了"), "tone": "warn"})
        else:
            badges.append({"label": _("还没有定下一期"), "tone": "neutral"})
        if any(one.fits_carers for one in self.runs):
            badges.append({"label": _("接送孩子之间能上"), "tone": "good"})
        return {
            "href": url_for("training.show", course_id=self.course.id),
            "title": self.opening.title,
            "pay_label": _("学费"),
            "pay": self.fee,
            "place": self.place,
            "hours": _("%(span)s，%(times)s", span=run.span, times=run.times) if run else "",
            "employer": self.provider,
            "badges": badges,
        }

    def facts(self) -> list[tuple[str, Any]]:
        """Return (label, words) of what is known, in the order people ask."""
        opening, course = self.opening, self.course
        hours = _("%(n)d 个课时", n=course.class_hours) if course.class_hours else ""
        asked = [
            label(opening.education) if opening.education and opening.education != "none" else "",
            *(_("要%(what)s", what=one) for one in demand_words(opening.demands)),
            *(_("要有%(what)s", what=one) for one in opening.certificates),
        ]
        rows = [
            (_("学费"), self.fee),
            (_("补贴"), course.subsidy_note or (_("有补贴") if course.subsidised else "")),
            (_("学会什么"), "、".join(course.skills)),
            (_("学完有什么证"), "、".join(course.certificates)),
            (_("学到哪一级"), label(course.level)),
            (_("一共多少"), hours),
            (_("谁能来"), "；".join(one for one in asked if one) or _("都能来，不要求学历")),
            (_("要带什么"), "、".join(course.papers)),
            (_("谁办的"), self.provider),
            (_("在哪里"), " ".join(one for one in (self.place, opening.address) if one)),
        ]
        return [row for row in rows if row[1]]


def public_course(session: Session, course_id: int) -> CourseView | None:
    """Return one course that is or was public, ``None`` for others."""
    views = views_of(
        session, and_(col(Course.id) == course_id, col(Opening.published_at).is_not(None))
    )
    return views[0] if views else None


def views_of(session: Session, condition: Any) -> list[CourseView]:
    """Return the courses that fulfil ``condition``, the newest first; four queries."""
    rows = session.execute(
        select(Course, Opening, col(Employer.name))
        .join(Opening, col(Opening.id) == Course.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(condition)
        .order_by(col(Course.id).desc())
    ).all()
    runs: dict[int, list[RunView]] = defaultdict(list)
    ids = [course.id for course, _opening, _name in rows]
    for run in runs_of(session, course_ids=ids, states=PUBLIC_RUNS):
        runs[run.course_id].append(run)
    return [
        CourseView(
            course=course,
            opening=opening,
            provider=course.provider or name or _("社区"),
            fee=fee_words(course.fee_fen) if runs[course.id] else opening.pay_text,
            place=place_line(opening.kind, opening.place, opening.at_home),
            runs=runs[course.id],
        )
        for course, opening, name in rows
    ]


def calendar_entries(session: Session, condition: Any, *, url: str = "") -> list[CalendarEntry]:
    """Return the class meetings of runs that fulfil ``condition``, for a calendar file.

    Runs that were called off are in it, so that calendars strike them out.
    """
    rows = session.execute(
        select(ClassMeeting, CourseRun, col(Opening.title), col(Opening.address))
        .join(CourseRun, col(CourseRun.id) == ClassMeeting.run_id)
        .join(Course, col(Course.id) == CourseRun.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(condition, col(CourseRun.state) != RunState.DRAFT)
        .order_by(col(ClassMeeting.starts_at), col(ClassMeeting.id))
        .limit(MOST_MEETINGS)
    )
    return [
        CalendarEntry(
            uid=uid_of(f"meeting-{meeting.id}"),
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            summary=run_title(title, run.number),
            location=" ".join(one for one in (address, run.room) if one),
            description=run.change_note,
            changed_at=run.cancelled_at or run.moved_at or run.created_at,
            sequence=run.sequence,
            cancelled=run.state is RunState.CANCELLED,
            url=url,
        )
        for meeting, run, title, address in rows
    ]
