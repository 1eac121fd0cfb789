"""/staff/imports/: hand in a spreadsheet, confirm its columns, look at its rows, import, undo.

A request only keeps what it was given and starts a background job; the page of a file shows how
far that is, or what came of it.
"""

import hashlib
import io
import json
from pathlib import Path, PurePath
from typing import Any

from flask import (
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.core import heartbeats
from webapp.core.access import Actor, Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import Conflict, NotFound
from webapp.core.formfields import EmptyForm
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.core.spreadsheets.reading import refuse_at_once
from webapp.core.spreadsheets.rows import Unusable, plain
from webapp.employers.models import Employer
from webapp.imports import policy
from webapp.imports.blueprint import bp
from webapp.imports.forms import columns as forms
from webapp.imports.lifecycle import ImportAction, ImportState
from webapp.imports.models import ImportBatch, ImportKind
from webapp.imports.services import background, batches, file_store
from webapp.jobs.lifecycle import UNDER_WAY, JobState
from webapp.jobs.models import BackgroundJob, JobKind

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SUGGESTED_EMPLOYERS = 200
_REFUSALS_ON_PAGE = 50


@bp.route("/staff/imports/", methods=["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def index() -> ResponseReturnValue:
    """Show what the branch has handed in, and take a new file."""
    form = forms.MendedForm()
    if not form.validate_on_submit():
        return _index(form, 400 if form.is_submitted() else 200)
    data = form.file.data.read()
    name = plain(PurePath((form.file.data.filename or "").replace("\\", "/")).name)[:200]
    try:
        refuse_at_once(data, name)
    except Unusable as error:
        form.file.errors = [error.message]
        return _index(form, 400)
    mends = form.mends_id
    return _hand_in(
        current_actor(), kind=ImportKind(form.kind.data), name=name, data=data, mends_id=mends
    )


def _index(form: forms.UploadForm, status: int) -> ResponseReturnValue:
    actor = current_actor()
    statement = (
        select(
            col(ImportBatch.id),
            col(ImportBatch.kind),
            col(ImportBatch.filename),
            col(ImportBatch.state),
            col(ImportBatch.created_at),
            col(ImportBatch.report),
            col(Account.name).label("who"),
        )
        .outerjoin(Account, col(Account.id) == col(ImportBatch.account_id))
        .where(col(ImportBatch.branch_id) == actor.branch_id)
        .order_by(col(ImportBatch.id).desc())
    )
    page = paginate(reader(), statement)
    days = batches.kept().days
    return render_template(
        "imports/index.html", form=form, page=page, kinds=ImportKind, days=days
    ), status


def _hand_in(
    actor: Actor, *, kind: ImportKind, name: str, data: bytes, mends_id: int | None
) -> ResponseReturnValue:
    """Keep the file and have it read; the same file that still waits is taken up instead."""
    digest = hashlib.sha256(data).hexdigest()
    twin = batches.waiting_twin(reader(), actor, kind=kind, digest=digest)
    if twin is not None and twin.state is ImportState.UPLOADED:  # its reading may have failed
        with get_db().transaction(actor) as session:
            job = batches.start_job(session, actor, batch_id=twin.id, kind=JobKind.IMPORT_READ)
        return redirect(job_address(job), 303)
    if twin is not None:
        return redirect(url_for(".show", batch_id=twin.id), 303)
    stored = file_store.save(_uploads(), data)
    try:
        with get_db().transaction(actor) as session:
            batch = batches.hand_in(
                session,
                actor,
                kind=kind,
                filename=name,
                digest=digest,
                stored=stored,
                branch_id=actor.branch_id,
                mends_id=mends_id,
            )
            job = batches.start_job(session, actor, batch_id=batch.id, kind=JobKind.IMPORT_READ)
    except BaseException:
        file_store.delete(_uploads(), stored)
        raise
    return redirect(job_address(job), 303)


@bp.get("/staff/imports/<id:batch_id>")
@requires(Permission.IMPORT_RUN)
def show(batch_id: int) -> ResponseReturnValue:
    """Show how far the file is: its job, its columns, its rows to look at, or what became of it."""
    actor = current_actor()
    batch = batches.get_batch(reader(), actor, batch_id)
    job = batches.last_job(reader(), batch)
    failed = job.message if job and job.state is JobState.FAILED else ""
    if job and job.state in UNDER_WAY:
        waiting = heartbeats.is_silent(reader(), heartbeats.SCHEDULER) is not False
        return render_template("imports/running.html", batch=batch, job=job, waiting=waiting)
    if batch.state is ImportState.READ:
        return _mapping(batch, None, 200, failed)
    if batch.state in {ImportState.CHECKED, ImportState.RUNNING}:
        return _preview(batch, failed)
    if batch.state in {ImportState.UPLOADED, ImportState.UNREADABLE}:
        return render_template(
            "imports/unread.html", batch=batch, why=batch.report.get("error") or failed
        )
    shown = batch.report.get("refusals", [])[:_REFUSALS_ON_PAGE]
    return render_template(
        "imports/result.html",
        batch=batch,
        shown=shown,
        kinds=ImportKind,
        failed=failed,
        undone=batch.state is ImportState.UNDONE,
        may_review=policy.can_review(actor, batch),
        may_take=bool(batch.stored) and policy.can_take_refused(actor, batch),
        days=batches.kept().days,
    )


@bp.route("/staff/imports/<id:batch_id>/columns", methods=["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def columns(batch_id: int) -> ResponseReturnValue:
    """Ask what the columns mean and what holds for all rows; then have every row checked."""
    actor = current_actor()
    batch = batches.get_batch(reader(), actor, batch_id)
    here = redirect(url_for(".show", batch_id=batch_id), 303)
    if not policy.may(ImportAction.CHOOSE, batch):
        return here
    table = background.load_summary(_uploads(), batch)
    form = forms.mapping_form(
        table,
        batch.kind,
        batch.columns or table.guessed,
        _branches(reader(), actor),
        json.loads(batch.options or "{}"),
    )
    if not form.is_submitted():
        return _mapping(batch, form, 200)
    valid = form.validate()
    chosen = forms.chosen_columns(form, table, batch.kind)
    if not valid or chosen is None:
        return _mapping(batch, form, 400)
    try:
        with get_db().transaction(actor) as session:
            batches.choose(
                session, actor, batch_id=batch_id, columns=chosen, options=forms.options(form)
            )
            job = batches.start_job(session, actor, batch_id=batch_id, kind=JobKind.IMPORT_CHECK)
    except Conflict:  # a second click: the first request has gone on
        return here
    return redirect(job_address(job), 303)


@bp.post("/staff/imports/<id:batch_id>/header")
@requires(Permission.IMPORT_RUN)
def choose_header(batch_id: int) -> ResponseReturnValue:
    """Have the file read anew, with the headers in the row that was chosen."""
    batch = batches.get_batch(reader(), current_actor(), batch_id)
    if not policy.may(ImportAction.CHOOSE_HEADER, batch):
        return redirect(url_for(".show", batch_id=batch_id), 303)
    table = background.load_summary(_uploads(), batch)
    form = forms.HeaderForm(table)
    if not form.validate_on_submit():
        flash(_("没选好标题行，请在表里选一行。"), "warning")
        return redirect(url_for(".columns", batch_id=batch_id), 303)
    row, sheet, _cells = table.top[int(form.header.data)]
    return write_and_redirect(
        batches.choose_header,
        "",
        job_address,
        batch_id=batch_id,
        row=row,
        sheet=sheet,
    )


def job_address(job: BackgroundJob) -> str:
    """Return the job's page; the file's when a colleague asked for the job before."""
    own = job.requested_by_id == current_actor().account_id
    return url_for("jobs.show", job_id=job.id) if own else job.result_url


def _branches(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Return the branches, the actor's own first."""
    query = select(col(Branch.id), col(Branch.name)).order_by(
        (col(Branch.id) == actor.branch_id).desc(), col(Branch.id)
    )
    return [(row.id, row.name) for row in session.execute(query)]


def _mapping(batch: ImportBatch, form: Any, status: int, failed: str = "") -> ResponseReturnValue:
    table = background.load_summary(_uploads(), batch)
    if form is None:
        form = forms.mapping_form(
            table,
            batch.kind,
            batch.columns or table.guessed,
            _branches(reader(), current_actor()),
            json.loads(batch.options or "{}"),
        )
    employers = []
    if batch.kind is ImportKind.VACANCIES:
        names = select(col(Employer.name)).order_by(col(Employer.name))
        employers = list(reader().scalars(names.limit(_SUGGESTED_EMPLOYERS)))
    page = render_template(
        "imports/mapping.html",
        batch=batch,
        table=table,
        form=form,
        selects=[form[f"{forms.PREFIX}{column}"] for column in table.shown],
        employers=employers,
        kinds=ImportKind,
        failed=failed,
    )
    return page, status


def _preview(batch: ImportBatch, failed: str) -> str:
    kept = background.load_preview(_uploads(), batch)
    doubtful = request.args.get("rows") == "doubtful" and bool(kept.get("doubtful"))
    rows = kept["doubtful"] if doubtful else kept["preview"]
    return render_template(
        "imports/preview.html",
        batch=batch,
        report=kept["report"],
        # A file that was checked before the cells were kept apart is checked again to be seen.
        rows=[row for row in rows if all(isinstance(cell, dict) for cell in row["cells"])],
        doubtful=doubtful,
        doubts=kept.get("doubts", 0),
        first=len(kept["preview"]),
        shown=kept["report"]["refusals"][:_REFUSALS_ON_PAGE],
        kinds=ImportKind,
        failed=failed,
        may_take=policy.can_take_refused(current_actor(), batch),
        days=batches.kept().days,
    )


@bp.post("/staff/imports/<id:batch_id>/confirm")
@requires(Permission.IMPORT_RUN)
def confirm(batch_id: int) -> ResponseReturnValue:
    """Have the rows written; the second time leads to what the first one did."""
    return _start(batch_id, ImportAction.RUN, JobKind.IMPORT_WRITE)


@bp.post("/staff/imports/<id:batch_id>/undo")
@requires(Permission.IMPORT_RUN)
def undo(batch_id: int) -> ResponseReturnValue:
    """Have taken back what the file brought in."""
    return _start(batch_id, ImportAction.UNDO, JobKind.IMPORT_UNDO)


def _start(batch_id: int, action: ImportAction, kind: JobKind) -> ResponseReturnValue:
    actor = current_actor()
    batch = batches.get_batch(reader(), actor, batch_id)
    if not policy.may(action, batch):
        flash(_("这份表格已经走到别的一步了。"), "warning")
        return redirect(url_for(".show", batch_id=batch_id), 303)
    with get_db().transaction(actor) as session:
        job = batches.start_job(session, actor, batch_id=batch_id, kind=kind)
    return redirect(job_address(job), 303)


@bp.post("/staff/imports/<id:batch_id>/refused.xlsx")
@requires(Permission.IMPORT_RUN)
def refused(batch_id: int) -> ResponseReturnValue:
    """Hand out the refused rows with the reasons, to be mended and handed in again.

    Every cell is in them, so only who handed the file in gets them, and each time is on record.
    """
    actor = current_actor()
    if not EmptyForm().validate_on_submit():
        raise NotFound
    with get_db().transaction(actor) as session:
        batch = batches.note_refused_read(session, actor, batch_id=batch_id)
    data = file_store.get(_uploads(), batch.stored, file_store.REFUSED)
    answer = _download(data, _("没导入的行-%(n)d.xlsx", n=batch.id))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/staff/imports/template/<kind>.xlsx")
@requires(Permission.IMPORT_RUN)
def template(kind: str) -> Response:
    """Hand out an empty table to fill in."""
    from webapp.imports.services import workbooks  # its library brings numpy

    if kind not in set(ImportKind):
        raise NotFound
    chosen = ImportKind(kind)
    name = _("招聘信息表.xlsx") if chosen is ImportKind.VACANCIES else _("居民名单.xlsx")
    return _download(workbooks.template(chosen), name)


def _download(data: bytes, name: str) -> Response:
    # send_file writes a Chinese file name as RFC 5987 wants it; gunicorn refuses it otherwise.
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)


def _uploads() -> Path:
    folder: Path = current_app.extensions["settings"].uploads
    return folder
