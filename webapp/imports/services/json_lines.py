"""What would become of each row of a file, as JSON for programs."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from webapp.imports.readers.records import record
from webapp.imports.services.runner import ImportJob, Outcome, Prepared, id_typed


def lines(job: ImportJob, prepared: Prepared) -> Iterator[dict[str, Any]]:
    """Yield one object a row, in the order of the rows; ``sheet`` is null for the only sheet.

    A row with a record is ``{"sheet", "row", "accepted", "refused", "record"}``, one without
    ``{"sheet", "row", "skipped"}``.
    """
    found = [(one.read.row.sheet, one.read.number, _line(job, one)) for one in prepared.outcomes]
    told = {(sheet, row) for sheet, row, _line_ in found}
    found += [
        (one.sheet, one.row, {"skipped": one.reason})
        for one in prepared.skipped
        if (one.sheet, one.row) not in told
    ]
    order = {sheet: n for n, sheet in enumerate((*job.table.sheets, *job.table.others))}
    for sheet, row, line in sorted(found, key=lambda one: (order.get(one[0], 0), one[1])):
        yield {"sheet": sheet or None, "row": row, **line}


def _line(job: ImportJob, one: Outcome) -> dict[str, Any]:
    refused = [{"column": fault.column, "text": fault.message} for fault in one.faults]
    codes = [fault.code for fault in one.faults]
    if one.same_as:
        text = _("和第 %(n)d 行是同一条，只录一次", n=one.same_as)
        refused.append({"column": "", "text": text})
        codes.append("duplicate")
    return {
        "accepted": not refused,
        "refused": refused,
        "record": record(
            job.kind,
            one.read.values,
            said=one.read.said,
            codes=codes,
            id_text=id_typed(job, one.read),
            today=job.table.as_of or job.today,
            described=one.read.described,
        ),
    }
