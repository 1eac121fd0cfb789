"""Whose turn it is in a trial day, its road, and its days for calendars."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import Session, col

from webapp.core import clock
from webapp.core.formatting import moment_words
from webapp.core.icalendar import CalendarEntry, uid_of
from webapp.core.turns import Road, Turn, Waiting
from webapp.residents.models import Resident
from webapp.trials import queries
from webapp.trials.lifecycle import Party, TrialState
from webapp.trials.models import TrialDay
from webapp.trials.services.days import spans
from webapp.trials.services.outcome import can_be_told

S = TrialState


def waiting_of(trial: TrialDay) -> Waiting | None:
    """Return whose turn it is, as the person reads it; ``None`` once it is over."""
    if trial.state is S.PROPOSED:
        theirs = trial.pay_day_fen is None or trial.resident_agreed_at is not None
        return Waiting(Turn.EMPLOYER if theirs else Turn.YOU, trial.first_day)
    if trial.state is S.AGREED:
        if trial.first_day > clock.today():
            return Waiting(Turn.DAY, trial.first_day)
        return Waiting(Turn.YOU if can_be_told(trial, Party.RESIDENT) else Turn.EMPLOYER)
    if trial.state is S.DISPUTED:
        return Waiting(Turn.BRANCH, queries.decide_by(trial))
    return None


def road_of(trial: TrialDay) -> Road:
    """Return the road of a trial day as the person reads it."""
    done = [(trial.created_at, _("说起试岗"))]
    if trial.employer_agreed_at:
        done.append((trial.employer_agreed_at, _("单位说行")))
    if trial.resident_agreed_at:
        done.append((trial.resident_agreed_at, _("您说行")))
    now, _tone = queries.sentence(trial, Party.RESIDENT)
    ahead: list[str] = []
    if trial.state is S.PROPOSED:
        ahead.append(_("两边都说行，签一张纸"))
    if trial.state in {S.PROPOSED, S.AGREED} and trial.first_day > clock.today():
        ahead.append(_("%(days)s去试", days=queries.days_words(trial)))
    if trial.state in {S.PROPOSED, S.AGREED}:
        ahead.append(_("试完两边都说一声，再定上不上岗"))
    return Road(
        [{"text": words, "when": moment_words(at)} for at, words in sorted(done)],
        now,
        waiting_of(trial),
        ahead,
    )


def entries(session: Session, *conditions: Any, url: str = "") -> list[CalendarEntry]:
    """Return trial days for calendars, one entry a day, those called off among them; one query.

    ``conditions`` narrow a query of trial days and residents.
    """
    trials = session.execute(
        select(TrialDay)
        .join(Resident, col(Resident.id) == TrialDay.resident_id)
        .where(col(TrialDay.state) != S.PROPOSED, *conditions)
        .order_by(col(TrialDay.first_day), col(TrialDay.id))
    ).scalars()
    return [entry for trial in trials for entry in _entries(trial, url)]


def _entries(trial: TrialDay, url: str) -> list[CalendarEntry]:
    cancelled = trial.state is S.CANCELLED
    if cancelled and not trial.starts_at:  # nothing was ever agreed, so nobody has it
        return []
    hours = (trial.starts_at, trial.ends_at)
    return [
        CalendarEntry(
            uid=uid_of(f"trial-{trial.id}-{number}"),
            starts_at=starts_at,
            ends_at=ends_at,
            summary=_("试岗"),
            location=trial.address,
            description="",
            changed_at=trial.since,
            sequence=trial.version + cancelled,
            cancelled=cancelled,
            url=url,
        )
        for number, (starts_at, ends_at) in enumerate(spans(trial.first_day, trial.days, hours), 1)
    ]
