"""Half a year of published figures, each month frozen on its day, and the month under way."""

from datetime import datetime, time, timedelta

from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.core.db import Database
from webapp.oversight.figures import Period
from webapp.oversight.models import ReportColumn
from webapp.oversight.queries import published, report
from webapp.oversight.services import freezing, publishing

MONTHS = 6
#: What the street office asks for in its ledger, in its own words.
COLUMNS = (
    ("able", "劳动年龄内有劳动能力人数"),
    ("working", "已就业人数"),
    ("share_working", "就业率"),
    ("hired", "本月新增就业人数"),
    ("hired.year", "本年累计新增就业"),
    ("openings", "本月发布岗位信息数"),
    ("passed", "本月培训结业人次"),
)


def freeze_and_publish(db: Database) -> None:
    """Freeze the months before this one that are not, as the scheduler would have done."""
    period = Period.of(clock.today() - timedelta(days=freezing.DAYS_TO_WRITE_DOWN)).before
    periods = [period]
    while len(periods) < MONTHS:
        periods.insert(0, periods[0].before)
    with db.reader() as session:
        known = published.frozen(session)
    for one in periods:
        day = one.last + timedelta(days=freezing.DAYS_TO_WRITE_DOWN + 1)
        if one.first not in known:
            with (
                clock.frozen(datetime.combine(day, time(1), clock.LOCAL)),
                db.transaction(SYSTEM) as session,
            ):
                freezing.freeze(session, one)
    with db.transaction(SYSTEM) as session:
        if not report.columns(session):
            session.add_all(
                ReportColumn(position=place, figure=figure, heading=heading)
                for place, (figure, heading) in enumerate(COLUMNS, start=1)
            )
        publishing.publish(session)
        publishing.count_running(session)
