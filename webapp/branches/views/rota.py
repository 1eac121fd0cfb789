"""/staff/branches/rota: a week of duty on one page, a single shift, and who takes whose."""

from datetime import date, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.branches.blueprint import bp
from webapp.branches.forms.commitments import member_choices, span
from webapp.branches.forms.rota import ShiftForm, week_form
from webapp.branches.models import Branch
from webapp.branches.queries import members as queries
from webapp.branches.queries.rota import LOOKED_AHEAD, gaps, on_duty, week_of
from webapp.branches.queries.slots import monday_of, slots_of_week
from webapp.branches.services import rota as service
from webapp.core import clock
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField
from webapp.core.formfields import show_faults
from webapp.core.posting import write_and_redirect

_FURTHEST = timedelta(days=366)


@bp.route("/staff/branches/rota", methods=["GET", "POST"])
@requires(Permission.BRANCH_SERVE)
def rota() -> ResponseReturnValue:
    """A week (``?week=`` any day of it): who has which slot, other shifts, gaps in red."""
    now, monday = clock.now(), _asked_monday()
    keeps = service.may_keep(reader(), current_actor())
    slots = slots_of_week(monday)
    week = week_of(reader(), slots)
    editable = [slot for slot in slots if slot.ends_at > now] if keeps else []
    values: dict[str, Any] = {
        slot.key: week.taken[slot.key].account_id for slot in editable if slot.key in week.taken
    }
    form = week_form(editable, queries.members(reader()), phone=_usual_phone(), **values)
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                service.save_week,
                lambda changes: _("记下了，改了 %(n)d 个班。", n=changes.total),
                url_for(".rota", week=monday),
                monday=monday,
                chosen=form.chosen(editable),
                phone=form.phone.data,
            )
        except BadField as error:
            show_faults(form, error, {})
    page = render_template(
        "branches/rota.html",
        form=form,
        slots=slots,
        editable={slot.key for slot in editable},
        week=week,
        monday=monday,
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        keeps=keeps,
        own_id=current_actor().account_id,
        now=now,
        duty=on_duty(reader(), now),
        gaps=gaps(reader(), now, now + LOOKED_AHEAD),
        local=clock.local,
    )
    return page, 400 if form.is_submitted() else 200


@bp.route("/staff/branches/rota/new", methods=["GET", "POST"])
@requires(Permission.BRANCH_SERVE)
def new_shift() -> ResponseReturnValue:
    """Add a shift at other hours than the usual ones."""
    form = ShiftForm(data={"phone": _usual_phone()})
    form.member.choices = member_choices(
        queries.members(reader()), queries.away(reader(), clock.now())
    )
    if form.validate_on_submit():
        starts_at, ends_at = span(form.day.data, form.start.data, form.end.data)
        try:
            return write_and_redirect(
                service.add_shift,
                _("排好了。"),
                url_for(".rota", week=form.day.data),
                account_id=form.member.data,
                starts_at=starts_at,
                ends_at=ends_at,
                phone=form.phone.data,
            )
        except BadField as error:
            show_faults(form, error, {})
    page = render_template("branches/new_shift.html", form=form)
    return page, 400 if form.is_submitted() else 200


@bp.route("/staff/branches/rota/<id:shift_id>", methods=["GET", "POST"])
@requires(Permission.BRANCH_SERVE)
def swap_shift(shift_id: int) -> ResponseReturnValue:
    """Have somebody else take a shift: one tap on a name."""
    shift = service.get_givable(reader(), current_actor(), shift_id)
    takers = service.who_can_take(reader(), shift)
    fault = ""
    if request.method == "POST":
        named = request.form.get("member", "")
        ids = {str(one.member.account_id): one.member.account_id for one in takers}
        try:
            return write_and_redirect(
                service.give_shift,
                _("换好了，两个人都会看到。"),
                lambda row: url_for(".rota", week=clock.local(row.starts_at).date()),
                shift_id=shift_id,
                account_id=ids.get(named, 0),
            )
        except BadField as error:
            fault = error.message
    page = render_template(
        "branches/swap.html",
        shift=shift,
        members=takers,
        name=queries.names_of(reader(), shift.account_id)[shift.account_id],
        keeps=service.may_keep(reader(), current_actor()),
        fault=fault,
    )
    return page, 400 if fault else 200


@bp.post("/staff/branches/rota/<id:shift_id>/remove")
@requires(Permission.BRANCH_SERVE)
def remove_shift(shift_id: int) -> ResponseReturnValue:
    """Take out a shift, or what is left of it."""
    return write_and_redirect(
        service.remove_shift,
        _("去掉了。没有人值班的时间标着红。"),
        lambda day: url_for(".rota", week=day),
        shift_id=shift_id,
    )


def _asked_monday() -> date:
    try:
        day = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return monday_of(clock.today())
    return monday_of(day if abs(day - clock.today()) <= _FURTHEST else clock.today())


def _usual_phone() -> str:
    """Return the telephone of the latest shift, else that of the branch that keeps the rota."""
    latest = service.latest_phone(reader())
    branch_id = current_actor().branch_id
    branch = reader().get(Branch, branch_id) if branch_id else None
    return latest or (branch.phone if branch else "")
