"""An interview as its people read it: where and when, how to get there, a wish to move it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from webapp.core import clock
from webapp.core.db import moment
from webapp.core.formatting import moment_words
from webapp.core.icalendar import CalendarEntry, uid_of
from webapp.core.memo import built_once
from webapp.employers.models import Employer
from webapp.employers.queries import TO_CALL
from webapp.matches import half_days
from webapp.matches.lifecycle import MatchAction, MatchState, WishState
from webapp.matches.models import InterviewWish, Match, MatchEvent
from webapp.matches.queries.match_detail import ACTED_ON
from webapp.openings.models import Opening
from webapp.openings.presentation import map_link
from webapp.residents.models import Resident

LENGTH = timedelta(hours=1)


@dataclass(frozen=True)
class Interview:
    """An interview in words; ``facts`` are (label, words), ``map_url`` empty where none helps.

    ``is_ahead`` is over at its time; ``wish`` is the open wish for another one, ``wish_words``
    says it.
    """

    facts: list[tuple[str, str]]
    map_url: str
    is_ahead: bool
    wish: InterviewWish | None
    wish_words: str


def interview_of(session: Session, match: Match) -> Interview | None:
    """Return the interview of a match while it is agreed, else ``None``; two queries."""
    if match.state is not MatchState.INTERVIEW or match.interview_at is None:
        return None
    opening = session.get_one(Opening, match.opening_id)
    wish = open_wish(session, match.id)
    rows = [
        (_("什么时候"), moment_words(match.interview_at)),
        (_("在哪里"), full_address(match.interview_place, opening)),
        (_("到了找谁"), match.interview_contact),
        (_("要带什么"), match.interview_bring),
    ]
    return Interview(
        facts=[row for row in rows if row[1]],
        map_url=map_link(opening.place, map_words(match.interview_place, opening)),
        is_ahead=match.interview_at > clock.now(),
        wish=wish,
        wish_words=words_of(wish),
    )


def open_wish(session: Session, match_id: int) -> InterviewWish | None:
    """Return the wish for another time that waits for the employer."""
    return session.exec(
        select_rows(InterviewWish).where(
            InterviewWish.match_id == match_id, InterviewWish.state == WishState.OPEN
        )
    ).first()


@built_once
def waiting_wishes() -> Any:
    """Return the statement of wishes for another time that wait, the next interview first."""
    return (
        select(
            col(Match.id),
            InterviewWish,
            col(Resident.name),
            col(Resident.phone),
            col(Resident.contact_note),
            col(Resident.branch_id),
            col(Opening.title),
            *TO_CALL,
        )
        .join(Match, col(Match.id) == InterviewWish.match_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(
            ACTED_ON,
            col(InterviewWish.state) == WishState.OPEN,
            col(InterviewWish.interview_at) > moment(),
        )
        .order_by(col(InterviewWish.interview_at), col(InterviewWish.id))
    )


def words_of(wish: InterviewWish | None) -> str:
    """Return which times would suit, in words; empty for no wish."""
    if wish is None:
        return ""
    call = _("想打电话商量") if wish.wants_call else ""
    return "；".join(part for part in (half_days.words(wish.halves), call) if part)


def full_address(place: str, opening: Opening) -> str:
    """Return where an interview is, with the opening's address unless it says so itself."""
    address = opening.address
    if not address or address in place or place in address:
        return place if len(place) >= len(address) else address
    return _("%(address)s（%(place)s）", address=address, place=place)


def map_words(place: str, opening: Opening) -> str:
    """Return what a map can find: the opening's address, or else the words for the interview."""
    return opening.address or place


def entries(session: Session, *conditions: Any, url: str = "") -> list[CalendarEntry]:
    """Return interviews for calendars, those that were called off among them; one query.

    ``conditions`` narrow a query of matches, openings, employers and residents. The title is
    neutral: what a calendar shows, others may see.
    """
    moves = (
        select(func.count(col(MatchEvent.id)))
        .where(
            col(MatchEvent.match_id) == col(Match.id),
            col(MatchEvent.from_state).in_([MatchState.INTERVIEW.value])
            | (col(MatchEvent.action) == MatchAction.INVITE_INTERVIEW.value),
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(Match, Opening, moves.label("moves"))
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(Match.interview_at).is_not(None), *conditions)
        .order_by(col(Match.interview_at), col(Match.id))
    )
    return [_entry(row.Match, row.Opening, row.moves, url) for row in rows]


def _entry(match: Match, opening: Opening, moves: int, url: str) -> CalendarEntry:
    at: datetime = match.interview_at or match.since
    held = match.state is MatchState.INTERVIEW or at <= match.since
    return CalendarEntry(
        uid=uid_of(f"interview-{match.id}"),
        starts_at=at,
        ends_at=at + LENGTH,
        summary=_("面试"),
        location=full_address(match.interview_place, opening),
        description="",
        changed_at=match.since,
        sequence=moves,
        cancelled=not held,
        url=url,
    )
