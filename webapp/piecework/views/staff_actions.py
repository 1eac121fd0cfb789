"""/staff/piecework/<thing>/<id>/<act>: one page for each act of staff."""

from flask.typing import ResponseReturnValue

from webapp.core.access import Permission, requires
from webapp.piecework.actions.context import CONTEXTS
from webapp.piecework.actions.registry import STAFF_ACTS
from webapp.piecework.blueprint import bp
from webapp.piecework.views.act_page import act_page

_THINGS = ", ".join(f"'{one}'" for one in CONTEXTS)


@bp.route(
    f"/staff/piecework/<any({_THINGS}):thing>/<id:thing_id>/<act_name>", methods=["GET", "POST"]
)
@requires(Permission.PIECEWORK_MANAGE)
def staff_act(thing: str, thing_id: int, act_name: str) -> ResponseReturnValue:
    """Show or carry out one act of staff."""
    return act_page(STAFF_ACTS, thing, thing_id, act_name)
