"""Pictures of stalls and visits: the room a form with one needs."""

from webapp.core import picture_forms
from webapp.core.access import Permission, current_actor
from webapp.ventures.blueprint import bp

_WITH_PICTURE = frozenset({"ventures.new", "ventures.edit", "ventures.visit"})


@bp.url_value_preprocessor
def _room_for_a_picture(endpoint: str | None, _values: object) -> None:
    """Allow a form with a picture to be larger than other requests, before it is read."""
    if endpoint in _WITH_PICTURE and current_actor().may(Permission.VENTURE_MANAGE):
        picture_forms.make_room()
