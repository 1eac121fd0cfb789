"""Who of the branches is asked: secretaries, members on duty, and who may stand in."""

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.queries import members as branches
from webapp.core import clock
from webapp.core.access import Role


def members_of(session: Session, branch_id: int) -> list[Account]:
    """Return the members of a branch who can sign in, those first who were there first."""
    return list(
        session.exec(
            select(Account)
            .where(
                Account.role == Role.STAFF,
                col(Account.enabled),
                Account.branch_id == branch_id,
            )
            .order_by(col(Account.id))
        )
    )


def on_duty(session: Session) -> list[int]:
    """Return the accounts of the members who are here now; where nobody is, of everybody.

    Somebody has to hear of a danger at any hour.
    """
    here = branches.who_knows(session, at=clock.now())
    return [member.account_id for member in here or branches.members(session)]
