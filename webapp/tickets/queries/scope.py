"""Which tickets a member may know of: the same as ``policy.can_read``, for lists."""

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import col

from webapp.core.access import Actor
from webapp.tickets import policy
from webapp.tickets.lifecycle import OPEN, Urgency
from webapp.tickets.models.tickets import Ticket
from webapp.tickets.policy import Standing


def may_read(actor: Actor, standing: Standing) -> ColumnElement[bool]:
    """Return the condition of the rows that the actor may read."""
    if not policy.can_handle(actor):
        return false()
    me = actor.account_id
    own = or_(
        col(Ticket.owner_id) == me, col(Ticket.backup_id) == me, col(Ticket.filed_by_id) == me
    )
    not_about_me = col(Ticket.about_account_id).is_distinct_from(me)
    unsorted = col(Ticket.branch_id).is_(None)
    is_secretary: ColumnElement[bool] = col(Ticket.branch_id).in_(standing.secretary_of)
    if standing.secretary_of:
        is_secretary = or_(unsorted, is_secretary)
    if standing.on_duty:
        is_danger = and_(unsorted, col(Ticket.urgency) == Urgency.DANGER)
        is_secretary = or_(is_secretary, is_danger)
    for_secretaries = or_(col(Ticket.about_staff), and_(col(Ticket.is_private), unsorted))
    of_branch = or_(~col(Ticket.is_private), col(Ticket.branch_id) == actor.branch_id)
    others = or_(and_(for_secretaries, is_secretary), and_(~for_secretaries, of_branch))
    return and_(not_about_me, or_(own, others))


def is_open() -> ColumnElement[bool]:
    """Return the condition of those that somebody still works on."""
    return col(Ticket.state).in_(OPEN)


def in_charge(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of those whose owner or backup the actor is."""
    return or_(col(Ticket.owner_id) == actor.account_id, col(Ticket.backup_id) == actor.account_id)
