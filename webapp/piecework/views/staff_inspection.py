"""/staff/piecework/inspections and deliveries: the queue, one inspection, its photos."""

from pathlib import Path
from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core import photos
from webapp.core.access import Actor, Permission, current_actor, requires
from webapp.core.db import reader
from webapp.core.errors import Conflict, Forbidden, NotFound, Refused
from webapp.core.paging import page_size
from webapp.core.posting import write_and_redirect
from webapp.piecework.actions.context import assignment_context
from webapp.piecework.blueprint import bp
from webapp.piecework.forms.staff_assignment import InspectForm
from webapp.piecework.models.assignment import Delivery, Inspection, InspectionPhoto
from webapp.piecework.queries import assignments
from webapp.piecework.services import inspections
from webapp.piecework.services.access import get_assignment
from webapp.piecework.services.inspections import MOST_PHOTOS, PHOTOS
from webapp.piecework.views.staff import asked_page, page_of

#: All pictures of one inspection together.
MOST_UPLOAD = MOST_PHOTOS * photos.MOST_BYTES


@bp.url_value_preprocessor
def _room_for_pictures(endpoint: str | None, _values: object) -> None:
    """Allow an inspection with photos to be larger than other requests, before it is read."""
    if endpoint == "piecework.inspect" and current_actor().may(Permission.PIECEWORK_MANAGE):
        request.max_content_length = MOST_UPLOAD


@bp.get("/staff/piecework/inspections")
@requires(Permission.PIECEWORK_MANAGE)
def inspection_queue() -> str:
    """Deliveries not yet inspected, oldest first."""
    session = reader()
    total = assignments.count_waiting_inspection(session)
    number = asked_page(total)
    rows = assignments.waiting_inspection(
        session, offset=(number - 1) * page_size(), limit=page_size()
    )
    return render_template("piecework/inspections.html", page=page_of(rows, total, number))


@bp.route("/staff/piecework/deliveries/<id:delivery_id>/inspect", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_MANAGE)
def inspect(delivery_id: int) -> ResponseReturnValue:
    """Inspect a delivery."""
    session, actor = reader(), current_actor()
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound
    context = assignment_context(session, actor, delivery.assignment_id)
    form: Any = InspectForm()
    if not form.is_submitted():
        form.accepted.data = delivery.pieces
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return _inspect(delivery_id, form, context.back)
        except (Refused, Conflict, Forbidden) as error:
            form.tell(error)
            status = error.status
    page = render_template(
        "piecework/inspect.html", form=form, context=context, delivery=delivery, most=MOST_PHOTOS
    )
    return page, status


def _inspect(delivery_id: int, form: Any, back: str) -> ResponseReturnValue:
    with photos.handed_in(_folder(), form.photos.data, most=MOST_PHOTOS) as handed:

        def run(session: Session, actor: Actor) -> None:
            inspections.inspect(
                session,
                actor,
                delivery_id=delivery_id,
                accepted=form.accepted.data,
                rework=form.rework.data,
                rejected=form.rejected.data,
                idempotency_key=form.own_key,
                note=form.note.data or "",
                rework_days=form.rework_days.data,
                photos=handed.kept,
            )
            handed.written = True

        return write_and_redirect(run, _("验好了，存折上记了，合格的工钱等结算。"), back)


def _folder() -> Path:
    uploads: Path = current_app.extensions["settings"].uploads
    return uploads / PHOTOS


@bp.get("/staff/piecework/photos/<id:photo_id>")
@requires(Permission.PIECEWORK_MANAGE)
def photo(photo_id: int) -> ResponseReturnValue:
    """One picture of an inspection."""
    session = reader()
    found = session.get(InspectionPhoto, photo_id)
    inspection = session.get(Inspection, found.inspection_id) if found else None
    if found is None or inspection is None:
        raise NotFound
    get_assignment(session, current_actor(), inspection.assignment_id)
    return photos.answer(_folder(), found.stored)
