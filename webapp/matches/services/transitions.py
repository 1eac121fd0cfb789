"""The only way to change the state of a match; fetching and locking of its rows."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, and_, col, or_, select, update

from webapp import events
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, NotFound
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.matches.lifecycle import (
    AWAITS_EMPLOYER,
    ENDS_AT_INTEREST,
    MatchAction,
    MatchState,
    WishState,
    after,
)
from webapp.matches.models import InterviewWish, Match, MatchEvent
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import Resident


def state_conflict(state: MatchState) -> Conflict:
    """Return the error for an action that the present state does not allow."""
    return Conflict(
        _("这条推荐现在是「%(state)s」，不能再做这一步。请看看最新情况。", state=state.label)
    )


def transition(
    session: Session,
    actor: Actor,
    match: Match,
    action: MatchAction,
    *,
    code: str = "",
    reason: str = "",
    shown: dict[str, Any] | None = None,
    on_behalf: bool = False,
    audited: bool = True,
    before_it: dict[str, Any] | None = None,
    back_to: MatchState | None = None,
    **changes: Any,
) -> Match:
    """Change the state of ``match`` by ``action`` and record the event (who, when, why).

    ``shown`` keeps what the person who decides had before them; ``on_behalf`` marks what
    staff record for somebody else. ``audited=False`` is for steps that one audit entry of
    the caller covers together. ``before_it`` keeps what taking the step back puts in place again,
    ``back_to`` is the state that leads to. Raises :class:`Conflict` when the state does not allow
    it or somebody else was first.
    """
    before = match.state
    target = after(before, action, back_to or match.previous_state)
    if target is None:
        raise state_conflict(before)
    values = {**_asking(match, action, target, changes), **changes}
    step = (
        update(Match)
        .where(col(Match.id) == match.id, col(Match.state) == before)
        .values(**{"state": target, "since": clock.now(), **values})
        .execution_options(synchronize_session=False)
    )
    if session.exec(step).rowcount != 1:
        raise Conflict(_("刚才已经有人处理了这条推荐，请看看最新情况。"))
    if before is MatchState.INTERVIEW:
        moved = action is MatchAction.INVITE_INTERVIEW
        settle_wish(session, actor, match, WishState.MOVED if moved else WishState.DROPPED)
    _add_event(session, actor, match, action, before, target, code, reason, shown, before_it)
    if audited:
        _audit(session, match, action, before, target, on_behalf=on_behalf)
    session.refresh(match)
    return match


def settle_wish(session: Session, actor: Actor, match: Match, state: WishState) -> bool:
    """Settle the open wish for another time of the interview; return whether there was one."""
    settle = (
        update(InterviewWish)
        .where(col(InterviewWish.match_id) == match.id, col(InterviewWish.state) == WishState.OPEN)
        .values(state=state, settled_at=clock.now(), settled_by_id=actor.account_id)
        .execution_options(synchronize_session=False)
    )
    return bool(session.exec(settle).rowcount)


def take_note(
    session: Session,
    actor: Actor,
    match: Match,
    action: MatchAction,
    *,
    code: str = "",
    reason: str = "",
    shown: dict[str, Any] | None = None,
) -> None:
    """Record an event that leaves the state unchanged (see ``lifecycle.NOTES``)."""
    _add_event(session, actor, match, action, match.state, match.state, code, reason, shown)


def _add_event(
    session: Session,
    actor: Actor,
    match: Match,
    action: MatchAction,
    before: MatchState,
    target: MatchState,
    code: str,
    reason: str,
    shown: dict[str, Any] | None,
    before_it: dict[str, Any] | None = None,
) -> None:
    event = MatchEvent(
        match_id=match.id,
        at=clock.now(),
        account_id=actor.account_id,
        action=action.value,
        from_state=before.value,
        to_state=target.value,
        code=code,
        reason=reason,
        shown=shown,
        before_it=before_it,
    )
    session.add(event)
    session.flush()
    events.announce(session, actor, events.MatchMoved(match, event))


# What a resident answers stands in the audit trail as an answer, whichever it was: nobody can
# list who chose something else (the refusal firewall). The match's own history has the word.
ANSWERS = frozenset(
    {
        MatchAction.DECLINE,
        MatchAction.SAY_INTERESTED,
        MatchAction.GIVE_DECLINE_REASON,
        MatchAction.WITHDRAW,
    }
)

_UNTOLD = frozenset({MatchState.DECLINED, MatchState.NO_REPLY, MatchState.WITHDRAWN})


def _audit(
    session: Session,
    match: Match,
    action: MatchAction,
    before: MatchState,
    target: MatchState,
    *,
    on_behalf: bool,
) -> None:
    details: dict[str, Any] = {"on_behalf": True} if on_behalf else {}
    if action in ANSWERS:
        audit.record(session, "match.answer", match, **details)
        return
    if before not in _UNTOLD:
        details["before"] = before.value
    if target not in _UNTOLD or action is not MatchAction.UNDO_DECISION:
        details["after"] = target.value
    audit.record(session, f"match.{action.value}", match, **details)


def _asking(
    match: Match, action: MatchAction, target: MatchState, changes: dict[str, Any]
) -> dict[str, Any]:
    """Return the columns that restart the wait for the employer, if ``action`` restarts it.

    SEE is no answer and restarts nothing; an interview counts from its own time.
    """
    if target not in AWAITS_EMPLOYER or action is MatchAction.SEE:
        return {}
    since = clock.now()
    meets_at: datetime | None = changes.get("interview_at", match.interview_at)
    if target is MatchState.INTERVIEW and meets_at is not None:
        since = max(since, meets_at)
    return {"asked_at": since, "chases": 0}


def get_opening(session: Session, match: Match) -> Opening:
    """Return the opening of a match."""
    return session.exec(select(Opening).where(Opening.id == match.opening_id)).one()


def lock_resident(session: Session, resident_id: int) -> Resident:
    """Return the resident, kept from other writers until the end of the transaction.

    Everything that touches more than one match locks in one order: resident, opening,
    matches by id. So two at once wait for each other and never in a circle.
    """
    query = select(Resident).where(Resident.id == resident_id).with_for_update(key_share=True)
    resident = session.exec(query.execution_options(populate_existing=True)).first()
    if resident is None:
        raise NotFound
    return resident


def is_open_to_matches() -> ColumnElement[bool]:
    """Return the condition that an opening can take people today.

    It needs the employer outer-joined: no employer at all, or a verified one.
    """
    return and_(
        col(Opening.state) == OpeningState.PUBLISHED,
        col(Opening.valid_until) >= clock.today(),
        col(Opening.hired_count) < col(Opening.headcount),
        or_(col(Opening.employer_id).is_(None), col(Employer.state) == EmployerState.VERIFIED),
    )


def goes_on_elsewhere() -> ColumnElement[bool]:
    """Return the condition that a match has ended at a yes, and another part goes on from there."""
    of_such_a_kind = exists().where(
        col(Opening.id) == col(Match.opening_id), col(Opening.kind).in_(ENDS_AT_INTEREST)
    )
    return and_(col(Match.state) == MatchState.INTERESTED, of_such_a_kind.correlate(Match))


def lock_opening(session: Session, opening_id: int, *, to_write: bool = False) -> Opening | None:
    """Return the opening, kept from being closed until the end of the transaction.

    ``to_write`` keeps it from others who lock it as well.
    """
    query = select(Opening).where(Opening.id == opening_id)
    query = query.with_for_update(read=not to_write, key_share=to_write)
    return session.exec(query.execution_options(populate_existing=True)).first()


def takes_people(session: Session, opening_id: int) -> bool:
    """Return whether the opening can take people today."""
    query = (
        select(Opening.id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .where(Opening.id == opening_id, is_open_to_matches())
    )
    return session.exec(query).first() is not None
