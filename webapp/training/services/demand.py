"""Work out which courses would open work for whom, and keep it: nightly, or when staff ask.

Nothing of it is computed when a page is shown. Each time replaces all that was kept.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlmodel import Session, col, delete

from webapp.core import clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.db import Database
from webapp.core.errors import Forbidden
from webapp.employment.queries import homes_at_work
from webapp.engine import course_demand
from webapp.engine.course_demand import Demand, ResidentGain, Teaching
from webapp.jobs import service as jobs
from webapp.jobs.models import BackgroundJob, JobKind
from webapp.jobs.worker import Work
from webapp.matches.suggestions.snapshot import in_blocks, read_snapshot
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.training import policy
from webapp.training.course_templates import course_templates
from webapp.training.models.courses import Course
from webapp.training.models.demand import COURSE_KEY, CourseDemand, DemandGain

#: Of each way so many people are kept, more than any run has seats; all are counted.
MOST_KEPT = 200
_EXAMPLES, _OPENINGS_KEPT = 5, 10
_WRITTEN_AT_ONCE = 500
_LOCK = 7_206_003  # any fixed number; names this work to PostgreSQL's advisory locks
_TEMPLATE = "template:"


def start(session: Session, actor: Actor) -> BackgroundJob:
    """Have it worked out anew; while that is under way the same job is shown."""
    if not policy.can_manage(actor):
        raise Forbidden
    return jobs.start(
        session,
        actor,
        kind=JobKind.TRAINING_DEMAND,
        arguments={},
        result_url="/staff/training/demand",
    )


def work(one: Work) -> dict[str, Any]:
    """Do it as a background job."""
    return {"ways": compute(one.db, progress=one.progress)}


def compute(db: Database, *, progress: Callable[[int, int], None] = lambda _n, _m: None) -> int:
    """Work out what each course, template and certificate opens; return how many open something.

    People who look for work, and openings that take people today, count.
    """
    with db.reader() as session:
        read = read_snapshot(session, None)
        courses = _courses(session)
        homes = select(col(Resident.id)).where(
            col(Resident.household_id).not_in(homes_at_work(on=clock.today()))
        )
        without_work = set(session.scalars(homes).all())
    templates = course_demand.without_doubles(_templates(), courses)
    found = course_demand.course_demand(
        read.seekers, read.openings, [*courses, *templates], progress=progress
    )
    places = {int(one.id): one.capacity for one in read.openings}
    now = clock.now()
    with db.transaction(SYSTEM) as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        session.exec(delete(CourseDemand))
        there = set(session.scalars(select(col(Resident.id))).all())
        for one in found:
            _write(session, one, places, without_work, there, now)
    return len(found)


def whom_to_invite(gains: Iterable[ResidentGain], without_work: set[int]) -> list[ResidentGain]:
    """Return gains in the order of whom to invite.

    Households in which nobody works come first; then who lacks just a certificate; then by the
    score of what it opens.
    """
    return sorted(
        gains,
        key=lambda one: (
            one.resident_id not in without_work,
            not one.unlocked,
            -one.score,
            one.resident_id,
        ),
    )


def _courses(session: Session) -> list[Teaching]:
    """Return the courses that are held, or were and may be again."""
    rows = session.execute(
        select(Course, Opening)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(col(Opening.state).in_([OpeningState.PUBLISHED, OpeningState.EXPIRED]))
        .order_by(col(Course.id))
    ).all()
    return [
        Teaching(
            f"{COURSE_KEY}{course.id}",
            opening.title,
            skills=course.skills,
            certificates=course.certificates,
            required=opening.certificates,
            education=opening.education,
            demands=opening.demands,
            place="" if opening.at_home else opening.place,
        )
        for course, opening in rows
    ]


def _templates() -> list[Teaching]:
    return [
        Teaching(
            f"{_TEMPLATE}{one.key}",
            one.title,
            skills=one.skills,
            certificates=one.certificates,
            education=one.education,
            demands=one.demands,
        )
        for one in course_templates().values()
    ]


def _write(
    session: Session,
    one: Demand,
    places: dict[int, int],
    without_work: set[int],
    there: set[int],
    now: datetime,
) -> None:
    gains = [gain for gain in one.gains if gain.resident_id in there]
    if not gains:
        return
    opened = Counter(id_ for gain in gains for id_ in (*gain.unlocked, *gain.completed))
    key = one.teaching.key
    row = CourseDemand(
        key=key,
        course_id=int(key.removeprefix(COURSE_KEY)) if key.startswith(COURSE_KEY) else None,
        template_key=key.removeprefix(_TEMPLATE) if key.startswith(_TEMPLATE) else "",
        certificate=one.teaching.title if key.startswith(course_demand.CERTIFICATE) else "",
        title=one.teaching.title,
        people=len(gains),
        unlocked_people=sum(bool(gain.unlocked) for gain in gains),
        openings=len(opened),
        places=sum(places[id_] for id_ in opened),
        placed=one.placed,
        examples=_most_opened(opened),
        hours=[one.hours],
        hours_fit=min(one.hours_fit, len(gains)),
        computed_at=now,
    )
    session.add(row)
    session.flush()
    first = whom_to_invite(gains, without_work)[:MOST_KEPT]
    rows = [
        {
            "demand_id": row.id,
            "resident_id": gain.resident_id,
            "rank": rank,
            "unlocked": len(gain.unlocked),
            "completed": len(gain.completed),
            "openings": [*gain.unlocked, *gain.completed][:_OPENINGS_KEPT],
        }
        for rank, gain in enumerate(first, 1)
    ]
    for some in in_blocks(rows, _WRITTEN_AT_ONCE):
        session.execute(insert(DemandGain), some)


def _most_opened(opened: Counter[int]) -> list[int]:
    return [id_ for id_, _n in sorted(opened.items(), key=lambda item: (-item[1], item[0]))][
        :_EXAMPLES
    ]
