"""Every act by the words of its address: staff have all of them, an employer those of its orders.

The words ``share`` (an assignment) and ``tranche`` (a shipment) are older than the names in the
code; addresses that people have kept must not change.
"""

from webapp.piecework.actions.assignment_actions import ASSIGNMENT_ACTS
from webapp.piecework.actions.base import Act
from webapp.piecework.actions.item_actions import ITEM_ACTS, REFUSE, TAKE
from webapp.piecework.actions.material_actions import MATERIAL_ACTS
from webapp.piecework.actions.order_actions import (
    ACCEPT,
    CANCEL,
    CHANGE,
    DECLARE,
    DISPUTE,
    ORDER_ACTS,
    SUBMIT,
)

Acts = dict[tuple[str, str], Act]
STAFF_ACTS: Acts = {
    **{("order", name): act for name, act in ORDER_ACTS.items()},
    **{("share", name): act for name, act in (ASSIGNMENT_ACTS | MATERIAL_ACTS).items()},
    **ITEM_ACTS,
}
EMPLOYER_ACTS: Acts = {
    ("order", "submit"): SUBMIT,
    ("order", "cancel"): CANCEL,
    ("order", "change"): CHANGE,
    ("order", "declare"): DECLARE,
    ("order", "accept"): ACCEPT,
    ("order", "dispute"): DISPUTE,
    ("tranche", "take"): TAKE,
    ("tranche", "refuse"): REFUSE,
}
