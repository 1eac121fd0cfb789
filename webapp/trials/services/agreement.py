"""Propose a trial day, change it, agree to it, call it off: all before it begins."""

from dataclasses import asdict
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.errors import BadField, Conflict, Forbidden, NotFound, Refused
from webapp.matches.models import Match
from webapp.matches.services.access import visible_match
from webapp.matches.services.transitions import lock_resident
from webapp.openings.models import Opening
from webapp.trials import policy
from webapp.trials.lifecycle import ONLY_SAID, TO_COME, Heard, Party, TrialAction, TrialState
from webapp.trials.models import TrialDay
from webapp.trials.services.days import clash_of, refuse_days
from webapp.trials.services.terms import Terms, check, refuse_match
from webapp.trials.services.transitions import locked_trial, move, speaking_side, tell, way_of

_OTHERS = {
    Party.RESIDENT: (Party.EMPLOYER,),
    Party.EMPLOYER: (Party.RESIDENT,),
    Party.STAFF: (Party.RESIDENT, Party.EMPLOYER),
}


def propose(
    session: Session,
    actor: Actor,
    *,
    match_id: int,
    first_day: date,
    days: int,
    terms: Terms | None = None,
) -> TrialDay:
    """Propose a trial day on a match; whoever proposes for themself has agreed to it.

    A resident names the days alone, the employer's terms come next. Of two proposals at once
    the second is refused with :class:`Conflict`, as is one to an employer tried before.
    """
    match = visible_match(session, actor, match_id)
    lock_resident(session, match.resident_id)
    session.refresh(match)
    opening = refuse_match(session, match)
    party = policy.party_of(
        actor, resident_id=match.resident_id, employer_id=opening.employer_id or 0
    )
    if party is None:
        raise NotFound
    refuse_days(
        session,
        resident_id=match.resident_id,
        first_day=first_day,
        days=days,
        to=party,
        hours=_hours(terms),
    )
    trial = TrialDay(
        match_id=match.id,
        resident_id=match.resident_id,
        employer_id=opening.employer_id or 0,
        state=TrialState.PROPOSED,
        proposed_by=party,
        first_day=first_day,
        days=days,
        since=clock.now(),
        created_at=clock.now(),
        **_written(session, opening, match.resident_id, party, terms, first_day),
        **_agreed(party, has_terms=terms is not None),
    )
    try:
        with session.begin_nested():
            session.add(trial)
    except IntegrityError as error:
        raise Conflict(_("本人和这家单位已经约过试岗了，一家只试一次。")) from error
    audit.record(session, "trial.propose", trial, by=party.value)
    tell(session, trial, _OTHERS[party], "proposed")
    return trial


def revise(
    session: Session,
    actor: Actor,
    *,
    trial_id: int,
    first_day: date,
    days: int,
    terms: Terms | None = None,
) -> TrialDay:
    """Name other days, or other terms (employer and staff), before it begins.

    Whoever changes it has agreed to the change; the other side is asked again.
    """
    trial, party = locked_trial(session, actor, trial_id)
    _refuse_begun(trial)
    opening = refuse_match(session, session.get_one(Match, trial.match_id))
    own = terms if party is not Party.RESIDENT else None
    refuse_days(
        session,
        resident_id=trial.resident_id,
        first_day=first_day,
        days=days,
        to=party,
        hours=_hours(own) if own else (trial.starts_at, trial.ends_at),
        trial_id=trial.id,
    )
    kept = own or written_terms(trial)
    move(
        session,
        trial,
        TrialAction.REVISE,
        first_day=first_day,
        days=days,
        version=trial.version + 1,
        reminded_at=None,
        **_written(session, opening, trial.resident_id, party, kept, first_day),
        **_agreed(party, has_terms=kept is not None),
    )
    audit.record(session, "trial.revise", trial, by=party.value)
    tell(session, trial, _OTHERS[party], f"revised:{trial.version}")
    return trial


def agree(
    session: Session,
    actor: Actor,
    *,
    trial_id: int,
    version: int,
    side: Party,
    heard: Heard | None = None,
) -> TrialDay:
    """Agree for ``side`` to the terms as they were read; the second yes makes the agreement.

    Staff say how they ``heard`` it. Saying it again changes nothing. Raises :class:`Conflict` when
    the terms have changed since, or the days have been taken by something else.
    """
    trial, party = locked_trial(session, actor, trial_id)
    speaking_side(party, side)
    if trial.version != version:
        raise Conflict(_("条件刚才改过，请再看一遍，行就再点一次。"))
    if _agreed_how(trial, side) is not None and trial.state in TO_COME:
        return trial
    _refuse_begun(trial)
    refuse_match(session, session.get_one(Match, trial.match_id))
    if written_terms(trial) is None:
        raise Conflict(_("单位还没有写清楚时间、工钱和保险，写好了再来点。"))
    if trial.state is not TrialState.PROPOSED:
        raise Conflict(_("这次试岗现在是「%(state)s」，不用再点了。", state=trial.state.label))
    clash = clash_of(session, trial, party)
    if clash:
        raise Conflict(_("%(why)s。先说好别的日子或时间。", why=clash))
    setattr(trial, f"{side.value}_agreed_at", clock.now())
    setattr(trial, f"{side.value}_agreed_how", way_of(party, heard))
    session.add(trial)
    session.flush()
    if trial.employer_agreed_at and trial.resident_agreed_at:
        move(session, trial, TrialAction.AGREE)
    audit.record(session, "trial.answer", trial, **_on_behalf(actor))
    others = [one for one in (Party.RESIDENT, Party.EMPLOYER) if one is not side]
    tell(session, trial, others, f"agreed:{trial.version}:{side.value}")
    return trial


