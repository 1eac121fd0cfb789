"""/staff/imports/<id>/review: the openings of a file all together, repaired and published."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import col

from webapp.core import clock, heartbeats
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.employers.models import Employer
from webapp.imports import queries
from webapp.imports.blueprint import bp
from webapp.imports.forms.review import PublishForm, RepairForm
from webapp.imports.models import ImportBatch
from webapp.imports.queries import Group, Wanted
from webapp.imports.services import readiness, review
from webapp.imports.services.review import Step
from webapp.imports.views.staff import job_address
from webapp.jobs import service as jobs
from webapp.jobs.lifecycle import UNDER_WAY, JobState
from webapp.jobs.models import JobKind

_EXAMPLES = 30
_SUGGESTED_EMPLOYERS = 200


@bp.get("/staff/imports/<id:batch_id>/review")
@requires(Permission.OPENING_REVIEW)
def review_file(batch_id: int) -> str:
    """Show how many openings stand where, and those asked for, to be repaired together."""
    return _page(review.get_batch(reader(), current_actor(), batch_id), None)


@bp.post("/staff/imports/<id:batch_id>/review")
@requires(Permission.OPENING_REVIEW)
def repair_file(batch_id: int) -> ResponseReturnValue:
    """Have one repair done to many openings, or hold some of them back."""
    batch = review.get_batch(reader(), current_actor(), batch_id)
    form = RepairForm()
    act = form.act.data
    if not form.validate_on_submit() or form.seen_at is None:
        return _page(batch, form), 400
    wanted = Wanted.of(request.args)
    here = url_for(".review_file", batch_id=batch_id, **wanted.as_arguments())
    if act in {"hold", "release"}:
        return write_and_redirect(
            review.hold,
            lambda n: _("%(n)d 条先不放。", n=n) if act == "hold" else _("%(n)d 条不留了。", n=n),
            here,
            batch_id=batch_id,
            ids=form.ids.data,
            held=act == "hold",
        )
    repair = form.repair()
    if act != "look" and repair.is_empty:
        form.form_errors.append(_("先填要补的，一样也行"))
        return _page(batch, form), 400
    try:
        return write_and_redirect(
            review.start,
            "",
            job_address,
            batch_id=batch_id,
            step=Step.LOOK if act == "look" else Step.REPAIR,
            wanted=wanted,
            seen=form.seen_at,
            ids=form.ids.data if act == "repair_ticked" else (),
            repair=None if act == "look" else repair,
        )
    except BadField as error:
        form[error.field].errors = [error.message]
        return _page(batch, form), 400


@bp.post("/staff/imports/<id:batch_id>/publish")
@requires(Permission.OPENING_REVIEW)
def publish_file(batch_id: int) -> ResponseReturnValue:
    """Show what would go out and what stays; once agreed to, have it published."""
    batch = review.get_batch(reader(), current_actor(), batch_id)
    form = PublishForm()
    if not form.validate_on_submit() or form.seen_at is None:
        flash(_("这一页放得太久了，请再点一次。"), "warning")
        return redirect(url_for(".review_file", batch_id=batch_id), 303)
    if form.sure.data:
        return write_and_redirect(
            review.start,
            "",
            job_address,
            batch_id=batch_id,
            step=Step.PUBLISH,
            wanted=Wanted(Group.READY),
            seen=form.seen_at,
        )
    checked = queries.checked_employers(reader(), batch_id)
    ready = queries.listed(batch_id, Wanted(Group.READY), checked)
    return render_template(
        "imports/publish.html",
        batch=batch,
        seen=form.seen.data,
        counts=queries.count_groups(reader(), batch_id, checked),
        rows=reader().execute(ready.limit(_EXAMPLES)).all(),
    )


def _page(batch: ImportBatch, form: Any) -> str:
    session = reader()
    job = jobs.newest_of(session, kind=JobKind.IMPORT_REVIEW, result_url=review.page_of(batch.id))
    if job and job.state in UNDER_WAY:
        waiting = heartbeats.is_silent(session, heartbeats.SCHEDULER) is not False
        return render_template("imports/running.html", batch=batch, job=job, waiting=waiting)
    wanted = Wanted.of(request.args)
    checked = queries.checked_employers(session, batch.id)
    counts = queries.count_groups(session, batch.id, checked)
    names = select(col(Employer.name)).order_by(col(Employer.name)).limit(_SUGGESTED_EMPLOYERS)
    return render_template(
        "imports/review.html",
        batch=batch,
        form=form or RepairForm(formdata=None),
        seen=clock.now().isoformat(),
        counts=counts,
        groups=list(Group),
        lacks=[
            (field, readiness.words_of_lack(field), counts[f"lacks_{field}"])
            for field in queries.LACKS
            if counts[f"lacks_{field}"]
        ],
        words_of_lack=readiness.words_of_lack,
        wanted=wanted,
        kept=wanted.as_arguments(),
        page=paginate(session, queries.listed(batch.id, wanted, checked)),
        unverified=queries.unverified_employers(session, batch.id, checked),
        employers=list(session.scalars(names)),
        last=job.result if job and job.state is JobState.DONE else None,
        failed=job.message if job and job.state is JobState.FAILED else "",
    )
