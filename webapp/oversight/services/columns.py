"""The columns of the monthly report: which figures, in which order, under whose names."""

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlmodel import Session, col

from webapp.core import audit
from webapp.core.access import Actor
from webapp.core.errors import BadField, Refused
from webapp.oversight.models import ReportColumn
from webapp.oversight.policy import require_keeper
from webapp.oversight.topics import by_id, counted

MOST = 60


def add_column(session: Session, actor: Actor, *, figure: str, heading: str) -> ReportColumn:
    """Add a column at the end; raises ``BadField`` for an unknown figure or a heading twice."""
    require_keeper(actor)
    if figure not in by_id() and figure not in counted():
        raise BadField("figure", _("没有这个数字"))
    _free(session, heading)
    last, many = session.execute(
        select(func.coalesce(func.max(col(ReportColumn.position)), 0), func.count())
    ).one()
    if many >= MOST:
        raise Refused(_("最多 %(n)d 列", n=MOST))
    row = ReportColumn(position=last + 1, figure=figure, heading=heading)
    session.add(row)
    session.flush()
    audit.record(session, "report.add_column", row)
    return row


def rename_column(session: Session, actor: Actor, *, column_id: int, heading: str) -> ReportColumn:
    """Call a column something else; raises ``NotFound``, or ``BadField`` for a heading twice."""
    require_keeper(actor)
    row = session.get_one(ReportColumn, column_id)
    if row.heading != heading:
        _free(session, heading)
        row.heading = heading
        audit.record(session, "report.rename_column", row)
    return row


def move_column(session: Session, actor: Actor, *, column_id: int) -> ReportColumn:
    """Move a column one place up, past the one before it; the first stays where it is."""
    require_keeper(actor)
    row = session.get_one(ReportColumn, column_id)
    before = session.scalars(
        select(ReportColumn)
        .where(col(ReportColumn.position) < row.position)
        .order_by(col(ReportColumn.position).desc())
        .limit(1)
    ).first()
    if before is not None:
        places = (before.position, row.position)
        # One row at a time: no two may ever stand in one place.
        for id_, place in ((row.id, 0), (before.id, places[1]), (row.id, places[0])):
            session.execute(
                update(ReportColumn).where(col(ReportColumn.id) == id_).values(position=place)
            )
    audit.record(session, "report.move_column", row)
    return row


def remove_column(session: Session, actor: Actor, *, column_id: int) -> None:
    """Leave a column out of the report."""
    require_keeper(actor)
    row = session.get_one(ReportColumn, column_id)
    audit.record(session, "report.remove_column", row)
    session.delete(row)


def _free(session: Session, heading: str) -> None:
    known = select(col(ReportColumn.id)).where(col(ReportColumn.heading) == heading)
    if session.execute(known).first() is not None:
        raise BadField("heading", _("已经有一列叫这个名字"))
