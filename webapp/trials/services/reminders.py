"""Reminders of the day before, and after it until both sides have said what came of it."""

from datetime import timedelta

from sqlmodel import Session, col, or_, select

from webapp.core import clock
from webapp.notices import quiet_hours
from webapp.residents.models import Resident, ResidentState
from webapp.rulebook.figures import rule
from webapp.trials.lifecycle import Party, TrialState
from webapp.trials.models import TrialDay
from webapp.trials.services.outcome import said
from webapp.trials.services.transitions import tell

_SIDES = (Party.RESIDENT, Party.EMPLOYER)


def remind(session: Session) -> int:
    """Write the reminders that are due now (a job); return how many trial days. Not at night."""
    now = clock.now()
    if quiet_hours.next_allowed(now) > now:
        return 0
    return _remind_before(session) + _ask_after(session)


def _remind_before(session: Session) -> int:
    due = session.exec(
        select(TrialDay)
        .where(
            TrialDay.state == TrialState.AGREED,
            TrialDay.first_day == clock.today() + timedelta(days=1),
            col(TrialDay.reminded_at).is_(None),
        )
        .order_by(col(TrialDay.id))
    ).all()
    for trial in due:
        trial.reminded_at = clock.now()
        session.add(trial)
        tell(session, trial, _SIDES, f"tomorrow:{trial.first_day}")
    return len(due)


def _ask_after(session: Session) -> int:
    pause = timedelta(days=rule("trial_ask_days", on=clock.today()))
    held = session.exec(
        select(TrialDay)
        .join(Resident, col(Resident.id) == TrialDay.resident_id)
        .where(
            TrialDay.state == TrialState.AGREED,
            Resident.state != ResidentState.LEFT,
            TrialDay.first_day < clock.today(),
            or_(col(TrialDay.asked_at).is_(None), col(TrialDay.asked_at) <= clock.now() - pause),
        )
        .order_by(col(TrialDay.id))
    ).all()
    due = [trial for trial in held if trial.last_day < clock.today()]
    for trial in due:
        trial.asked_at = clock.now()
        session.add(trial)
        silent = [side for side in _SIDES if said(trial, side) is None]
        tell(session, trial, silent, f"ask:{clock.today()}")
    return len(due)
