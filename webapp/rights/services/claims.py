"""How far somebody is with a policy, noted because they said so."""

from sqlmodel import Session, col, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Forbidden, NotFound
from webapp.residents.services import registration
from webapp.rights import policies, policy
from webapp.rights.lifecycle import SETTLED, ClaimState
from webapp.rights.models import PolicyClaim, PolicyFinding


def note(
    session: Session, actor: Actor, *, resident_id: int, code: str, state: ClaimState
) -> PolicyClaim:
    """Note how far a resident is with a policy; what is settled leaves the members' lists."""
    resident = registration.get_resident(session, actor, resident_id)
    if not policy.can_note_claim(actor, resident):
        raise Forbidden
    if policies.by_code(code) is None:
        raise NotFound
    session.refresh(resident, with_for_update=True)  # a second tap waits for the first
    row = session.exec(
        select(PolicyClaim).where(
            PolicyClaim.resident_id == resident_id, PolicyClaim.policy == code
        )
    ).first()
    if row is None:
        row = PolicyClaim(resident_id=resident_id, policy=code, state=state, updated_at=clock.now())
    row.state, row.updated_at, row.updated_by_id = state, clock.now(), actor.account_id
    session.add(row)
    session.flush()
    audit.record(session, "policy.note_claim", row, policy=code)
    if state in SETTLED:
        found = select(PolicyFinding).where(
            PolicyFinding.resident_id == resident_id, PolicyFinding.policy == code
        )
        for finding in session.exec(found):
            session.delete(finding)
    return row


def of_resident(session: Session, resident_id: int) -> dict[str, PolicyClaim]:
    """Return policy → claim of a resident."""
    rows = session.exec(select(PolicyClaim).where(col(PolicyClaim.resident_id) == resident_id))
    return {row.policy: row for row in rows}
