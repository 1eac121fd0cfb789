"""The long steps of an import, each a background job: read, check, write, undo."""

import json
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.db import Database
from webapp.core.errors import Conflict, Gone
from webapp.core.settings import Settings
from webapp.core.spreadsheets.reading import read_spreadsheet
from webapp.core.spreadsheets.rows import Unusable
from webapp.imports import policy
from webapp.imports.lifecycle import ImportAction
from webapp.imports.models import ImportBatch
from webapp.imports.readers.defaults import Defaults
from webapp.imports.readers.records import cells_of
from webapp.imports.readers.residents import Person
from webapp.imports.readers.stitching import read_table
from webapp.imports.readers.summary import Summary, summarise
from webapp.imports.readers.table import HeaderRow, Table
from webapp.imports.readers.vacancies import Vacancy
from webapp.imports.services import batches, file_store, runner, undo
from webapp.imports.services.runner import ImportJob, Outcome, Prepared, Progress
from webapp.imports.services.writing import Consented
from webapp.jobs.worker import Work
from webapp.residents.models import ConsentChannel

PREVIEW_ROWS = 20
DOUBTFUL_ROWS = 50


def read(work: Work) -> dict[str, Any]:
    """Read the file and guess what its columns mean; a file of no use is told on its page."""
    batch = _batch(work, ImportAction.READ)
    try:
        table = load_table(work.settings.uploads, batch)
    except Unusable as error:
        with work.db.transaction(work.actor) as session:
            batches.give_up(session, work.actor, batch_id=batch.id, why=error.message)
        return {}
    summary = summarise(table, batch.kind, clock.today())
    known = _columns_of_mended(work, batch, table)
    more = {
        key: column
        for key, column in summary.guessed.items()
        if key not in known and column not in known.values()
    }
    kept = {"summary": {**summary.as_json(), "guessed": known | more}}
    _put(work.settings, batch, kept)
    with work.db.transaction(work.actor) as session:
        batches.note_reading(session, work.actor, batch_id=batch.id)
    return {"rows": summary.rows}


def _columns_of_mended(work: Work, batch: ImportBatch, table: Table) -> dict[str, int]:
    """Return what the columns meant in the file whose refused rows come back, by their headers."""
    mends_id = json.loads(batch.options or "{}").get("mends")
    if mends_id is None:
        return {}
    with work.db.reader() as session:
        mended = batches.get_batch(session, work.actor, mends_id)
    try:
        headers = load_summary(work.settings.uploads, mended).headers
    except Gone:  # it is deleted by now
        return {}
    place = {header: n for n, header in reversed(list(enumerate(table.headers))) if header}
    meant = {key: headers[column] for key, column in mended.columns.items()}
    return {key: place[header] for key, header in meant.items() if header in place}


def check(work: Work) -> dict[str, Any]:
    """Read every row by its confirmed columns; keep counts, first rows and what was refused."""
    batch = _batch(work, ImportAction.CHECK)
    kept = file_store.get_json(work.settings.uploads, batch.stored, file_store.READING)
    job = import_job(work.settings, batch)
    prepared = runner.prepare(job, work.progress)
    report = runner.build_report(job, prepared, imported=0, employers=0)
    if prepared.refused:
        _keep_refused(work.settings.uploads, batch, job, prepared)
    kept |= {"report": report, **preview(job, prepared)}
    _put(work.settings, batch, kept)
    with work.db.transaction(work.actor) as session:
        batches.note_check(session, work.actor, batch_id=batch.id)
    return {"rows": report["rows"], "refused": report["refused"]}


def write(work: Work) -> dict[str, Any]:
    """Import the rows that were checked."""
    batch = _batch(work, ImportAction.RUN)
    job = import_job(work.settings, batch)
    prepared = runner.prepare(job)
    done = runner.run(
        work.db, work.actor, batch_id=batch.id, job=job, prepared=prepared, progress=work.progress
    )
    return {"imported": done.report["imported"]}


def take_back(work: Work) -> dict[str, Any]:
    """Undo an import in one transaction."""
    batch = _batch(work, ImportAction.UNDO)
    with work.db.transaction(work.actor) as session:
        undone = undo.undo(session, work.actor, batch_id=batch.id)
    return {"undone": undone.report["undone"], "kept": len(undone.report["kept"])}


def write_at_once(
    db: Database,
    uploads: Path,
    actor: Actor,
    *,
    batch_id: int,
    job: ImportJob,
    prepared: Prepared,
    progress: Progress,
) -> ImportBatch:
    """Take a file that was handed in through all its steps: the command line has no pages."""
    options = {"defaults": job.defaults.as_json(), "branch_id": job.branch_id}
    with db.transaction(actor) as session:
        batch = batches.note_reading(session, actor, batch_id=batch_id)
        batches.choose(session, actor, batch_id=batch_id, columns=job.columns, options=options)
        batches.note_check(session, actor, batch_id=batch_id)
    summary = summarise(job.table, job.kind, job.today)
    report = runner.build_report(job, prepared, imported=0, employers=0)
    kept = {"summary": summary.as_json(), "report": report, **preview(job, prepared)}
    file_store.put_json(uploads, batch.stored, file_store.READING, kept)
    return runner.run(db, actor, batch_id=batch_id, job=job, prepared=prepared, progress=progress)


