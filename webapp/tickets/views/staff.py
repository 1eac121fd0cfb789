"""/staff/tickets/: the lists of the desk, one ticket with its next step, its pictures."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import col, select

from webapp.branches.models import Branch
from webapp.branches.queries.members import Member
from webapp.core import clock, photos
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.core.paging import paginate
from webapp.core.posting import write_and_redirect
from webapp.tickets import deadlines, policy
from webapp.tickets.blueprint import bp
from webapp.tickets.forms.desk import SortForm, StepForm
from webapp.tickets.lifecycle import TRANSITIONS, TicketState
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.policy import Standing
from webapp.tickets.presentation import desk as presentation
from webapp.tickets.queries import desk, suggestions
from webapp.tickets.queries.desk import DeskList
from webapp.tickets.queries.suggestions import Shown
from webapp.tickets.services import access, people, pictures
from webapp.tickets.views.pictures import folder
from webapp.tickets.views.steps import STEPS, main_of, offered

_MONTH = timedelta(days=30)
_NAMES = f"any({', '.join(map(repr, STEPS))})"


@bp.get("/staff/tickets/")
@requires(Permission.WORKBENCH)
def board() -> str:
    """The lists: in one's hands, to sort, late, to call back, to publish."""
    session, actor = reader(), current_actor()
    asked = request.args.get("list", "")
    which = DeskList(asked) if asked in set(DeskList) else DeskList.MINE
    standing = people.standing_of(session, actor)
    return render_template(
        "tickets/desk.html",
        page=paginate(session, desk.of_list(actor, standing, which)),
        which=which,
        lists=list(DeskList),
        counts=desk.counts(session, actor, standing),
        words=presentation,
        now=clock.now(),
        agreed=suggestions.agreement(session, start=clock.now() - _MONTH),
    )


@bp.get("/staff/tickets/<id:ticket_id>")
@requires(Permission.WORKBENCH)
def show(ticket_id: int) -> str:
    """One ticket: what was said, what comes next, what happened so far."""
    ticket, standing = access.visible(reader(), current_actor(), ticket_id)
    return _page(ticket, standing, {})


@bp.post(f"/staff/tickets/<id:ticket_id>/<{_NAMES}:name>")
@requires(Permission.WORKBENCH)
def step(ticket_id: int, name: str) -> ResponseReturnValue:
    """Carry out a step."""
    ticket, standing = access.visible(reader(), current_actor(), ticket_id)
    chosen = STEPS[name]
    if (ticket.state, chosen.action) not in TRANSITIONS:  # somebody was faster
        raise Conflict
    form = _form(name, ticket, _choices())
    if form.validate_on_submit():
        try:
            return write_and_redirect(
                chosen.verb,
                chosen.message,
                lambda row: _after(row, standing),
                ticket_id=ticket_id,
                **form.arguments(),
            )
        except BadField as error:
            if error.field not in form:
                raise
            form[error.field].errors = [*form[error.field].errors, error.message]
    return _page(ticket, standing, {name: form}), 400


@bp.get("/staff/tickets/<id:ticket_id>/photos/<id:photo_id>")
@requires(Permission.WORKBENCH)
def staff_photo(ticket_id: int, photo_id: int) -> Response:
    """A picture, for who may read the ticket."""
    access.visible(reader(), current_actor(), ticket_id)
    found = desk.photo(reader(), ticket_id, photo_id)
    if found is None:
        raise NotFound
    return photos.answer(folder(), found.stored, max_age=3600)


@bp.post("/staff/tickets/<id:ticket_id>/photos/<id:photo_id>/<any(release, hide):what>")
@requires(Permission.WORKBENCH)
def judge_photo(ticket_id: int, photo_id: int, what: str) -> ResponseReturnValue:
    """Let everybody see a picture, or take it back."""
    releases = what == "release"
    return write_and_redirect(
        pictures.release_picture if releases else pictures.hide_picture,
        _("这张照片大家看得到了") if releases else _("这张照片收回来了"),
        url_for("tickets.show", ticket_id=ticket_id),
        ticket_id=ticket_id,
        photo_id=photo_id,
    )


def _after(ticket: Ticket, standing: Standing) -> str:
    """Back to the ticket; whoever gave a private one away reads it no more, and sees the list."""
    if policy.can_read(current_actor(), ticket, standing):
        return url_for("tickets.show", ticket_id=ticket.id)
    return url_for("tickets.board")


def _choices() -> tuple[Sequence[Branch], Sequence[Member]]:
    """Return what the forms of a page offer, read once for all of them."""
    session = reader()
    branches = session.exec(select(Branch).order_by(col(Branch.id))).all()
    return branches, people.may_take(session)


def _form(
    name: str, ticket: Ticket, choices: tuple[Sequence[Branch], Sequence[Member]]
) -> StepForm:
    form = STEPS[name].form()
    form.offer(ticket, *choices)
    for field in form:  # a page holds many of these forms, and an id is there once
        field.id = field.label.field_id = f"{name}-{field.name}"
    return form


def _fill_in(form: SortForm, suggested: Shown) -> None:
    row = suggested.row
    form.fill_in(row.branch_id, row.kind, row.urgency)


def _page(ticket: Ticket, standing: Standing, failed: dict[str, StepForm]) -> str:
    actor, now = current_actor(), clock.now()
    names = offered(actor, ticket, standing)
    choices = _choices()
    forms: dict[str, Any] = {name: _form(name, ticket, choices) for name in names}
    if "dispatch" in forms and ticket.branch_id == actor.branch_id:
        stand_in = people.stand_in(
            reader(), ticket.branch_id or 0, without=[actor.account_id, ticket.about_account_id]
        )
        forms["dispatch"].propose(actor.account_id, stand_in)
    suggested = suggestions.shown(reader(), ticket.id) if "sort" in names else None
    if suggested is not None and ticket.state is TicketState.RECEIVED:
        _fill_in(forms["sort"], suggested)
    due, tone = presentation.due_words(ticket, now)
    return render_template(
        "tickets/ticket.html",
        seen=desk.seen(reader(), ticket),
        ticket=ticket,
        steps=STEPS,
        names=names,
        main=next(iter(failed), None) or main_of(ticket, names),
        forms={**forms, **failed},
        failed=next(iter(failed.values()), None),
        suggested=suggested,
        due=due,
        due_tone=tone,
        inexact=deadlines.may_be_inexact(ticket),
        shows_phone=policy.can_work(actor, ticket, standing)
        or (ticket.state is TicketState.CALLBACK and policy.can_call(actor, ticket, standing)),
        words=presentation,
        can_read=lambda other: policy.can_read(actor, other, standing),
    )
