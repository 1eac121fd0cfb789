"""Why an opening fits a resident, what is missing, and the way to get it."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.engine import records
from webapp.matches.lifecycle import PENDING
from webapp.matches.models import Match
from webapp.matches.services.requirements import SECTIONS as RULE_SECTIONS
from webapp.matches.services.requirements import seeker_of
from webapp.matches.services.transitions import get_opening, is_open_to_matches
from webapp.openings.models import Opening
from webapp.residents.models import Household, Resident

MOST_COURSES = 3
_LOOKED_AT = 200
# Where in one's own file a question is answered, or something left out added.
_SECTIONS = {
    **{code: one for code, one in RULE_SECTIONS.items() if code.startswith("unknown_")},
    "certificate": RULE_SECTIONS["certificate"],
    "skill_missing": "skills",
}


@dataclass(frozen=True)
class Gap:
    """What is missing; ``href`` leads to where it can be filled in, if it can."""

    text: str
    href: str | None


@dataclass(frozen=True)
class Outlook:
    """Reasons and gaps in words, and courses (id, title) that would close a gap."""

    reasons: list[str]
    gaps: list[Gap]
    courses: list[tuple[int, str]]


def outlook(session: Session, match: Match) -> Outlook:
    """Return how a resident stands towards one opening of theirs.

    A suggestion keeps what it was made with; what one asked for oneself is weighed now. The
    library is asked only when something could be learnt, or nothing is known yet.
    """
    reasons, gaps = match.reasons, match.gaps
    courses: list[tuple[int, str]] = []
    unknown = not reasons and not gaps
    if match.state in PENDING and (unknown or _learnable(gaps)):
        seeker, opening = _records(session, match)
        if unknown:
            reasons, gaps = records.explain(seeker, opening)
        if _learnable(gaps):
            courses = _courses(session, seeker, opening)
    return Outlook(
        [reason["text"] for reason in reasons],
        [Gap(gap["text"], _where(gap["code"])) for gap in gaps],
        courses,
    )


def _learnable(gaps: list[dict[str, str]]) -> bool:
    return any(gap["code"] in records.LEARNABLE for gap in gaps)


def _where(code: str) -> str | None:
    section = _SECTIONS.get(code)
    return url_for("residents.my_section", section=section) if section else None


def _records(session: Session, match: Match) -> "tuple[records.Seeker, records.Opening]":
    resident = session.get_one(Resident, match.resident_id)
    household = session.get_one(Household, resident.household_id)
    return seeker_of(session, resident, household), records.opening_record(
        get_opening(session, match)
    )


def _courses(
    session: Session, seeker: "records.Seeker", opening: "records.Opening"
) -> list[tuple[int, str]]:
    rows = session.scalars(
        select_columns(Opening)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(Opening.kind) == Kind.COURSE, is_open_to_matches())
        .order_by(col(Opening.valid_until), col(Opening.id))
        .limit(_LOOKED_AT)
    ).all()
    titles = {row.id: row.title for row in rows}
    helping = records.courses_that_help(
        seeker, opening, [records.opening_record(row) for row in rows]
    )
    return [(one, titles[one]) for one in helping[:MOST_COURSES]]
