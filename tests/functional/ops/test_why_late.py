"""Why a job is late, in words that say what to do: for the admin who finds it in the morning."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from webapp.admin.presentation.jobs import why_late
from webapp.core import clock
from webapp.core.models import JobTrouble
from webapp.ops.trouble import trouble_of

DUE = datetime(2026, 11, 24, 3, 10, tzinfo=clock.LOCAL)


def run(*, outcome="", trouble=None, at=DUE):
    return SimpleNamespace(started_at=at, outcome=outcome, trouble=trouble)


@pytest.mark.parametrize(
    ("last", "begun", "silent", "words"),
    [
        (run(outcome="failed", trouble=JobTrouble.DISK_FULL), None, False, "硬盘满了"),
        (run(outcome="failed"), None, False, "程序出错了"),
        (run(), None, False, "做到一半断了"),
        (run(outcome="failed"), None, True, "程序出错了"),  # it stands now, but was at it then
        (None, None, True, "后台程序停着"),
        (run(at=DUE - timedelta(days=1)), DUE + timedelta(hours=5), False, "08:10才开起来"),
        (run(at=DUE - timedelta(days=1)), DUE - timedelta(hours=5), False, "前面的事占得太久"),
    ],
)
def test_a_late_job_says_why(app, last, begun, silent, words):
    with app.test_request_context():
        assert words in why_late(DUE, last, begun, silent)


def test_troubles_are_told_apart_through_what_they_were_raised_from():
    full = OSError(28, "No space left on device")
    database_full = OperationalError("", {}, Exception("database or disk is full"))
    away = OperationalError("", {}, Exception("database is locked"))
    for error, trouble in (
        (full, JobTrouble.DISK_FULL),
        (database_full, JobTrouble.DISK_FULL),
        (away, JobTrouble.DATABASE_AWAY),
        (OSError(2, "No such file"), JobTrouble.WENT_WRONG),
        (ValueError("x"), JobTrouble.WENT_WRONG),
    ):
        assert trouble_of(error) is trouble
        wrapped = RuntimeError("a backup cannot be written")
        wrapped.__cause__ = error
        assert trouble_of(wrapped) is trouble
