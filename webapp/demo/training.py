"""Courses of the demo: runs to come for all that are open, and four with people in them.

One is full with a waiting list, one is being held, one was moved, one is over and has brought
certificates. All through the real services, each step on its day.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.errors import AppError
from webapp.core.vocabulary import Kind
from webapp.demo.act_as import act_as
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Resident, ResidentState
from webapp.training.lifecycle import CourseLevel, Presence
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.services import assessment, attendance, due, enrolments, posting, runs
from webapp.training.services.posting import RunTerms

_BEGINS = re.compile(r"共(\d+)天，(\d+)月(\d+)日开班，(\d+)个名额")
# Rooms without a building: which one it is, the course's address says.
_ROOMS = ("二楼教室", "一楼大教室", "三楼实训室", "二楼小教室", "一楼会议室")
_TRAINERS = ("何秀英", "刘明贵", "唐德芳", "周丽华", "冉光荣", "彭素珍", "邓世平")
_PAPERS = ("身份证复印件", "一寸照片两张")
# Opening's title → (words looked for in what people want, hours of teaching).
FULL, RUNNING, MOVED, LICENCE = "缝纫入门班", "重庆小面技术班", "育婴员班", "低压电工取证班"
OVER = "家庭串珠与中国结手工班"
_WORDS = {FULL: ("缝", "手工", "布"), RUNNING: ("面", "厨", "小吃"), MOVED: ("带", "家政", "孩")}
_LINE, _FAILED = 4, 4
FIRST, SECOND = "13800000001", "13800000005"


def write(session: Session) -> None:
    """Give the courses their runs and people; called once, in one transaction."""
    staff = staff_actor(session)
    openings = session.exec(
        select(Opening)
        .where(Opening.kind == Kind.COURSE, Opening.state == OpeningState.PUBLISHED)
        .order_by(col(Opening.id))
    ).all()
    titles = {opening.id: opening.title for opening in openings}
    courses = {}
    with act_as(session, SYSTEM, clock.now() - timedelta(days=20)):
        for opening in openings:
            courses[opening.title] = _describe(session, opening).id
    if OVER in courses:
        _finish(session, staff, courses[OVER])
    if RUNNING in courses:
        _hold(session, staff, courses[RUNNING])
    open_runs = {
        titles[opening_id]: _next_run(session, staff, number, opening_id, courses)
        for number, opening_id in enumerate(sorted(titles))
    }
    people = seekers(session)
    if run_id := open_runs.get(FULL):
        _fill(session, staff, run_id, choose(people, FULL), first=FIRST, second=SECOND)
    if run_id := open_runs.get(MOVED):
        _move(session, staff, run_id, choose(people, MOVED))
    if run_id := open_runs.get(LICENCE):
        _enrol(session, staff, run_id, choose(people, LICENCE)[:6], days_ago=3)


def staff_actor(session: Session, phone: str = "13800000003") -> Actor:
    """Return the member of staff with this number, as they act."""
    row = session.exec(select(Account).where(Account.phone == phone)).one()
    return Actor(
        account_id=row.id, role=Role.STAFF, name=row.name, branch_id=row.branch_id, serves_all=True
    )


def _describe(session: Session, opening: Opening) -> Course:
    """Write the course of an opening, with what its text does not say."""
    course = posting.ensure_course(session, opening)
    licence = any(one.endswith("证") for one in opening.teaches)
    found = _BEGINS.search(opening.description)
    course.level = CourseLevel.LICENCE if licence else CourseLevel.BEGINNER
    course.class_hours = int(found[1]) * 4 if found else None
    course.papers = list(_PAPERS) if licence else [_PAPERS[0]]
    course.subsidised = licence
    course.subsidy_note = "考过以后人社部门补给培训学校，居民不交钱" if licence else ""
    session.add(course)
    return course


def _next_run(
    session: Session, staff: Actor, number: int, opening_id: int, courses: dict[str, int]
) -> int | None:
    """Post the run that the opening's own text speaks of."""
    with act_as(session, staff, clock.now() - timedelta(days=5, hours=number % 7)):
        opening = session.get_one(Opening, opening_id)
        found = _BEGINS.search(opening.description)
        if found is None or not opening.hours:
            return None
        days, month, day, seats = (int(one) for one in found.groups())
        begins = date(clock.today().year, month, day)
        if begins < clock.today():
            begins = date(begins.year + 1, month, day)
        window = opening.hours[0]
        meetings = posting.weekly_meetings(
            begins,
            [int(one) for one in window["days"]],
            time.fromisoformat(window["start"]),
            time.fromisoformat(window["end"] if window["end"] != "24:00" else "23:30"),
            days,
        )
        run = posting.add_run(
            session,
            staff,
            course_id=courses[opening.title],
            run=terms(number, meetings, seats, until=begins - timedelta(days=1)),
            idempotency_key=f"{0xC0000 + number:032x}",
        )
        return run.id


