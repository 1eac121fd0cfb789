"""One page an act: staff under /staff/piecework/, companies under /employer/piecework/."""

from flask.typing import ResponseReturnValue

from webapp.core.access import Permission, current_actor, requires
from webapp.core.errors import NotFound
from webapp.piecework.actions.assignment_actions import SHARE_ACTS
from webapp.piecework.actions.base import Act, perform
from webapp.piecework.actions.context import SCENES, read_scene
from webapp.piecework.actions.item_actions import ITEM_ACTS, REFUSE, TAKE
from webapp.piecework.actions.order_actions import (
    ACCEPT,
    CANCEL,
    CHANGE,
    DECLARE,
    DISPUTE,
    ORDER_ACTS,
    SUBMIT,
)
from webapp.piecework.blueprint import bp

STAFF_ACTS: dict[tuple[str, str], Act] = {
    **{("order", name): act for name, act in ORDER_ACTS.items()},
    **{("share", name): act for name, act in SHARE_ACTS.items()},
    **ITEM_ACTS,
}
COMPANY_ACTS: dict[tuple[str, str], Act] = {
    ("order", "submit"): SUBMIT,
    ("order", "cancel"): CANCEL,
    ("order", "change"): CHANGE,
    ("order", "declare"): DECLARE,
    ("order", "accept"): ACCEPT,
    ("order", "dispute"): DISPUTE,
    ("tranche", "take"): TAKE,
    ("tranche", "refuse"): REFUSE,
}
_THINGS = ", ".join(f"'{one}'" for one in SCENES)


@bp.route(
    f"/staff/piecework/<any({_THINGS}):thing>/<id:thing_id>/<act_name>", methods=["GET", "POST"]
)
@requires(Permission.PIECEWORK_MANAGE)
def staff_act(thing: str, thing_id: int, act_name: str) -> ResponseReturnValue:
    """One act of staff."""
    return _act(STAFF_ACTS, thing, thing_id, act_name)


@bp.route(
    "/employer/piecework/<any(order, tranche):thing>/<id:thing_id>/<act_name>",
    methods=["GET", "POST"],
)
@requires(Permission.PIECEWORK_ORDER)
def company_act(thing: str, thing_id: int, act_name: str) -> ResponseReturnValue:
    """One act of a company with its own order."""
    return _act(COMPANY_ACTS, thing, thing_id, act_name)


def _act(
    acts: dict[tuple[str, str], Act], thing: str, thing_id: int, name: str
) -> ResponseReturnValue:
    act = acts.get((thing, name))
    if act is None:
        raise NotFound
    return perform(act, read_scene(thing, thing_id, current_actor()))
