"""Pictures of a sealed sample: handed in by its company or staff, released, and sent to anybody."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from webapp.core import photos
from webapp.core.access import Actor, Permission, current_actor, public, requires
from webapp.core.db import reader
from webapp.core.errors import BadField, Conflict, NotFound
from webapp.core.posting import write_and_redirect
from webapp.openings.models import Opening
from webapp.piecework import policy
from webapp.piecework.actions.context import order_url
from webapp.piecework.blueprint import bp
from webapp.piecework.forms.sample import SamplePhotosForm
from webapp.piecework.models.order import PieceworkOrder
from webapp.piecework.queries import samples
from webapp.piecework.services import sample_photos
from webapp.piecework.services.access import get_order

#: All pictures of one form together, and what its fields take.
MOST_UPLOAD = sample_photos.MOST * photos.MOST_BYTES + 65_536
_WEEK = 7 * 24 * 3600  # seconds
_TAKES_PICTURES = {
    "piecework.employer_samples": Permission.PIECEWORK_ORDER,
    "piecework.staff_samples": Permission.PIECEWORK_MANAGE,
}


@bp.url_value_preprocessor
def _room_for_pictures(endpoint: str | None, _values: object) -> None:
    """Allow the form to be larger than other requests, before it is read."""
    permission = _TAKES_PICTURES.get(endpoint or "")
    if permission is not None and current_actor().may(permission):
        request.max_content_length = MOST_UPLOAD


@bp.get("/piecework/samples/<name>.jpg")
@public
def sample(name: str) -> Response:
    """A picture under the name it is kept by: for everybody while it is public.

    Before and after only for who sees its order in full. A name never stands for another
    picture, so a browser may keep what is public.
    """
    stored = f"{name}.jpg"
    found = samples.by_name(reader(), stored)
    if found is None:
        raise NotFound
    photo, order = found
    is_public = samples.is_public(photo, order)
    if not is_public and not policy.can_see_order(current_actor(), order):
        raise NotFound
    response = photos.answer(_folder(), stored, max_age=_WEEK if is_public else 0)
    if is_public:
        response.cache_control.public = True
        response.set_etag(name)
        response.make_conditional(request)
    return response


@bp.route("/employer/piecework/<id:order_id>/samples", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_ORDER)
def employer_samples(order_id: int) -> ResponseReturnValue:
    """The pictures of an order of the employer's own, and the form for more."""
    words = _("传好了。社区看过以后，大家就看得到。")
    return _page(order_id, words)


@bp.post("/employer/piecework/samples/<id:photo_id>/drop")
@requires(Permission.PIECEWORK_ORDER)
def drop_own_sample(photo_id: int) -> ResponseReturnValue:
    """Take down a picture that staff have not released."""
    return _change(sample_photos.take_down, _("撤下了。"), ".employer_samples", photo_id)


@bp.route("/staff/piecework/orders/<id:order_id>/samples", methods=["GET", "POST"])
@requires(Permission.PIECEWORK_MANAGE)
def staff_samples(order_id: int) -> ResponseReturnValue:
    """The pictures of an order, those to look at among them, and the form for more."""
    return _page(order_id, _("传好了。"))


@bp.post("/staff/piecework/samples/<id:photo_id>/release")
@requires(Permission.PIECEWORK_MANAGE)
def release_sample(photo_id: int) -> ResponseReturnValue:
    """Let everybody see a picture that its company handed in."""
    words = _("放出来了。订单发布以后，大家看得到。")
    return _change(sample_photos.release, words, ".staff_samples", photo_id)


@bp.post("/staff/piecework/samples/<id:photo_id>/drop")
@requires(Permission.PIECEWORK_MANAGE)
def drop_sample(photo_id: int) -> ResponseReturnValue:
    """Take down a picture."""
    return _change(sample_photos.take_down, _("撤下了。"), ".staff_samples", photo_id)


def _page(order_id: int, words: str) -> ResponseReturnValue:
    """Return the page of an order's pictures, or add what was sent."""
    session, actor = reader(), current_actor()
    order = get_order(session, actor, order_id)
    form = SamplePhotosForm()
    status = 400 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return _add(order_id, form, words)
        except (BadField, Conflict) as error:
            form.tell(error)
            status = error.status
    found = samples.all_of(session, order.id)
    page = render_template(
        "piecework/samples.html",
        form=form,
        order=order,
        title=session.get_one(Opening, order.opening_id).title,
        back=order_url(actor, order.id),
        by_staff=policy.can_manage(actor),
        photos=[(one, sample_photos.may_take_down(actor, one)) for one in found],
        left=sample_photos.MOST - len(found) if sample_photos.may_add(order) else 0,
    )
    return page, status


def _add(order_id: int, form: Any, words: str) -> ResponseReturnValue:
    with photos.handed_in(
        _folder(), form.photos.data, most=sample_photos.MOST, fits=sample_photos.FITS
    ) as handed:

        def run(session: Session, actor: Actor) -> None:
            sample_photos.add(session, actor, order_id=order_id, kept=handed.kept)
            handed.written = True

        return write_and_redirect(run, words, request.path)


def _change(
    verb: Callable[..., PieceworkOrder], words: str, endpoint: str, photo_id: int
) -> ResponseReturnValue:
    return write_and_redirect(
        verb, words, lambda order: url_for(endpoint, order_id=order.id), photo_id=photo_id
    )


def _folder() -> Path:
    uploads: Path = current_app.extensions["settings"].uploads
    return uploads / sample_photos.FOLDER
