"""Who may do what with a ticket. Pure."""

from webapp.core.access import Actor, Permission


def can_handle(actor: Actor) -> bool:
    """Whether the actor writes down what people say, sorts tickets and works on them."""
    return actor.may(Permission.WORKBENCH)
