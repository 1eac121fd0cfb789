"""/employer/piecework/<thing>/<id>/<act>: one page for each act of an employer on its order."""

from flask.typing import ResponseReturnValue

from webapp.core.access import Permission, requires
from webapp.piecework.actions.registry import EMPLOYER_ACTS
from webapp.piecework.blueprint import bp
from webapp.piecework.views.act_page import act_page


@bp.route(
    "/employer/piecework/<any(order, tranche):thing>/<id:thing_id>/<act_name>",
    methods=["GET", "POST"],
)
@requires(Permission.PIECEWORK_ORDER)
def employer_act(thing: str, thing_id: int, act_name: str) -> ResponseReturnValue:
    """Show or carry out one act of an employer."""
    return act_page(EMPLOYER_ACTS, thing, thing_id, act_name)
