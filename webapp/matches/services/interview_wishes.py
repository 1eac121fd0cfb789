"""Another time for an interview: the person asks, the employer moves it or keeps it.

Setting a new time is a new invitation, which settles the wish; so does whatever ends the
interview (see :func:`webapp.matches.services.transitions.transition`).
"""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, update

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden
from webapp.matches import half_days, policy
from webapp.matches.lifecycle import MatchAction, MatchState, WishState
from webapp.matches.models import InterviewWish, Match
from webapp.matches.services.access import visible_match
from webapp.matches.services.transitions import settle_wish, take_note

MOST = 6  # half days of one wish


def ask_other_time(
    session: Session,
    actor: Actor,
    *,
    match_id: int,
    halves: Sequence[str] = (),
    wants_call: bool = False,
) -> Match:
    """Say that the person cannot come as agreed, and which half days would suit.

    ``wants_call``: they would rather be rung. Raises :class:`BadField` for nothing at all,
    :class:`Conflict` when the interview is over or a wish waits already.
    """
    match = _answered_for(session, actor, match_id)
    offered = [one.code for one in half_days.ahead()]
    chosen = [code for code in offered if code in set(halves)]
    if len(chosen) != len(set(halves)):
        raise BadField("halves", _("这个时候选不了了，请重新点"))
    if len(chosen) > MOST:
        raise BadField("halves", _("最多点 %(n)d 个", n=MOST))
    if not chosen and not wants_call:
        raise BadField("halves", _("请点一个能去的时候，或者点打电话商量"))
    at = _hold(session, match)
    wish = InterviewWish(
        match_id=match.id,
        interview_at=at,
        halves=chosen,
        wants_call=wants_call,
        state=WishState.OPEN,
        asked_at=clock.now(),
        asked_by_id=actor.account_id,
    )
    try:
        with session.begin_nested():
            session.add(wish)
    except IntegrityError as error:
        raise Conflict(_("已经跟单位说了想改时间，正在等回话。")) from error
    _note(session, actor, match, MatchAction.ASK_OTHER_TIME)
    return match


def can_come(session: Session, actor: Actor, *, match_id: int) -> Match:
    """Take the wish back: the person can come as agreed after all."""
    match = _answered_for(session, actor, match_id)
    return _settle(session, actor, match, WishState.TAKEN_BACK, MatchAction.CAN_COME)


def keep_time(session: Session, actor: Actor, *, match_id: int) -> Match:
    """Say for the employer that the time stays as it is."""
    match = visible_match(session, actor, match_id)
    if actor.employer_id is None and not policy.can_decide(actor):
        raise Forbidden
    return _settle(session, actor, match, WishState.KEPT, MatchAction.KEEP_TIME)


def _answered_for(session: Session, actor: Actor, match_id: int) -> Match:
    match = visible_match(session, actor, match_id)
    if not policy.can_answer(actor, resident_id=match.resident_id):
        raise Forbidden
    return match


def _settle(
    session: Session, actor: Actor, match: Match, state: WishState, action: MatchAction
) -> Match:
    _hold(session, match)
    if not settle_wish(session, actor, match, state):
        raise Conflict(_("没有等着改的时间了，请看看最新情况。"))
    _note(session, actor, match, action)
    return match


def _hold(session: Session, match: Match) -> datetime:
    """Keep the interview from other writers and return its time; refuse what is over."""
    at = match.interview_at
    held = (
        update(Match)
        .where(
            col(Match.id) == match.id,
            col(Match.state) == MatchState.INTERVIEW,
            col(Match.interview_at) == at,
            col(Match.interview_at) > clock.now(),
        )
        .values(state=MatchState.INTERVIEW)
        .execution_options(synchronize_session=False)
    )
    if at is None or session.exec(held).rowcount != 1:
        raise Conflict(_("这次面试已经过了，或者改过了。请看看最新情况。"))
    return at


def _note(session: Session, actor: Actor, match: Match, action: MatchAction) -> None:
    take_note(session, actor, match, action)
    details = {"on_behalf": True} if actor.is_staff else {}
    audit.record(session, f"match.{action.value}", match, **details)
