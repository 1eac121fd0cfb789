"""Answers of residents, by themselves or recorded by staff on their behalf."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, Gone, NotFound
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.matches import policy
from webapp.matches.lifecycle import (
    ENDS_AT_INTEREST,
    OPEN_TO_DIRECT_APPLICATION,
    MatchAction,
    MatchOrigin,
    MatchState,
)
from webapp.matches.models import Match
from webapp.matches.reason_codes import ApplyBasis, Channel, DeclineReason
from webapp.matches.services import requirements
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
from webapp.openings.kind_words import OWN_PAGE
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.residents.models import ConsentChannel, ConsentPurpose, Resident
from webapp.residents.services import consents, phones

_NEVER_PUBLIC = frozenset({OpeningState.DRAFT, OpeningState.SUBMITTED, OpeningState.RETURNED})
_WAITING = frozenset({MatchState.OFFERED, MatchState.NO_REPLY})
_LONGEST_REASON = 300  # of an event


def say_interested(
    session: Session, actor: Actor, *, match_id: int, knowing: frozenset[str] = frozenset()
) -> Match:
    """Note that the resident wants this opening; saying so again changes nothing.

    A resident is told of broken rules first, as when they apply directly (:func:`apply_directly`
    for ``knowing``); staff who note a call have them on the match's page.
    """
    match = _to_answer(session, actor, match_id)
    if match.state is MatchState.INTERESTED:
        return match
    opening = get_opening(session, match)
    if opening.kind in ENDS_AT_INTEREST:  # what goes on from there locks in this order
        lock_resident(session, match.resident_id)
        lock_opening(session, opening.id, to_write=True)
        session.refresh(match)
    refuse_closed(session, opening)
    found = requirements.weigh(session, resident_id=match.resident_id, opening=opening)
    on_behalf = _on_behalf(actor, match)
    if on_behalf:
        requirements.refuse_barred(found)
    else:
        # What else is not known was asked beside the offer.
        broken = frozenset(one["code"] for one in found.broken)
        requirements.require_told(found, knowing=knowing, codes=broken)
    return transition(
        session,
        actor,
        match,
        MatchAction.SAY_INTERESTED,
        on_behalf=on_behalf,
        **_basis(found, told=not on_behalf),
        **requirements.keep(match, found, knowing=not on_behalf),
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
    _refuse_begun(session, match)
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

    Raises :class:`Gone` or :class:`Conflict` when the opening takes nobody any more, and
    :class:`Conflict` while the person's number is not proven: it stays ``interested`` until then.
    """
    match = _to_answer(session, actor, match_id)
    if get_opening(session, match).kind in ENDS_AT_INTEREST:  # nobody to tell: the yes is all
        return say_interested(session, actor, match_id=match_id)
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
    if not _may_be_shown(session, match.resident_id):
        raise Conflict(_("本人的手机号还没有核对，先核对，再告诉单位。愿意的话已经可以先记下。"))
    if match.state in _WAITING:  # staff note 愿意 and 同意 of one telephone call
        say_interested(session, actor, match_id=match_id)
    else:
        requirements.refuse_barred(
            requirements.weigh(session, resident_id=match.resident_id, opening=opening)
        )
    _give_consent(session, actor, match, opening, channel)
    return _hand_in(session, actor, match, on_behalf=on_behalf)


def apply_directly(
    session: Session,
    actor: Actor,
    *,
    opening_id: int,
    knowing: frozenset[str] = frozenset(),
    asked_later: bool = False,
) -> Match:
    """Apply for a published opening without a suggestion.

    ``knowing`` are the codes of broken rules and open questions that the resident has read and
    goes on in spite of: :class:`~webapp.matches.services.requirements.RulesNotTold` is raised
    while one is missing. Those broken are kept with the match. ``asked_later``: a newcomer, who
    said that they are old enough and is asked the rest afterwards. Of a newcomer the wish for a
    course or a stall is taken down too: it takes no seat and no lot.

    Where consent stands already, or there is no employer to share with, it is handed in at
    once, if the person's number is proven. What is under way is returned as it is. Raises
    :class:`NotFound` for what was never public, :class:`Gone` when it has ended,
    :class:`Conflict` when it is full and :class:`Refused` for who is too young.
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
    if opening.kind in ENDS_AT_INTEREST and not asked_later:
        raise Conflict(_("请在它自己的那一页报名。"))
    refuse_closed(session, opening)
    found = requirements.weigh(session, resident_id=actor.resident_id, opening=opening)
    if asked_later:
        requirements.refuse_barred(found)
    else:
        requirements.require_told(found, knowing=knowing)
    basis = _basis(found, told=not asked_later)
    if match is None:
        match = Match(
            resident_id=actor.resident_id,
            opening_id=opening_id,
            state=MatchState.INTERESTED,
            origin=MatchOrigin.RESIDENT,
            since=clock.now(),
        )
        for column, value in requirements.keep(match, found, knowing=not asked_later).items():
            setattr(match, column, value)
        try:
            start(session, actor, match, action=MatchAction.APPLY_DIRECTLY, **basis)
        except Conflict:  # the second tap of two came first
            match = _existing(session, actor.resident_id, opening_id)
            if match is None:
                raise
            return match
    else:
        # What had been offered to them keeps who offered it; the rest they found themselves.
        origin = match.origin if match.state in _WAITING else MatchOrigin.RESIDENT
        transition(
            session,
            actor,
            match,
            MatchAction.APPLY_DIRECTLY,
            origin=origin,
            **basis,
            **requirements.keep(match, found, knowing=not asked_later),
        )
    shared = opening.employer_id is None or consents.standing(
        session,
        resident_id=actor.resident_id,
        purpose=ConsentPurpose.EMPLOYER,
        employer_id=opening.employer_id,
    )
    if shared and _may_be_shown(session, actor.resident_id):
        return _hand_in(session, actor, match, on_behalf=False)
    return match


def withdraw(session: Session, actor: Actor, *, match_id: int) -> Match:
    """Take back what is under way; doing it again changes nothing."""
    match = _to_answer(session, actor, match_id)
    if match.state is MatchState.WITHDRAWN:
        return match
    _refuse_begun(session, match)
    return transition(
        session, actor, match, MatchAction.WITHDRAW, on_behalf=_on_behalf(actor, match)
    )


def _refuse_begun(session: Session, match: Match) -> None:
    """Raise :class:`Conflict` where a yes has begun something else, which is taken back there."""
    begun = match.state is MatchState.INTERESTED
    kind = get_opening(session, match).kind
    if begun and kind in ENDS_AT_INTEREST:
        raise Conflict(_("已经报了名，要撤回就在「%(page)s」里点。", page=OWN_PAGE[kind]))


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


def _basis(found: requirements.Requirements, *, told: bool) -> dict[str, Any]:
    """Return code and reason of the event of somebody who goes on knowing of broken rules."""
    if not found.broken or not told:
        return {}
    texts = "；".join(one["text"] for one in found.broken)
    return {"code": ApplyBasis.KNOWING.value, "reason": texts[:_LONGEST_REASON]}


def _may_be_shown(session: Session, resident_id: int) -> bool:
    """Whether the person's number is proven, or staff act for them."""
    return phones.is_proven(session, session.get_one(Resident, resident_id))


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
