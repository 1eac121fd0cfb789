"""Use cases of a pasted text itself: keep it, read it, throw it away, forget it in time."""

from sqlmodel import Session, col, delete, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Forbidden, NotFound
from webapp.intake import policy
from webapp.intake.models import PastedKind, PastedText


def keep_text(
    session: Session, actor: Actor, *, kind: PastedKind, text: str, idempotency_key: str
) -> PastedText:
    """Keep a text for a day; the same page sent again returns what it made the first time."""
    if not policy.can_paste(actor, kind) or actor.account_id is None:
        raise Forbidden
    known = session.exec(
        select(PastedText).where(PastedText.idempotency_key == idempotency_key)
    ).first()
    if known is not None:
        if known.kind is not kind or not policy.can_read(actor, known, now=clock.now()):
            raise Forbidden
        return known
    pasted = PastedText(
        kind=kind,
        text=text,
        account_id=actor.account_id,
        idempotency_key=idempotency_key,
        created_at=clock.now(),
    )
    session.add(pasted)
    session.flush()
    audit.record(session, "pasted_text.keep", pasted, kind=kind)
    return pasted


def get_pasted(session: Session, actor: Actor, pasted_id: int, kind: PastedKind) -> PastedText:
    """Return a text of the actor's own that is still kept; any other raises ``NotFound``."""
    pasted = session.get(PastedText, pasted_id)
    if pasted is None or pasted.kind is not kind:
        raise NotFound
    if not policy.can_read(actor, pasted, now=clock.now()):
        raise NotFound
    return pasted


def discard_text(session: Session, actor: Actor, *, pasted_id: int, kind: PastedKind) -> None:
    """Delete a text at once; what was made of it stays."""
    pasted = get_pasted(session, actor, pasted_id, kind)
    audit.record(session, "pasted_text.discard", pasted)
    session.delete(pasted)


def forget_texts(session: Session) -> int:
    """Delete the texts whose day is over (a job); return how many."""
    old = col(PastedText.created_at) <= policy.expired_before(clock.now())
    return session.exec(delete(PastedText).where(old)).rowcount


def forget_texts_of(session: Session, *, resident_id: int) -> int:
    """Delete the texts a resident's file was opened from; return how many."""
    return session.exec(
        delete(PastedText).where(col(PastedText.resident_id) == resident_id)
    ).rowcount
