"""Take back a decision made a moment ago, while nobody has heard of it.

What a decision tells people outside leaves no sooner than :data:`UNDO_WITHIN` after it, so within
that time it can be taken back as if it had not been made; both stay in the history. Only who
decided may, once, and only while nothing was built upon it: a trigger holds to that as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlmodel import Session, col, delete, select, update

from webapp import events
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden
from webapp.engine.suggestion_requests import request_suggestions
from webapp.matches import policy
from webapp.matches.lifecycle import UNDO_WITHIN, MatchAction, MatchState
from webapp.matches.models import Match, MatchEvent, OfferEvidence
from webapp.matches.services.access import visible_match
from webapp.matches.services.staff_decisions import as_it_stood
from webapp.matches.services.transitions import take_note, transition

_A = MatchAction
#: The last steps of what is decided on a suggestion.
DECISIONS = frozenset({_A.OFFER, _A.DISMISS, _A.POSTPONE})


@dataclass(frozen=True)
class Undone:
    """How many decisions were taken back, and how many could not be any more.

    ``waiting`` of those taken back are suggestions to decide on again.
    """

    count: int
    late: int
    waiting: int


def undo_decisions(session: Session, actor: Actor, *, match_ids: Sequence[int]) -> Undone:
    """Take back the actor's own last decisions on some suggestions.

    Those that can no longer be are left as they are; raises :class:`Conflict` if that is all.
    """
    if not policy.can_decide(actor):
        raise Forbidden
    count = waiting = 0
    why = None
    chosen = sorted(set(match_ids))  # everybody locks in this order
    for match_id in chosen:
        try:
            with session.begin_nested():
                back_to = _undo(session, actor, match_id)
        except Conflict as refused:
            why = refused
        else:
            count += 1
            waiting += back_to is MatchState.SUGGESTED
    if why is not None and not count:
        raise why
    return Undone(count, len(chosen) - count, waiting)


def _undo(session: Session, actor: Actor, match_id: int) -> MatchState:
    """Take one decision back; return where its match stands again."""
    match = visible_match(session, actor, match_id)
    steps = session.exec(
        select(MatchEvent)
        .where(MatchEvent.match_id == match_id)
        .order_by(col(MatchEvent.id).desc())
        .limit(2)
    ).all()
    last = steps[0] if steps else None
    if last is None or last.action not in DECISIONS or last.account_id != actor.account_id:
        raise Conflict(_("这条后来又办过了，撤不回来了。请看看办到哪一步。"))
    if clock.now() >= last.at + UNDO_WITHIN:
        raise Conflict(_("过了十秒，撤不回来了。要改，请打开这一条看能怎么办。"))
    back_to = _stood_at(last, steps[1:])
    if back_to is MatchState.SUGGESTED:
        _leave_the_place(session, match)
    if last.action == _A.POSTPONE:
        _undo_postponing(session, actor, match)
    else:
        transition(session, actor, match, _A.UNDO_DECISION, back_to=back_to, **as_it_stood(last))
    events.announce(session, actor, events.DecisionUndone(match.id, last.id, last.at))
    if last.action == _A.OFFER:
        session.exec(
            delete(OfferEvidence).where(
                col(OfferEvidence.match_id) == match_id, col(OfferEvidence.offered_at) >= last.at
            )
        )
    request_suggestions(session, resident_id=match.resident_id)  # it takes its old place
    return back_to


def _stood_at(last: MatchEvent, earlier: Sequence[MatchEvent]) -> MatchState:
    """Return where a match stood before a decision; an offer is made in one act with its yes.

    What staff offered on their own judgement was nothing before: it becomes a suggestion, which
    the next computation keeps or drops.
    """
    if last.action != _A.OFFER:
        return MatchState.SUGGESTED
    if last.from_state != MatchState.CONFIRMED:
        return MatchState(last.from_state)
    for step in earlier:
        same_act = step.account_id == last.account_id and last.at - step.at < UNDO_WITHIN
        if same_act and step.to_state == MatchState.CONFIRMED:
            return MatchState(step.from_state) if step.from_state else MatchState.SUGGESTED
    raise Conflict(_("这条后来又办过了，撤不回来了。请看看办到哪一步。"))


def _leave_the_place(session: Session, match: Match) -> None:
    """Let nobody else's suggestion of this person stand where this one comes back to."""
    if not match.pick:
        return
    others = update(Match).where(
        col(Match.resident_id) == match.resident_id,
        col(Match.id) != match.id,
        col(Match.state) == MatchState.SUGGESTED,
        col(Match.pick) == match.pick,
    )
    session.exec(others.values(pick=None).execution_options(synchronize_session=False))


def _undo_postponing(session: Session, actor: Actor, match: Match) -> None:
    back = (
        update(Match)
        .where(
            col(Match.id) == match.id,
            col(Match.state) == MatchState.SUGGESTED,
            col(Match.postponed_until).is_not(None),
        )
        .values(postponed_until=None)
        .execution_options(synchronize_session=False)
    )
    if session.exec(back).rowcount != 1:
        raise Conflict(_("这条后来又办过了，撤不回来了。请看看办到哪一步。"))
    take_note(session, actor, match, _A.UNDO_DECISION)
    audit.record(session, f"match.{_A.UNDO_DECISION.value}", match)
