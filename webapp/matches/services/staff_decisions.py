"""What staff decide: hand a suggestion on, put it aside, or suggest something of their own."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from webapp import events
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import AppError, Conflict, Forbidden, NotFound, Refused
from webapp.engine import records
from webapp.engine.suggestion_requests import request_suggestions
from webapp.matches import policy
from webapp.matches.lifecycle import CAN_BE_TRIED_AGAIN, MatchAction, MatchOrigin, MatchState
from webapp.matches.models import Match, MatchEvent
from webapp.matches.policy import reaching
from webapp.matches.reason_codes import Channel, DismissReason
from webapp.matches.services import offer_evidence
from webapp.matches.services.access import visible_match
from webapp.matches.services.transitions import lock_opening, take_note, takes_people, transition
from webapp.openings.models import Opening
from webapp.residents.models import Household, Resident, ResidentState

OFFER_DAYS = 7
_DAYS = ("offered_until", "postponed_until")


def confirm_match(
    session: Session,
    actor: Actor,
    *,
    match_id: int,
    channel: Channel,
    offered_until: date | None = None,
) -> Match:
    """Confirm a suggestion and offer it to the resident, in one act.

    A page reaches nobody without an account: then it is a telephone call, or a visit (see
    :func:`webapp.matches.policy.reaching`).

    ``offered_until`` is the last day to answer, by default a week from today. Raises
    :class:`Conflict` when the opening or the person has moved on meanwhile.
    """
    match = _to_decide(session, actor, match_id)
    _refuse_outdated(session, match)
    transition(session, actor, match, MatchAction.CONFIRM, shown=_shown(match))
    return _offer(session, actor, match, channel=channel, until=offered_until)


def dismiss_match(
    session: Session, actor: Actor, *, match_id: int, code: DismissReason, note: str = ""
) -> Match:
    """Put a suggestion aside; it is not made again by itself."""
    match = _to_decide(session, actor, match_id)
    request_suggestions(session, resident_id=match.resident_id)  # the next best comes up
    return transition(
        session,
        actor,
        match,
        MatchAction.DISMISS,
        code=code.value,
        reason=note,
        shown=_shown(match),
        postponed_until=None,
    )


def postpone_match(session: Session, actor: Actor, *, match_id: int, until: date) -> Match:
    """Take a suggestion out of the queue until a day."""
    match = _to_decide(session, actor, match_id)
    if match.state is not MatchState.SUGGESTED:
        raise Conflict(_("刚才已经有人处理了这条推荐，请看看最新情况。"))
    match.postponed_until = until
    session.add(match)
    take_note(
        session,
        actor,
        match,
        MatchAction.POSTPONE,
        reason=until.isoformat(),
        shown=_shown(match),
    )
    audit.record(session, "match.postpone", match, until=until.isoformat())
    return match


def confirm_many(
    session: Session, actor: Actor, *, match_ids: Sequence[int], channel: Channel
) -> tuple[int, int]:
    """Confirm the chosen suggestions; return how many, and how many had moved on."""
    return _many(
        match_ids, lambda id_: confirm_match(session, actor, match_id=id_, channel=channel)
    )


def dismiss_many(
    session: Session,
    actor: Actor,
    *,
    match_ids: Sequence[int],
    code: DismissReason,
    note: str = "",
) -> tuple[int, int]:
    """Put the chosen suggestions aside; return how many, and how many had moved on."""
    return _many(
        match_ids,
        lambda id_: dismiss_match(session, actor, match_id=id_, code=code, note=note),
    )


def _many(match_ids: Sequence[int], act: Any) -> tuple[int, int]:
    done = moved = 0
    for match_id in sorted(set(match_ids)):  # everybody locks in this order
        try:
            act(match_id)
            done += 1
        except (Conflict, NotFound):  # checked before anything of it was written
            moved += 1
    return done, moved


def renew_offer(
    session: Session, actor: Actor, *, match_id: int, channel: Channel, until: date | None = None
) -> Match:
    """Offer once more what the resident has not answered."""
    match = _to_decide(session, actor, match_id)
    _refuse_outdated(session, match)
    stood = kept_to_undo(match)
    return _offer(session, actor, match, channel=channel, until=until, stood=stood)


def suggest_own(
    session: Session,
    actor: Actor,
    *,
    resident_id: int,
    opening_id: int,
    channel: Channel,
    note: str = "",
) -> Match:
    """Offer an opening to a resident on one's own judgement.

    What has ended (declined, withdrawn, …) may be tried again. Raises :class:`Conflict` when
    the pair is under way or the opening takes nobody, :class:`Refused` against the age rule.
    """
    if not policy.can_decide(actor):
        raise Forbidden
    lock_opening(session, opening_id)  # it cannot be closed half-way through
    resident, opening = _pair(session, resident_id, opening_id)
    gaps = _gaps(session, resident, opening)
    match = session.exec(
        select(Match).where(Match.resident_id == resident_id, Match.opening_id == opening_id)
    ).first()
    stood = None
    if match is None:
        match = _create(session, actor, resident, opening, note=note, gaps=gaps)
    elif match.state is MatchState.SUGGESTED:
        transition(session, actor, match, MatchAction.CONFIRM, reason=note, shown=_shown(match))
    elif match.state in CAN_BE_TRIED_AGAIN:
        stood = kept_to_undo(match)
        transition(session, actor, match, MatchAction.SUGGEST_AGAIN, reason=note)
    else:
        raise Conflict(_("这位居民和这个机会已经在办了，不用再推荐。"))
    return _offer(session, actor, match, channel=channel, until=None, stood=stood)


def suggest_again(session: Session, actor: Actor, *, match_id: int, channel: Channel) -> Match:
    """Offer once more what has ended: declined, withdrawn, refused, left or put aside."""
    match = _to_decide(session, actor, match_id)
    return suggest_own(
        session,
        actor,
        resident_id=match.resident_id,
        opening_id=match.opening_id,
        channel=channel,
    )


def _create(
    session: Session,
    actor: Actor,
    resident: Resident,
    opening: Opening,
    *,
    note: str,
    gaps: list[dict[str, str]],
) -> Match:
    match = Match(
        resident_id=resident.id,
        opening_id=opening.id,
        state=MatchState.CONFIRMED,
        origin=MatchOrigin.STAFF,
        reasons=[{"code": "staff", "text": note}] if note else [],
        gaps=gaps,
        since=clock.now(),
    )
    start(session, actor, match, action=MatchAction.SUGGEST_OWN, reason=note)
    return match


def start(
    session: Session,
    actor: Actor,
    match: Match,
    *,
    action: MatchAction,
    code: str = "",
    reason: str = "",
) -> MatchEvent:
    """Add a new match with its first event; :class:`Conflict` when the pair exists already."""
    try:
        with session.begin_nested():
            session.add(match)
    except IntegrityError as error:
        raise Conflict(_("刚才已经有人处理了这条推荐，请看看最新情况。")) from error
    event = MatchEvent(
        match_id=match.id,
        at=clock.now(),
        account_id=actor.account_id,
        action=action.value,
        from_state="",
        to_state=match.state.value,
        code=code,
        reason=reason,
    )
    session.add(event)
    session.flush()
    events.announce(session, actor, events.MatchMoved(match, event))
    audit.record(session, f"match.{action.value}", match, after=match.state.value)
    return event


def _pair(session: Session, resident_id: int, opening_id: int) -> tuple[Resident, Opening]:
    resident = session.get(Resident, resident_id)
    opening = session.get(Opening, opening_id)
    if resident is None or opening is None:
        raise NotFound
    if resident.state is ResidentState.LEFT:
        raise Conflict(_("这位居民已经搬走了。"))
    if not takes_people(session, opening_id):
        raise Conflict(_("这个机会现在不招人：没有发布、已过期，或者名额已满。"))
    return resident, opening


def _gaps(session: Session, resident: Resident, opening: Opening) -> list[dict[str, str]]:
    """Return broken rules and open questions for staff to weigh; the law's are not theirs to."""
    household = session.get(Household, resident.household_id)
    seeker = records.seeker_record(
        resident, home=household.place if household else "", today=clock.today()
    )
    record = records.opening_record(opening)
    broken = records.broken_rules(seeker, record)
    if "age" in broken:
        raise Refused(broken["age"])
    return [
        *({"code": code, "text": text} for code, text in broken.items()),
        *records.unknowns(seeker, record),
    ]


