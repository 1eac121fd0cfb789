"""/staff/tickets/new: write down what somebody said; blank forms and posters to print."""

import segno
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import false

from webapp.branches.queries import members as branches
from webapp.core import receipt_codes
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, Conflict, NotFound, TooMany
from webapp.core.paging import asked_id
from webapp.core.posting import write_and_redirect
from webapp.residents.models import Resident, ResidentState
from webapp.residents.queries import people_named
from webapp.tickets.blueprint import bp
from webapp.tickets.forms.filing import CounterForm
from webapp.tickets.forms.paper import BlankForms, PosterForm
from webapp.tickets.lifecycle import TicketChannel
from webapp.tickets.models.printed import WallPlace
from webapp.tickets.queries import printed
from webapp.tickets.services import printing, writing_down
from webapp.tickets.services.writing_down import Paper
from webapp.tickets.views.filing import file_with_pictures, members, tell
from webapp.tickets.views.pictures import has_pictures

_LONGEST_QUERY = 40
_MOST_FOUND = 8


@bp.route("/staff/tickets/new", methods=["GET", "POST"])
@requires(Permission.WORKBENCH)
def write_down() -> ResponseReturnValue:
    """Write down what somebody said at the counter, by telephone or on paper.

    ``?resident=`` puts it to the name of somebody in the files, ``?q=`` finds them.
    """
    person = _person()
    form = CounterForm(members=members(), for_resident=person is not None)
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return file_with_pictures(
                form,
                writing_down.write_down,
                channel=TicketChannel(form.channel.data),
                resident_id=person.id if person else None,
                agreed=form.consent.data,
                paper=_paper(form),
            )
        except (BadField, Conflict, TooMany) as error:
            status = error.status
            tell(form, error)
    query = request.args.get("q", "").strip()[:_LONGEST_QUERY]
    page = render_template(
        "tickets/write_down.html",
        form=form,
        person=person,
        query=query,
        found=people_named(reader(), query, is_there=false(), most=_MOST_FOUND) if query else [],
        photos_lost=has_pictures(),
    )
    return page, status


@bp.get("/staff/tickets/printing")
@requires(Permission.WORKBENCH)
def printing_page() -> str:
    """What can be printed beforehand: blank forms with codes, posters with a place."""
    return _printing_page(BlankForms(formdata=None), PosterForm(formdata=None))


@bp.post("/staff/tickets/printing/forms")
@requires(Permission.WORKBENCH)
def print_forms() -> ResponseReturnValue:
    """Reserve codes for blank forms, and lead to their sheets."""
    form = BlankForms()
    if not form.validate_on_submit():
        return _printing_page(form, PosterForm(formdata=None)), 400
    return write_and_redirect(
        printing.print_blank_forms,
        "",
        lambda batch: url_for(".form_sheets", batch=batch),
        number=form.number.data,
        batch=form.own_key,
    )


@bp.get("/staff/tickets/printing/forms/<batch>")
@requires(Permission.WORKBENCH)
def form_sheets(batch: str) -> str:
    """The forms of a batch that nobody has handed in yet, a sheet each."""
    forms = printing.blank_forms(reader(), current_actor(), batch=batch)
    sheets = [
        {
            "code": one.code,
            "pin": one.pin,
            "qr": _qr(url_for(".follow", code=one.code, _external=True)),
        }
        for one in forms
    ]
    return render_template(
        "tickets/form_sheets.html",
        sheets=sheets,
        url=url_for(".start", _external=True),
        back_href=url_for(".printing_page"),
    )


@bp.post("/staff/tickets/printing/posters")
@requires(Permission.WORKBENCH)
def hang_poster() -> ResponseReturnValue:
    """Name a place for a poster, and lead to its sheet."""
    form = PosterForm()
    if not form.validate_on_submit():
        return _printing_page(BlankForms(formdata=None), form), 400
    return write_and_redirect(
        printing.hang_poster,
        "",
        lambda made: url_for(".poster", poster_id=made.id),
        place=form.place.data,
    )


@bp.get("/staff/tickets/printing/posters/<id:poster_id>")
@requires(Permission.WORKBENCH)
def poster(poster_id: int) -> str:
    """A poster of A4 with the code of its place."""
    row = reader().get(WallPlace, poster_id)
    if row is None or row.taken_down_at is not None:
        raise NotFound
    return render_template(
        "tickets/poster.html",
        poster=row,
        qr=_qr(url_for(".new", at=row.code, _external=True)),
        branches=[desk.branch for desk in branches.desks(reader())],
        back_href=url_for(".printing_page"),
    )


@bp.post("/staff/tickets/printing/posters/<id:poster_id>/take-down")
@requires(Permission.WORKBENCH)
def take_down_poster(poster_id: int) -> ResponseReturnValue:
    """Say that a poster no longer hangs."""
    return write_and_redirect(
        printing.take_down_poster,
        _("记下了，扫这张码的人以后要自己写地方。"),
        url_for(".printing_page"),
        poster_id=poster_id,
    )


def _printing_page(forms: BlankForms, poster_form: PosterForm) -> str:
    return render_template(
        "tickets/printing.html",
        forms=forms,
        poster=poster_form,
        batches=printed.batches(reader()),
        posters=printed.posters(reader()),
    )


def _qr(address: str) -> Markup:
    code = segno.make(address, error="m").svg_inline(omitsize=True, border=2)
    return Markup(code)  # noqa: S704 - drawn by segno from our own address


def _person() -> Resident | None:
    """Return the resident in whose name it is written down, or ``None``."""
    resident_id = asked_id("resident")
    if resident_id is None:
        return None
    found = reader().get(Resident, resident_id)
    if found is None or found.state is ResidentState.LEFT:
        raise NotFound
    return found


def _paper(form: CounterForm) -> Paper | None:
    """Return the form on paper it was written on, with the day it was handed in."""
    day = form.handed_in_on.data
    if not form.paper_code.data and day is None:
        return None
    return Paper(code=receipt_codes.plain(form.paper_code.data or ""), handed_in_on=day)
