"""What an employer does with an applicant; staff record it too when it was said by phone."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, update

from webapp import events
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound, Refused
from webapp.core.photos import Kept
from webapp.employment.services import contract_photos, terms
from webapp.employment.services.terms import Signed
from webapp.engine.suggestion_requests import request_suggestions
from webapp.matches import policy
from webapp.matches.lifecycle import WITH_EMPLOYER, MatchAction, MatchState, after
from webapp.matches.models import Match, RefusalRemark
from webapp.matches.reason_codes import RefuseReason, RemarkVerdict, refusal_sentence
from webapp.matches.services.access import visible_match
from webapp.matches.services.suspensions import EXCLUSIVE, suspend_matches
from webapp.matches.services.transitions import (
    get_opening,
    lock_resident,
    state_conflict,
    transition,
)
from webapp.openings.models import Opening
from webapp.residents.models import ResidentState
from webapp.rulebook import lint


def mark_seen(session: Session, actor: Actor, *, match_id: int) -> Match:
    """Note that the employer has looked at the applicant; again changes nothing."""
    match = _applicant(session, actor, match_id)
    if match.state in WITH_EMPLOYER - {MatchState.APPLIED}:
        return match
    return _step(session, actor, match, MatchAction.SEE)


def invite(
    session: Session,
    actor: Actor,
    *,
    match_id: int,
    at: datetime,
    place: str,
    contact: str = "",
    bring: str = "",
) -> Match:
    """Invite the applicant to an interview; a second time moves it.

    ``contact`` is whom to ask for there, ``bring`` what to bring along.
    """
    if at <= clock.now():
        raise Refused(_("面试时间已经过去了，请重新选。"))
    for field, words in (("place", place), ("contact", contact), ("bring", bring)):
        refuse_forbidden_words(field, words)
    match = _applicant(session, actor, match_id)
    return _step(
        session,
        actor,
        match,
        MatchAction.INVITE_INTERVIEW,
        interview_at=at,
        interview_place=place,
        interview_contact=contact,
        interview_bring=bring,
    )


def offer_job(session: Session, actor: Actor, *, match_id: int, note: str = "") -> Match:
    """Note that the employer wants this applicant; ``note`` is shown to the resident."""
    refuse_forbidden_words("message", note)
    match = _applicant(session, actor, match_id)
    return _step(session, actor, match, MatchAction.OFFER_JOB, reason=note)


def refuse(
    session: Session, actor: Actor, *, match_id: int, code: RefuseReason, remark: str = ""
) -> Match:
    """Take somebody else; the resident reads the sentence that belongs to ``code``.

    A ``remark`` is held until staff have read it. Raises :class:`BadField` for one that says
    what openings may not say either.
    """
    match = _applicant(session, actor, match_id)
    refuse_forbidden_words("remark", remark)
    match = _step(
        session, actor, match, MatchAction.REFUSE, code=code.value, note=refusal_sentence(code)
    )
    if remark:
        held = RefusalRemark(
            match_id=match.id,
            text=remark,
            written_by_id=actor.account_id,
            written_at=clock.now(),
        )
        session.add(held)
        session.flush()
    return match


def judge_remark(
    session: Session, actor: Actor, *, match_id: int, remark_id: int, verdict: RemarkVerdict
) -> RefusalRemark:
    """Let the resident read an employer's remark, or keep it from them.

    Raises ``Conflict`` when it has been read already.
    """
    if not policy.can_decide(actor):
        raise Forbidden
    match = visible_match(session, actor, match_id)
    remark = session.get(RefusalRemark, remark_id)
    if remark is None or remark.match_id != match.id:
        raise NotFound
    judge = (
        update(RefusalRemark)
        .where(col(RefusalRemark.id) == remark_id, col(RefusalRemark.verdict).is_(None))
        .values(verdict=verdict, read_by_id=actor.account_id, read_at=clock.now())
    )
    if session.exec(judge).rowcount != 1:
        raise Conflict(_("刚才已经有人看过了"))
    if verdict is RemarkVerdict.RELEASED:
        refuse_forbidden_words("remark", remark.text)  # rules may have come since
        if match.state is MatchState.REFUSED:
            match.note = _("%(why)s。单位还说：%(words)s", why=match.note, words=remark.text)[:300]
            session.add(match)
    session.refresh(remark)
    audit.record(session, "match.judge_remark", match, outcome=verdict)
    return remark


def refuse_forbidden_words(field: str, words: str) -> None:
    """Raise :class:`BadField` when words that a resident reads shut people out."""
    blocked = [one for one in lint.check([words]) if one.blocks]
    if blocked:
        says = "；".join(dict.fromkeys(f"{one.says}：“{one.phrase}”" for one in blocked))
        raise BadField(field, _("这句话不能这样写。%(says)s", says=says))


def hire(
    session: Session,
    actor: Actor,
    *,
    match_id: int,
    start_date: date,
    evidence: str,
    signed: Signed | None = None,
    photos: Sequence[Kept] = (),
) -> Match:
    """Hire the applicant: takes one place and suspends their other matches.

    ``signed`` is what the contract says, if told; :class:`BadField` for what law forbids.
    ``photos`` are pictures of it.

    A job or a stall of one's own makes the person employed; a course or piecework does not
    keep anybody from looking for more. Raises :class:`Conflict` when no place is left.
    """
    match = _applicant(session, actor, match_id)
    resident = lock_resident(session, match.resident_id)
    session.refresh(match)
    if after(match.state, MatchAction.HIRE) is None:
        raise state_conflict(match.state)
    if signed is not None:
        _keep_terms(session, actor, match, start_date, signed)
    contract_photos.add(session, actor, match_id=match.id, photos=photos)
    take_place = (
        update(Opening)
        .where(
            col(Opening.id) == match.opening_id, col(Opening.hired_count) < col(Opening.headcount)
        )
        .values(hired_count=col(Opening.hired_count) + 1)
        .execution_options(synchronize_session=False)
    )
    if session.exec(take_place).rowcount != 1:
        raise Conflict(_("名额已满，不能再录用。要多招人，请先改招聘人数。"))
    _step(
        session,
        actor,
        match,
        MatchAction.HIRE,
        start_date=start_date,
        evidence=evidence,
        previous_state=match.state,  # where an undone hire goes back to
    )
    if get_opening(session, match).kind in EXCLUSIVE:
        suspend_matches(session, actor, resident_id=match.resident_id, subject=match)
        if resident.state is not ResidentState.LEFT:
            resident.state = ResidentState.EMPLOYED
            resident.updated_at = clock.now()
            session.add(resident)
    request_suggestions(session, resident_id=match.resident_id)
    return match


def _keep_terms(
    session: Session, actor: Actor, match: Match, start_date: date, signed: Signed
) -> None:
    asked = events.ProbationAsked(match.id)
    events.announce(session, actor, asked)
    terms.check(
        signed,
        starts_on=start_date,
        place=get_opening(session, match).place,
        trial_days=sum(asked.days),
    )
    terms.write(session, actor, match_id=match.id, signed=signed)


def _applicant(session: Session, actor: Actor, match_id: int) -> Match:
    """Return the applicant's match, for the employer or for staff who record for them."""
    match = visible_match(session, actor, match_id)
    if actor.employer_id is None and not policy.can_decide(actor):
        raise Forbidden
    return match


def _step(
    session: Session, actor: Actor, match: Match, action: MatchAction, **values: Any
) -> Match:
    return transition(session, actor, match, action, on_behalf=actor.is_staff, **values)
