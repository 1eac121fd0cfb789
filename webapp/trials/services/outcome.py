"""What came of a trial day: each side's word, and the branch's decision where they differ."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, or_, select

from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import BadField, Conflict, Forbidden, Refused
from webapp.core.labels import LabelledEnum
from webapp.employment.lifecycle import ContractKind
from webapp.matches.reason_codes import DeclineReason, RefuseReason
from webapp.trials import policy
from webapp.trials.lifecycle import Cause, Heard, Outcome, Party, TrialAction, TrialState
from webapp.trials.models import TrialDay
from webapp.trials.services.transitions import locked_trial, move, speaking_side, tell, way_of

# What says why, by outcome.
WHY: dict[Outcome, type[LabelledEnum]] = {
    Outcome.EMPLOYER_NO: RefuseReason,
    Outcome.RESIDENT_NO: DeclineReason,
    Outcome.NOT_HELD: Cause,
}


@dataclass(frozen=True)
class Word:
    """What one side says came of it; ``why`` is a code of :data:`WHY`, empty where none is asked.

    ``starts_on`` and ``contract`` go with a job, ``sentence`` with what the other said otherwise.
    """

    outcome: Outcome
    why: str = ""
    starts_on: date | None = None
    contract: ContractKind | None = None
    sentence: str = ""


def say(
    session: Session,
    actor: Actor,
    *,
    trial_id: int,
    side: Party,
    word: Word,
    heard: Heard | None = None,
) -> TrialDay:
    """Note a side's word, once. Two that agree settle it, two that differ go to the branch.

    Staff say how they ``heard`` it. Who says otherwise than the other side writes a sentence.
    """
    trial, party = locked_trial(session, actor, trial_id)
    speaking_side(party, side)
    _refuse_early(trial)
    if said(trial, side) is not None:
        raise Conflict(_("这一边已经说过了。说错了，请告诉社区。"))
    _check(trial, side, word)
    other = _other(side)
    theirs = said(trial, other)
    same = theirs is not None and _is_same(theirs, word)
    if theirs is not None and not same and not word.sentence:
        raise BadField("sentence", _("两边说的不一样，请写一句是怎么回事"))
    _note(trial, side, word, way_of(party, heard))
    session.add(trial)
    session.flush()
    if same:
        _settle(session, trial, word.outcome, _cause(word))
    elif theirs is not None:
        move(session, trial, TrialAction.DISPUTE)
    audit.record(session, "trial.outcome", trial, **_on_behalf(actor))
    tell(session, trial, (other,), f"said:{side.value}")
    return trial


def confirm(
    session: Session, actor: Actor, *, trial_id: int, side: Party, heard: Heard | None = None
) -> TrialDay:
    """Sign what the other side wrote: it was so."""
    trial, party = locked_trial(session, actor, trial_id)
    speaking_side(party, side)
    theirs = said(trial, _other(side))
    if theirs is None:
        raise Conflict(_("对方还没有说结果。"))
    return say(session, actor, trial_id=trial_id, side=side, word=theirs, heard=heard)


def decide(
    session: Session,
    actor: Actor,
    *,
    trial_id: int,
    outcome: Outcome,
    cause: Cause | None,
    note: str,
) -> TrialDay:
    """Settle what the two sides tell differently, with a note (staff).

    A no, an illness or a cause of the person's stands only where their own word says so.
    """
    if not policy.can_decide(actor):
        raise Forbidden
    trial, _party = locked_trial(session, actor, trial_id)
    if trial.state is not TrialState.DISPUTED:
        raise Conflict(_("两边没有说得不一样，不用社区来定。"))
    if (outcome is Outcome.NOT_HELD) != (cause is not None):
        raise BadField("cause", _("没有去成的，选一个原因；别的不用选"))
    own = said(trial, Party.RESIDENT)
    own_no = own is not None and own.outcome is outcome
    if outcome is Outcome.RESIDENT_NO and not own_no:
        raise BadField("outcome", _("本人没有这样说，不能记成本人不去"))
    if cause in {Cause.RESIDENT, Cause.ILLNESS} and (own is None or own.why != cause):
        raise BadField("cause", _("本人没有这样说，不能算到本人头上"))
    _settle(session, trial, outcome, cause, decided_by_id=actor.account_id, decision=note)
    audit.record(session, "trial.decide", trial)
    tell(session, trial, (Party.RESIDENT, Party.EMPLOYER), "decided")
    return trial


def said(trial: TrialDay, side: Party) -> Word | None:
    """Return what a side said, ``None`` before."""
    outcome = trial.employer_outcome if side is Party.EMPLOYER else trial.resident_outcome
    if outcome is None:
        return None
    return Word(
        outcome=outcome,
        why=trial.employer_why if side is Party.EMPLOYER else trial.resident_why,
        starts_on=trial.starts_on if outcome is Outcome.CAME_TO_JOB else None,
        contract=trial.contract if outcome is Outcome.CAME_TO_JOB else None,
        sentence="",
    )


def days_worked(session: Session, *, match_id: int) -> int:
    """Return how many days of a match's trial count into a probation that follows.

    Agreed days count unless it is known that they did not take place.
    """
    held = session.exec(
        select(TrialDay).where(
            TrialDay.match_id == match_id,
            col(TrialDay.state).in_([TrialState.AGREED, TrialState.DISPUTED, TrialState.SETTLED]),
            or_(col(TrialDay.outcome).is_(None), col(TrialDay.outcome) != Outcome.NOT_HELD),
        )
    ).all()
    return sum(trial.days for trial in held if trial.last_day <= clock.today())


def can_be_told(trial: TrialDay, side: Party) -> bool:
    """Whether it is time for a side's word, and it has not been said."""
    return (
        trial.state is TrialState.AGREED
        and trial.first_day <= clock.today()
        and said(trial, side) is None
    )


