"""/feedback/<code>: where a ticket stands, and what its reporter says to it."""

from collections.abc import Callable
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlmodel import Session

from webapp.branches.models import Branch
from webapp.core import photos, receipt_codes
from webapp.core.access import Actor, Permission, current_actor, public
from webapp.core.db import get_db, reader
from webapp.core.errors import BadField, NotFound
from webapp.core.formfields import show_faults
from webapp.core.posting import write_and_redirect
from webapp.tickets import turns
from webapp.tickets.blueprint import bp
from webapp.tickets.forms.following import AnswerForm, CodeForm, OutcomeForm, PinForm, ReopenForm
from webapp.tickets.lifecycle import OPEN, Outcome, Rating, TicketState
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.presentation import reporter
from webapp.tickets.queries import long_cases, printed
from webapp.tickets.queries import one as queries
from webapp.tickets.services import filing, following
from webapp.tickets.services.access import visible
from webapp.tickets.services.following import Follower
from webapp.tickets.views import unlocked
from webapp.tickets.views.filing import private, slip_of
from webapp.tickets.views.pictures import folder

_ANSWERED = frozenset({TicketState.REPLIED, TicketState.CALLBACK})


@bp.route("/feedback/", methods=["GET", "POST"])
@public
def start() -> ResponseReturnValue:
    """Type the code on a slip, say something, read what others said."""
    form = CodeForm()
    if form.validate_on_submit():
        code = receipt_codes.plain(form.code.data or "")
        return redirect(url_for(".follow", code=code), 303)
    page = render_template(
        "tickets/start.html",
        form=form,
        is_resident=current_actor().may(Permission.RESIDENT_SELF),
    )
    return page, 400 if form.is_submitted() else 200


@bp.route("/feedback/<code>", methods=["GET", "POST"])
@public
def follow(code: str) -> ResponseReturnValue:
    """Where it stands; a private one asks for its PIN, and so does a code that is none."""
    plain = _plain(code)
    if current_actor().is_staff:
        return redirect(_desk_page(plain))
    if plain != code:
        return redirect(url_for(".follow", code=plain))
    ticket = _open_ticket(plain)
    if ticket is not None:
        return _page(ticket)
    form = PinForm()
    if form.validate_on_submit():
        opened = _try_pin(plain, form.pin.data or "")
        if opened is not None:
            return opened
        form.pin.errors = [_("编号和密码对不上，看看有没有看错，再填一次。")]
    return private(
        render_template("tickets/pin.html", form=form, code=plain),
        400 if form.is_submitted() else 200,
    )


@bp.post("/feedback/<code>/lock")
@public
def lock(code: str) -> ResponseReturnValue:
    """Ask for the PIN again from now on."""
    unlocked.forget(code)
    return redirect(url_for(".start"), 303)


@bp.get("/feedback/<code>/slip")
@public
def slip(code: str) -> Response:
    """A slip with the code; the PIN stands on the first one alone."""
    ticket = _ticket_at(code)
    return private(slip_of(ticket, None, back_href=url_for(".follow", code=ticket.code)))


@bp.get("/feedback/<code>/photos/<id:photo_id>")
@public
def photo(code: str, photo_id: int) -> Response:
    """A picture of it, for whoever may read it."""
    stored = queries.photo_of(reader(), _ticket_at(code).id, photo_id)
    if stored is None:
        raise NotFound
    return photos.answer(folder(), stored)


@bp.post("/feedback/<code>/answer")
@public
def answer(code: str) -> ResponseReturnValue:
    """Answer what the branch asked, and its clock runs again; or add something."""
    ticket, form = _ticket_at(code), AnswerForm()
    if not form.validate_on_submit():
        return _page(ticket, form)
    files = [one for one in form.photos.data or () if getattr(one, "filename", "")]
    try:
        with photos.handed_in(folder(), files, most=filing.MOST_PHOTOS) as handed:

            def write(session: Session, actor: Actor) -> None:
                following.answer(
                    session,
                    actor,
                    follower=_follower(ticket),
                    words=form.words.data or "",
                    photos=handed.kept,
                )
                handed.written = True

            return write_and_redirect(
                write, _("社区收到您的话了。"), url_for(".follow", code=ticket.code)
            )
    except BadField as error:
        show_faults(form, error, {})
        return _page(ticket, form)


@bp.post("/feedback/<code>/outcome")
@public
def say_outcome(code: str) -> ResponseReturnValue:
    """Say what came of it, without waiting for the call back."""
    form = OutcomeForm()
    outcome = Outcome(form.outcome.data) if form.validate_on_submit() else None
    return _say(
        code,
        form,
        following.say_outcome,
        _("社区知道了，重新办。") if outcome is Outcome.UNRESOLVED else _("记下了，谢谢您。"),
        outcome=outcome,
        rating=Rating(form.rating.data) if form.rating.data and outcome else None,
    )


