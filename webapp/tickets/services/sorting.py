"""Sort a ticket: what it is, which branch leads, whose hands it is in, or that it ends here.

A person decides. Who could lie: whoever calls a thing less urgent to gain time (not once it is
late, and every change is a step), and whoever makes a danger disappear (the database refuses).
"""

from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.branches.models import Branch
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden
from webapp.tickets import deadlines, policy
from webapp.tickets.lifecycle import Escalation, TicketAction, TicketKind, TicketState, Urgency
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.services import access, alarms, hands, people, suggesting, telling
from webapp.tickets.services.transitions import move

A, S = TicketAction, TicketState
UNPUBLISHED: dict[str, Any] = {"published_at": None, "published_words": "", "published_by_id": None}


def classify(
    session: Session,
    actor: Actor,
    *,
    ticket_id: int,
    branch_id: int,
    kind: TicketKind,
    urgency: Urgency,
    is_private: bool,
    about_account_id: int | None = None,
) -> Ticket:
    """Say what it is and which branch leads; the clock runs on from the day it came in."""
    ticket, standing = access.locked(session, actor, ticket_id)
    if not policy.can_sort(actor, ticket, standing):
        raise Forbidden
    if session.get(Branch, branch_id) is None:
        raise BadField("branch_id", _("请选一个支部"))
    if kind in {TicketKind.THANKS, TicketKind.NOT_FOR_US} and urgency is Urgency.DANGER:
        raise BadField("kind", _("有危险的要有人办，请选别的一种"))
    if not is_private and (ticket.about_staff or (ticket.is_private and ticket.pin_hash)):
        raise BadField("is_private", _("本人要求不公开的，不能改成公开"))
    if about_account_id is not None:
        hands.check_member(session, about_account_id, "about_account_id")
        if not ticket.about_staff:
            raise BadField("about_account_id", _("这件不是说社区工作人员的"))
        if people.secretaries(session).get(branch_id) == about_account_id:
            raise BadField("branch_id", _("说的就是这个支部的书记，请派给别的支部"))
    due = deadlines.reply_due_of(_changed(ticket, kind=kind, urgency=urgency))
    late = deadlines.is_overdue(ticket, clock.now())
    if late and ticket.due_at is not None and due > ticket.due_at:
        raise BadField("urgency", _("已经过期了，不能改成时间更长的"))
    if is_private and not ticket.is_private and _followers(session, ticket):
        raise BadField("is_private", _("有别的件并到这一件上，不能改成不公开"))
    is_new_danger = urgency is Urgency.DANGER and ticket.urgency is not Urgency.DANGER
    move(
        session,
        actor,
        ticket,
        A.CLASSIFY,
        branch_id=branch_id,
        kind=kind,
        urgency=urgency,
        is_private=is_private,
        about_account_id=about_account_id or ticket.about_account_id,
        owner_id=None,
        backup_id=None,
        due_at=due,
        escalation=ticket.escalation if late else Escalation.NOBODY,
        **(UNPUBLISHED if is_private else {}),
    )
    suggesting.keep_decision(session, ticket)
    if is_new_danger:
        alarms.ring(session, ticket)
    return ticket


def dispatch(
    session: Session, actor: Actor, *, ticket_id: int, owner_id: int, backup_id: int
) -> Ticket:
    """Give it an owner and a backup; who takes it themselves has said so by that."""
    ticket, standing = access.locked(session, actor, ticket_id)
    if not policy.can_dispatch(actor, ticket, standing):
        raise Forbidden
    hands.check(session, ticket, owner_id, backup_id)
    move(session, actor, ticket, A.DISPATCH, owner_id=owner_id, backup_id=backup_id)
    if owner_id == actor.account_id:
        move(session, actor, ticket, A.ACKNOWLEDGE)
    telling.members(session, ticket, {owner_id, backup_id} - {actor.account_id})
    return ticket


