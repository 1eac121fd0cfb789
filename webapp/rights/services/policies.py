"""The admin's use cases: a policy's text held against its document, where a counter is."""

from flask_babel import gettext as _
from sqlmodel import Session, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Forbidden, NotFound
from webapp.rights import policies, policy
from webapp.rights.lifecycle import CounterCode, Verdict
from webapp.rights.models import PolicyCheck, PolicyCounter


def check_policy(
    session: Session, actor: Actor, *, code: str, digest: str, verdict: Verdict, note: str
) -> PolicyCheck:
    """Note that the actor has compared the text they read with its document, or that it is over.

    ``digest`` is of the text on their page; ``NotFound`` when the program holds another one now.
    """
    if not policy.can_write(actor):
        raise Forbidden
    shipped = policies.by_code(code)
    if shipped is None or shipped.digest != digest:
        raise NotFound
    if verdict is Verdict.GONE and not note:
        raise BadField("note", _("请写凭哪个文件说不办了"))
    row = PolicyCheck(
        policy=code,
        digest=digest,
        verdict=verdict,
        note=note,
        at=clock.now(),
        account_id=actor.account_id or 0,
    )
    session.add(row)
    session.flush()
    audit.record(session, "policy.check", row, policy=code, verdict=verdict)
    return row


def set_counter(
    session: Session, actor: Actor, *, code: CounterCode, address: str, phone: str, hours: str
) -> PolicyCounter:
    """Write where a counter is and when it is open."""
    if not policy.can_write(actor):
        raise Forbidden
    row = session.exec(
        select(PolicyCounter).where(PolicyCounter.code == code).with_for_update()
    ).first()
    if row is None:
        row = PolicyCounter(
            code=code, address="", hours="", updated_at=clock.now(), updated_by_id=0
        )
    row.address, row.phone, row.hours = address, phone, hours
    row.updated_at, row.updated_by_id = clock.now(), actor.account_id or 0
    session.add(row)
    session.flush()
    audit.record(session, "policy.set_counter", row, counter=code)
    return row
