"""Two members of one branch answer for a thing; one who leaves hands it over."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, case, or_
from sqlmodel import Session, col, select, update

from webapp.accounts.models import Account
from webapp.core.access import Role
from webapp.core.errors import BadField, Refused
from webapp.events import MemberLeaves


def lock_pair(session: Session, branch_id: int, *, owner_id: int, backup_id: int) -> None:
    """Keep two members in service until the transaction ends.

    Raises ``BadField`` on ``owner`` or ``backup`` for who is not of the branch, or twice the same.
    """
    if owner_id == backup_id:
        raise BadField("backup", _("替补要是另一个人"))
    found = session.exec(
        select(Account.id)
        .where(
            col(Account.id).in_((owner_id, backup_id)),
            Account.branch_id == branch_id,
            Account.role == Role.STAFF,
            Account.enabled,
        )
        .order_by(col(Account.id))
        .with_for_update(read=True)
    ).all()
    for field, account_id in (("owner", owner_id), ("backup", backup_id)):
        if account_id not in found:
            raise BadField(field, _("请从这个支部的人里选"))


def count_pairs(session: Session, account_id: int, table: Any, *still_open: Any) -> int:
    """Return how many rows of a table with ``owner_id`` and ``backup_id`` name an account."""
    rows = select(table.id).where(
        or_(table.owner_id == account_id, table.backup_id == account_id), *still_open
    )
    return len(session.exec(rows).all())


def hand_over_pairs(session: Session, event: MemberLeaves, table: Any, *still_open: Any) -> int:
    """Put the successor where the leaving member answers for rows of ``table``; return how many.

    ``table`` has ``owner_id`` and ``backup_id``. Of what successor and leaving member answered for
    together, the spare member is the backup; ``Refused`` where the branch has none.
    """
    gone, successor = event.account_id, event.successor_id
    owner, backup = col(table.owner_id), col(table.backup_id)
    together = or_(
        and_(owner == gone, backup == successor), and_(owner == successor, backup == gone)
    )
    if (
        event.spare_id is None
        and session.exec(select(table.id).where(together, *still_open).limit(1)).first()
    ):
        raise Refused(
            _("有的事是这两位一正一副，支部里没有第三个人做替补。先加一个人，或者换一位接手。")
        )
    step = (
        update(table)
        .where(or_(owner == gone, backup == gone), *still_open)
        .values(
            owner_id=case((owner == gone, successor), else_=owner),
            backup_id=case((together, event.spare_id), (backup == gone, successor), else_=backup),
        )
        .execution_options(synchronize_session=False)
    )
    return session.exec(step).rowcount
