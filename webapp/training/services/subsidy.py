"""How many subsidised courses a person may take a year: a dated figure of the rule book.

Which of the year's a course is stands in the enrolment (``subsidy_nth``); a unique constraint
holds that none is used twice.
"""

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, func, select

from webapp.core import clock
from webapp.core.errors import Conflict
from webapp.rulebook.figures import rule
from webapp.training.models.courses import Course, CourseRun
from webapp.training.models.enrolments import Enrolment


def year_of(run: CourseRun) -> int:
    """Return the year a run counts in: the one it begins in."""
    return clock.local(run.starts_at).year


def used(session: Session, *, resident_id: int, year: int) -> frozenset[int]:
    """Return which of the year's subsidised courses a person has taken up."""
    query = select(Enrolment.subsidy_nth).where(
        Enrolment.resident_id == resident_id,
        Enrolment.subsidy_year == year,
        col(Enrolment.subsidy_nth).is_not(None),
    )
    return frozenset(nth for nth in session.exec(query).all() if nth is not None)


def is_used_up(session: Session, course: Course, run: CourseRun, resident_id: int) -> bool:
    """Whether this course would be one subsidised course too many."""
    if not course.subsidised:
        return False
    most = rule("subsidised_courses_per_year", on=clock.local(run.starts_at).date())
    return len(used(session, resident_id=resident_id, year=year_of(run))) >= most


def used_up_by(
    session: Session, course: Course, run: CourseRun, resident_ids: Collection[int]
) -> set[int]:
    """Return for whom this course would be one subsidised course too many; one query."""
    if not course.subsidised:
        return set()
    most = rule("subsidised_courses_per_year", on=clock.local(run.starts_at).date())
    query = (
        select(Enrolment.resident_id)
        .where(
            col(Enrolment.resident_id).in_(resident_ids),
            Enrolment.subsidy_year == year_of(run),
            col(Enrolment.subsidy_nth).is_not(None),
        )
        .group_by(col(Enrolment.resident_id))
        .having(func.count(col(Enrolment.id)) >= most)
    )
    return set(session.exec(query).all())


def refuse_used_up(session: Session, course: Course, run: CourseRun, resident_id: int) -> None:
    """Raise ``Conflict`` when this would be one subsidised course too many in its year."""
    if is_used_up(session, course, run, resident_id):
        raise Conflict(
            _(
                "有补贴的课一个人一年能上的门数有限，%(year)d年的已经用了。"
                "不要补贴的课还可以报；弄错了，打社区电话。",
                year=year_of(run),
            )
        )


def claim(session: Session, course: Course, run: CourseRun, resident_id: int) -> dict[str, Any]:
    """Return the columns by which a seat counts as subsidised; ``Conflict`` when it is too many.

    The resident is locked by the caller.
    """
    if not course.subsidised:
        return {}
    refuse_used_up(session, course, run, resident_id)
    year = year_of(run)
    taken = used(session, resident_id=resident_id, year=year)
    nth = next(number for number in range(1, len(taken) + 2) if number not in taken)
    return {"subsidy_year": year, "subsidy_nth": nth}