def _refuse_early(trial: TrialDay) -> None:
    if trial.state not in {TrialState.AGREED, TrialState.DISPUTED}:
        raise Conflict(_("这次试岗现在是「%(state)s」，不用说结果。", state=trial.state.label))
    if trial.first_day > clock.today():
        raise Refused(_("还没到试岗那天，到了再说结果。"))


def _check(trial: TrialDay, side: Party, word: Word) -> None:
    codes = WHY.get(word.outcome)
    allowed = {one.value for one in codes} if codes else set()
    if word.why and word.why not in allowed:
        raise BadField("why", _("这个原因对不上，请重新选"))
    own_no = {Party.EMPLOYER: Outcome.EMPLOYER_NO, Party.RESIDENT: None}[side]
    if not word.why and word.outcome in {own_no, Outcome.NOT_HELD}:
        raise BadField("why", _("请选一个原因"))
    if word.outcome is Outcome.CAME_TO_JOB:
        first = trial.first_day
        if word.starts_on is None:
            raise BadField("starts_on", _("请填哪天上岗"))
        if not first <= word.starts_on <= first + timedelta(days=90):
            raise BadField("starts_on", _("上岗要在试岗之后、三个月以内"))


def _is_same(one: Word, other: Word) -> bool:
    return one.outcome is other.outcome and _cause(one) is _cause(other)


def _cause(word: Word) -> Cause | None:
    return Cause(word.why) if word.outcome is Outcome.NOT_HELD else None


def _note(trial: TrialDay, side: Party, word: Word, how: Heard) -> None:
    name = side.value
    setattr(trial, f"{name}_outcome", word.outcome)
    setattr(trial, f"{name}_told_how", how)
    setattr(trial, f"{name}_why", word.why)
    setattr(trial, f"{name}_words", word.sentence)
    if word.outcome is Outcome.CAME_TO_JOB and trial.starts_on is None:
        trial.starts_on, trial.contract = word.starts_on, word.contract


def _settle(
    session: Session, trial: TrialDay, outcome: Outcome, cause: Cause | None, **more: Any
) -> None:
    move(session, trial, TrialAction.SETTLE, outcome=outcome, cause=cause, **more)


def _other(side: Party) -> Party:
    return Party.EMPLOYER if side is Party.RESIDENT else Party.RESIDENT


def _on_behalf(actor: Actor) -> dict[str, bool]:
    return {"on_behalf": True} if actor.is_staff else {}
