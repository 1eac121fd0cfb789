"""Backups made each night, the oldest going as new ones come; and trying whether one restores.

A trial restores the file into an SQLite database of its own in a folder that is deleted
afterwards, counts the rows of every table against the file's list, and holds everything that
``fumin verify`` holds. The database in use is not touched.

What was being written or tried when the machine stopped is no backup: it has another name until it
is whole, and is cleared away before the next one.
"""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError, StatementError
from sqlmodel import Session, col, update

from webapp.admin.models import TrialFault
from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor, Permission
from webapp.core.db import Database
from webapp.core.errors import AppError, Forbidden, NotFound
from webapp.core.models import JobTrouble
from webapp.core.private_files import keep_private
from webapp.core.settings import Settings
from webapp.jobs import service as jobs
from webapp.jobs.models import BackgroundJob, JobKind
from webapp.jobs.worker import Work
from webapp.ops import backup, schema, verify
from webapp.ops.models import BackupCopy
from webapp.ops.trouble import trouble_of

log = logging.getLogger(__name__)

#: The newest good backup may be this old: a day, and the time a night's takes.
OLDEST = timedelta(hours=25)
_LEAST_FREE = 0.05  # of the disk; and room for two more backups
_NAME, _ENDING = "fumin-%Y%m%d-%H%M%S", ".tar.gz"
_TRIAL = "trial-"
_GIVEN_UP = timedelta(hours=2)  # nothing takes that long
_KINDS = (
    (backup.Unreadable, TrialFault.UNREADABLE),
    (backup.Damaged, TrialFault.DAMAGED),
    (backup.OtherKeys, TrialFault.OTHER_KEYS),
    (backup.OtherSchema, TrialFault.OTHER_SCHEMA),
    # A row that the database refuses was not written by it.
    (IntegrityError, TrialFault.DAMAGED),
    (DataError, TrialFault.DAMAGED),
    (StatementError, TrialFault.DAMAGED),
)


class Fault(NamedTuple):
    """What does not hold of a backup: its kind, and the particulars for the log."""

    why: TrialFault
    text: str


def make(db: Database, settings: Settings) -> BackupCopy:
    """Write a backup into the folder of backups, note it, and delete those beyond the number kept.

    The newest one that was restored without a fault is kept whatever its age.
    """
    folder = settings.backups
    keep_private(folder)
    _clear_away(settings)
    _take_in(db, folder)
    now = clock.now()
    target = folder / f"{clock.local(now):{_NAME}}{_ENDING}"
    rows = backup.backup(db, settings.data_dir, target)
    copy = BackupCopy(
        name=target.name, made_at=now, size=target.stat().st_size, rows=sum(rows.values())
    )
    with db.transaction(SYSTEM) as session:
        session.add(copy)
        session.flush()
        names = _rotate(session, settings.backups_kept)
    for name in names:  # after the commit: a file without its row would be forgotten
        (folder / name).unlink(missing_ok=True)
    return copy


def _clear_away(settings: Settings) -> None:
    """Delete what was being written or tried when its process was ended."""
    before = clock.now() - _GIVEN_UP
    for path in (
        *settings.backups.glob(f"*{_ENDING}{backup.PART}"),
        *settings.data_dir.glob(f"{_TRIAL}*"),
    ):
        if datetime.fromtimestamp(path.lstat().st_mtime, tz=before.tzinfo) > before:
            continue  # another process may be at it
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _take_in(db: Database, folder: Path) -> None:
    """Note whole backups that have no row: the process ended before it, or an older one was
    restored since."""
    with db.reader() as session:
        known = set(session.execute(select(col(BackupCopy.name))).scalars())
    found = []
    for path in sorted(folder.glob(f"*{_ENDING}")):
        try:
            made_at = datetime.strptime(path.name, _NAME + _ENDING).replace(tzinfo=clock.LOCAL)
        except ValueError:
            continue  # somebody else's file
        if path.name in known:
            continue
        try:
            rows = backup.rows_in(path)
        except backup.Unreadable:
            log.warning("%s is no whole backup", path)
            continue
        size = path.stat().st_size
        found.append(BackupCopy(name=path.name, made_at=made_at, size=size, rows=rows))
    if found:
        with db.transaction(SYSTEM) as session:
            session.add_all(found)


def _rotate(session: Session, kept: int) -> list[str]:
    """Note which backups go; return their files."""
    there = kept_copies(session)
    proven = next((copy.id for copy in there if copy.faults == 0), None)
    gone = [copy for copy in there[kept:] if copy.id != proven]
    if gone:
        session.exec(
            update(BackupCopy)
            .where(col(BackupCopy.id).in_([copy.id for copy in gone]))
            .values(deleted_at=clock.now())
        )
    return [copy.name for copy in gone]


def kept_copies(session: Session) -> list[BackupCopy]:
    """Return the backups that were not deleted, newest first."""
    there = select(BackupCopy).where(col(BackupCopy.deleted_at).is_(None))
    order = (col(BackupCopy.made_at).desc(), col(BackupCopy.id).desc())
    return list(session.execute(there.order_by(*order)).scalars())


