"""Entries of the audit trail as files: a spreadsheet of some thousands, or lines without end.

In neither can a name become a formula. Lines are read and sent a few hundred at a time, so that a
trail of hundreds of thousands takes no more memory than a page of it.
"""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from flask_babel import gettext as _
from sqlmodel import Session

from webapp.admin.queries import trail
from webapp.admin.queries.entries import worded
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.db import Database
from webapp.core.spreadsheets.writing import table_workbook

#: As many rows a workbook takes: about a second of work.
MOST_IN_WORKBOOK = 5000
_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def heads() -> list[str]:
    """Return the words above the columns."""
    return [_("时间"), _("谁"), _("做了什么"), _("对什么"), _("细节")]


def rows(session: Session, actor: Actor, asked: trail.Asked) -> Iterator[list[str]]:
    """Yield the entries, newest first, as the page words them."""
    for chunk in trail.all_rows(session, asked):
        for entry in worded(session, actor, chunk):
            at = f"{clock.local(entry.at):%Y-%m-%d %H:%M:%S}"
            yield [at, entry.who, entry.did, entry.thing.full, entry.details]


def workbook(session: Session, actor: Actor, asked: trail.Asked) -> bytes:
    """Return the newest :data:`MOST_IN_WORKBOOK` entries as an .xlsx."""
    return table_workbook(
        _("操作记录"), heads(), islice(rows(session, actor, asked), MOST_IN_WORKBOOK)
    )


def lines(db: Database, actor: Actor, asked: trail.Asked) -> Iterator[str]:
    """Yield all entries as text/csv, with the mark by which Excel knows the encoding."""
    yield "\ufeff" + _line(heads())
    with db.reader() as session:
        for row in rows(session, actor, asked):
            yield _line(row)


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(
        [f"'{cell}" if cell.startswith(_LIKE_A_FORMULA) else cell for cell in cells]
    )
    return out.getvalue()
