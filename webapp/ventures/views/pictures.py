"""Pictures that come with a form: kept with what is written, gone when it is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import current_app, request
from flask.typing import ResponseReturnValue

from webapp.core import photos
from webapp.core.access import Permission, current_actor
from webapp.core.photos import Kept
from webapp.ventures.blueprint import bp
from webapp.ventures.services.visits import PHOTOS

_WITH_PICTURE = frozenset({"ventures.new", "ventures.edit", "ventures.visit"})


@bp.url_value_preprocessor
def _room_for_a_picture(endpoint: str | None, _values: object) -> None:
    """Allow a form with a picture to be larger than other requests, before it is read."""
    if endpoint in _WITH_PICTURE and current_actor().may(Permission.VENTURE_MANAGE):
        request.max_content_length = 2 * photos.MOST_BYTES


def write_with(
    file: Any, write: Callable[[Kept | None], tuple[ResponseReturnValue, str]]
) -> ResponseReturnValue:
    """Keep the picture of a field while ``write`` writes what it belongs to.

    ``write`` returns the answer and the name of the picture that is kept for good; whatever goes
    wrong, no picture is left without its row.
    """
    with photos.handed_in(_folder(), [file], most=1, name="photo") as handed:
        kept = handed.kept[0] if handed.kept else None
        response, stored = write(kept)
        handed.written = kept is not None and kept.stored == stored
    return response


def send(stored: str, *, public: bool) -> ResponseReturnValue:
    """Send a kept picture; 404 without one."""
    return photos.answer(_folder(), stored, max_age=3600 if public else 0)


def _folder() -> Path:
    uploads: Path = current_app.extensions["settings"].uploads
    return uploads / PHOTOS
