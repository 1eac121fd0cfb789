"""Whose turn it is in a match, and what comes after the present step."""

from datetime import date, timedelta

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.turns import Turn, Waiting
from webapp.core.vocabulary import Kind
from webapp.matches import presentation
from webapp.matches.lifecycle import AWAITS_EMPLOYER, ENDS_AT_INTEREST, TAKEN, MatchState
from webapp.matches.models import Match
from webapp.matches.services import employer_reminders, follow_ups
from webapp.openings.kind_words import by_kind
from webapp.rulebook.figures import rule

S = MatchState


def waiting_of(match: Match, kind: Kind, *, unproven: bool, wish_open: bool) -> Waiting | None:
    """Return whose turn it is in a match, ``None`` where nobody waits.

    ``unproven``: the person's number is not verified; ``wish_open``: another time of the
    interview was asked for and not answered.
    """
    state = match.state
    if state in AWAITS_EMPLOYER:
        return _with_employer(match, wish_open=wish_open)
    if state in {S.OFFERED, S.NO_REPLY}:
        return Waiting(Turn.YOU, match.offered_until if state is S.OFFERED else None)
    if state is S.INTERESTED:
        if kind in ENDS_AT_INTEREST:
            return Waiting(Turn.BRANCH)
        return Waiting(Turn.BRANCH, first_call(match)) if unproven else Waiting(Turn.YOU)
    if state is S.SHARED:
        return Waiting(Turn.BRANCH)
    if state is S.JOB_OFFER:
        return Waiting(Turn.YOU)
    if state is S.HIRED and not presentation.has_begun(match):
        return Waiting(Turn.DAY, match.start_date)
    if state in TAKEN and follow_ups.is_due(match):
        return Waiting(Turn.YOU)
    return None


def _with_employer(match: Match, *, wish_open: bool) -> Waiting:
    at = match.interview_at
    if match.state is S.INTERVIEW and at is not None and at > clock.now():
        day = clock.local(at).date()
        return Waiting(Turn.EMPLOYER if wish_open else Turn.DAY, day)
    if match.chases >= employer_reminders.TOLD or match.asked_at is None:
        return Waiting(Turn.BRANCH)
    days = rule("employer_silence_told_days", on=clock.today())
    return Waiting(Turn.EMPLOYER, clock.local(match.asked_at).date() + timedelta(days=days))


def first_call(match: Match) -> date:
    """Return the day by which the branch calls somebody whose number is not verified."""
    days = rule("first_call_days", on=clock.today())
    return clock.local(match.since).date() + timedelta(days=days)


# The usual course after a yes, as far as a state has come.
_REACHED = {
    S.OFFERED: 0, S.NO_REPLY: 0, S.INTERESTED: 1, S.SHARED: 2, S.APPLIED: 2, S.SEEN: 2,
    S.INTERVIEW: 3, S.JOB_OFFER: 4, S.HIRED: 5,
}  # fmt: skip


def ahead(state: MatchState, kind: Kind) -> list[str]:
    """Return the steps that usually come after ``state``, in words; none of what is over."""
    if kind in ENDS_AT_INTEREST or state not in _REACHED:
        return []
    steps = (
        _("您说愿不愿意"),
        _("您同意，社区告诉单位"),
        _("单位看您的情况，约面试"),
        _("面试，单位说要不要"),
        _("说好哪天上岗"),
        _("上岗满30天，社区来问问"),
    )
    later = 1 if state not in {S.SHARED, S.APPLIED, S.SEEN, S.HIRED} else 0
    return [by_kind(step, kind) for step in steps[_REACHED[state] + later :]]
