"""Run an import: read the whole file first, then write it a block at a time.

Nothing is locked while the file is read, and each block is a short transaction of its own, so
others can work meanwhile. A run that was cut off is simply begun anew: what is in stays in.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from flask_babel import gettext as _

from webapp.core import audit
from webapp.core.access import Actor
from webapp.core.db import Database
from webapp.engine.suggestion_requests import request_suggestions
from webapp.imports.models import ImportBatch, ImportKind
from webapp.imports.readers.columns import Table
from webapp.imports.readers.residents import Person, person_key, read_person
from webapp.imports.readers.rows import Fault, ReadRow, RowRefused, read_rows
from webapp.imports.readers.vacancies import Vacancy, read_vacancy
from webapp.imports.services import batches, writing
from webapp.imports.services.writing import Consented

BLOCK = 200
#: How many refusals, and how many row numbers of one note, a report keeps.
MOST_KEPT = 500
_MOST_ROWS_OF_A_NOTE = 20

Item = TypeVar("Item", Vacancy, Person)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ImportJob:
    """What is to be imported, as confirmed by a person.

    ``default_employer`` is for vacancies whose row names none (empty: to be added in review);
    ``consented`` and ``branch_id`` are for residents. ``pepper`` keys the digests of people.
    """

    kind: ImportKind
    table: Table
    columns: dict[str, int]
    today: date
    default_employer: str = ""
    branch_id: int | None = None
    consented: Consented | None = None
    pepper: bytes = b""


@dataclass
class Prepared:
    """A file read to its end: what may come in, and what was refused, in the order of rows."""

    items: list[Any] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    refused: int = 0
    repeated: list[int] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return len(self.items) + self.refused + len(self.repeated)


def prepare(job: ImportJob) -> Prepared:
    """Read all rows; a row that says the same as one above it is counted as repeated."""
    prepared = Prepared()
    seen: set[str] = set()
    for row in read_rows(job.table, job.kind, job.columns, job.today):
        try:
            if isinstance(row, RowRefused):
                raise row
            item = _item(job, row)
        except RowRefused as refused:
            prepared.refused += 1
            prepared.faults += refused.faults
            continue
        if item.key in seen:
            prepared.repeated.append(item.number)
        else:
            seen.add(item.key)
            prepared.items.append(item)
    return prepared


def _item(job: ImportJob, row: ReadRow) -> Vacancy | Person:
    if job.kind is ImportKind.VACANCIES:
        return read_vacancy(row, default_employer=job.default_employer, today=job.today)
    return read_person(row, pepper=job.pepper, today=job.today)


def run(
    db: Database,
    actor: Actor,
    *,
    batch_id: int,
    job: ImportJob,
    progress: Progress = lambda _done, _total: None,
) -> ImportBatch:
    """Import a file that was handed in; return it with its report.

    Raises ``Conflict`` when it is running or done, ``NotFound`` when it is not the actor's.
    """
    prepared = prepare(job)
    said = {"sensitive": bool(job.consented and job.consented.sensitive)}
    with db.transaction(actor) as session:
        batches.begin_run(session, actor, batch_id=batch_id, columns=job.columns, said=said)
    try:
        return _write(db, actor, batch_id, job, prepared, progress)
    except BaseException:
        with db.transaction(actor) as session:
            batches.break_off_run(session, actor, batch_id=batch_id)
        raise


def _write(
    db: Database,
    actor: Actor,
    batch_id: int,
    job: ImportJob,
    prepared: Prepared,
    progress: Progress,
) -> ImportBatch:
    if job.kind is ImportKind.VACANCIES:
        imported, employers = _write_vacancies(db, actor, batch_id, prepared.items, progress)
    else:
        imported, employers = _write_people(db, actor, batch_id, job, prepared.items, progress)
    report = build_report(job, prepared, imported=imported, employers=employers)
    with db.transaction(actor) as session:
        if job.kind is ImportKind.RESIDENTS and imported:
            request_suggestions(session, resident_id=None)
        return batches.finish_run(session, actor, batch_id=batch_id, report=report)


def _write_vacancies(
    db: Database, actor: Actor, batch_id: int, items: list[Vacancy], progress: Progress
) -> tuple[int, int]:
    imported = employers = 0
    for block in _blocks(items, progress):
        with db.transaction(actor) as session:
            writing.lock(session)
            keys, new = writing.write_vacancies(session, block)
            _record(session, batch_id, len(keys))
        imported += len(keys)
        employers += new
    return imported, employers


def _write_people(
    db: Database,
    actor: Actor,
    batch_id: int,
    job: ImportJob,
    items: list[Person],
    progress: Progress,
) -> tuple[int, int]:
    if job.consented is None or job.branch_id is None:
        raise ValueError("people need a branch and their consent")
    if any("id_number" in one.sensitive for one in items):
        items = _without_known_numbers(db, actor, batch_id, job, items)
    imported = 0
    for block in _blocks(items, progress):
        with db.transaction(actor) as session:
            writing.lock(session)
            keys = writing.write_people(
                session, block, branch_id=job.branch_id, consented=job.consented
            )
            _record(session, batch_id, len(keys))
        imported += len(keys)
    return imported, 0


def _without_known_numbers(
    db: Database, actor: Actor, batch_id: int, job: ImportJob, items: list[Person]
) -> list[Person]:
    """Leave out people whose identity number is on file; reading the numbers is audited."""
    with db.transaction(actor) as session:
        numbers = writing.known_id_numbers(session)
        audit.record(
            session, "import.compare_id_numbers", f"import_batch:{batch_id}", n=len(numbers)
        )
    known = {person_key(number, "", "", "", pepper=job.pepper) for number in numbers}
    return [one for one in items if one.key not in known]


def _record(session: Any, batch_id: int, rows: int) -> None:
    session.flush()
    audit.record(session, "import.write", f"import_batch:{batch_id}", rows=rows)


def _blocks(items: Sequence[Item], progress: Progress) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), BLOCK):
        yield items[start : start + BLOCK]
        progress(min(start + BLOCK, len(items)), len(items))


def build_report(
    job: ImportJob, prepared: Prepared, *, imported: int, employers: int
) -> dict[str, Any]:
    """Return the counts, refusals and notes that are stored with the file.

    ``known`` were there before, ``repeated`` stand twice in the file. ``notes`` has each
    sentence once with its count and first rows; ``refusals`` the first :data:`MOST_KEPT`.
    """
    notes: dict[str, list[int]] = {}
    if prepared.repeated:
        notes[_("和上面的一行是同一条，只录一次")] = prepared.repeated
    for item in prepared.items:
        for note in item.notes:
            notes.setdefault(note, []).append(item.number)
    return {
        "sheet": job.table.sheet,
        "others": list(job.table.others),
        "rows": prepared.rows,
        "imported": imported,
        "known": len(prepared.items) - imported,
        "repeated": len(prepared.repeated),
        "refused": prepared.refused,
        "employers": employers,
        "refusals": [
            {"row": fault.row, "column": fault.column, "message": fault.message}
            for fault in prepared.faults[:MOST_KEPT]
        ],
        "notes": [
            {"text": text, "count": len(rows), "rows": rows[:_MOST_ROWS_OF_A_NOTE]}
            for text, rows in sorted(notes.items(), key=lambda item: -len(item[1]))
        ][:MOST_KEPT],
    }
