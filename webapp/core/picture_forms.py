"""Pictures that come with a form: kept with what is written, gone when it is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import current_app, request
from flask.typing import ResponseReturnValue

from webapp.core import photos
from webapp.core.photos import Kept


def make_room() -> None:
    """Allow this request to be larger than others, as it holds a picture; before it is read."""
    request.max_content_length = 2 * photos.MOST_BYTES


def write_with(
    folder: str, file: Any, write: Callable[[Kept | None], tuple[ResponseReturnValue, str]]
) -> ResponseReturnValue:
    """Keep the picture of the field ``photo`` while ``write`` writes what it belongs to.

    ``write`` returns the answer and the name of the picture that is kept for good; whatever goes
    wrong, no picture is left without its row. ``folder`` is that of the part among the uploads.
    """
    with photos.handed_in(_path(folder), [file], most=1, name="photo") as handed:
        kept = handed.kept[0] if handed.kept else None
        response, stored = write(kept)
        handed.written = kept is not None and kept.stored == stored
    return response


def send(folder: str, stored: str, *, public: bool) -> ResponseReturnValue:
    """Send a kept picture; 404 without one."""
    return photos.answer(_path(folder), stored, max_age=3600 if public else 0)


def _path(folder: str) -> Path:
    uploads: Path = current_app.extensions["settings"].uploads
    return uploads / folder
