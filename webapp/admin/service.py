"""Use cases of the administration: note that entries of the audit trail are taken away."""

from sqlmodel import Session

from webapp.admin.forms import AuditPurpose
from webapp.admin.queries import trail
from webapp.core import audit
from webapp.core.access import Actor, Permission
from webapp.core.errors import Forbidden


def note_export(
    session: Session, actor: Actor, *, asked: trail.Asked, purpose: AuditPurpose, sensitive: bool
) -> int:
    """Note who takes how many entries away and for what; return how many there are.

    ``sensitive``: only those are taken that say who read what is kept from others.
    """
    if not actor.may(Permission.AUDIT_READ):
        raise Forbidden
    rows = trail.count(session, asked)
    audit.record(
        session, "audit.export", "list:操作记录", purpose=purpose, rows=rows, sensitive=sensitive
    )
    return rows
