"""Forms with a picture of what was kept or held: the room they need, and how they are written."""

from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue

from webapp.branches.blueprint import bp
from webapp.branches.services.commitments import PHOTOS
from webapp.core import picture_forms
from webapp.core.access import Permission, current_actor
from webapp.core.posting import write_and_redirect

_WITH_PICTURE = frozenset({"branches.keep_promise", "branches.hold_activity"})


@bp.url_value_preprocessor
def _room_for_a_picture(endpoint: str | None, _values: object) -> None:
    """Allow a form with a picture to be larger than other requests, before it is read."""
    if endpoint in _WITH_PICTURE and current_actor().may(Permission.BRANCH_SERVE):
        picture_forms.make_room()


def write_with_picture(
    file: Any, verb: Callable[..., Any], words: str, target: str, **values: Any
) -> ResponseReturnValue:
    """Call a service that keeps the picture of a form in the row it returns."""
    stored: list[str] = []

    def go(photo: Any) -> tuple[ResponseReturnValue, str]:
        def lead(row: Any) -> str:
            stored.append(row.photo)
            return target

        response = write_and_redirect(verb, words, lead, photo=photo, **values)
        return response, stored[0] if stored else ""

    return picture_forms.write_with(PHOTOS, file, go)
