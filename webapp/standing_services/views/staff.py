"""/staff/services/: whom the branch visits, the round of today, what came of each visit."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches.queries.members import secretary_of
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import BadField, NotFound, Refused
from webapp.core.formatting import date_words
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.standing_services import policy, queries
from webapp.standing_services.blueprint import bp
from webapp.standing_services.forms import EndForm, NeedForm, PauseForm, ReadForm, VisitForm
from webapp.standing_services.lifecycle import (
    EndReason,
    PauseReason,
    ReadReason,
    ServiceState,
    VisitOutcome,
)
from webapp.standing_services.models import StandingService
from webapp.standing_services.services import access, reading, stopping, visiting

_PREFIX = "/staff/services/<id:service_id>"


@bp.get("/staff/services/")
@requires(Permission.WORKBENCH)
def index() -> str:
    """The services of the actor's branch by state, and what became of the visits due."""
    actor, session = current_actor(), reader()
    asked = request.args.get("state", "")
    state = ServiceState(asked) if asked in set(ServiceState) else ServiceState.ACTIVE
    page = paginate(session, queries.of_branch(actor.branch_id, state))
    return render_template(
        "standing_services/index.html",
        page=page,
        lines=[queries.line_of(row) for row in page.rows],
        state=state,
        states=list(ServiceState),
        months=queries.months(session),
    )


@bp.get("/staff/services/round")
@requires(Permission.WORKBENCH)
def today() -> str:
    """Where the actor goes today: address, what to ask, one tap for what came of it."""
    actor, session = current_actor(), reader()
    lines = [queries.line_of(row) for row in session.execute(queries.to_go(actor))]
    return render_template(
        "standing_services/round.html",
        lines=lines,
        form=VisitForm(formdata=None),
        need=NeedForm(formdata=None),
        done=queries.made_today(session, actor.account_id),
        mine=actor.account_id,
    )


@bp.get(_PREFIX)
@requires(Permission.WORKBENCH)
def show(service_id: int) -> str:
    """One service: for whom, by whom, how often, and its visits without what was noted."""
    return _page(service_id, {})


@bp.post(f"{_PREFIX}/visit")
@requires(Permission.WORKBENCH)
def visit(service_id: int) -> ResponseReturnValue:
    """Write down what came of going there."""
    form = VisitForm()
    access.seen(reader(), current_actor(), service_id)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                visiting.note_visit,
                lambda row: _(
                    "%(what)s，记下了。下次%(day)s去。",
                    what=row.outcome.label,
                    day=date_words(row.next_on),
                ),
                url_for(".today"),
                service_id=service_id,
                outcome=VisitOutcome(form.outcome.data),
                note=form.note.data or "",
                next_on=form.next_on.data,
                idempotency_key=form.own_key,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
        except Refused as error:
            form.form_errors.append(error.message)
    return _page(service_id, {"visit": form}), 400


@bp.post("/staff/services/visits/<id:visit_id>/take-back")
@requires(Permission.WORKBENCH)
def take_back(visit_id: int) -> ResponseReturnValue:
    """Take back a wrong tap of today."""
    return write_and_redirect(
        visiting.take_back, _("撤回了，还在今天要去的里面。"), url_for(".today"), visit_id=visit_id
    )


@bp.post(f"{_PREFIX}/need")
@requires(Permission.WORKBENCH)
def need(service_id: int) -> ResponseReturnValue:
    """Tell the branch for work that the person wants some."""
    form = NeedForm()
    access.seen(reader(), current_actor(), service_id)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                visiting.pass_on_need,
                lambda event: "".join(event.told),
                url_for(".today"),
                service_id=service_id,
                agreed=form.agreed.data == "yes",
                words=form.words.data or "",
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    return _page(service_id, {"need": form}), 400


@bp.route(f"{_PREFIX}/notes", methods=["GET", "POST"])
@requires(Permission.WORKBENCH)
def notes(service_id: int) -> ResponseReturnValue:
    """Ask why; then show what was noted on this one answer, which no browser keeps."""
    session, actor = reader(), current_actor()
    service = access.seen(session, actor, service_id)
    secretary_id = secretary_of(session, service.branch_id)
    if not policy.can_read_notes(actor, service, secretary_id=secretary_id):
        raise NotFound
    form, visits = ReadForm(), None
    if form.validate_on_submit():
        with get_db().transaction(actor) as writing:
            visits = reading.read_notes(
                writing, actor, service_id=service_id, reason=ReadReason(form.reason.data)
            )
    page = render_template(
        "standing_services/notes.html",
        line=queries.one(session, service_id),
        form=form,
        visits=visits,
    )
    return page, 400 if form.is_submitted() and visits is None else 200


@bp.post(f"{_PREFIX}/pause")
@requires(Permission.WORKBENCH)
def pause(service_id: int) -> ResponseReturnValue:
    """Have nobody go there for a while."""
    form = PauseForm()
    access.seen(reader(), current_actor(), service_id)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                stopping.pause,
                lambda row: _("停下了，%(day)s起自动接着去。", day=date_words(row.paused_until)),
                url_for(".show", service_id=service_id),
                service_id=service_id,
                until=form.until.data,
                reason=PauseReason(form.reason.data),
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    return _page(service_id, {"pause": form}), 400


@bp.post(f"{_PREFIX}/resume")
@requires(Permission.WORKBENCH)
def resume(service_id: int) -> ResponseReturnValue:
    """Go on before the day it would by itself."""
    return write_and_redirect(
        stopping.resume,
        lambda row: _("接着去，下次%(day)s。", day=date_words(row.next_on)),
        url_for(".show", service_id=service_id),
        service_id=service_id,
    )


@bp.post(f"{_PREFIX}/end")
@requires(Permission.WORKBENCH)
def end(service_id: int) -> ResponseReturnValue:
    """End it for good, with the reason."""
    form = EndForm()
    access.seen(reader(), current_actor(), service_id)
    if form.validate_on_submit():
        return write_and_redirect(
            stopping.end,
            _("结束了，不再安排人去。"),
            url_for(".show", service_id=service_id),
            service_id=service_id,
            reason=EndReason(form.reason.data),
        )
    return _page(service_id, {"end": form}), 400


def _page(service_id: int, failed: dict[str, Any]) -> str:
    session, actor = reader(), current_actor()
    service: StandingService = access.seen(session, actor, service_id)
    secretary_id = secretary_of(session, service.branch_id)
    forms = {"visit": VisitForm, "need": NeedForm, "pause": PauseForm, "end": EndForm}
    return render_template(
        "standing_services/show.html",
        line=queries.one(session, service_id),
        visits=queries.visits_of(session, [service_id]).get(service_id, []),
        goes_there=policy.goes_there(actor, service, secretary_id=secretary_id),
        may_read=policy.can_read_notes(actor, service, secretary_id=secretary_id),
        forms={name: failed.get(name) or make(formdata=None) for name, make in forms.items()},
        failed=next(iter(failed.values()), None),
        mine=actor.account_id,
    )
