"""Whose hands a ticket is in: two members of staff, never one, never whom it is about."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.accounts.models import Account
from webapp.core.access import Actor, Role
from webapp.core.errors import BadField, Conflict
from webapp.tickets.lifecycle import IN_HAND, TicketAction
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import people, telling
from webapp.tickets.services.transitions import move

A = TicketAction


def check(session: Session, ticket: Ticket, owner_id: int, backup_id: int) -> None:
    """Refuse anybody who is not of staff, whom it is about, and one person for both."""
    for name, account_id in (("owner_id", owner_id), ("backup_id", backup_id)):
        check_member(session, account_id, name)
        if account_id == ticket.about_account_id:
            raise BadField(name, _("这件说的就是这一位，请换一位"))
    if owner_id == backup_id:
        raise BadField("backup_id", _("责任人和后备要是两位"))


def check_member(session: Session, account_id: int, field: str) -> None:
    """Refuse whoever is not of staff or cannot sign in any more."""
    account = session.get(Account, account_id)
    if account is None or account.role is not Role.STAFF or not account.enabled:
        raise BadField(field, _("请选一位社区工作人员"))


def hand_over(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    *,
    owner_id: int,
    backup_id: int,
    inside_words: str,
) -> Ticket:
    """Change the hands; a new owner has to take it, the clock runs on."""
    keeps_owner = owner_id == ticket.owner_id and ticket.state in IN_HAND
    move(
        session,
        actor,
        ticket,
        A.REASSIGN,
        owner_id=owner_id,
        backup_id=backup_id,
        inside_words=inside_words,
    )
    if keeps_owner:
        move(session, actor, ticket, A.ACKNOWLEDGE)
    telling.members(session, ticket, {owner_id, backup_id} - {actor.account_id})
    return ticket


def cover(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    *,
    gone: Collection[int] = (),
    named: Collection[int | None] = (),
) -> bool:
    """See that both in charge are here; return whether somebody was put in another's place.

    Those ``named`` come first, then for an owner the backup, then the branch's secretary or
    another of its members. Raises ``Conflict`` where nobody is left to take it.
    """
    here = [one.account_id for one in people.may_take(session, without=gone)]
    here = [one for one in here if one != ticket.about_account_id]
    owner, backup = ticket.owner_id, ticket.backup_id
    if owner in here and backup in here:
        return False
    without = [*gone, ticket.about_account_id]
    if owner not in here:
        ready = [one for one in (*named, backup) if one in here]
        owner = next(iter(ready), None) or _stand_in(session, ticket, without)
    if backup not in here or backup == owner:
        ready = [one for one in named if one in here and one != owner]
        backup = next(iter(ready), None) or _stand_in(session, ticket, [*without, owner])
    if owner is None or backup is None:
        raise Conflict(_("没有别的人能接这些民情，先加一位工作人员"))
    hand_over(
        session,
        actor,
        ticket,
        owner_id=owner,
        backup_id=backup,
        inside_words=_("原来的人不在，换了人，时间照算"),
    )
    return True


def _stand_in(session: Session, ticket: Ticket, without: list[int | None]) -> int | None:
    return people.stand_in(session, ticket.branch_id or 0, without=without)
