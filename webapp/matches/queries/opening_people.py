"""From an opening to people: whom the ranking found for it, whom it was offered to already."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core.errors import NotFound
from webapp.core.formatting import hours_words
from webapp.core.labels import label
from webapp.core.paging import Page, paginate
from webapp.employers.models import Employer
from webapp.engine.models import SuggestionRequest
from webapp.matches import presentation
from webapp.matches.lifecycle import PENDING, TAKEN, MatchState, Pick
from webapp.matches.models import Match
from webapp.matches.queries.match_detail import joined
from webapp.matches.queries.staff_queue import without_work
from webapp.matches.services.transitions import takes_people
from webapp.openings.models import Opening
from webapp.residents.models import Household, Resident, ResidentState

_BUSY = PENDING | TAKEN


@dataclass(frozen=True)
class Candidate:
    """Somebody whom the ranking found for the opening, and what staff weigh before they ask.

    ``position`` is the place the opening has among this person's own suggestions, from 1;
    ``broken`` are hard rules it breaks and ``gaps`` all else that is missing or to be asked;
    ``elsewhere`` names openings the person has been offered or works at. ``planned``: the
    community's plan gives them this opening; ``without_work``: nobody of their household is at
    work.
    """

    match_id: int
    resident_id: int
    name: str
    unit_address: str
    phone: str | None
    assisted: bool
    position: int | None
    reasons: list[str]
    near: str
    hours: str
    broken: list[str]
    gaps: list[str]
    elsewhere: list[str]
    planned: bool
    without_work: bool

    @property
    def is_free(self) -> bool:
        """Whether nothing speaks against asking this person next."""
        return not self.broken and not self.elsewhere


@dataclass(frozen=True)
class OpeningPeople:
    """An opening with its candidates, best first; ``asked`` are matches beyond suggestion.

    ``places`` are those still to be filled, ``waiting`` how many who were asked may yet come;
    ``computing`` says that suggestions for everybody are about to be worked out anew.
    """

    opening: Opening
    employer: str
    open: bool
    places: int
    waiting: int
    computing: bool
    page: Page
    asked: list[Any]

    @property
    def wanted(self) -> int:
        """How many more would have to be asked for each place to have one person."""
        return max(self.places - self.waiting, 0)

    @property
    def proposed(self) -> set[int]:
        """The matches to tick beforehand: as many of the best as are wanted and are free."""
        free = [one.match_id for one in self.page.rows if one.is_free]
        return set(free[: self.wanted]) if self.open and self.page.number == 1 else set()


def read_opening(session: Session, opening_id: int) -> tuple[Opening, str]:
    """Return an opening with its employer's name; raise :class:`NotFound` for none."""
    row = session.execute(
        select(Opening, col(Employer.name))
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(Opening.id) == opening_id)
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1] or ""


def read_people(session: Session, opening_id: int) -> OpeningPeople:
    """Return an opening's people in a fixed number of queries; nothing is computed here."""
    opening, employer = read_opening(session, opening_id)
    asked = list(
        session.execute(
            select(
                col(Match.id),
                col(Match.state),
                col(Match.start_date),
                col(Match.since),
                col(Resident.id).label("resident_id"),
                col(Resident.name),
                col(Resident.account_id).is_(None).label("assisted"),
            )
            .join(Resident, col(Resident.id) == Match.resident_id)
            .where(col(Match.opening_id) == opening_id, col(Match.state).in_(sorted(_BUSY)))
            .order_by(col(Match.since).desc(), col(Match.id).desc())
        )
    )
    computing = select(col(SuggestionRequest.id)).where(
        col(SuggestionRequest.resident_id).is_(None)
    )
    return OpeningPeople(
        opening=opening,
        employer=employer,
        open=takes_people(session, opening_id),
        places=max(opening.headcount - opening.hired_count, 0),
        waiting=sum(one.state in PENDING for one in asked),
        computing=session.execute(computing).first() is not None,
        page=_candidates(session, opening_id),
        asked=asked,
    )


def names_of(session: Session, match_ids: list[int]) -> dict[int, str]:
    """Return the names of the residents of some matches."""
    rows = session.execute(
        select(col(Match.id), col(Resident.name))
        .join(Resident, col(Resident.id) == Match.resident_id)
        .where(col(Match.id).in_(match_ids))
    )
    return {row[0]: row[1] for row in rows}


def count_waiting(session: Session, opening_id: int) -> int:
    """Return how many who were asked may yet come."""
    counted = select(func.count()).where(
        col(Match.opening_id) == opening_id, col(Match.state).in_(sorted(PENDING))
    )
    return int(session.execute(counted).scalar_one())


def _candidates(session: Session, opening_id: int) -> Page:
    page = paginate(
        session,
        joined(
            col(Match.id),
            col(Match.position),
            col(Match.reasons),
            col(Match.gaps),
            col(Match.pick),
            without_work().label("without_work"),
            col(Resident.id).label("resident_id"),
            col(Resident.name),
            col(Resident.phone),
            col(Resident.reach),
            col(Resident.available),
            col(Resident.account_id).is_(None).label("assisted"),
            col(Household.unit_address),
        )
        .where(
            col(Match.opening_id) == opening_id,
            col(Match.state) == MatchState.SUGGESTED,
            col(Resident.state) == ResidentState.SEEKING,
        )
        .order_by(col(Match.score).is_(None), col(Match.score).desc(), col(Match.id)),
    )
    elsewhere = _elsewhere(session, opening_id, [row.resident_id for row in page.rows])
    rows = [_candidate(row, elsewhere.get(row.resident_id, [])) for row in page.rows]
    return Page(rows, page.number, page.pages, page.total)


def _candidate(row: Any, elsewhere: list[str]) -> Candidate:
    said = {one["code"]: one["text"] for one in row.reasons}
    broken = presentation.broken_rules(row.gaps)
    return Candidate(
        match_id=row.id,
        resident_id=row.resident_id,
        name=row.name,
        unit_address=row.unit_address,
        phone=row.phone,
        assisted=bool(row.assisted),
        position=row.position,
        reasons=[text for code, text in said.items() if code not in {"near", "hours"}],
        near=said.get("near") or str(label(row.reach) or ""),
        hours=said.get("hours") or hours_words(row.available),
        broken=broken,
        gaps=[one["text"] for one in row.gaps if one["text"] not in broken],
        elsewhere=elsewhere,
        planned=row.pick is not None and row.pick < Pick.ASKED,
        without_work=bool(row.without_work),
    )


def _elsewhere(session: Session, opening_id: int, resident_ids: list[int]) -> dict[int, list[str]]:
    """Return by resident what they have been offered, or work at, beside this opening."""
    rows = session.execute(
        select(col(Match.resident_id), col(Match.state), col(Opening.title))
        .join(Opening, col(Opening.id) == Match.opening_id)
        .where(
            col(Match.resident_id).in_(resident_ids),
            col(Match.state).in_(sorted(_BUSY)),
            col(Match.opening_id) != opening_id,
        )
        .order_by(col(Match.since).desc(), col(Match.id))
    )
    found: dict[int, list[str]] = {}
    for resident_id, state, title in rows:
        found.setdefault(resident_id, []).append(f"{title}（{state.label}）")
    return found
