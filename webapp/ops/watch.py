"""Notice what is not as it should be, tell the admins of it once, and note when it is over."""

from datetime import datetime

from sqlmodel import Session, col, select, update

from webapp.accounts.models import Account
from webapp.admin.models import UpkeepMatter, UpkeepNotice
from webapp.core import clock
from webapp.core.access import SYSTEM, Role
from webapp.core.db import Database
from webapp.notices import outbox, telephones
from webapp.ops import lateness

#: What is the matter: of what, and since when, where that is known.
Matters = dict[tuple[UpkeepMatter, str], datetime | None]


def look(db: Database) -> tuple[int, int]:
    """Compare what is the matter with what was noticed; return how many are new and over."""
    with db.reader() as session:
        found = matters(session)
    with db.transaction(SYSTEM) as session:
        known = {
            (row.matter, row.subject): row
            for row in session.exec(
                select(UpkeepNotice).where(col(UpkeepNotice.ended_at).is_(None))
            )
        }
        new = [key for key in found if key not in known]
        over = [row.id for key, row in known.items() if key not in found]
        rows = [
            UpkeepNotice(
                matter=matter, subject=subject, since=found[matter, subject], noticed_at=clock.now()
            )
            for matter, subject in new
        ]
        session.add_all(rows)
        session.flush()
        if rows:
            _tell(session, key=f"upkeep:{rows[-1].id}")
        if over:
            session.exec(
                update(UpkeepNotice)
                .where(col(UpkeepNotice.id).in_(over), col(UpkeepNotice.ended_at).is_(None))
                .values(ended_at=clock.now())
            )
    return len(new), len(over)


def matters(session: Session) -> Matters:
    """Return what is the matter now."""
    found: Matters = {}
    for state in lateness.states(session):
        if state.late_since is not None:
            found[UpkeepMatter.JOB_LATE, state.job.name] = state.late_since
    for often in lateness.frequent_states(session):
        if often.late_since is not None:
            found[UpkeepMatter.JOB_LATE, often.job.name] = often.late_since
    return found


def _tell(session: Session, *, key: str) -> None:
    """Tell every admin outside that something new is there; who set the channels up wants it."""
    channels = outbox.people_channels(session)
    admins = _admins(session)
    telephones.put(session, key=key, account_ids=admins)
    for account_id in admins:
        outbox.put(session, key=f"{key}:{account_id}", channel_ids=channels, account_id=account_id)


def _admins(session: Session) -> list[int]:
    return list(
        session.exec(
            select(Account.id)
            .where(Account.role == Role.ADMIN, col(Account.enabled))
            .order_by(col(Account.id))
        )
    )
