"""Who may do what with a ticket. Pure."""

from dataclasses import dataclass, field

from webapp.core.access import Actor, Permission
from webapp.tickets.lifecycle import OWNED, TicketState, Urgency
from webapp.tickets.models.tickets import Ticket

S = TicketState


@dataclass(frozen=True)
class Standing:
    """What a member is among the branches at this moment.

    ``secretary_of`` are the branches that the member is the secretary of; ``on_duty``: a danger
    rings the member now.
    """

    secretary_of: frozenset[int] = field(default_factory=frozenset)
    on_duty: bool = False


NOBODY = Standing()


def can_handle(actor: Actor) -> bool:
    """Whether the actor writes down what people say, sorts tickets and works on them."""
    return actor.may(Permission.WORKBENCH)


def can_read(actor: Actor, ticket: Ticket, standing: Standing) -> bool:
    """Whether the actor may know of a ticket; the same as ``scope`` of the queries.

    Nobody reads what is said of them. What is said of a member is for the secretaries alone until
    it has an owner. A private one is for its branch; before anybody has sorted it, for the
    secretaries, and a danger for whoever is on duty.
    """
    if not can_handle(actor) or ticket.about_account_id == actor.account_id:
        return False
    if is_in_charge(actor, ticket) or ticket.filed_by_id == actor.account_id:
        return True
    if ticket.about_staff or (ticket.is_private and ticket.branch_id is None):
        if ticket.urgency is Urgency.DANGER and standing.on_duty and ticket.branch_id is None:
            return True
        return is_secretary(standing, ticket)
    return not ticket.is_private or ticket.branch_id == actor.branch_id


def is_in_charge(actor: Actor, ticket: Ticket) -> bool:
    """Whether the actor is its owner or backup."""
    return actor.account_id is not None and actor.account_id in {ticket.owner_id, ticket.backup_id}


def is_secretary(standing: Standing, ticket: Ticket) -> bool:
    """Whether the secretary asked for a ticket is this member: its branch's, any without branch."""
    if ticket.branch_id is None:
        return bool(standing.secretary_of)
    return ticket.branch_id in standing.secretary_of


def can_sort(actor: Actor, ticket: Ticket, standing: Standing) -> bool:
    """Whether the actor says what it is and which branch has it."""
    if ticket.state in {S.RECEIVED, S.CLASSIFIED}:
        return can_read(actor, ticket, standing)
    return ticket.state is S.DISPATCHED and can_move(actor, ticket, standing)


def can_dispatch(actor: Actor, ticket: Ticket, standing: Standing) -> bool:
    """Whether the actor names owner and backup: the branch in the lead, in danger anybody."""
    if not can_read(actor, ticket, standing):
        return False
    own = ticket.branch_id is not None and ticket.branch_id == actor.branch_id
    return own or is_secretary(standing, ticket) or ticket.urgency is Urgency.DANGER


def can_work(actor: Actor, ticket: Ticket, standing: Standing) -> bool:
    """Whether the actor works on it: its owner, the backup, the branch's secretary."""
    in_charge = is_in_charge(actor, ticket) or is_secretary(standing, ticket)
    return ticket.state in OWNED and in_charge and can_read(actor, ticket, standing)


def can_move(actor: Actor, ticket: Ticket, standing: Standing) -> bool:
    """Whether the actor may put it into other hands."""
    return can_work(actor, ticket, standing)


def can_end_early(actor: Actor, ticket: Ticket, standing: Standing) -> bool:
    """Whether the actor may say that it is another's twin, or not for the community."""
    if ticket.state in {S.RECEIVED, S.CLASSIFIED}:
        return can_sort(actor, ticket, standing)
    return can_work(actor, ticket, standing)


def can_call(actor: Actor, ticket: Ticket, standing: Standing) -> bool:
    """Whether the actor asks the reporter what came of it: anybody but who worked on it."""
    return can_read(actor, ticket, standing) and ticket.owner_id != actor.account_id


def can_publish(actor: Actor, ticket: Ticket, standing: Standing) -> bool:
    """Whether the actor, having read it, lets everybody read it."""
    return not ticket.is_private and can_read(actor, ticket, standing)
