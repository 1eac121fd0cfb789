"""Who may do what about something that was drawn. Pure."""

from webapp.core import clock
from webapp.core.access import Actor, Permission
from webapp.spot_checks.lifecycle import TO_FOLLOW_UP
from webapp.spot_checks.models import SpotCheckLine


def can_take_part(actor: Actor) -> bool:
    """Whether the actor is of the branches at all."""
    return actor.is_staff and actor.may(Permission.WORKBENCH)


def can_read(actor: Actor, line: SpotCheckLine, *, leads: bool) -> bool:
    """Whether the actor may know of a line.

    Its reviewer; once there is a finding, whose work it was and who ``leads`` there.
    """
    if not can_take_part(actor) or not line.selected:
        return False
    if actor.account_id == line.reviewer_id:
        return True
    return line.finding is not None and (leads or actor.account_id == line.member_id)


def can_look(actor: Actor, line: SpotCheckLine) -> bool:
    """Whether the actor says what they found: its reviewer, once, of another branch."""
    return (
        can_take_part(actor)
        and actor.account_id == line.reviewer_id
        and actor.branch_id != line.branch_id
        and line.finding is None
    )


def can_reply(actor: Actor, line: SpotCheckLine) -> bool:
    """Whether the actor replies: the member whose work it was, once, in time."""
    return (
        can_take_part(actor)
        and actor.account_id == line.member_id
        and line.reply_until is not None
        and line.replied_at is None
        and clock.today() <= line.reply_until
    )


def can_follow_up(actor: Actor, line: SpotCheckLine, *, leads: bool) -> bool:
    """Whether the actor says what was done about it: who ``leads`` where it went wrong, once."""
    return (
        can_take_part(actor) and leads and line.finding in TO_FOLLOW_UP and line.measured_at is None
    )
