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
from webapp.matches.services.transitions import take_note, transition

_A = MatchAction
#: The last steps of what is decided on a suggestion.
DECISIONS = frozenset({_A.OFFER, _A.DISMISS, _A.POSTPONE})


@dataclass(frozen=True)
class Undone:
    """How many decisions were taken back, and how many could not be any more."""

    count: int
    late: int


def undo_decisions(session: Session, actor: Actor, *, match_ids: Sequence[int]) -> Undone:
    """Take back the actor's own last decisions on some suggestions.

    Those that can no longer be are left as they are; raises :class:`Conflict` if that is all.
    """
    if not policy.can_decide(actor):
        raise Forbidden
    count, why = 0, None
    chosen = sorted(set(match_ids))  # everybody locks in this order
    for match_id in chosen:
        try:
            with session.begin_nested():
                _undo(session, actor, match_id)
        except Conflict as refused:
            why = refused
        else:
            count += 1
    if why is not None and not count:
        raise why
    return Undone(count, len(chosen) - count)


def _undo(session: Session, actor: Actor, match_id: int) -> None:
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
    if last.action == _A.OFFER and (len(steps) < 2 or not _confirms(steps[1], last)):
        raise Conflict(_("这条不是从待确认里推荐的，撤不回来。请打开这一条看能怎么办。"))
    _leave_the_place(session, match)
    if last.action == _A.POSTPONE:
        _undo_postponing(session, actor, match)
    else:
        transition(
            session,
            actor,
            match,
            _A.UNDO_DECISION,
            channel="",
            offered_until=None,
            postponed_until=None,
        )
    events.announce(session, actor, events.DecisionUndone(match.id, last.id, last.at))
    if last.action == _A.OFFER:
        session.exec(
            delete(OfferEvidence).where(
                col(OfferEvidence.match_id) == match_id, col(OfferEvidence.offered_at) >= last.at
            )
        )
    request_suggestions(session, resident_id=match.resident_id)  # it takes its old place


def _confirms(step: MatchEvent, offer: MatchEvent) -> bool:
    return (
        step.action == _A.CONFIRM
        and step.from_state == MatchState.SUGGESTED
        and step.account_id == offer.account_id
        and offer.at - step.at < UNDO_WITHIN
    )


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
