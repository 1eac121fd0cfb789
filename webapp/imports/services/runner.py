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
from webapp.imports.readers.cells import Unreadable
from webapp.imports.readers.defaults import Defaults
from webapp.imports.readers.resident_cells import id_text
from webapp.imports.readers.residents import Person, person_key, read_person
from webapp.imports.readers.rows import NO_DEFAULTS, Fault, ReadRow, RowRefused, read_rows
from webapp.imports.readers.table import Skipped, Table
from webapp.imports.readers.vacancies import Vacancy, read_vacancy
from webapp.imports.services import batches, writing
from webapp.imports.services.readiness import Assessment
from webapp.imports.services.writing import Consented
from webapp.openings.services.editing import longest_days

BLOCK = 200
_ID_DIGITS = 15
#: How many refusals, and how many row numbers of one note, a report keeps.
MOST_KEPT = 500
_MOST_ROWS_OF_A_NOTE = 20

Item = TypeVar("Item", Vacancy, Person)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ImportJob:
    """What is to be imported, as confirmed by a person.

    ``defaults`` are for the rows that leave something open (without them a vacancy's employer and
    validity are added in review); ``consented`` and ``branch_id`` are for residents. ``pepper``
    keys the digests of people.
    """

    kind: ImportKind
    table: Table
    columns: dict[str, int]
    today: date
    defaults: Defaults = NO_DEFAULTS
    branch_id: int | None = None
    consented: Consented | None = None
    pepper: bytes = b""


@dataclass(frozen=True)
class Outcome:
    """What became of one row: an item to write, or why not. ``same_as`` is an earlier row."""

    read: ReadRow
    item: Vacancy | Person | None = None
    faults: tuple[Fault, ...] = ()
    same_as: int = 0


@dataclass
class Prepared:
    """A file read to its end: what became of each row, in order, and the rows that hold none."""

    outcomes: list[Outcome] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def items(self) -> list[Any]:
        """What may come in."""
        return [one.item for one in self.outcomes if one.item and not one.same_as]

    @property
    def faults(self) -> list[Fault]:
        """Everything that is wrong with refused rows."""
        return [fault for one in self.outcomes for fault in one.faults]

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return sum(bool(one.faults) for one in self.outcomes)

    @property
    def repeated(self) -> list[int]:
        """The rows that say the same as one above them."""
        return [one.read.number for one in self.outcomes if one.same_as]


def prepare(job: ImportJob, progress: Progress = lambda _done, _total: None) -> Prepared:
    """Read all rows; a row that says the same as one above it is counted as repeated.

    A row with the identity number of one above it that says something else is refused: one of the
    two is wrong, and only a person can tell which.
    """
    prepared = Prepared(skipped=list(job.table.skipped))
    seen: dict[str, ReadRow] = {}
    numbers: dict[str, ReadRow] = {}
    total = len(job.table.rows)
    read = read_rows(job.table, job.kind, job.columns, job.today, job.defaults)
    for done, row in enumerate(read):
        if done % BLOCK == 0:
            progress(done, total)
        if isinstance(row, Skipped):
            prepared.skipped.append(row)
            continue
        own = row.read if isinstance(row, RowRefused) else row
        number = id_typed(job, own)
        first = numbers.setdefault(number, own) if _is_number(number) else own
        try:
            if isinstance(row, RowRefused):
                raise row
            if first is not own and not _same_cells(job, first, own):
                message = _("身份证号和第 %(n)d 行一样，别的不一样，请核对", n=first.number)
                raise own.refuse("id_number", message, kind=job.kind, code="duplicate")
            item = _item(job, row)
        except RowRefused as refused:
            prepared.outcomes.append(Outcome(refused.read, faults=tuple(refused.faults)))
            continue
        above = seen.setdefault(item.key, own)
        prepared.outcomes.append(Outcome(row, item, same_as=0 if above is own else above.number))
    return prepared


def id_typed(job: ImportJob, read: ReadRow) -> str:
    """Return the identity number of a row as it was typed, empty where there is none."""
    column = job.columns.get("id_number")
    if column is None:
        return ""
    try:
        return id_text(read.row.cell(column))
    except Unreadable:  # a formula
        return ""


def _is_number(text: str) -> bool:
    """Whether a text may name one person: 无 and 5.1E+17 stand in many rows."""
    return len(text) >= _ID_DIGITS and text[:_ID_DIGITS].isdigit()


def _same_cells(job: ImportJob, one: ReadRow, other: ReadRow) -> bool:
    """Whether two rows say the same of a person, as far as it is read."""
    return all(one.row.cell(n) == other.row.cell(n) for n in job.columns.values())