def terms(
    number: int, meetings: list[tuple[datetime, datetime]], seats: int, *, until: date
) -> RunTerms:
    """Return a run's terms; ``number`` gives it room and trainer."""
    return RunTerms(
        meetings=meetings,
        seats=seats,
        room=_ROOMS[number % len(_ROOMS)],
        trainer=_TRAINERS[number % len(_TRAINERS)],
        enrol_until=until,
        overlap_known=True,
    )


def _hold(session: Session, staff: Actor, course_id: int) -> None:
    """Hold a run that began some days ago and goes on for two more weeks."""
    begins = clock.today() - timedelta(days=9)
    while begins.isoweekday() != 1:
        begins -= timedelta(days=1)
    posted = datetime.combine(begins - timedelta(days=15), time(10), clock.LOCAL)
    meetings = posting.weekly_meetings(begins, [1, 3, 5], time(9), time(11, 30), 10)
    with act_as(session, staff, posted):
        run_id = posting.add_run(
            session,
            staff,
            course_id=course_id,
            run=terms(2, meetings, 12, until=begins - timedelta(days=1)),
            idempotency_key=f"{0xD0000:032x}",
        ).id
    people = choose(seekers(session), RUNNING)[:11]
    begin(session, staff, run_id, people, posted=posted, begins=meetings[0][0])
    _attend(session, staff, run_id, until=clock.now(), absent=7)


def begin(
    session: Session,
    staff: Actor,
    run_id: int,
    people: Sequence[tuple[int, Actor | None]],
    *,
    posted: datetime,
    begins: datetime,
) -> None:
    """Enrol people in the days after a run was posted, and have it begin."""
    for number, (resident_id, own) in enumerate(people):
        with act_as(session, own or staff, posted + timedelta(days=1 + number % 8)):
            enrolments.enrol(session, own or staff, run_id=run_id, resident_id=resident_id)
    with act_as(session, SYSTEM, begins + timedelta(minutes=2)):
        due.begin_due(session)


def _attend(session: Session, staff: Actor, run_id: int, *, until: datetime, absent: int) -> None:
    """Mark who was there at each meeting so far; every ``absent``-th mark says otherwise."""
    meetings = session.exec(
        select(ClassMeeting.id, ClassMeeting.starts_at)
        .where(ClassMeeting.run_id == run_id, ClassMeeting.starts_at < until)
        .order_by(col(ClassMeeting.starts_at))
    ).all()
    people = session.exec(
        select(Enrolment.id).where(Enrolment.run_id == run_id).order_by(col(Enrolment.seat))
    ).all()
    for nth, (meeting_id, starts_at) in enumerate(meetings):
        with act_as(session, staff, starts_at + timedelta(minutes=10)):
            for number, enrolment_id in enumerate(people):
                away = (number + nth) % absent == absent - 1
                attendance.mark(
                    session,
                    staff,
                    meeting_id=meeting_id,
                    enrolment_id=enrolment_id,
                    presence=Presence.EXCUSED if away else Presence.PRESENT,
                    client_key=f"{meeting_id:016x}{enrolment_id:016x}",
                )


def _finish(session: Session, staff: Actor, course_id: int) -> None:
    """Hold a run that is over: five mornings, seven people, six of whom passed."""
    begins = clock.today() - timedelta(days=40)
    while begins.isoweekday() != 1:
        begins -= timedelta(days=1)
    posted = datetime.combine(begins - timedelta(days=15), time(10), clock.LOCAL)
    meetings = posting.weekly_meetings(begins, [1, 2, 3, 4, 5], time(9), time(11, 30), 5)
    with act_as(session, staff, posted):
        run_id = posting.add_run(
            session,
            staff,
            course_id=course_id,
            run=terms(1, meetings, 10, until=begins - timedelta(days=1)),
            idempotency_key=f"{0xE0000:032x}",
        ).id
    first = resident_actor(session, FIRST)
    others = [one for one in choose(seekers(session), FULL) if one[0] != first[0]]
    people = [first, *others[40:46]]
    begin(session, staff, run_id, people, posted=posted, begins=meetings[0][0])
    _attend(session, staff, run_id, until=clock.now(), absent=6)
    second = staff_actor(session, "13800000007")
    learners = session.exec(
        select(Enrolment.id).where(Enrolment.run_id == run_id).order_by(col(Enrolment.seat))
    ).all()
    for number, enrolment_id in enumerate(learners):
        moment = meetings[-1][1] + timedelta(days=1, minutes=number)
        with act_as(session, staff, moment):
            typed = assessment.enter(
                session,
                staff,
                enrolment_id=enrolment_id,
                passed=number != _FAILED,
                trainer=_TRAINERS[1],
            ).id
        with act_as(session, second, moment + timedelta(hours=2)):
            assessment.confirm(session, second, assessment_id=typed)
    with act_as(session, staff, meetings[-1][1] + timedelta(days=2)):
        assessment.close_run(session, staff, run_id=run_id)


