"""Promises of demo employers to courses: some that stand, one taken back, through the services."""

from datetime import timedelta
from typing import NamedTuple

from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.vocabulary import Kind
from webapp.demo.act_as import act_as
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerMember
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.training.models.courses import Course, CourseRun
from webapp.training.services import orders

# Course → words in the titles of vacancies that somebody who passes it could fill.
_FITTING = {
    "低压电工取证班": ("电工", "水电", "维修", "工程"),
    "育婴员班": ("育婴", "保育", "月嫂", "家政", "带"),
    "重庆小面技术班": ("面", "厨", "餐", "服务员"),
    "缝纫入门班": ("缝", "服装", "车工"),
}
_CONDITIONS = ("要能上早班", "", "先试三天，试的时候照样算钱")
_MOST = 3
_PAY_STEP = 10000


class _Vacancy(NamedTuple):
    opening_id: int
    title: str
    places_left: int
    pay_fen: int
    employer: Actor


def write(session: Session) -> None:
    """Have employers promise places of what they offer; called once, in one transaction."""
    vacancies = _vacancies(session)
    used: set[int | None] = set()
    for title, words in _FITTING.items():
        course_id, ends = _course(session, title)
        if course_id is None:
            continue
        fitting = [
            one
            for one in vacancies
            if any(word in one.title for word in words) and one.employer.employer_id not in used
        ][:_MOST]
        for number, vacancy in enumerate(fitting):
            used.add(vacancy.employer.employer_id)
            _sign(session, vacancy, course_id, ends, number)


def _course(session: Session, title: str) -> tuple[int | None, timedelta]:
    """Return a course and in how long the last of its runs is over."""
    rows = session.exec(
        select(Course.id, CourseRun.ends_at)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .join(CourseRun, col(CourseRun.course_id) == Course.id)
        .where(Opening.title == title, Opening.state == OpeningState.PUBLISHED)
        .order_by(col(CourseRun.ends_at).desc())
    ).first()
    return (rows[0], max(rows[1] - clock.now(), timedelta())) if rows else (None, timedelta())


def _vacancies(session: Session) -> list[_Vacancy]:
    rows = session.exec(
        select(Opening, EmployerMember)
        .join(Employer, col(Employer.id) == Opening.employer_id)
        .join(EmployerMember, col(EmployerMember.employer_id) == Employer.id)
        .where(
            Opening.kind == Kind.VACANCY,
            Opening.state == OpeningState.PUBLISHED,
            col(Opening.valid_until) >= clock.today(),
            col(Opening.hired_count) < col(Opening.headcount),
            col(Opening.pay_unit).is_not(None),
            col(Opening.pay_min_fen).is_not(None),
            Employer.state == EmployerState.VERIFIED,
        )
        .order_by(col(Opening.id))
    ).all()
    return [
        _Vacancy(
            opening.id,
            opening.title,
            opening.places_left,
            opening.pay_min_fen or 0,
            Actor(
                account_id=member.account_id,
                role=Role.EMPLOYER,
                employer_id=member.employer_id,
            ),
        )
        for opening, member in rows
    ]


def _sign(
    session: Session, vacancy: _Vacancy, course_id: int, ends: timedelta, number: int
) -> None:
    with act_as(session, vacancy.employer, clock.now() - timedelta(days=2, hours=number)):
        first = clock.today() + timedelta(days=4) + ends
        order = orders.sign(
            session,
            vacancy.employer,
            course_id=course_id,
            terms=orders.OrderTerms(
                opening_id=vacancy.opening_id,
                people=min(vacancy.places_left, 1 + number * 2),
                pay_fen=vacancy.pay_fen + _PAY_STEP,
                start_from=first,
                start_until=min(
                    first + timedelta(days=30),
                    clock.today() + timedelta(days=orders.LONGEST_DAYS),
                ),
                conditions=_CONDITIONS[number % len(_CONDITIONS)],
            ),
        ).id
    if number == 1:
        with act_as(session, vacancy.employer, clock.now() - timedelta(hours=5)):
            orders.withdraw(
                session, vacancy.employer, order_id=order, reason="老板娘的侄子来帮忙了，先不缺人"
            )
