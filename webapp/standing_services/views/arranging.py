"""/staff/services/…: agree on a standing service with somebody, and change who goes and when."""

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches.queries.members import of_branch
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField
from webapp.core.posting import write_and_redirect
from webapp.residents.models import Household
from webapp.residents.views.file_urls import resident_at, staff_file
from webapp.standing_services import queries
from webapp.standing_services.blueprint import bp
from webapp.standing_services.forms import BY_DAYS, BY_WEEK, ArrangeForm, OutsideForm, PlanForm
from webapp.standing_services.lifecycle import AgreedHow, ServiceKind
from webapp.standing_services.services import access, agreeing
from webapp.standing_services.services.agreeing import Outside, Plan, Yes


@bp.route("/staff/residents/<id:resident_id>/services/new", methods=["GET", "POST"])
@requires(Permission.WORKBENCH)
def arrange(resident_id: int) -> ResponseReturnValue:
    """Agree with a resident of the files on being visited."""
    urls = staff_file(resident_id)
    resident = resident_at(urls)
    home = reader().get_one(Household, resident.household_id)
    return _arrange(
        ArrangeForm(agreed_on=clock.today()),
        lambda _form: resident_id,
        whose=_("%(name)s，%(where)s", name=resident.name, where=home.unit_address),
        back=urls.overview,
    )


@bp.route("/staff/services/new", methods=["GET", "POST"])
@requires(Permission.WORKBENCH)
def arrange_outside() -> ResponseReturnValue:
    """Agree with somebody outside the files on being visited."""
    return _arrange(
        OutsideForm(agreed_on=clock.today()),
        lambda form: Outside(form.name.data, form.address.data, form.phone.data or None),
        whose="",
        back=url_for(".index"),
    )


@bp.route("/staff/services/<id:service_id>/edit", methods=["GET", "POST"])
@requires(Permission.WORKBENCH)
def edit(service_id: int) -> ResponseReturnValue:
    """Change who goes, how often, what to ask."""
    service = access.seen(reader(), current_actor(), service_id)
    form = PlanForm(
        data={
            "owner": service.owner_id,
            "backup": service.backup_id,
            "beat": BY_DAYS if service.every_days else BY_WEEK,
            "every_days": service.every_days,
            "weekdays": list(service.weekdays),
            "to_ask": service.to_ask,
        }
    )
    _offer(form)
    shown = url_for(".show", service_id=service_id)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                agreeing.change, _("改好了。"), shown, service_id=service_id, plan=_plan(form)
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    page = render_template(
        "standing_services/edit.html",
        form=form,
        line=queries.one(reader(), service_id),
        back=shown,
    )
    return page, 400 if form.is_submitted() else 200


def _arrange(
    form: ArrangeForm, person: Callable[[Any], int | Outside], *, whose: str, back: str
) -> ResponseReturnValue:
    _offer(form)
    if form.validate_on_submit():
        yes = Yes(
            how=AgreedHow(form.agreed_how.data),
            on=form.agreed_on.data or clock.today(),
            note=form.agreed_note.data or "",
            notes=form.notes_agreed.data,
        )
        try:
            return write_and_redirect(
                agreeing.arrange,
                _("约好了，到日子会在「今天要办」里。"),
                lambda row: url_for(".show", service_id=row.id),
                kind=ServiceKind(form.kind.data),
                person=person(form),
                plan=_plan(form),
                yes=yes,
                idempotency_key=form.own_key,
            )
        except BadField as error:
            form[error.field].errors = [error.message]
    page = render_template("standing_services/arrange.html", form=form, whose=whose, back=back)
    return page, 400 if form.is_submitted() else 200


def _offer(form: PlanForm) -> None:
    actor = current_actor()
    members = of_branch(reader(), actor.branch_id or 0)
    form.offer([(one.account_id, one.name) for one in members], own_id=actor.account_id)


def _plan(form: PlanForm) -> Plan:
    return Plan(
        owner_id=form.owner.data,
        backup_id=form.backup.data,
        rhythm=form.rhythm,
        to_ask=form.to_ask.data or "",
        begin=form.begin.data,
    )