def _offer(
    session: Session,
    actor: Actor,
    match: Match,
    *,
    channel: Channel,
    until: date | None,
    stood: dict[str, Any] | None = None,
) -> Match:
    last_day = until or clock.today() + timedelta(days=OFFER_DAYS)
    resident = session.get_one(Resident, match.resident_id)
    offered = transition(
        session,
        actor,
        match,
        MatchAction.OFFER,
        before_it=stood,
        channel=reaching(resident, channel).value,
        offered_until=last_day,
        postponed_until=None,
    )
    offer_evidence.keep(session, offered)
    return offered


def _to_decide(session: Session, actor: Actor, match_id: int) -> Match:
    if not policy.can_decide(actor):
        raise Forbidden
    return visible_match(session, actor, match_id)


def _refuse_outdated(session: Session, match: Match) -> None:
    fault: AppError | None = None
    if not takes_people(session, match.opening_id):
        fault = Conflict(_("这个机会现在不招人：没有发布、已过期，或者名额已满。"))
    state = session.exec(
        select(col(Resident.state)).where(col(Resident.id) == match.resident_id)
    ).one()
    if state is not ResidentState.SEEKING:
        fault = Conflict(_("这位居民现在没有在找活路，先问问本人再推荐。"))
    if fault:
        raise fault


def kept_to_undo(match: Match) -> dict[str, Any]:
    """Return what an offer changes of a match, for taking it back at once."""
    return {
        "channel": match.channel,
        "since": match.since.isoformat(),
        **{name: day.isoformat() if (day := getattr(match, name)) else None for name in _DAYS},
    }


def as_it_stood(step: MatchEvent) -> dict[str, Any]:
    """Return what an offer taken back puts in place again; of a suggestion, nothing was there."""
    kept = step.before_it
    if kept is None:
        return {"channel": "", **dict.fromkeys(_DAYS)}
    return {
        "channel": kept["channel"],
        "since": datetime.fromisoformat(kept["since"]),
        **{name: date.fromisoformat(kept[name]) if kept[name] else None for name in _DAYS},
    }


def _shown(match: Match) -> dict[str, Any] | None:
    """Return what the ranking had put before the person who decides."""
    if match.computed_at is None:
        return None
    return {
        "position": match.position,
        "rank": match.rank,
        "propensity": match.propensity,
        "score": match.score,
        "model_version": match.model_version,
    }