def _item(job: ImportJob, row: ReadRow) -> Vacancy | Person:
    if job.kind is ImportKind.VACANCIES:
        return read_vacancy(row, defaults=job.defaults, today=job.today)
    return read_person(
        row,
        pepper=job.pepper,
        today=job.today,
        as_of=job.table.as_of,
        defaults=job.defaults,
    )


def run(
    db: Database,
    actor: Actor,
    *,
    batch_id: int,
    job: ImportJob,
    prepared: Prepared,
    progress: Progress = lambda _done, _total: None,
) -> ImportBatch:
    """Import a file that was handed in and checked; return it with its report.

    Raises ``Conflict`` when it is done or not checked, ``NotFound`` when it is not the actor's.
    """
    with db.transaction(actor) as session:
        begun = batches.begin_run(session, actor, batch_id=batch_id)
    try:
        return _write(db, actor, begun, job, prepared, progress)
    except BaseException:
        with db.transaction(actor) as session:
            batches.break_off_run(session, actor, run=begun)
        raise


def _write(
    db: Database,
    actor: Actor,
    begun: ImportBatch,
    job: ImportJob,
    prepared: Prepared,
    progress: Progress,
) -> ImportBatch:
    items = prepared.items
    if job.kind is ImportKind.RESIDENTS:
        if job.consented is None or job.branch_id is None:
            raise ValueError("people need a branch and their consent")
        if any("id_number" in one.sensitive for one in items):
            items = _without_known_numbers(db, actor, begun.id, job, items)
    for block in _blocks(items, progress):
        found = _look_through(job, block)
        with db.transaction(actor) as session:
            writing.lock(session)
            n = _write_block(session, begun.id, job, block, found)
            session.flush()
            audit.record(session, "import.write", f"import_batch:{begun.id}", rows=n)
    with db.transaction(actor) as session:
        imported, employers = writing.brought_in(session, begun.id)
        report = build_report(job, prepared, imported=imported, employers=employers)
        if job.kind is ImportKind.RESIDENTS and imported:
            request_suggestions(session, resident_id=None)
        finished = batches.finish_run(session, actor, run=begun, report=report)
    db.refresh_statistics()
    return finished


def _look_through(job: ImportJob, block: Sequence[Any]) -> dict[str, Assessment]:
    if job.kind is not ImportKind.VACANCIES:
        return {}
    return writing.assess_vacancies(block, on=job.today, longest=longest_days())


def _write_block(
    session: Any,
    batch_id: int,
    job: ImportJob,
    block: Sequence[Any],
    found: dict[str, Assessment],
) -> int:
    if job.kind is ImportKind.VACANCIES:
        return writing.write_vacancies(session, block, batch_id=batch_id, found=found)
    if job.consented is None or job.branch_id is None:
        raise ValueError("people need a branch and their consent")
    return writing.write_people(
        session, block, batch_id=batch_id, branch_id=job.branch_id, consented=job.consented
    )


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


def _blocks(items: Sequence[Item], progress: Progress) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), BLOCK):
        progress(start, len(items))
        yield items[start : start + BLOCK]
    progress(len(items), len(items))


def build_report(
    job: ImportJob, prepared: Prepared, *, imported: int, employers: int
) -> dict[str, Any]:
    """Return the counts, refusals and notes that are stored with the file.

    ``known`` were there before, ``repeated`` stand twice in the file, ``skipped`` hold no
    record. ``notes`` has each sentence once with its count and first rows, ``skips`` likewise;
    ``refusals`` the first :data:`MOST_KEPT`.
    """
    notes: dict[str, list[int]] = {}
    if prepared.repeated:
        notes[_("和上面的一行是同一条，只录一次")] = prepared.repeated
    items = prepared.items
    for item in items:
        for note in item.notes:
            notes.setdefault(note, []).append(item.number)
    skips: dict[str, list[int]] = {}
    for one in sorted(prepared.skipped):
        skips.setdefault(one.reason, []).append(one.row)
    return {
        "others": list(job.table.others),
        "rows": len(prepared.outcomes),
        "imported": imported,
        "known": len(items) - imported,
        "repeated": len(prepared.repeated),
        "refused": prepared.refused,
        "skipped": len(prepared.skipped),
        "employers": employers,
        "refusals": [
            {
                "sheet": fault.sheet,
                "row": fault.row,
                "column": fault.column,
                "message": fault.message,
            }
            for fault in prepared.faults[:MOST_KEPT]
        ],
        "notes": _grouped(notes),
        "skips": _grouped(skips),
    }


def _grouped(rows_of: dict[str, list[int]]) -> list[dict[str, Any]]:
    most_first = sorted(rows_of.items(), key=lambda item: -len(item[1]))
    return [
        {"text": text, "count": len(rows), "rows": rows[:_MOST_ROWS_OF_A_NOTE]}
        for text, rows in most_first
    ][:MOST_KEPT]
