"""Who may write in the rule book. Pure."""

from webapp.core.access import Actor, Permission
from webapp.rulebook.models import DangerWord, Severity, WordingRule


def can_write(actor: Actor) -> bool:
    """Whether the actor may add figures and rules of wording."""
    return actor.may(Permission.RULE_WRITE)


def can_end(actor: Actor, row: WordingRule) -> bool:
    """Whether the actor may end this rule: what the law forbids outright stays forbidden."""
    by_law = row.severity is Severity.BLOCK and row.added_by_id is None
    return can_write(actor) and row.until is None and not by_law


def can_end_danger(actor: Actor, row: DangerWord) -> bool:
    """Whether the actor may end this word: those that came with the program are of the law."""
    return can_write(actor) and row.until is None and row.added_by_id is not None
