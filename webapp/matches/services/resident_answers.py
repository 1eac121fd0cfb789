"""Answers of residents, by themselves or recorded by staff on their behalf."""

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, Gone, NotFound, Refused
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.engine import records
from webapp.matches import policy
from webapp.matches.lifecycle import (
    OPEN_TO_DIRECT_APPLICATION,
    MatchAction,
    MatchOrigin,
    MatchState,
)
from webapp.matches.models import Match
from webapp.matches.reason_codes import Channel, DeclineReason
from webapp.matches.services.access import visible_match
from webapp.matches.services.staff_decisions import start
from webapp.matches.services.transitions import (
    get_opening,
    lock_opening,
    lock_resident,
    state_conflict,
    take_note,
    transition,
)
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import ConsentChannel, ConsentPurpose, Household, Resident
from webapp.residents.services import consents

_NEVER_PUBLIC = frozenset({OpeningState.DRAFT, OpeningState.SUBMITTED, OpeningState.RETURNED})
_WAITING = frozenset({MatchState.OFFERED, MatchState.NO_REPLY})


def say_interested(session: Session, actor: Actor, *, match_id: int) -> Match:
    """Note that the resident wants this opening; saying so again changes nothing."""
    match = _to_answer(session, actor, match_id)
    if match.state is MatchState.INTERESTED:
        return match
    refuse_closed(session, get_opening(session, match))
    return transition(
        session, actor, match, MatchAction.SAY_INTERESTED, on_behalf=_on_behalf(actor, match)
    )


def decline(
    session: Session,
    actor: Actor,
    *,
    match_id: int,
    code: DeclineReason | None = None,
    note: str = "",
) -> Match:
    """Note that the resident chooses something else; no reason needs to be given.

    It serves better suggestions alone: no list, export or figure holds it against anybody.
    """
    match = _to_answer(session, actor, match_id)
    if match.state is MatchState.DECLINED:
        return match
    return transition(
        session,
        actor,
        match,
        MatchAction.DECLINE,
        code=code.value if code else "",
        reason=note,
        on_behalf=_on_behalf(actor, match),
    )


def give_decline_reason(
    session: Session, actor: Actor, *, match_id: int, code: DeclineReason
) -> Match:
    """Record the reason of an earlier decline; giving one is voluntary."""
    match = _to_answer(session, actor, match_id)
    if match.state is not MatchState.DECLINED:
        raise state_conflict(match.state)
    take_note(session, actor, match, MatchAction.GIVE_DECLINE_REASON, code=code.value)
    audit.record(session, "match.answer", match)
    return match


def share_and_apply(session: Session, actor: Actor, *, match_id: int, channel: Channel) -> Match:
    """Record consent to show the file to this employer and hand the application in, in one act.

    Raises :class:`Gone` or :class:`Conflict` when the opening takes nobody any more.
    """
    match = _to_answer(session, actor, match_id)
    # Consent cannot be withdrawn, nor the opening be closed, half-way through.
    lock_resident(session, match.resident_id)
    lock_opening(session, match.opening_id)
    session.refresh(match)
    opening = get_opening(session, match)
    on_behalf = _on_behalf(actor, match)
    if match.state is MatchState.APPLIED:  # the second tap of two
        return match
    if match.state not in {*_WAITING, MatchState.INTERESTED, MatchState.SHARED}:
        raise state_conflict(match.state)
    refuse_closed(session, opening)
    if match.state in _WAITING:  # staff note 愿意 and 同意 of one telephone call
        transition(session, actor, match, MatchAction.SAY_INTERESTED, on_behalf=on_behalf)
    _give_consent(session, actor, match, opening, channel)
    return _hand_in(session, actor, match, on_behalf=on_behalf)


