"""Asking after a job on day 30, 90 and 180: from the person and from the employer.

When both have said that the person is still there, the match moves on by itself; with one
word alone staff may close the question, and it is marked one-sided.
"""

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Forbidden, Refused
from webapp.matches import policy
from webapp.matches.lifecycle import MatchAction, MatchState, after
from webapp.matches.models import Match, MatchEvent
from webapp.matches.reason_codes import FollowUpBasis, FollowUpSource
from webapp.matches.services.access import visible_match
from webapp.matches.services.transitions import state_conflict, take_note, transition

# The day a kept job is asked after; the figures are the stages' own names.
FOLLOW_UPS = {
    MatchAction.FOLLOW_UP_30: 30,
    MatchAction.FOLLOW_UP_90: 90,
    MatchAction.RETAIN: 180,
}
_HEARD = {
    FollowUpSource.RESIDENT: MatchAction.HEAR_RESIDENT,
    FollowUpSource.EMPLOYER: MatchAction.HEAR_EMPLOYER,
}
_ONE_SIDED = {
    FollowUpSource.RESIDENT: FollowUpBasis.RESIDENT,
    FollowUpSource.EMPLOYER: FollowUpBasis.EMPLOYER,
}


def next_follow_up(state: MatchState) -> MatchAction | None:
    """Return which follow-up comes next for a job, if any."""
    return next((one for one in FOLLOW_UPS if after(state, one)), None)


def is_due(match: Match) -> bool:
    """Whether it is time to ask after the job."""
    action = next_follow_up(match.state)
    return action is not None and _days_at_work(match) >= FOLLOW_UPS[action]


def heard(session: Session, match: Match) -> frozenset[FollowUpSource]:
    """Return who has said, at the present stage, that the person is still there."""
    rows = session.exec(
        select(MatchEvent.action).where(
            MatchEvent.match_id == match.id,
            MatchEvent.to_state == match.state.value,
            MatchEvent.at >= match.since,
            col(MatchEvent.action).in_([one.value for one in _HEARD.values()]),
        )
    ).all()
    return frozenset(source for source, action in _HEARD.items() if action.value in rows)


def say_still_there(
    session: Session, actor: Actor, *, match_id: int, source: FollowUpSource, note: str = ""
) -> Match:
    """Note one side's word that the person is still there; the second word closes the stage.

    The person and the employer speak for themselves, staff for whom they asked; saying it again
    changes nothing. Raises :class:`Refused` before the day.
    """
    match = _to_ask_after(session, actor, match_id, source)
    known = heard(session, match)
    if source in known:
        return match
    take_note(session, actor, match, _HEARD[source], reason=note)
    audit.record(session, f"match.{_HEARD[source].value}", match, on_behalf=actor.is_staff)
    if known:
        _move_on(session, actor, match, FollowUpBasis.BOTH, note)
    return match


def close_one_sided(session: Session, actor: Actor, *, match_id: int) -> Match:
    """Go on with one side's word alone: the other could not be reached (staff)."""
    if not policy.can_decide(actor):
        raise Forbidden
    match = _due_match(session, actor, match_id)
    known = heard(session, match)
    if not known:
        raise Refused(_("还没有问到谁，先问本人或者单位。"))
    return _move_on(session, actor, match, _ONE_SIDED[next(iter(known))], "")


def _to_ask_after(session: Session, actor: Actor, match_id: int, source: FollowUpSource) -> Match:
    match = _due_match(session, actor, match_id)
    own = {
        FollowUpSource.RESIDENT: actor.resident_id == match.resident_id,
        FollowUpSource.EMPLOYER: actor.employer_id is not None,  # fetched through their scope
    }
    if not own[source] and not policy.can_decide(actor):
        raise Forbidden
    return match


def _due_match(session: Session, actor: Actor, match_id: int) -> Match:
    match = visible_match(session, actor, match_id)
    session.refresh(match, with_for_update=True)  # two words at once: the second sees the first
    action = next_follow_up(match.state)
    if action is None:
        raise state_conflict(match.state)
    if not is_due(match):
        raise Refused(_("上岗还不满 %(n)d 天。", n=FOLLOW_UPS[action]))
    return match


def _days_at_work(match: Match) -> int:
    return (clock.today() - match.start_date).days if match.start_date else 0


def _move_on(
    session: Session, actor: Actor, match: Match, basis: FollowUpBasis, note: str
) -> Match:
    action = next_follow_up(match.state)
    if action is None:
        raise state_conflict(match.state)
    return transition(
        session,
        actor,
        match,
        action,
        code=basis.value,
        reason=note,
        on_behalf=actor.is_staff,
    )