def _keep_refused(uploads: Path, batch: ImportBatch, job: ImportJob, prepared: Prepared) -> None:
    from webapp.imports.services import workbooks  # its library brings numpy

    refused = [(one.read.row, one.faults) for one in prepared.outcomes if one.faults]
    data = workbooks.refused_rows(job.table, refused)
    file_store.put(uploads, batch.stored, file_store.REFUSED, data)


def load_table(uploads: Path, batch: ImportBatch) -> Table:
    """Read a kept file; raise ``Unusable`` when there is nothing in it to import."""
    data = file_store.load(uploads, batch.stored)
    header = HeaderRow(batch.header_row, batch.header_sheet) if batch.header_row else None
    table = read_table(read_spreadsheet(data, batch.filename), batch.kind, header=header)
    if not table.rows and not table.top:  # else another row may be the one of the headers
        raise Unusable(_("只有标题，没有内容"))
    return table


def load_summary(uploads: Path, batch: ImportBatch) -> Summary:
    """Return what was noted of a file when it was read."""
    kept = file_store.get_json(uploads, batch.stored, file_store.READING)
    return Summary(**kept["summary"])


def load_preview(uploads: Path, batch: ImportBatch) -> dict[str, Any]:
    """Return ``report`` and ``preview`` of a checked file."""
    kept: dict[str, Any] = file_store.get_json(uploads, batch.stored, file_store.READING)
    return kept


def import_job(settings: Settings, batch: ImportBatch) -> ImportJob:
    """Return what is to be imported, as it was confirmed."""
    options = json.loads(batch.options or "{}")
    consent = options.get("consent")
    return ImportJob(
        kind=batch.kind,
        table=load_table(settings.uploads, batch),
        columns=batch.columns,
        today=clock.today(),
        # Files of before kept two of them beside the other options.
        defaults=Defaults.from_json(options.get("defaults", options)),
        branch_id=options.get("branch_id") or batch.branch_id,
        consented=Consented(
            channel=ConsentChannel(consent["channel"]),
            note=consent["note"],
            sensitive=consent["sensitive"],
            account_id=batch.account_id,
        )
        if consent
        else None,
        pepper=settings.secret_key.encode(),
    )


def preview(job: ImportJob, prepared: Prepared) -> dict[str, Any]:
    """Return the first rows, and the first ``doubtful`` ones, beside what was read of them."""
    doubtful = [one for one in prepared.outcomes if one.faults or one.same_as or one.read.doubts]
    return {
        "preview": [_preview_row(job, one) for one in prepared.outcomes[:PREVIEW_ROWS]],
        "doubtful": [_preview_row(job, one) for one in doubtful[:DOUBTFUL_ROWS]],
        "doubts": len(doubtful),
    }


def _preview_row(job: ImportJob, one: Outcome) -> dict[str, Any]:
    values = dict(one.read.values)
    if isinstance(one.item, Vacancy):
        values |= {"employer": one.item.employer, "valid_until": one.item.columns["valid_until"]}
    elif isinstance(one.item, Person):
        values |= {
            "unit_address": one.item.unit_address,
            "situation": one.item.columns["situation"],
            "status": one.item.columns["state"].label,
        }
        spell = one.item.spell
        if spell:
            values |= {"spell": spell.kind.label, "since": spell.starts_on}
    problems = [{"column": fault.column, "text": fault.message} for fault in one.faults]
    if one.same_as:
        text = _("和第 %(n)d 行是同一条，只录一次", n=one.same_as)
        problems.append({"column": "", "text": text})
    cells = cells_of(job.kind, one.read, values, job.columns)
    told = {text for cell in cells for text in cell["doubts"]}
    return {
        "sheet": one.read.row.sheet,
        "row": one.read.number,
        "cells": cells,
        "notes": [text for text in one.read.notes if text not in told],
        "problems": problems,
    }


def _batch(work: Work, action: ImportAction) -> ImportBatch:
    with work.db.reader() as session:
        batch = batches.get_batch(session, work.actor, work.arguments["batch_id"])
    if not policy.may(action, batch):
        raise Conflict(_("这份表格已经走到别的一步了，请刷新看看"))
    return batch


def _put(settings: Settings, batch: ImportBatch, value: dict[str, Any]) -> None:
    file_store.put_json(settings.uploads, batch.stored, file_store.READING, value)
