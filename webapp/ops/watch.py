"""Notice what is not as it should be, tell the admins of it once, and note when it is over."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, func, select, update

from webapp.accounts.models import Account
from webapp.admin.models import UpkeepMatter, UpkeepNotice
from webapp.core import clock
from webapp.core.access import SYSTEM, Role
from webapp.core.db import Database
from webapp.core.models import JobRun
from webapp.core.settings import Settings
from webapp.notices import outbox, telephones
from webapp.ops import backup_copies, lateness
from webapp.rulebook import reviews

#: What is the matter: of what, and since when, where that is known.
Matters = dict[tuple[UpkeepMatter, str], datetime | None]


def look(db: Database, settings: Settings) -> tuple[int, int]:
    """Compare what is the matter with what was noticed; return how many are new and over."""
    with db.reader() as session:
        found = {
            key: since for source in SOURCES for key, since in source(session, settings).items()
        }
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


def late_jobs(session: Session, _settings: Settings) -> Matters:
    """Return the jobs that are late."""
    found: Matters = {}
    for state in lateness.states(session):
        if state.late_since is not None:
            found[UpkeepMatter.JOB_LATE, state.job.name] = state.late_since
    for often in lateness.frequent_states(session):
        if often.late_since is not None:
            found[UpkeepMatter.JOB_LATE, often.job.name] = often.late_since
    return found


def backups(session: Session, settings: Settings) -> Matters:
    """Return whether the newest good backup is old, and the last one tried did not restore.

    In its first day an installation needs none.
    """
    found: Matters = {}
    now = clock.now()
    good = backup_copies.newest_good(session, settings)
    begun = session.exec(select(func.min(JobRun.started_at))).one()
    since = good.made_at if good else begun
    if since is not None and now - since > backup_copies.OLDEST:
        found[UpkeepMatter.BACKUP_OLD, ""] = good.made_at if good else None
    tried = [copy for copy in backup_copies.kept_copies(session) if copy.tried_at]
    last = max(tried, key=lambda copy: copy.tried_at or now, default=None)
    if last is not None and last.faults:
        found[UpkeepMatter.BACKUP_BROKEN, last.why or ""] = last.tried_at
    return found


def disk(session: Session, settings: Settings) -> Matters:
    """Return whether the disk is nearly full."""
    there = backup_copies.kept_copies(session)
    free, total = backup_copies.space(settings)
    low = backup_copies.is_low(free, total, there[0].size if there else 0)
    return {(UpkeepMatter.DISK_LOW, ""): None} if low else {}


def figures(session: Session, _settings: Settings) -> Matters:
    """Return the figures of law that are to be looked at again, and those nobody has set."""
    today = clock.today()
    due = reviews.due(session, today)
    found: Matters = {(UpkeepMatter.FIGURE_UNSET, name): None for name in reviews.unset(today)}
    for name, day in due.items():
        found[UpkeepMatter.FIGURE_DUE, name] = clock.start_of_day(day)
    return found


#: Each tells what of its kind is the matter now.
SOURCES: tuple[Callable[[Session, Settings], Matters], ...] = (late_jobs, backups, disk, figures)


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
