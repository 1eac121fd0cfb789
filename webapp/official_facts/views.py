"""/staff/residents/<id>/official: what offices have on record of a person, and since when."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.core.errors import BadField, Forbidden, NotFound
from webapp.core.posting import write_and_redirect
from webapp.official_facts import policy, queries, service
from webapp.official_facts.forms import EndForm, FactForm, WithdrawForm
from webapp.official_facts.lifecycle import FactKind, FactSource, Ground, Insurance
from webapp.official_facts.models import OfficialFact
from webapp.residents.forms.registration import RevealForm
from webapp.residents.models import Resident
from webapp.residents.views.file_urls import resident_at, staff_file

bp = Blueprint("official_facts", __name__)
_PAGE = "/staff/residents/<id:resident_id>/official"


@bp.route(_PAGE, methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def index(resident_id: int) -> ResponseReturnValue:
    """A resident's official facts with their history, and a form for a new one (``?kind=``)."""
    urls = staff_file(resident_id)
    resident = resident_at(urls)
    form = FactForm(data={"kind": request.args.get("kind"), "starts_on": clock.today()})
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.record,
                _("记好了：%(what)s。", what=FactKind(form.kind.data).label),
                urls.overview,
                resident_id=resident_id,
                kind=FactKind(form.kind.data),
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                source=FactSource(form.source.data),
                ground=Ground(form.ground.data) if form.ground.data else None,
                insurance=Insurance(form.insurance.data) if form.insurance.data else None,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    page = render_template(
        "official_facts/index.html",
        form=form,
        urls=urls,
        resident=resident,
        lines=queries.history(reader(), resident.id),
        can_record=policy.can_record(current_actor(), resident),
        can_read_ground=policy.can_read_ground(current_actor(), resident),
    )
    return page, 400 if form.is_submitted() else 200


@bp.route(f"{_PAGE}/<id:fact_id>/end", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def end(resident_id: int, fact_id: int) -> ResponseReturnValue:
    """Note its last day."""
    form = EndForm()
    return _change(resident_id, fact_id, form, service.end, _("记好了，到此为止。"), ["ends_on"])


@bp.route(f"{_PAGE}/<id:fact_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def withdraw(resident_id: int, fact_id: int) -> ResponseReturnValue:
    """Take back a mistake."""
    form = WithdrawForm()
    return _change(
        resident_id, fact_id, form, service.withdraw, _("撤掉了，记录还留着。"), ["reason"]
    )


@bp.route(f"{_PAGE}/<id:fact_id>/ground", methods=["GET", "POST"])
@requires(Permission.RESIDENT_MANAGE)
def ground(resident_id: int, fact_id: int) -> ResponseReturnValue:
    """Ask why; then show the ground on this one answer, which no browser keeps."""
    resident, fact = _of(resident_id, fact_id)
    if not policy.can_read_ground(current_actor(), resident):
        raise Forbidden
    form, value = RevealForm(), None
    if form.validate_on_submit():
        actor = current_actor()
        with get_db().transaction(actor) as session:
            value = service.read_ground(session, actor, fact_id=fact_id, reason=form.reason.data)
    page = render_template(
        "official_facts/change.html",
        form=form,
        fact=fact,
        resident=resident,
        value=value,
        title=_("查看是哪一类"),
    )
    return page, 400 if form.is_submitted() and value is None else 200


def _change(
    resident_id: int, fact_id: int, form: Any, verb: Any, said: str, names: list[str]
) -> ResponseReturnValue:
    resident, fact = _of(resident_id, fact_id)
    if not policy.can_record(current_actor(), resident):
        raise Forbidden
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                verb,
                said,
                staff_file(resident_id).overview,
                fact_id=fact_id,
                **{name: form[name].data for name in names},
            )
        except BadField as error:
            form[error.field if error.field in form else names[0]].errors = [error.message]
    page = render_template(
        "official_facts/change.html",
        form=form,
        fact=fact,
        resident=resident,
        value=None,
        title=_("记到哪天为止") if names == ["ends_on"] else _("记错了，撤掉"),
    )
    return page, 400 if form.is_submitted() else 200


def _of(resident_id: int, fact_id: int) -> tuple[Resident, OfficialFact]:
    resident = resident_at(staff_file(resident_id))
    fact = reader().get(OfficialFact, fact_id)
    if fact is None or fact.resident_id != resident_id:
        raise NotFound
    return resident, fact