@bp.post("/feedback/<code>/reopen")
@public
def reopen(code: str) -> ResponseReturnValue:
    """Say that it is not solved after all."""
    return _say(code, ReopenForm(), following.reopen, _("社区知道了，重新办。"))


def _say(
    code: str, form: Any, verb: Callable[..., Any], message: str, **said: Any
) -> ResponseReturnValue:
    """Write what a reporter says, or show what is wrong with it."""
    ticket = _ticket_at(code)
    if not form.validate_on_submit():
        return _page(ticket, form)
    return write_and_redirect(
        verb,
        message,
        url_for(".follow", code=ticket.code),
        follower=_follower(ticket),
        words=form.words.data or "",
        **said,
    )


def _page(ticket: Ticket, wrong: FlaskForm | None = None) -> Response:
    """Show a ticket to its reporter; ``wrong`` is the form that could not be taken."""
    session = reader()
    events = queries.events_of(session, ticket.id)
    first = following.first_of(session, ticket)
    forms = {
        name: wrong if isinstance(wrong, kind) else kind(formdata=None)
        for name, kind in (
            ("answer_form", AnswerForm),
            ("reopen_form", ReopenForm),
            ("outcome_form", OutcomeForm),
        )
    }
    page = render_template(
        "tickets/follow.html",
        ticket=ticket,
        heading=reporter.heading(ticket),
        promise=reporter.promise(ticket),
        is_late=reporter.is_late(ticket),
        is_open=ticket.state in OPEN,
        is_own=_is_own(ticket),
        replies=reporter.replies(ticket, events),
        asks=reporter.question(ticket, events),
        can_add=ticket.state in OPEN,
        can_say_outcome=ticket.state in _ANSWERED,
        can_reopen=ticket.state not in _ANSWERED and following.can_reopen(ticket),
        about_wages=ticket.state in OPEN and reporter.sounds_of_wages(ticket.words),
        road=turns.road_of(ticket, events),
        photos=[
            (url_for(".photo", code=ticket.code, photo_id=id_), _("照片 %(n)d", n=number))
            for number, id_ in enumerate(queries.photos_of(session, ticket.id), 1)
        ],
        first=first if first is not ticket else None,
        first_badge=reporter.badge(first.state, first.outcome)[0],
        first_promise=reporter.promise(first, to_all=True),
        first_replies=reporter.replies(first, queries.events_of(session, first.id), to_all=True),
        # The code of a public ticket may be seen by others; what becomes of a person is private.
        case=long_cases.outline_of(session, ticket.id)
        if ticket.pin_hash is not None or _is_own(ticket)
        else None,
        branch=session.get(Branch, ticket.branch_id) if ticket.branch_id else None,
        unlocked=unlocked.is_open(ticket.code),
        form=wrong or forms["answer_form"],
        **forms,
    )
    return private(page, 400 if wrong is not None else 200)


def _plain(code: str) -> str:
    plain = receipt_codes.plain(code)
    if plain is None:
        raise NotFound
    return plain


def _ticket_at(code: str) -> Ticket:
    """Return a ticket whose code and, if it has one, PIN are known here; else 404."""
    ticket = _open_ticket(_plain(code))
    if ticket is None:
        raise NotFound
    return ticket


def _open_ticket(code: str) -> Ticket | None:
    """Return the ticket if this reader may see it: by its code, its PIN, or because it is theirs.

    Staff read it at their desk, and say nothing in its reporter's name.
    """
    ticket = queries.by_code(reader(), code)
    if ticket is None or current_actor().is_staff:
        return None
    return ticket if ticket.pin_hash is None or _follower(ticket).pin_checked else None


def _follower(ticket: Ticket) -> Follower:
    return Follower(ticket.code, pin_checked=_is_own(ticket) or unlocked.is_open(ticket.code))


def _is_own(ticket: Ticket) -> bool:
    actor = current_actor()
    filed = actor.account_id is not None and actor.account_id == ticket.reporter_account_id
    return filed or (actor.resident_id is not None and actor.resident_id == ticket.resident_id)


def _desk_page(code: str) -> str:
    """Return where staff read a ticket whose slip they hold; 404 for one they may not read."""
    ticket = queries.by_code(reader(), code)
    if ticket is None:
        raise NotFound
    visible(reader(), current_actor(), ticket.id)
    return url_for(".show", ticket_id=ticket.id)


def _try_pin(code: str, pin: str) -> ResponseReturnValue | None:
    """Try a PIN; ``None`` when it fits nothing: a wrong one and an unknown code look the same."""
    client = request.remote_addr or ""
    try:
        following.unlock(get_db(), code=code, pin=pin, client=client)
    except BadField:
        form = printed.blank_form(reader(), code)
        if form is None or form.pin != pin:
            return None
        return private(render_template("tickets/not_typed_in.html", code=code))
    unlocked.remember(code)
    return redirect(url_for(".follow", code=code), 303)
