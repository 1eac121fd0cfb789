"""What stays of trial days once a person has left: the bare record of work, read by nobody here."""

from datetime import timedelta

from sqlalchemy import select
from sqlmodel import Session, col, delete, update

from webapp.core import clock
from webapp.residents.models import Resident, ResidentState
from webapp.rulebook.figures import rule
from webapp.trials.lifecycle import Cause, TrialState
from webapp.trials.models import TrialDay

_ERASED = "已注销"
_NEVER_WORK = (TrialState.PROPOSED, TrialState.CANCELLED)


def restrict(session: Session, *, resident_id: int) -> None:
    """Keep of a person's trial days what is a record of work, without reasons and words.

    What was never agreed is deleted. The rest is no longer shown
    (:func:`~webapp.trials.services.transitions.visible_trial`), and :func:`forget` deletes it.
    """
    own = col(TrialDay.resident_id) == resident_id
    session.exec(delete(TrialDay).where(own, col(TrialDay.state).in_(_NEVER_WORK)))
    session.exec(
        update(TrialDay)
        .where(own, col(TrialDay.cause).in_([Cause.RESIDENT, Cause.ILLNESS]))
        .values(cause=Cause.OTHER)
    )
    session.exec(update(TrialDay).where(own, col(TrialDay.decision) != "").values(decision=_ERASED))
    session.exec(
        update(TrialDay)
        .where(own)
        .values(resident_why="", resident_words="", employer_why="", employer_words="")
    )


def forget(session: Session) -> int:
    """Delete what was kept of people who have left, its time over (a job); return how many."""
    kept = timedelta(days=rule("service_record_days", on=clock.today()))
    gone = select(col(Resident.id)).where(col(Resident.state) == ResidentState.LEFT)
    done = session.exec(
        delete(TrialDay).where(
            col(TrialDay.first_day) < clock.today() - kept, col(TrialDay.resident_id).in_(gone)
        )
    )
    return int(done.rowcount)
