"""Danger rings the members on duty, at any hour and past the quiet ones."""

from collections.abc import Collection
from datetime import timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.notices import outbox
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import people

_STANDS = timedelta(hours=2)  # after that the limit has passed and others are told


def ring(session: Session, ticket: Ticket, account_ids: Collection[int] | None = None) -> list[int]:
    """Write an urgent notice to everybody on duty, or to these members; return their accounts.

    It says that something is there and nothing of what: the telephone may lie open.
    Nobody is rung about what is said of them.
    """
    asked = people.on_duty(session, ticket.branch_id) if account_ids is None else account_ids
    called = sorted({one for one in asked if one != ticket.about_account_id})
    for account in session.exec(select(Account).where(col(Account.id).in_(called))):
        outbox.put_urgent(
            session,
            key=f"ticket:{ticket.id}:danger:{ticket.version}:{account.id}",
            account_id=account.id,
            to=account.phone,
            text=_("富民：有人报了可能有危险的事，请马上打开「民情」看第 %(n)d 件", n=ticket.id),
            expires_at=clock.now() + _STANDS,
        )
    return called
