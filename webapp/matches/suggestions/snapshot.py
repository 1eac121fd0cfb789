"""Read all that ranking needs, at one moment, in a handful of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Row, Select, select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.employers.models import Employer
from webapp.engine import kept_catalogue, records
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.matches.services.transitions import is_open_to_matches
from webapp.openings.models import Opening
from webapp.residents.models import Experience, Household, Resident, ResidentState
from webapp.residents.queries import is_blank

IDS_AT_ONCE = 500

Item = TypeVar("Item")

_S = MatchState
# What a resident's earlier matches tell the ranking. A suggestion put aside by staff or an
# offer without reply tells nothing.
PAST = {
    _S.DECLINED: "declined",
    _S.APPLIED: "applied",
    _S.SEEN: "applied",
    _S.INTERVIEW: "applied",
    _S.JOB_OFFER: "applied",
    _S.REFUSED: "applied",
    _S.HIRED: "hired",
    _S.DAY_30: "hired",
    _S.DAY_90: "hired",
    _S.RETAINED: "hired",
    _S.LEFT: "left",
}

# The columns of an opening that records.past_record takes; the employer is outer-joined.
OPENING_MET: tuple[Any, ...] = (
    col(Opening.id),
    col(Opening.kind),
    col(Opening.title),
    col(Opening.category),
    col(Opening.place),
    col(Opening.at_home),
    col(Employer.name).label("employer"),
)


@dataclass(frozen=True)
class Snapshot:
    """What ranking needs.

    ``met`` has the openings each resident has met, beyond being suggested them;
    ``without`` are the residents asked about who get no suggestions now: they seek none, or
    their file says nothing to go by.
    """

    seekers: "list[records.Seeker]"
    openings: "list[records.Opening]"
    met: dict[int, set[int]]
    without: list[int]


@dataclass(frozen=True)
class People:
    """Residents' rows by id, with their past jobs."""

    rows: dict[int, Row[Any]]
    jobs: dict[int, list[Any]]

    def record(self, resident_id: int, past: Sequence[dict[str, Any]] = ()) -> "records.Seeker":
        """Return a resident's record as of today."""
        person = self.rows[resident_id]
        return records.seeker_record(
            person,
            home=person.place,
            today=clock.today(),
            experience=self.jobs.get(resident_id, []),
            past=past,
        )


def read_people(session: Session, resident_ids: Collection[int] | None) -> People:
    """Return what is known of some residents, or of all, in two queries a block."""
    people = _rows(
        session,
        select(
            col(Resident.id),
            col(Resident.state),
            col(Resident.wanted),
            col(Resident.skills),
            col(Resident.certificates),
            col(Resident.education),
            col(Resident.birth_date),
            col(Resident.reach),
            col(Resident.available),
            col(Resident.limits),
            col(Resident.min_pay_fen),
            col(Resident.kinds),
            col(Household.place),
        ).join(Household, col(Household.id) == Resident.household_id),
        col(Resident.id),
        resident_ids,
    )
    jobs: dict[int, list[Any]] = defaultdict(list)
    for job in _rows(
        session,
        select(
            col(Experience.resident_id),
            col(Experience.title),
            col(Experience.employer),
            col(Experience.place),
            col(Experience.months),
        ).order_by(col(Experience.id)),
        col(Experience.resident_id),
        resident_ids,
    ):
        jobs[job.resident_id].append(job)
    return People({person.id: person for person in people}, jobs)


def read_openings(session: Session, *conditions: Any) -> "list[records.Opening]":
    """Return the records of openings that meet the conditions, by id."""
    columns = [getattr(Opening, name) for name in records.OPENING_FIELDS]
    rows = session.execute(
        select(*columns, col(Employer.name).label("employer"))
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(*conditions)
        .order_by(col(Opening.id))
    ).all()
    return kept_catalogue.opening_records(rows)


def read_snapshot(session: Session, resident_ids: Collection[int] | None) -> Snapshot:
    """Return what ranking needs of some residents, or of all."""
    people = read_people(session, resident_ids)
    met, past = _earlier(session, resident_ids)
    seeking = [
        one.id
        for one in people.rows.values()
        if one.state is ResidentState.SEEKING and not is_blank(one, people.jobs.get(one.id, ()))
    ]
    return Snapshot(
        seekers=[people.record(id_, past[id_]) for id_ in seeking],
        openings=read_openings(session, is_open_to_matches()),
        met=met,
        without=sorted(set(people.rows) - set(seeking)),
    )


def _earlier(
    session: Session, resident_ids: Collection[int] | None
) -> tuple[dict[int, set[int]], dict[int, list[dict[str, Any]]]]:
    """Return the openings each resident has met, and what they did about them, oldest first."""
    met: dict[int, set[int]] = defaultdict(set)
    past: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = _rows(
        session,
        select(
            col(Match.resident_id),
            col(Match.state),
            *OPENING_MET,
        )
        .join(Opening, col(Opening.id) == Match.opening_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(col(Match.state) != MatchState.SUGGESTED)
        .order_by(col(Match.since), col(Match.id)),
        col(Match.resident_id),
        resident_ids,
    )
    for row in rows:
        met[row.resident_id].add(row.id)
        if row.state in PAST:
            past[row.resident_id].append(
                records.past_record(row, action=PAST[row.state], employer=row.employer)
            )
    return met, past


def _rows(
    session: Session, query: "Select[*tuple[Any, ...]]", column: Any, ids: Collection[int] | None
) -> list[Row[Any]]:
    """Return the query's rows, of all or of those whose ``column`` is among ``ids``."""
    if ids is None:
        return list(session.execute(query).all())
    rows: list[Row[Any]] = []
    for some in in_blocks(sorted(ids), IDS_AT_ONCE):
        rows += session.execute(query.where(column.in_(some))).all()
    return rows


def in_blocks(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in order, ``size`` at a time."""
    rest = iter(items)
    while block := list(islice(rest, size)):
        yield block
