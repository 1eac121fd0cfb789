"""Write blocks of read rows; a row that is there already, or comes in twice at once, stays one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, func, select

from webapp.core import clock
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer
from webapp.employment.lifecycle import Evidence, Origin, SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.imports.models import ImportedRow
from webapp.imports.readers.residents import Person
from webapp.imports.readers.vacancies import Vacancy
from webapp.imports.services.readiness import Assessment, assess
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening, OpeningSource
from webapp.residents import allowance
from webapp.residents.models import (
    Consent,
    ConsentChannel,
    ConsentPurpose,
    Experience,
    Household,
    Resident,
    ResidentState,
    SensitiveRecord,
)
from webapp.residents.unit_address import ESTATE

_IMPORT_LOCK = 7_206_002  # any fixed number; names imports to PostgreSQL's advisory locks


@dataclass(frozen=True)
class Consented:
    """What staff say of the consent of all people on a list, and to what it extends."""

    channel: ConsentChannel
    note: str
    sensitive: bool
    account_id: int | None


def lock(session: Session) -> None:
    """Let one import write at a time: two in different orders would block each other."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _IMPORT_LOCK})


def write_vacancies(
    session: Session,
    vacancies: Sequence[Vacancy],
    *,
    batch_id: int,
    found: Mapping[str, Assessment],
) -> int:
    """Insert vacancies that wait for review, and employers known only by name.

    Notes what came in with the batch and what a look through it ``found`` (by key, from
    :func:`assess_vacancies`); returns how many vacancies did.
    """
    employers, new = _employers(session, vacancies)
    now = clock.now()
    usual = _usual_opening(now)
    inserted = _insert_like(
        session,
        usual,
        [
            {"employer_id": employers.get(one.employer), "import_key": one.key, **one.columns}
            for one in vacancies
        ],
        unique=["import_key"],
        returning=["id", "import_key"],
    )
    rows = {one.key: one.number for one in vacancies}
    _note_rows(session, batch_id, "employer_id", dict.fromkeys(new, 0))
    brought = [
        {
            "opening_id": one.id,
            "row": rows[one.import_key],
            "readiness": found[one.import_key].readiness,
            "lacks": found[one.import_key].lacking,
            "flags": list(found[one.import_key].flags),
            "seen": now,
        }
        for one in inserted
    ]
    _insert_like(session, ImportedRow(batch_id=batch_id), brought)
    return len(inserted)


def assess_vacancies(
    vacancies: Sequence[Vacancy], *, on: date, longest: int
) -> dict[str, Assessment]:
    """Look through vacancies that are not written yet, so that nothing is locked meanwhile."""
    now = clock.now()
    found = {}
    for one in vacancies:
        # Any id stands for the employer, who gets one when the block is written.
        opening = _usual_opening(now, employer_id=0 if one.employer else None, **one.columns)
        found[one.key] = assess(opening, on=on, longest=longest)
    return found


def _usual_opening(now: datetime, **columns: Any) -> Opening:
    usual: dict[str, Any] = {
        "kind": Kind.VACANCY,
        "title": "",
        "state": OpeningState.SUBMITTED,
        "source": OpeningSource.IMPORT,
        "created_at": now,
        "updated_at": now,
    }
    return Opening(**(usual | columns))


def brought_in(session: Session, batch_id: int) -> tuple[int, int]:
    """Return how many rows of a batch came in, in all its runs, and how many employers."""
    counts = session.execute(
        select(
            func.count(col(ImportedRow.resident_id)) + func.count(col(ImportedRow.opening_id)),
            func.count(col(ImportedRow.employer_id)),
        ).where(ImportedRow.batch_id == batch_id)
    ).one()
    return counts[0], counts[1]


def _note_rows(session: Session, batch_id: int, column: str, row_of: dict[int, int]) -> None:
    usual = ImportedRow(batch_id=batch_id)
    _insert_like(session, usual, [{column: id_, "row": row} for id_, row in row_of.items()])


def _employers(session: Session, vacancies: Sequence[Vacancy]) -> tuple[dict[str, int], list[int]]:
    """Return the employers' ids by name, and those that are new and pending."""
    by_name = {one.employer: one for one in reversed(vacancies) if one.employer}
    known = _ids_by_name(session, by_name)
    missing = [one for name, one in sorted(by_name.items()) if name not in known]
    rows = [
        {"name": one.employer, "contact_name": one.contact_name, "phone": one.phone}
        for one in missing
    ]
    usual = Employer(name="", created_at=clock.now())
    inserted = _insert_like(session, usual, rows, unique=["name"])
    return (_ids_by_name(session, by_name) if rows else known), [row.id for row in inserted]


def _ids_by_name(session: Session, names: Iterable[str]) -> dict[str, int]:
    found = session.execute(
        select(col(Employer.name), col(Employer.id)).where(col(Employer.name).in_(list(names)))
    )
    return {row[0]: row[1] for row in found}


