"""What employers read of the people who agreed to be seen by them, in bounded queries."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, literal, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.formatting import hours_words
from webapp.core.labels import LabelledEnum, label
from webapp.core.vocabulary import Education, Kind
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.matches.lifecycle import AWAITS_EMPLOYER, WITH_EMPLOYER, MatchState, WishState
from webapp.matches.models import InterviewWish, Match
from webapp.matches.queries.own_matches import experience_lines
from webapp.matches.services.access import consent_stands
from webapp.matches.services.transitions import is_open_to_matches
from webapp.openings.models import Opening
from webapp.residents.models import Resident

MOST_OPENINGS = 50


class AwaitedFor(LabelledEnum):
    """What applicants wait for their employer to do."""

    NEW = "new", "新来应聘，还没看的"
    TIMES = "times", "想改面试时间，等您定的"
    HELD = "held", "面试过了，等您说要不要的"
    SILENT = "silent", "等您回话好几天的"


def awaited(what: AwaitedFor) -> ColumnElement[bool]:
    """Return the condition that an applicant waits for this; for queries that join matches."""
    asks_for_other = (
        select(InterviewWish.id)  # type: ignore[call-overload]
        .where(
            col(InterviewWish.match_id) == col(Match.id),
            col(InterviewWish.state) == WishState.OPEN,
        )
        .correlate(Match)
        .exists()
    )
    held = and_(
        col(Match.state) == MatchState.INTERVIEW,
        col(Match.interview_at) < clock.now(),
        ~asks_for_other,
    )
    return {
        AwaitedFor.NEW: col(Match.state) == MatchState.APPLIED,
        AwaitedFor.TIMES: and_(col(Match.state) == MatchState.INTERVIEW, asks_for_other),
        AwaitedFor.HELD: held,
        AwaitedFor.SILENT: and_(col(Match.state).in_(AWAITS_EMPLOYER), col(Match.chases) > 0),
    }[what]


def applicants(actor: Actor, what: AwaitedFor | None = None) -> Any:
    """Return the statement of the people the actor's organisation may see, by opening.

    ``what`` narrows it to those who wait for that.
    """
    return (
        select(
            col(Match.id),
            col(Match.state),
            col(Match.since),
            col(Match.interview_at),
            col(Match.start_date),
            col(Match.asked_at),
            col(Match.chases),
            col(Resident.name),
            col(Opening.id).label("opening_id"),
            col(Opening.title),
            col(Opening.kind),
            col(Opening.headcount),
            col(Opening.hired_count),
        )
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(Employer, col(Employer.id) == Opening.employer_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .where(
            col(Opening.employer_id) == (actor.employer_id or 0),
            col(Employer.state) == EmployerState.VERIFIED,
            col(Match.state).in_(WITH_EMPLOYER),
            consent_stands(),
            *([awaited(what)] if what else []),
        )
        .order_by(col(Opening.id).desc(), col(Match.since).desc(), col(Match.id).desc())
    )


def other_openings(session: Session, actor: Actor, match: Match) -> list[tuple[int, str]]:
    """Return the actor's other openings that take people now, the newest first."""
    rows = session.execute(
        select(col(Opening.id), col(Opening.title))
        .join(Employer, col(Employer.id) == Opening.employer_id)
        .where(
            col(Opening.employer_id) == (actor.employer_id or 0),
            col(Opening.id) != match.opening_id,
            is_open_to_matches(),
        )
        .order_by(col(Opening.id).desc())
        .limit(MOST_OPENINGS)
    )
    return [(row.id, row.title) for row in rows]


@dataclass(frozen=True)
class Applicant:
    """The fields of an applicant that an employer may see."""

    match: Match
    opening_title: str
    kind: Kind
    places_left: int
    name: str
    facts: list[tuple[str, str]]


def applicant(session: Session, match: Match) -> Applicant:
    """Return the applicant of a match that the caller has fetched through the actor's scope."""
    row = session.execute(
        select(
            col(Resident.id),
            col(Resident.name),
            col(Resident.skills),
            col(Resident.certificates),
            col(Resident.education),
            col(Resident.available),
            col(Opening.title),
            col(Opening.kind),
            (col(Opening.headcount) - col(Opening.hired_count)).label("left"),
        )
        .join(Opening, literal(True))
        .where(col(Resident.id) == match.resident_id, col(Opening.id) == match.opening_id)
    ).one()
    jobs = experience_lines(session, row.id)
    return Applicant(
        match=match,
        opening_title=row.title,
        kind=row.kind,
        places_left=row.left,
        name=row.name,
        facts=[
            (_("会什么"), "、".join(row.skills)),
            (_("有什么证"), "、".join(row.certificates)),
            (_("做过什么"), "；".join(jobs)),
            (_("学历"), label(Education(row.education)) if row.education else ""),
            (_("有空的时间"), hours_words(row.available) or _("没有说，可以问问")),
        ],
    )