def apply_directly(session: Session, actor: Actor, *, opening_id: int) -> Match:
    """Apply for a published opening without a suggestion.

    Where consent stands already, or there is no employer to share with, it is handed in at
    once. What is under way is returned as it is. Raises :class:`NotFound` for what was never
    public, :class:`Gone` when it has ended, :class:`Conflict` when it is full and
    :class:`Refused` for who is too young.
    """
    if actor.resident_id is None:
        raise Forbidden
    lock_resident(session, actor.resident_id)
    opening = lock_opening(session, opening_id)
    if opening is None or opening.state in _NEVER_PUBLIC:
        raise NotFound
    match = _existing(session, actor.resident_id, opening_id)
    if match is not None and match.state not in OPEN_TO_DIRECT_APPLICATION:
        return match
    refuse_closed(session, opening)
    _refuse_too_young(session, actor.resident_id, opening)
    if match is None:
        match = Match(
            resident_id=actor.resident_id,
            opening_id=opening_id,
            state=MatchState.INTERESTED,
            origin=MatchOrigin.RESIDENT,
            since=clock.now(),
        )
        try:
            start(session, actor, match, action=MatchAction.APPLY_DIRECTLY)
        except Conflict:  # the second tap of two came first
            match = _existing(session, actor.resident_id, opening_id)
            if match is None:
                raise
            return match
    else:
        transition(session, actor, match, MatchAction.APPLY_DIRECTLY)
    if opening.employer_id is None or consents.standing(
        session,
        resident_id=actor.resident_id,
        purpose=ConsentPurpose.EMPLOYER,
        employer_id=opening.employer_id,
    ):
        return _hand_in(session, actor, match, on_behalf=False)
    return match


def withdraw(session: Session, actor: Actor, *, match_id: int) -> Match:
    """Take back what is under way; doing it again changes nothing."""
    match = _to_answer(session, actor, match_id)
    if match.state is MatchState.WITHDRAWN:
        return match
    return transition(
        session, actor, match, MatchAction.WITHDRAW, on_behalf=_on_behalf(actor, match)
    )


def refuse_closed(session: Session, opening: Opening) -> None:
    """Raise :class:`Gone` when the opening has ended, :class:`Conflict` when it is full."""
    employer = session.get(Employer, opening.employer_id) if opening.employer_id else None
    barred = employer is not None and employer.state is not EmployerState.VERIFIED
    ended = opening.state is not OpeningState.PUBLISHED or (
        opening.valid_until is not None and opening.valid_until < clock.today()
    )
    if ended or barred:
        raise Gone(_("这个机会已过期或已经结束，不能再报名了。看看别的吧。"))
    if opening.places_left < 1:
        raise Conflict(_("名额已满，看看别的吧。"))


def _hand_in(session: Session, actor: Actor, match: Match, *, on_behalf: bool) -> Match:
    if match.state is MatchState.INTERESTED:
        transition(session, actor, match, MatchAction.SHARE, on_behalf=on_behalf)
    return transition(session, actor, match, MatchAction.APPLY, on_behalf=on_behalf)


def _give_consent(
    session: Session, actor: Actor, match: Match, opening: Opening, channel: Channel
) -> None:
    """Record consent unless it stands."""
    employer_id = opening.employer_id
    if employer_id is None or consents.standing(
        session,
        resident_id=match.resident_id,
        purpose=ConsentPurpose.EMPLOYER,
        employer_id=employer_id,
    ):
        return
    try:
        with session.begin_nested():
            consents.record(
                session,
                resident_id=match.resident_id,
                purpose=ConsentPurpose.EMPLOYER,
                employer_id=employer_id,
                channel=ConsentChannel(channel.value),
                given_by_id=actor.account_id,
            )
    except IntegrityError:  # given in another window in the same moment
        return


def _refuse_too_young(session: Session, resident_id: int, opening: Opening) -> None:
    resident = session.exec(select(Resident).where(Resident.id == resident_id)).one()
    household = session.get(Household, resident.household_id)
    seeker = records.seeker_record(
        resident, home=household.place if household else "", today=clock.today()
    )
    too_young = records.broken_rules(seeker, records.opening_record(opening)).get("age")
    if too_young:
        raise Refused(too_young)


def _existing(session: Session, resident_id: int, opening_id: int) -> Match | None:
    return session.exec(
        select(Match).where(Match.resident_id == resident_id, Match.opening_id == opening_id)
    ).first()


def _to_answer(session: Session, actor: Actor, match_id: int) -> Match:
    match = visible_match(session, actor, match_id)
    if not policy.can_answer(actor, resident_id=match.resident_id):
        raise Forbidden
    return match


def _on_behalf(actor: Actor, match: Match) -> bool:
    return actor.resident_id != match.resident_id
