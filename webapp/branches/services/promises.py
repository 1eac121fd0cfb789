"""A branch promises something by a day, and says what became of it.

Who could lie: whoever answers for it says it was kept. So the proof is public, in their name and
with its day, words and day of a promise never change, and what is over stays as it is.
"""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.branches import policy
from webapp.branches.lifecycle import PromiseState
from webapp.branches.models.commitments import BranchPromise
from webapp.branches.services.commitments import close, get_closable, picture
from webapp.branches.services.pairs import lock_pair
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, NotFound
from webapp.core.photos import Kept

_FURTHEST = timedelta(days=366)


def make_promise(
    session: Session,
    actor: Actor,
    *,
    branch_id: int,
    words: str,
    due_on: date,
    owner_id: int,
    backup_id: int,
) -> BranchPromise:
    """Promise something to everybody."""
    if not policy.can_serve(actor, branch_id):
        raise NotFound
    if due_on < clock.today():
        raise BadField("due_on", _("这一天已经过了"))
    if due_on > clock.today() + _FURTHEST:
        raise BadField("due_on", _("太远了，一年以内"))
    lock_pair(session, branch_id, owner_id=owner_id, backup_id=backup_id)
    row = BranchPromise(
        branch_id=branch_id,
        words=words,
        owner_id=owner_id,
        backup_id=backup_id,
        due_on=due_on,
        state=PromiseState.OPEN,
        created_at=clock.now(),
        created_by_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    audit.record(session, "promise.make", row, account=owner_id)
    return row


def keep_promise(
    session: Session,
    actor: Actor,
    *,
    promise_id: int,
    proof: str,
    photo: Kept | None = None,
    photo_alt: str = "",
) -> BranchPromise:
    """Say that a promise was kept, with its proof."""
    row = get_closable(session, actor, BranchPromise, promise_id)
    shown = picture(photo, photo_alt)
    close(
        session, actor, row, before=PromiseState.OPEN, state=PromiseState.KEPT, outcome=proof,
        **shown,
    )  # fmt: skip
    audit.record(session, "promise.keep", row, with_photo=photo is not None)
    return row


def miss_promise(session: Session, actor: Actor, *, promise_id: int, reason: str) -> BranchPromise:
    """Say that a promise was not kept, and why; not before its day is over."""
    row = get_closable(session, actor, BranchPromise, promise_id)
    if row.due_on >= clock.today():
        raise BadField("outcome", _("日子还没过，来得及就接着办；不办了就选「不办了」"))
    close(session, actor, row, before=PromiseState.OPEN, state=PromiseState.MISSED, outcome=reason)
    audit.record(session, "promise.miss", row)
    return row


def cancel_promise(
    session: Session, actor: Actor, *, promise_id: int, reason: str
) -> BranchPromise:
    """Take a promise back before its day is over; afterwards it was missed."""
    row = get_closable(session, actor, BranchPromise, promise_id)
    if row.due_on < clock.today():
        raise BadField("outcome", _("日子已经过了，不能再说不办了：选「没做到」，写明原因"))
    close(
        session, actor, row, before=PromiseState.OPEN, state=PromiseState.CANCELLED, outcome=reason
    )
    audit.record(session, "promise.cancel", row)
    return row
