"""What courses would open, as it was worked out last, for staff."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core.paging import Page, paginate
from webapp.openings.models import Opening
from webapp.training.lifecycle import EnrolmentState, RunState
from webapp.training.models.demand import CourseDemand
from webapp.training.models.enrolments import Enrolment
from webapp.training.queries.runs import RunView, runs_of

_PLANNED = (RunState.ANNOUNCED, RunState.ENROLLING)


@dataclass(frozen=True)
class DemandView:
    """One way to learn something, for a page; ``examples`` are (id, title) of openings."""

    row: CourseDemand
    examples: list[tuple[int, str]]
    runs: list[RunView]
    wishing: int

    @property
    def people_words(self) -> str:
        """Who gains, in words."""
        row = self.row
        others = row.people - row.unlocked_people
        words = []
        if row.unlocked_people:
            words.append(_("%(n)d 人只差这个证", n=row.unlocked_people))
        if others:
            words.append(_("%(n)d 人想做、只少这样本事", n=others))
        return "，".join(words)

    @property
    def open_run(self) -> RunView | None:
        """The next planned run with a free seat."""
        return next((run for run in self.runs if run.takes_people and run.free), None)


def demand_page(session: Session) -> Page:
    """Return the page asked for of :class:`DemandView`, what places most people first.

    Eight queries, however many there are.
    """
    page = paginate(
        session,
        select(CourseDemand).order_by(
            col(CourseDemand.placed).desc(),
            col(CourseDemand.unlocked_people).desc(),
            col(CourseDemand.people).desc(),
            col(CourseDemand.id),
        ),
    )
    rows: list[CourseDemand] = [row[0] for row in page.rows]
    titles: dict[int, str] = {
        row.id: row.title
        for row in session.execute(
            select(col(Opening.id), col(Opening.title)).where(
                col(Opening.id).in_({id_ for row in rows for id_ in row.examples})
            )
        )
    }
    course_ids = [row.course_id for row in rows if row.course_id]
    runs: dict[int, list[RunView]] = defaultdict(list)
    for run in runs_of(session, course_ids=course_ids, states=_PLANNED):
        runs[run.course_id].append(run)
    wishing = _wishing(session, course_ids)
    views = [
        DemandView(
            row,
            [(id_, titles[id_]) for id_ in row.examples if id_ in titles],
            runs[row.course_id or 0],
            wishing.get(row.course_id or 0, 0),
        )
        for row in rows
    ]
    return Page(views, page.number, page.pages, page.total)


def computed_at(session: Session) -> Any:
    """Return when it was worked out last, ``None`` for never."""
    return session.scalars(select(func.max(col(CourseDemand.computed_at)))).one()


def demand_row(session: Session, demand_id: int | None) -> CourseDemand | None:
    """Return what was worked out under an id; gone once it was worked out anew."""
    return session.get(CourseDemand, demand_id) if demand_id else None


def _wishing(session: Session, course_ids: list[int]) -> dict[int, int]:
    """Return course → how many said that they want to learn it and are in no run."""
    rows = session.execute(
        select(col(Enrolment.course_id), func.count(col(Enrolment.id)).label("people"))
        .where(
            col(Enrolment.course_id).in_(course_ids),
            col(Enrolment.state) == EnrolmentState.APPLIED,
        )
        .group_by(col(Enrolment.course_id))
    ).all()
    return {row.course_id: row.people for row in rows}
