"""The settlement that nobody has to ask for: it keeps the legal period, or says why it did not."""

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlmodel import Session, col

from webapp.core import clock, heartbeats
from webapp.core.access import SYSTEM
from webapp.core.models import JOB_FAILED, JobRun
from webapp.piecework.models.money import SettlementRun
from webapp.piecework.services.settlements import AHEAD, Due, due, settle

#: The job that calls :func:`settle_when_due`, every hour.
JOB = "settle_piecework"


def settle_when_due(session: Session) -> int:
    """Settle when the oldest unsettled pay would otherwise be late; return how many lines.

    The key names the last run, so that of two at once one settles, and pay that comes due later
    the same day is settled too.
    """
    state = due(session)
    if state.by is None or state.by > clock.today() + AHEAD:
        return 0
    last = session.execute(select(func.max(col(SettlementRun.id)))).scalar_one() or 0
    return settle(session, SYSTEM, idempotency_key=f"automatic-after-{last}").lines


def why_late(session: Session, state: Due) -> str:
    """Return why pay that is late has not been settled by itself; nothing when none is late."""
    if not state.late:
        return ""
    if heartbeats.is_silent(session, heartbeats.SCHEDULER) is not False:
        return _("系统没有自己结，因为后台任务没有在运行。请现在就结，再叫管理员打开后台任务。")
    run = session.execute(
        select(JobRun).where(col(JobRun.job) == JOB).order_by(col(JobRun.id).desc()).limit(1)
    ).scalar_one_or_none()
    if run is not None and run.outcome == JOB_FAILED:
        return _("系统自己结的时候出了错。请现在就结，再叫管理员看看日志。")
    return _("系统还没来得及自己结，下一个整点会结。也可以现在就结。")