def _fill(
    session: Session, staff: Actor, run_id: int, people: Sequence[tuple[int, Actor | None]],
    *, first: str, second: str,
) -> None:  # fmt: skip
    """Fill a run and its line; then somebody goes, and the next one is asked."""
    seats = session.get_one(CourseRun, run_id).seats
    mine, other = resident_actor(session, first), resident_actor(session, second)
    rest = [one for one in people if one[0] not in {mine[0], other[0]}]
    _enrol(session, staff, run_id, rest[:seats], days_ago=4)
    line = [other, rest[seats], mine, *rest[seats + 1 : seats + _LINE]]
    _enrol(session, staff, run_id, line, days_ago=2)
    left = rest[0][0]
    with act_as(session, staff, clock.now() - timedelta(hours=3)):
        enrolment = session.exec(
            select(Enrolment).where(Enrolment.run_id == run_id, Enrolment.resident_id == left)
        ).one()
        enrolments.withdraw(session, staff, enrolment_id=enrolment.id)


def _move(
    session: Session, staff: Actor, run_id: int, people: Sequence[tuple[int, Actor | None]]
) -> None:
    """Move the first meeting of a run by a day; ten people are told."""
    mine = resident_actor(session, FIRST)
    rest = [one for one in people if one[0] != mine[0]]
    _enrol(session, staff, run_id, [mine, *rest[:9]], days_ago=3)
    with act_as(session, staff, clock.now() - timedelta(days=1)):
        run = session.get_one(CourseRun, run_id)
        last = session.exec(
            select(ClassMeeting)
            .where(ClassMeeting.run_id == run_id)
            .order_by(col(ClassMeeting.starts_at).desc())
        ).first()
        if last is None:
            return
        later = timedelta(days=1 if clock.local(last.starts_at).isoweekday() < 5 else 3)
        runs.change_run(
            session,
            staff,
            run_id=run_id,
            change=runs.Change(
                meetings={last.id: (last.starts_at + later, last.ends_at + later)},
                room=run.room,
                trainer=run.trainer,
                seats=run.seats,
                reason="老师那天去区里开会",
                overlap_known=True,
            ),
        )


def _enrol(
    session: Session,
    staff: Actor,
    run_id: int,
    people: Sequence[tuple[int, Actor | None]],
    *,
    days_ago: int,
) -> None:
    for number, (resident_id, own) in enumerate(people):
        moment = clock.now() - timedelta(days=days_ago) + timedelta(minutes=20 * number)
        try:
            with act_as(session, own or staff, moment):
                enrolments.enrol(session, own or staff, run_id=run_id, resident_id=resident_id)
        except AppError:  # another subsidised course this year, or in the run already
            continue


def seekers(session: Session) -> list[tuple[int, Actor | None, str]]:
    """Return (id, who acts if not staff, what they want) of people looking for something."""
    rows = session.exec(
        select(Resident.id, Resident.account_id, Resident.wanted, Account.phone_verified_at)
        .outerjoin(Account, col(Account.id) == Resident.account_id)
        .where(Resident.state == ResidentState.SEEKING)
        .order_by(col(Resident.id))
        .limit(600)
    ).all()
    return [
        (
            resident_id,
            Actor(account_id=account_id, role=Role.RESIDENT, resident_id=resident_id)
            if account_id
            else None,
            " ".join(wanted),
        )
        for resident_id, account_id, wanted, verified in rows
        if account_id is None or verified is not None
    ]


def choose(
    people: Sequence[tuple[int, Actor | None, str]], title: str
) -> list[tuple[int, Actor | None]]:
    """Return people for a course: those who want such work first, others after them."""
    words = _WORDS.get(title, ("电",))
    turn = {title: place for place, title in enumerate((FULL, RUNNING, MOVED, LICENCE))}[title]
    fitting = [one for one in people if any(word in one[2] for word in words)]
    others = [one for one in people if one not in fitting][turn::4]
    return [(resident_id, own) for resident_id, own, _wanted in [*fitting, *others]]


def resident_actor(session: Session, phone: str) -> tuple[int, Actor | None]:
    """Return the id of the resident with this number, and the person as they act."""
    row = session.exec(
        select(Resident.id, Account.id)
        .join(Account, col(Account.id) == Resident.account_id)
        .where(Account.phone == phone)
    ).one()
    return row[0], Actor(account_id=row[1], role=Role.RESIDENT, resident_id=row[0])
