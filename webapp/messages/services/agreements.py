"""Exchanging telephone numbers: agreed to by both sides, each for itself, withdrawn at any time."""

from flask_babel import gettext as _
from sqlmodel import Session, col, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden
from webapp.messages import policy
from webapp.messages.models import ContactAgreement, Side
from webapp.messages.queries.threads import ThreadView, get_thread
from webapp.messages.services.notices import tell


def agree(session: Session, actor: Actor, *, match_id: int, on_behalf: bool = False) -> ThreadView:
    """Record that the actor's side agrees; again changes nothing.

    Staff record it for a resident they assist (``on_behalf``). Raises :class:`Conflict` while
    the employer is not in the thread: there is nobody to exchange with.
    """
    thread = get_thread(session, actor, match_id, locked=True)
    side = _party(actor, thread, on_behalf)
    if side in thread.agreed:
        return thread
    if not thread.employer_in:
        raise Conflict(_("单位现在看不到您的情况，先同意告诉单位，再换电话。"))
    if not policy.can_write(actor, side=thread.side, state=thread.match.state, gone=thread.gone):
        raise Conflict(_("这件事已经结束，不能再换电话了。"))
    other = Side.EMPLOYER if side is Side.RESIDENT else Side.RESIDENT
    thread_id = tell(
        session,
        match_id=match_id,
        sides={other},
        key=f"contacts:{match_id}:{side.value}:{clock.now().isoformat()}",
        on_paper=True,
    )
    _withdraw(session, actor, thread_id, side)  # one left over from an earlier consent
    agreement = ContactAgreement(
        thread_id=thread_id,
        side=side,
        given_at=clock.now(),
        given_by_id=actor.account_id,
        on_behalf=on_behalf,
    )
    session.add(agreement)
    session.flush()
    audit.record(session, "contact.agree", agreement, on_behalf=on_behalf)
    return get_thread(session, actor, match_id)


def withdraw(
    session: Session, actor: Actor, *, match_id: int, on_behalf: bool = False
) -> ThreadView:
    """Take the actor's side's agreement back; neither sees the other's number from then on."""
    thread = get_thread(session, actor, match_id, locked=True)
    side = _party(actor, thread, on_behalf)
    if thread.row is not None and _withdraw(session, actor, thread.row.id, side):
        audit.record(session, "contact.withdraw", thread.match, on_behalf=on_behalf)
    return get_thread(session, actor, match_id)


def _party(actor: Actor, thread: ThreadView, on_behalf: bool) -> Side:
    if on_behalf and policy.can_write_on_behalf(actor, side=thread.side, assisted=thread.assisted):
        return Side.RESIDENT
    if on_behalf or thread.side is Side.STAFF:
        raise Forbidden
    return thread.side


def _withdraw(session: Session, actor: Actor, thread_id: int, side: Side) -> bool:
    withdrawn = session.exec(
        update(ContactAgreement)
        .where(
            col(ContactAgreement.thread_id) == thread_id,
            col(ContactAgreement.side) == side,
            col(ContactAgreement.withdrawn_at).is_(None),
        )
        .values(withdrawn_at=clock.now(), withdrawn_by_id=actor.account_id)
        .execution_options(synchronize_session=False)
    )
    return withdrawn.rowcount > 0
