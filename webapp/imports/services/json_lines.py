"""What would become of each row of a file, as JSON for programs."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from webapp.imports.readers.cells import Unreadable
from webapp.imports.readers.records import record
from webapp.imports.readers.resident_cells import id_text
from webapp.imports.readers.residents import Person
from webapp.imports.services.runner import ImportJob, Outcome, Prepared


def lines(job: ImportJob, prepared: Prepared) -> Iterator[dict[str, Any]]:
    """Yield one object a row, in the order of the rows; ``sheet`` is null for the only sheet.

    A row with a record is ``{"sheet", "row", "accepted", "refused", "record"}``, one without
    ``{"sheet", "row", "skipped"}``.
    """
    sheet = job.table.sheet if job.table.others else None
    found = [(one.read.number, _line(job, one)) for one in prepared.outcomes]
    found += [(one.row, {"skipped": one.reason}) for one in prepared.skipped]
    for row, line in sorted(found, key=lambda one: one[0]):
        yield {"sheet": sheet, "row": row, **line}


def _line(job: ImportJob, one: Outcome) -> dict[str, Any]:
    refused = [{"column": fault.column, "text": fault.message} for fault in one.faults]
    codes = [fault.code for fault in one.faults]
    if one.same_as:
        text = _("和第 %(n)d 行是同一条，只录一次", n=one.same_as)
        refused.append({"column": "", "text": text})
        codes.append("duplicate")
    values = dict(one.read.values)
    if isinstance(one.item, Person):
        values["unit_address"] = one.item.unit_address
    return {
        "accepted": not refused,
        "refused": refused,
        "record": record(
            job.kind, values, codes=codes, id_text=_id_text(job, one), today=job.today
        ),
    }


def _id_text(job: ImportJob, one: Outcome) -> str:
    column = job.columns.get("id_number")
    if column is None:
        return ""
    try:
        return id_text(one.read.row.cell(column))
    except Unreadable:  # a formula
        return ""
