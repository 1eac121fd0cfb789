"""Pictures of tickets: for whoever holds the code, and those that staff released for everybody."""

from pathlib import Path

from flask import current_app, request

from webapp.core import photos
from webapp.tickets.blueprint import bp
from webapp.tickets.services import filing

_WITH_PICTURES = frozenset({"tickets.new", "tickets.write_down", "tickets.answer"})


@bp.url_value_preprocessor
def _room_for_pictures(endpoint: str | None, _values: object) -> None:
    """Allow a form with pictures to be larger than other requests, before it is read."""
    if endpoint in _WITH_PICTURES:
        request.max_content_length = filing.MOST_PHOTOS * photos.MOST_BYTES


def folder() -> Path:
    """Return where the pictures of tickets lie."""
    uploads: Path = current_app.extensions["settings"].uploads
    return uploads / filing.FOLDER


def has_pictures() -> bool:
    """Whether pictures came with the form, which a browser does not send again by itself."""
    return any(one.filename for one in request.files.getlist(photos.FIELD))
