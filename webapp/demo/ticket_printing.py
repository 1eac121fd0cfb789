"""What the demo's branch for everyday life has printed: posters in the entrances, blank forms."""

import hashlib
from datetime import timedelta

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.demo.act_as import act_as
from webapp.tickets.services import printing

_WHO = "向海琴"  # sits at the window where people ask first
_PLACES = ("1栋1单元门口", "6栋1单元门口", "文化活动室", "社区菜市场")
_FORMS = 6
_DAYS_AGO = 20


def write(session: Session) -> None:
    """Print them; called once, in one transaction."""
    account = session.exec(
        select(Account)
        .where(Account.name == _WHO, Account.role == Role.STAFF)
        .order_by(col(Account.id))
    ).first()
    if account is None:  # a smaller community
        return
    actor = Actor(account.id, Role.STAFF, account.name, branch_id=account.branch_id)
    with act_as(session, actor, clock.now() - timedelta(days=_DAYS_AGO)):
        for place in _PLACES:
            printing.hang_poster(session, actor, place=place)
        batch = hashlib.sha256(b"the demo's first blank forms").hexdigest()[:32]
        printing.print_blank_forms(session, actor, number=_FORMS, batch=batch)
