"""/staff/imports/: hand in a spreadsheet, confirm its columns, see what became of its rows."""

import hashlib
import io
from pathlib import Path, PurePath

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import col

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor, Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import Conflict, NotFound
from webapp.core.paging import paginate
from webapp.core.spreadsheets import Unusable, plain, read_spreadsheet
from webapp.employers.models import Employer
from webapp.imports import forms, policy, workbooks
from webapp.imports.lifecycle import ImportState
from webapp.imports.models import ImportBatch, ImportKind
from webapp.imports.readers.columns import Table, guess_columns, read_table
from webapp.imports.services import batches, file_store, runner
from webapp.imports.services.runner import ImportJob
from webapp.imports.services.writing import Consented
from webapp.residents.models import ConsentChannel

bp = Blueprint("imports", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SUGGESTED_EMPLOYERS = 200
_REFUSALS_ON_PAGE = 50


@bp.route("/staff/imports/", methods=["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def index() -> ResponseReturnValue:
    """Show what the branch has handed in, and take a new file."""
    form = forms.UploadForm()
    if not form.validate_on_submit():
        return _index(form, 400 if form.is_submitted() else 200)
    data = form.file.data.read()
    name = plain(PurePath((form.file.data.filename or "").replace("\\", "/")).name)[:200]
    kind = ImportKind(form.kind.data)
    try:
        _table(data, name, kind)
    except Unusable as error:
        form.file.errors = [error.message]
        return _index(form, 400)
    batch = _hand_in(current_actor(), kind=kind, name=name, data=data)
    return redirect(url_for(".show", batch_id=batch.id), 303)


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
    return render_template("imports/index.html", form=form, page=page, kinds=ImportKind), status


def _hand_in(actor: Actor, *, kind: ImportKind, name: str, data: bytes) -> ImportBatch:
    """Keep the file and note it; the same file that still waits is taken up instead."""
    digest = hashlib.sha256(data).hexdigest()
    twin = batches.waiting_twin(reader(), actor, kind=kind, digest=digest)
    if twin is not None:
        return twin
    stored = file_store.save(_uploads(), data)
    try:
        with get_db().transaction(actor) as session:
            old = batches.forget_old(session, actor)
            batch = batches.hand_in(
                session,
                actor,
                kind=kind,
                filename=name,
                digest=digest,
                stored=stored,
                branch_id=actor.branch_id,
            )
    except BaseException:
        file_store.delete(_uploads(), stored)
        raise
    for one in old:
        file_store.delete(_uploads(), one)
    return batch


@bp.get("/staff/imports/<id:batch_id>")
@requires(Permission.IMPORT_RUN)
def show(batch_id: int) -> ResponseReturnValue:
    """Ask what the columns mean; or, once it has run, say what became of the rows."""
    batch = batches.get_batch(reader(), current_actor(), batch_id)
    if batch.state is ImportState.DONE:
        shown = batch.report.get("refusals", [])[:_REFUSALS_ON_PAGE]
        return render_template("imports/result.html", batch=batch, shown=shown, kinds=ImportKind)
    if not policy.may_begin(batch, now=clock.now()):
        return render_template("imports/running.html", batch=batch)
    table = _stored_table(batch)
    guessed = guess_columns(table, batch.kind, clock.today())
    return _mapping(batch, table, forms.mapping_form(table, batch.kind, guessed), 200)


@bp.post("/staff/imports/<id:batch_id>/confirm")
@requires(Permission.IMPORT_RUN)
def confirm(batch_id: int) -> ResponseReturnValue:
    """Import the file by the columns chosen; the second time leads to what the first one did."""
    actor = current_actor()
    batch = batches.get_batch(reader(), actor, batch_id)
    here = redirect(url_for(".show", batch_id=batch_id), 303)
    if not policy.may_begin(batch, now=clock.now()):
        return here
    table = _stored_table(batch)
    guessed = guess_columns(table, batch.kind, clock.today())
    form = forms.mapping_form(table, batch.kind, guessed)
    valid = form.validate()
    columns = forms.chosen_columns(form, table, batch.kind)
    if not valid or columns is None:
        return _mapping(batch, table, form, 400)
    job = ImportJob(
        kind=batch.kind,
        table=table,
        columns=columns,
        today=clock.today(),
        default_employer=form.employer.data or "" if "employer" in form else "",
        branch_id=actor.branch_id,
        consented=_consented(form, actor) if batch.kind is ImportKind.RESIDENTS else None,
        pepper=str(current_app.config["SECRET_KEY"]).encode(),
    )
    try:
        runner.run(get_db(), actor, batch_id=batch_id, job=job)
    except Conflict:  # a second click: the first request is running or done
        return here
    return here


def _consented(form: forms.ResidentsForm, actor: Actor) -> Consented:
    return Consented(
        channel=ConsentChannel(form.channel.data),
        note=form.note.data,
        sensitive=form.sensitive.data,
        account_id=actor.account_id,
    )


def _mapping(
    batch: ImportBatch, table: Table, form: forms.VacanciesForm | forms.ResidentsForm, status: int
) -> ResponseReturnValue:
    employers = []
    if batch.kind is ImportKind.VACANCIES:
        names = select(col(Employer.name)).order_by(col(Employer.name))
        employers = list(reader().scalars(names.limit(_SUGGESTED_EMPLOYERS)))
    selects = [form[f"{forms.PREFIX}{column}"] for column in forms.shown_columns(table)]
    page = render_template(
        "imports/mapping.html",
        batch=batch,
        table=table,
        form=form,
        selects=selects,
        employers=employers,
        kinds=ImportKind,
    )
    return page, status


@bp.get("/staff/imports/<id:batch_id>/refused.xlsx")
@requires(Permission.IMPORT_RUN)
def refused(batch_id: int) -> Response:
    """Hand out the refused rows with the reasons, to be mended and handed in again."""
    batch = batches.get_batch(reader(), current_actor(), batch_id)
    refusals = batch.report.get("refusals", [])
    if not refusals:
        raise NotFound
    data = workbooks.refused_rows(_stored_table(batch), batch.columns, refusals)
    return _download(data, _("没导入的行-%(n)d.xlsx", n=batch.id))


@bp.get("/staff/imports/template/<kind>.xlsx")
@requires(Permission.IMPORT_RUN)
def template(kind: str) -> Response:
    """Hand out an empty table to fill in."""
    if kind not in set(ImportKind):
        raise NotFound
    chosen = ImportKind(kind)
    name = _("招聘信息表.xlsx") if chosen is ImportKind.VACANCIES else _("居民名单.xlsx")
    return _download(workbooks.template(chosen), name)


def _download(data: bytes, name: str) -> Response:
    # send_file writes a Chinese file name as RFC 5987 wants it; gunicorn refuses it otherwise.
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)


def _table(data: bytes, name: str, kind: ImportKind) -> Table:
    table = read_table(read_spreadsheet(data, name), kind)
    if not table.rows:
        raise Unusable(_("只有标题，没有内容"))
    return table


def _stored_table(batch: ImportBatch) -> Table:
    return _table(file_store.load(_uploads(), batch.stored), batch.filename, batch.kind)


def _uploads() -> Path:
    folder: Path = current_app.extensions["settings"].uploads
    return folder