def write_people(
    session: Session,
    people: Sequence[Person],
    *,
    batch_id: int,
    branch_id: int,
    consented: Consented,
) -> int:
    """Insert residents with household, jobs, spells, consents, sensitive facts; return how many.

    Somebody of the same name at the same unit address, born within a year of each other or at a
    time not known, is the same person.
    """
    now = clock.now()
    households, new_households = _households(session, people, now)
    fresh = _not_there(session, people, households)
    usual = Resident(
        household_id=0, placed=True, branch_id=branch_id, name="", created_at=now, updated_at=now
    )
    inserted = _insert_like(
        session,
        usual,
        [
            {"household_id": households[one.unit_address], "import_key": one.key, **one.columns}
            for one in fresh
        ],
        unique=["import_key"],
        returning=["id", "import_key"],
    )
    ids = {row.import_key: row.id for row in inserted}
    new = [one for one in fresh if one.key in ids]
    jobs = [
        {"resident_id": ids[one.key], "title": job.title, "months": job.months}
        for one in new
        for job in one.jobs
    ]
    _insert_like(session, Experience(resident_id=0, title=""), jobs)
    _write_spells(session, ids, new, consented, now)
    _write_consents(session, list(ids.values()), consented, now)
    if consented.sensitive:
        facts = [
            {
                "resident_id": ids[one.key],
                **one.sensitive,
                "allowance_code": allowance.code_of(one.sensitive.get("allowance")),
            }
            for one in new
            if one.sensitive
        ]
        _insert_like(session, SensitiveRecord(resident_id=0), facts)
    _note_rows(session, batch_id, "household_id", dict.fromkeys(new_households, 0))
    _note_rows(session, batch_id, "resident_id", {ids[one.key]: one.number for one in new})
    return len(ids)


def _write_spells(
    session: Session,
    ids: dict[str, int],
    people: Sequence[Person],
    consented: Consented,
    now: datetime,
) -> None:
    """Put on record what the list says people do; nobody has seen evidence of it yet."""
    usual = EmploymentSpell(
        resident_id=0,
        kind=SpellKind.FOUND_ALONE,
        starts_on=now.date(),
        evidence=Evidence.OWN_WORD,
        origin=Origin.IMPORT,
        recorded_at=now,
        recorded_by_id=consented.account_id,
    )
    rows = [{"resident_id": ids[one.key], **one.spell._asdict()} for one in people if one.spell]
    _insert_like(session, usual, rows)


def _write_consents(
    session: Session, resident_ids: Sequence[int], consented: Consented, now: datetime
) -> None:
    purposes = [ConsentPurpose.SERVICE, ConsentPurpose.ASSISTED]
    if consented.sensitive:
        purposes.append(ConsentPurpose.SENSITIVE)
    usual = Consent(
        resident_id=0,
        purpose=ConsentPurpose.SERVICE,
        given_at=now,
        given_by_id=consented.account_id,
        channel=consented.channel.value,
        note=consented.note,
    )
    rows = [
        {"resident_id": id_, "purpose": purpose} for id_ in resident_ids for purpose in purposes
    ]
    _insert_like(session, usual, rows)


def _households(
    session: Session, people: Sequence[Person], now: datetime
) -> tuple[dict[str, int], list[int]]:
    """Return the households' ids by unit address, and those that are new."""
    addresses = sorted({one.unit_address for one in people})
    behind = select(col(Household.unit_address), col(Household.id)).where(
        Household.place == ESTATE,
        col(Household.unit_address).in_(addresses),
        ~col(Household.provisional),
    )
    known = {row[0]: row[1] for row in session.execute(behind)}
    new = [
        {"unit_address": unit_address} for unit_address in addresses if unit_address not in known
    ]
    usual = Household(unit_address="", place=ESTATE, created_at=now)
    standing = text("NOT provisional")  # in the words of the index, or SQLite does not find it
    inserted = _insert_like(session, usual, new, unique=["place", "unit_address"], where=standing)
    found = {row[0]: row[1] for row in session.execute(behind)} if new else known
    return found, [row.id for row in inserted]


def _not_there(
    session: Session, people: Sequence[Person], households: dict[str, int]
) -> list[Person]:
    known = session.execute(
        select(col(Resident.household_id), col(Resident.name), col(Resident.birth_date)).where(
            col(Resident.household_id).in_(list(households.values())),
            Resident.state != ResidentState.LEFT,
        )
    ).all()
    births: dict[tuple[int, str], list[Any]] = {}
    for household_id, name, birth in known:
        births.setdefault((household_id, name), []).append(birth)
    fresh = []
    for one in people:
        own = one.columns["birth_date"]
        there = births.setdefault((households[one.unit_address], one.columns["name"]), [])
        if not any(_may_be_one(birth, own) for birth in there):
            fresh.append(one)
            there.append(own)  # the next row may be the same person
    return fresh


def _may_be_one(birth: date | None, other: date | None) -> bool:
    # A birth taken from a year or an age is up to a year off.
    return birth is None or other is None or abs((birth - other).days) <= 366


def known_id_numbers(session: Session) -> list[str]:
    """Return all recorded identity numbers, for a machine to compare with: show them to nobody."""
    column = col(SensitiveRecord.id_number)
    return [number for number in session.exec(select(column).where(column.is_not(None))) if number]


def _insert_like(
    session: Session,
    usual: SQLModel,
    rows: Sequence[dict[str, Any]],
    *,
    unique: Sequence[str] = (),
    where: Any = None,
    returning: Sequence[str] = ("id",),
) -> Sequence[Any]:
    """Insert rows at once, each like ``usual`` but for the columns it names.

    Those whose ``unique`` columns are there already (in rows ``where`` holds, for an index of
    some rows only) are passed over. Returns the ``returning``
    columns of the rows that came in. Making an object for each row would take most of the time.
    """
    if not rows:
        return []
    table: Any = type(usual).__table__  # type: ignore[attr-defined]
    columns = usual.model_dump(exclude={"id"})
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement: Any = dialect.insert(table)
    if unique:
        statement = statement.on_conflict_do_nothing(index_elements=list(unique), index_where=where)
    statement = statement.returning(*(table.c[name] for name in returning))
    return session.execute(statement, [{**columns, **row} for row in rows]).all()
