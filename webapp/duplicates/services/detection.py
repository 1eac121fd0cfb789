"""Look for files that may be one. Only candidates that share a key are compared with each other.

People: the same identity number; the same phone and name; the same name (or its sound) with
the same birthday or address. A phone alone says nothing: families share one. Openings: of one
employer, nearly the same title, and the same pay and place or nearly the same text.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import audit, clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.duplicates.models import DuplicateKind, DuplicatePair
from webapp.engine.records import search_keys
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Household, Resident, ResidentState, SensitiveRecord

SIMILAR_TITLE = 88  # of 100, rapidfuzz's ratio; 保洁员 and 保洁员（白班） stay apart
SIMILAR_TEXT = 90
_OVER = [OpeningState.CLOSED, OpeningState.DRAFT, OpeningState.EXPIRED, OpeningState.RETURNED]
_LARGEST_GROUP = 40  # a key shared by more says nothing: 「保洁员」 of no employer

Found = dict[tuple[int, int], list[str]]


def find(db: Database) -> int:
    """Note every pair not noted before; return how many are new. What was decided stands."""
    with db.reader() as session:
        residents, read = _residents(session)
        found = {
            DuplicateKind.RESIDENT: residents,
            DuplicateKind.OPENING: _openings(session),
        }
        known = {
            (row.kind, row.first_id, row.second_id)
            for row in session.execute(
                select(
                    col(DuplicatePair.kind),
                    col(DuplicatePair.first_id),
                    col(DuplicatePair.second_id),
                )
            )
        }
    new = [
        DuplicatePair(
            kind=kind, first_id=first, second_id=second, evidence=evidence, found_at=clock.now()
        )
        for kind, pairs in found.items()
        for (first, second), evidence in sorted(pairs.items())
        if (kind, first, second) not in known
    ]
    with db.transaction(SYSTEM) as session:
        session.add_all(new)
        if read:
            audit.record(session, "duplicate.compare_id_numbers", "resident:*", n=read)
    return len(new)


def _residents(session: Session) -> tuple[Found, int]:
    """Return the pairs of people, and how many identity numbers were read for it."""
    rows = session.execute(
        select(
            col(Resident.id),
            col(Resident.name),
            col(Resident.phone),
            col(Resident.birth_date),
            col(Household.unit_address),
            col(SensitiveRecord.id_number),
        )
        .join(Household, col(Household.id) == Resident.household_id)
        .outerjoin(SensitiveRecord, col(SensitiveRecord.resident_id) == Resident.id)
        .where(col(Resident.state) != ResidentState.LEFT)
    ).all()
    sound = {row.id: search_keys(row.name).pinyin for row in rows}
    keys: list[tuple[list[str], Callable[[Any], Hashable]]] = [
        (["id_number"], lambda row: row.id_number),
        (["phone", "name"], lambda row: row.phone and (row.phone, sound[row.id])),
        (["name", "birth"], lambda row: row.birth_date and (row.name, row.birth_date)),
        (["name", "unit_address"], lambda row: row.unit_address and (row.name, row.unit_address)),
        (
            ["sound", "birth", "unit_address"],
            lambda row: (
                row.birth_date
                and row.unit_address
                and (sound[row.id], row.birth_date, row.unit_address)
            ),
        ),
    ]
    found: Found = defaultdict(list)
    for evidence, key in keys:
        for one, other in _sharing(rows, key):
            pair = found[one.id, other.id]
            pair.extend(word for word in evidence if word not in pair)
    return {pair: _plain(words) for pair, words in found.items()}, sum(
        row.id_number is not None for row in rows
    )


def _plain(words: list[str]) -> list[str]:
    """Leave out that names sound alike where they are the same."""
    return [word for word in words if word != "sound" or "name" not in words]


def _openings(session: Session) -> Found:
    rows = session.execute(
        select(
            col(Opening.id),
            col(Opening.kind),
            col(Opening.employer_id),
            col(Opening.title),
            col(Opening.description),
            col(Opening.place),
            col(Opening.pay_text),
        ).where(col(Opening.state).not_in(_OVER))
    ).all()
    plain = {row.id: search_keys(row.title).plain for row in rows}
    found: Found = {}
    # Those without an employer come from one list; only the very same title is looked at.
    for one, other in _sharing(
        rows, lambda row: (row.kind, row.employer_id or plain[row.id], row.place)
    ):
        if fuzz.ratio(plain[one.id], plain[other.id]) < SIMILAR_TITLE:
            continue
        text = fuzz.ratio(one.description, other.description) >= SIMILAR_TEXT
        pay = one.pay_text == other.pay_text
        if (one.employer_id is not None and pay) or text:
            marks = [("pay", pay), ("text", text), ("employer", one.employer_id is not None)]
            found[one.id, other.id] = ["title", "place", *(word for word, holds in marks if holds)]
    return found


def _sharing(rows: Iterable[Any], key: Callable[[Any], Hashable]) -> Iterable[tuple[Any, Any]]:
    """Yield the pairs of rows with one key, the lower id first; rows without a key are left out."""
    groups: dict[Hashable, list[Any]] = defaultdict(list)
    for row in rows:
        if shared := key(row):
            groups[shared].append(row)
    for group in groups.values():
        if len(group) <= _LARGEST_GROUP:
            yield from combinations(sorted(group, key=lambda row: row.id), 2)
