"""/feedback/new: I have something to say; and the answer with the code, on the screen and paper."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import segno
from cryptography.fernet import InvalidToken
from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlmodel import Session

from webapp.branches.models import Branch
from webapp.branches.queries import members as branches
from webapp.core import clock, crypto, photos, posting, rate_limits
from webapp.core.access import SYSTEM, Actor, Permission, current_actor, public
from webapp.core.db import get_db, reader
from webapp.core.errors import AppError, BadField, Gone, TooMany
from webapp.core.formfields import show_faults
from webapp.core.posting import write_and_redirect
from webapp.core.rate_limits import Limit
from webapp.engine import triage
from webapp.tickets.blueprint import bp
from webapp.tickets.forms.filing import FileForm, TicketForm
from webapp.tickets.lifecycle import TicketChannel
from webapp.tickets.presentation import reporter
from webapp.tickets.queries import one as queries
from webapp.tickets.services import filing, printing
from webapp.tickets.services.filing import AboutStaff, Filed, Reporter
from webapp.tickets.views.pictures import folder, has_pictures

_PICTURES_AN_HOUR = 120  # of one address: decoding one takes up to a second
_SHOWN_FOR = timedelta(hours=2)
_FIELDS = {"place_words": "place"}  # where a form calls a field of the service otherwise


@bp.route("/feedback/new", methods=["GET", "POST"])
@public
def new() -> ResponseReturnValue:
    """Say something, with a picture if there is one; ``?at=`` is the code of a poster."""
    poster = printing.wall_place(reader(), request.args.get("at", ""))
    form = FileForm(members=members())
    if not form.is_submitted() and poster is not None:
        form.place.data = poster.place
    status = 200
    if form.is_submitted():
        status = 400
        if form.validate():
            channel = TicketChannel.WALL_CODE if poster else TicketChannel.WEB
            try:
                return file_with_pictures(form, filing.file_ticket, channel=channel)
            except (BadField, TooMany) as error:
                status = error.status
                tell(form, error)
    page = render_template(
        "tickets/new.html",
        form=form,
        sounds=bool(triage.dangers(form.words.data or "")),
        photos_lost=has_pictures(),
        is_resident=current_actor().may(Permission.RESIDENT_SELF),
    )
    return page, status


@bp.get("/feedback/filed/<token>")
@public
def filed(token: str) -> Response:
    """Give the code, and the PIN of a private one: to the browser that filed it, for two hours."""
    ticket, pin = _opened(token)
    page = render_template(
        "tickets/filed.html",
        ticket=ticket,
        pin=pin,
        promise=reporter.promise(ticket),
        steps=reporter.next_steps(ticket),
        about_wages=reporter.sounds_of_wages(ticket.words),
        is_staff=current_actor().is_staff,
        slip_href=url_for(".filed_slip", token=token),
    )
    return private(page)


@bp.get("/feedback/filed/<token>/slip")
@public
def filed_slip(token: str) -> Response:
    """The same on paper, with the PIN."""
    ticket, pin = _opened(token)
    return private(slip_of(ticket, pin, back_href=url_for(".filed", token=token)))


def file_with_pictures(
    form: TicketForm,
    verb: Callable[..., Filed],
    *,
    channel: TicketChannel,
    resident_id: int | None = None,
    **more: Any,
) -> ResponseReturnValue:
    """File by a service what a valid form says, its pictures with it, and lead to the code."""
    files = [one for one in form.photos.data or () if getattr(one, "filename", "")]
    if files:
        _count_pictures(len(files))
    with photos.handed_in(folder(), files, most=filing.MOST_PHOTOS) as handed:

        def write(session: Session, actor: Actor) -> Filed:
            done = verb(
                session,
                actor,
                words=form.words.data or "",
                channel=channel,
                place_words=form.place.data or "",
                is_private=form.is_private,
                reporter=Reporter(form.name.data or "", form.phone.data or "", resident_id),
                about=AboutStaff(form.member_id) if form.is_about_staff else None,
                photos=handed.kept,
                client=request.remote_addr or "",
                **more,
            )
            handed.written = True
            return done

        return write_and_redirect(write, "", lambda done: url_for(".filed", token=_token(done)))


def tell(form: TicketForm, error: AppError) -> None:
    """Put what a service refused beside its field, or on top."""
    if isinstance(error, BadField):
        show_faults(form, error, _FIELDS)
    else:
        form.form_errors.append(error.message)


def members() -> list[tuple[int, str]]:
    """Return the members of the branches as a list to choose from."""
    return [
        (one.account_id, f"{one.name} {one.title}".strip()) for one in branches.members(reader())
    ]


def private(page: str, status: int = 200) -> Response:
    """Return a page that no browser keeps and no search engine lists."""
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


def slip_of(ticket: Any, pin: str | None, *, back_href: str) -> str:
    """A slip of A6: code, QR, by when somebody answers, whom to ring."""
    url = url_for(".follow", code=ticket.code, _external=True)
    branch = reader().get(Branch, ticket.branch_id) if ticket.branch_id else None
    code = segno.make(url, error="m").svg_inline(omitsize=True, border=0)
    return render_template(
        "tickets/slip.html",
        ticket=ticket,
        pin=pin,
        promise=reporter.promise(ticket),
        branches=[branch] if branch else [],
        qr=Markup(code),  # noqa: S704 - drawn by segno from our own address
        url=url_for(".start", _external=True),
        paper="a6",
        back_href=back_href,
    )


def _count_pictures(number: int) -> None:
    limit = Limit(
        f"ticket pictures:{request.remote_addr or ''}", _PICTURES_AN_HOUR, timedelta(hours=1)
    )
    with get_db().transaction(SYSTEM) as session:
        for _one in range(number):
            rate_limits.take(session, [limit])


def _token(done: Filed) -> str:
    """Return what leads the browser that filed a ticket, and no other, to its code and PIN."""
    said = [done.code, done.pin, posting.own_key("filed"), clock.now().isoformat()]
    return crypto.encrypt(json.dumps(said).encode()).decode()


def _opened(token: str) -> tuple[Any, str | None]:
    try:
        code, pin, owner, at = json.loads(crypto.decrypt(token.encode()))
    except (InvalidToken, ValueError):
        raise Gone(_("这一页看过了就收起来。凭编号看办到哪一步。")) from None
    ticket = queries.by_code(reader(), code)
    late = clock.now() - datetime.fromisoformat(at) > _SHOWN_FOR
    if ticket is None or late or owner != posting.own_key("filed"):
        raise Gone(_("这一页看过了就收起来。凭编号看办到哪一步。"))
    return ticket, pin
