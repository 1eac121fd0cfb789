"""Pictures of the contract of a hire, for the person, their employer, and staff."""

from pathlib import Path
from typing import Any

from flask import current_app, request
from flask.typing import ResponseReturnValue

from webapp.core import photos
from webapp.core.access import Permission, current_actor, requires
from webapp.core.db import get_db, reader
from webapp.employment.services import contract_photos
from webapp.matches.blueprint import bp
from webapp.matches.services.contracts import contract_photo

_WITH_PICTURES = {"hire", "contract"}


def folder() -> Path:
    """Return where the pictures of contracts are."""
    uploads: Path = current_app.extensions["settings"].uploads
    return uploads / contract_photos.FOLDER


@bp.url_value_preprocessor
def _room_for_pictures(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Allow a hire with pictures to be larger than other requests, before it is read."""
    actor = current_actor()
    may = actor.may(Permission.MATCH_HIRE) or actor.may(Permission.MATCH_DECIDE)
    if may and (values or {}).get("step") in _WITH_PICTURES:
        request.max_content_length = contract_photos.MOST * photos.MOST_BYTES


@bp.get("/me/matches/<id:match_id>/contract/<id:photo_id>")
@requires(Permission.MATCH_ANSWER)
def my_contract(match_id: int, photo_id: int) -> ResponseReturnValue:
    """One picture of one's own contract."""
    return _shown(match_id, photo_id)


@bp.get("/employer/matches/<id:match_id>/contract/<id:photo_id>")
@requires(Permission.MATCH_HIRE)
def employer_contract(match_id: int, photo_id: int) -> ResponseReturnValue:
    """One picture of the contract with somebody hired."""
    return _shown(match_id, photo_id)


@bp.post("/staff/matches/<id:match_id>/contract/<id:photo_id>")
@requires(Permission.MATCH_DECIDE)
def staff_contract(match_id: int, photo_id: int) -> ResponseReturnValue:
    """One picture, asked for by a button: that it was looked at is written down."""
    actor = current_actor()
    with get_db().transaction(actor) as session:
        found = contract_photo(session, actor, match_id=match_id, photo_id=photo_id)
        stored = found.stored
    return photos.answer(folder(), stored)


def _shown(match_id: int, photo_id: int) -> ResponseReturnValue:
    found = contract_photo(reader(), current_actor(), match_id=match_id, photo_id=photo_id)
    return photos.answer(folder(), found.stored)