def sign(session: Session, actor: Actor, *, trial_id: int, side: Party) -> TrialDay:
    """Note that a side has signed on paper what it had only said (staff). Again changes nothing."""
    if not policy.can_decide(actor):
        raise Forbidden
    trial, party = locked_trial(session, actor, trial_id)
    speaking_side(party, side)
    how = _agreed_how(trial, side)
    if how is Heard.PAPER:
        return trial
    if how not in ONLY_SAID or trial.state is TrialState.CANCELLED:
        raise Conflict(_("这一边不用再签纸。"))
    setattr(trial, f"{side.value}_agreed_how", Heard.PAPER)
    session.add(trial)
    session.flush()
    audit.record(session, "trial.sign", trial, by=side.value)
    return trial


def cancel(session: Session, actor: Actor, *, trial_id: int) -> TrialDay:
    """Call it off before it begins: nobody is asked why, and it counts as no refusal."""
    trial, party = locked_trial(session, actor, trial_id)
    if trial.state is TrialState.CANCELLED:
        return trial
    _refuse_begun(trial)
    move(session, trial, TrialAction.CANCEL)
    audit.record(session, "trial.answer", trial, **_on_behalf(actor))
    tell(session, trial, _OTHERS[party], "cancelled")
    return trial


def cancel_of_match(session: Session, *, match_id: int) -> None:
    """Call off what has not begun of a match that has ended."""
    for trial in session.exec(
        select(TrialDay).where(
            TrialDay.match_id == match_id,
            col(TrialDay.state).in_(TO_COME),
            TrialDay.first_day > clock.today(),
        )
    ).all():
        move(session, trial, TrialAction.CANCEL)
        audit.record(session, "trial.answer", trial)
        tell(session, trial, (Party.RESIDENT, Party.EMPLOYER), "cancelled")


def lapse(session: Session) -> int:
    """Call off what nobody agreed to before its day (a job); return how many."""
    stale = session.exec(
        select(TrialDay)
        .where(TrialDay.state == TrialState.PROPOSED, TrialDay.first_day <= clock.today())
        .order_by(col(TrialDay.id))
    ).all()
    for trial in stale:
        move(session, trial, TrialAction.CANCEL)
        audit.record(session, "trial.lapse", trial)
        tell(session, trial, (Party.RESIDENT, Party.EMPLOYER), "cancelled")
    return len(stale)


def written_terms(trial: TrialDay) -> Terms | None:
    """Return the terms as they stand, ``None`` before anybody has written them."""
    if trial.pay_day_fen is None or trial.cover is None:
        return None
    return Terms(
        starts_at=trial.starts_at,
        ends_at=trial.ends_at,
        address=trial.address,
        contact=trial.contact,
        duties=trial.duties,
        pay_day_fen=trial.pay_day_fen,
        cover=trial.cover,
        cover_note=trial.cover_note,
    )


def _written(
    session: Session,
    opening: Opening,
    resident_id: int,
    party: Party,
    terms: Terms | None,
    first_day: date,
) -> dict[str, Any]:
    if terms is None:
        if party is not Party.RESIDENT:
            raise BadField("pay_yuan", _("时间、工钱、保险都要写清楚"))
        return {}
    kind = check(session, opening, resident_id, terms, first_day=first_day)
    return {**asdict(terms), "agreement": kind}


def _agreed(party: Party, *, has_terms: bool) -> dict[str, Any]:
    """Return whose yes a new version carries; a person's to terms alone that are written."""
    values: dict[str, Any] = {}
    for side in (Party.RESIDENT, Party.EMPLOYER):
        yes = has_terms and party is side
        values[f"{side.value}_agreed_at"] = clock.now() if yes else None
        values[f"{side.value}_agreed_how"] = Heard.ONLINE if yes else None
    return values


def _agreed_how(trial: TrialDay, side: Party) -> Heard | None:
    return trial.resident_agreed_how if side is Party.RESIDENT else trial.employer_agreed_how


def _refuse_begun(trial: TrialDay) -> None:
    if trial.first_day <= clock.today():
        raise Refused(_("试岗的日子已经到了，改不了，也不用取消。没去成，就在结果里说。"))


def _hours(terms: Terms | None) -> tuple[str, str]:
    return (terms.starts_at, terms.ends_at) if terms else ("", "")


def _on_behalf(actor: Actor) -> dict[str, bool]:
    return {"on_behalf": True} if actor.is_staff and actor is not SYSTEM else {}