def reassign(
    session: Session,
    actor: Actor,
    *,
    ticket_id: int,
    owner_id: int,
    backup_id: int,
    inside_words: str,
) -> Ticket:
    """Put it into other hands; the branch in the lead and the clock stay as they are."""
    ticket, standing = access.locked(session, actor, ticket_id)
    if not policy.can_move(actor, ticket, standing):
        raise Forbidden
    hands.check(session, ticket, owner_id, backup_id)
    if (owner_id, backup_id) == (ticket.owner_id, ticket.backup_id):
        raise BadField("owner_id", _("还是原来的两位，没有换"))
    return hands.hand_over(
        session, actor, ticket, owner_id=owner_id, backup_id=backup_id, inside_words=inside_words
    )


def merge(
    session: Session, actor: Actor, *, ticket_id: int, first_id: int, inside_words: str = ""
) -> Ticket:
    """Say that it is the same as an earlier one; its reporter follows that one from now on."""
    for one in sorted({ticket_id, first_id}):  # in one order, so that two never wait in a circle
        access.lock(session, one)
    ticket, standing = access.visible(session, actor, ticket_id)
    first, _standing = access.visible(session, actor, first_id)
    if not policy.can_end_early(actor, ticket, standing):
        raise Forbidden
    if ticket.urgency is Urgency.DANGER:
        raise Conflict(_("有危险的不能并到别的件里，一件一件办"))
    if first.id == ticket.id or first.state is S.DUPLICATE:
        raise BadField("first_id", _("请选最先的那一件"))
    same_reporter = ticket.reporter_account_id is not None and (
        ticket.reporter_account_id == first.reporter_account_id
    )
    if first.is_private and not same_reporter:
        raise BadField("first_id", _("那一件是不公开的，别人不能跟着看"))
    session.exec(
        update(Ticket)
        .where(col(Ticket.duplicate_of_id) == ticket.id)
        .values(duplicate_of_id=first.id)
        .execution_options(synchronize_session=False)
    )
    move(
        session,
        actor,
        ticket,
        A.MERGE,
        duplicate_of_id=first.id,
        inside_words=inside_words,
        **UNPUBLISHED,
    )
    telling.reporter(session, ticket)
    return ticket


def set_out_of_scope(session: Session, actor: Actor, *, ticket_id: int, words: str) -> Ticket:
    """Say that it is not for the community, and in ``words`` who it is for; counted as such."""
    ticket, standing = access.locked(session, actor, ticket_id)
    if not policy.can_end_early(actor, ticket, standing):
        raise Forbidden
    if ticket.urgency is Urgency.DANGER:
        raise Conflict(_("有危险的不能说不归社区管，先找人办"))
    move(session, actor, ticket, A.SET_OUT_OF_SCOPE, words=words, **first_reply(ticket))
    telling.reporter(session, ticket)
    return ticket


def take_note(session: Session, actor: Actor, *, ticket_id: int, words: str) -> Ticket:
    """Put thanks on file, with an answer; there is nothing to do about it."""
    ticket, standing = access.locked(session, actor, ticket_id)
    if not policy.can_sort(actor, ticket, standing):
        raise Forbidden
    if ticket.urgency is Urgency.DANGER:
        raise Conflict(_("有危险的要有人办"))
    move(
        session,
        actor,
        ticket,
        A.TAKE_NOTE,
        words=words,
        kind=TicketKind.THANKS,
        closed_at=clock.now(),
        **first_reply(ticket),
    )
    telling.reporter(session, ticket)
    return ticket


def first_reply(ticket: Ticket) -> dict[str, Any]:
    """Return the columns that a word to the reporter sets, the first time and later."""
    changes: dict[str, Any] = {"replied_at": clock.now()}
    if ticket.first_replied_at is None:
        changes |= {"first_replied_at": clock.now(), "first_due_at": ticket.due_at}
    return changes


def _changed(ticket: Ticket, **changes: Any) -> Ticket:
    """Return the ticket as it would be, without touching it."""
    return Ticket(**{**ticket.model_dump(), **changes})


def _followers(session: Session, ticket: Ticket) -> bool:
    return (
        session.exec(select(Ticket.id).where(Ticket.duplicate_of_id == ticket.id)).first()
        is not None
    )