def newest_good(session: Session, settings: Settings) -> BackupCopy | None:
    """Return the newest backup whose file is there whole and that no trial found wanting."""
    return next(
        (copy for copy in kept_copies(session) if not copy.faults and is_there(settings, copy)),
        None,
    )


def is_there(settings: Settings, copy: BackupCopy) -> bool:
    """Whether the backup's file is there, of the size it was written with."""
    path = settings.backups / copy.name
    return path.is_file() and path.stat().st_size == copy.size


def space(settings: Settings) -> tuple[int, int]:
    """Return the bytes free and in all, of the disk that backups are written to."""
    folder = settings.backups if settings.backups.exists() else settings.data_dir
    usage = shutil.disk_usage(folder)
    return usage.free, usage.total


def is_low(free: int, total: int, size: int) -> bool:
    """Whether so little is free that two more backups of ``size`` bytes might not fit."""
    return free < _LEAST_FREE * total or free < 2 * size


def ask_trial(session: Session, actor: Actor, *, copy_id: int, page: str) -> BackgroundJob:
    """Ask for a backup to be restored for trial; asked for twice it is one job."""
    if not actor.may(Permission.JOB_MANAGE):
        raise Forbidden
    copy = session.get(BackupCopy, copy_id)
    if copy is None or copy.deleted_at is not None:
        raise NotFound
    return jobs.start(
        session,
        actor,
        kind=JobKind.BACKUP_TRIAL,
        arguments={"backup": copy_id},
        result_url=page,
    )


def do_trial(work: Work) -> dict[str, Any]:
    """Restore a backup for trial and keep how many things did not hold."""
    with work.db.reader() as session:
        copy = session.get(BackupCopy, int(work.arguments["backup"]))
    if copy is None or copy.deleted_at is not None:
        raise NotFound(_("这份备份已经不在了"))
    work.progress(0, 3)
    with _room():
        found = try_out(work.settings, work.settings.backups / copy.name, work)
    for fault in found:
        log.error("backup %s: %s: %s", copy.name, fault.why, fault.text)
    why = min((fault.why for fault in found), key=list(TrialFault).index, default=None)
    with work.db.transaction(work.actor) as session:
        session.exec(
            update(BackupCopy)
            .where(col(BackupCopy.id) == copy.id)
            .values(tried_at=clock.now(), faults=len(found), why=why)
        )
        audit.record(session, "backup.try", copy, count=len(found))
    if why is not None:
        raise AppError(_("这份备份不能靠：%(why)s。请换一份再试，没有好的就现在备份一份。",
                         why=why.label))  # fmt: skip
    return {"rows": copy.rows}


@contextmanager
def _room() -> Iterator[None]:
    """Say of a disk that is full that it is: it says nothing of the backup."""
    try:
        yield
    except (OSError, SQLAlchemyError) as error:
        if trouble_of(error) is not JobTrouble.DISK_FULL:
            raise
        raise AppError(
            _("硬盘满了，没有地方试。清出地方再试；这份备份是好是坏，还不知道。")
        ) from error


def try_out(settings: Settings, source: Path, work: Work | None = None) -> list[Fault]:
    """Restore ``source`` into a database made for it; return what does not hold.

    An error that says nothing of the file, such as a full disk, is raised.
    """
    _clear_away(settings)
    folder = Path(tempfile.mkdtemp(prefix=_TRIAL, dir=settings.data_dir))
    trial = Database(f"sqlite:///{folder / 'trial.sqlite3'}", before_commit=audit.write_pending)
    try:
        listed = backup.restore(trial, folder, source)
        if work is not None:
            work.progress(1, 3)
        found = _counted(trial, listed)
        if work is not None:
            work.progress(2, 3)
        return [*found, *(Fault(TrialFault.DOES_NOT_HOLD, text) for text in verify.faults(trial))]
    except Exception as error:
        why = _why(error)
        if why is None:
            raise
        return [Fault(why, f"it does not restore: {type(error).__name__}: {error}")]
    finally:
        trial.dispose()
        shutil.rmtree(folder, ignore_errors=True)


def _why(error: Exception) -> TrialFault | None:
    """Return what an error says of the file, ``None`` for one that says nothing of it."""
    if trouble_of(error) is not JobTrouble.WENT_WRONG:
        return None
    known = next((why for kind, why in _KINDS if isinstance(error, kind)), None)
    return known or (TrialFault.UNREADABLE if isinstance(error, backup.UNREADABLE) else None)


def _counted(trial: Database, listed: dict[str, int]) -> list[Fault]:
    with trial.reader() as session:
        return [
            Fault(
                TrialFault.ROWS_MISSING,
                f"{table.name}: {listed.get(table.name)} rows in the backup, {there} restored",
            )
            for table in schema.all_tables().sorted_tables
            if (there := session.execute(select(func.count()).select_from(table)).scalar_one())
            != listed.get(table.name)
        ]
