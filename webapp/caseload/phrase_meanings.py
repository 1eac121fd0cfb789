"""Have the meanings of what residents can and want worked out, for searches among them."""

from flask import current_app
from sqlalchemy import func, select
from sqlmodel import col

from webapp.core import clock
from webapp.core.db import Database
from webapp.engine import meanings
from webapp.residents.models import Experience, Resident, ResidentState

_DONE_FOR = "residents_with_meanings"


def keep_meanings(db: Database) -> int:
    """Have the meanings of phrases that are new worked out; return how many.

    Done by the scheduler; the files are read only when one has changed since its last time.
    """
    here = col(Resident.state) != ResidentState.LEFT
    with db.reader() as session:
        stamps = select(func.count(), func.max(col(Resident.updated_at))).where(here)
        jobs = select(func.count(), func.max(col(Experience.id)))
        state = (
            tuple(session.execute(stamps).one()),
            tuple(session.execute(jobs).one()),
            clock.today(),
        )
        if current_app.extensions.get(_DONE_FOR) == state:
            return 0
        rows = session.execute(select(col(Resident.wanted), col(Resident.skills)).where(here))
        phrases = {phrase for row in rows for phrases in row for phrase in phrases}
        phrases.update(session.execute(select(col(Experience.title)).distinct()).scalars())
    done = meanings.keep_phrase_meanings(db, sorted(phrases))
    current_app.extensions[_DONE_FOR] = state
    return done
