"""Who may ask whether pay arrived. Pure."""

from flask_babel import gettext as _

from webapp.core.access import Actor, Permission


def can_check(actor: Actor) -> bool:
    """Whether the actor may take part in the checks at all."""
    return actor.is_staff and actor.may(Permission.PIECEWORK_MANAGE)


def stake_fault(*, is_member: bool, has_paid: bool, has_inspected: bool) -> str | None:
    """Return why somebody may not ask about a household's pay: they have a stake in the answer."""
    if is_member:
        return _("这是您自己家的，请换一位同事来问")
    if has_paid:
        return _("这笔钱是您付的，请换一位同事来问")
    if has_inspected:
        return _("这家的货是您验的，请换一位同事来问")
    return None
