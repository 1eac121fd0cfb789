"""Backups made each night, the oldest going as new ones come; and trying whether one restores.

A trial restores the file into an SQLite database of its own in a folder that is deleted
afterwards, counts the rows of every table against the file's list, and holds everything that
``fumin verify`` holds. The database in use is not touched.
"""

import logging
import shutil
import tarfile
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col, update

from webapp.core import audit, clock
from webapp.core.access import SYSTEM, Actor, Permission
from webapp.core.db import Database
from webapp.core.errors import AppError, Forbidden, NotFound
from webapp.core.private_files import keep_private
from webapp.core.settings import Settings
from webapp.jobs import service as jobs
from webapp.jobs.models import BackgroundJob, JobKind
from webapp.jobs.worker import Work
from webapp.ops import backup, schema, verify
from webapp.ops.models import BackupCopy

log = logging.getLogger(__name__)

#: The newest good backup may be this old: a day, and the time a night's takes.
OLDEST = timedelta(hours=25)
_LEAST_FREE = 0.05  # of the disk; and room for two more backups


def make(db: Database, settings: Settings) -> BackupCopy:
    """Write a backup into the folder of backups, note it, and delete those beyond the number kept.

    The newest one that was restored without a fault is kept whatever its age.
    """
    folder = settings.backups
    keep_private(folder)
    now = clock.now()
    target = folder / f"fumin-{clock.local(now):%Y%m%d-%H%M%S}.tar.gz"
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
    found = try_out(work.settings, work.settings.backups / copy.name, work)
    for fault in found:
        log.error("backup %s: %s", copy.name, fault)
    with work.db.transaction(work.actor) as session:
        session.exec(
            update(BackupCopy)
            .where(col(BackupCopy.id) == copy.id)
            .values(tried_at=clock.now(), faults=len(found))
        )
        audit.record(session, "backup.try", copy, count=len(found))
    if found:
        raise AppError(
            _("恢复不了，或者有 %(n)d 处对不上，详情在运行日志里。这份备份不能靠。", n=len(found))
        )
    return {"rows": copy.rows}


def try_out(settings: Settings, source: Path, work: Work | None = None) -> list[str]:
    """Restore ``source`` into a database made for it; return what does not hold."""
    folder = Path(tempfile.mkdtemp(prefix="trial-", dir=settings.data_dir))
    trial = Database(f"sqlite:///{folder / 'trial.sqlite3'}", before_commit=audit.write_pending)
    try:
        listed = backup.restore(trial, folder, source)
        if work is not None:
            work.progress(1, 3)
        found = _counted(trial, listed)
        if work is not None:
            work.progress(2, 3)
        return [*found, *verify.faults(trial)]
    except (backup.BackupError, OSError, EOFError, KeyError, ValueError, tarfile.TarError) as error:
        return [f"it does not restore: {type(error).__name__}: {error}"]
    finally:
        trial.dispose()
        shutil.rmtree(folder, ignore_errors=True)


def _counted(trial: Database, listed: dict[str, int]) -> list[str]:
    with trial.reader() as session:
        return [
            f"{table.name}: {listed.get(table.name)} rows in the backup, {there} restored"
            for table in schema.all_tables().sorted_tables
            if (there := session.execute(select(func.count()).select_from(table)).scalar_one())
            != listed.get(table.name)
        ]
