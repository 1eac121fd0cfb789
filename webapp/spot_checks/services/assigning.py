"""Who looks at what was drawn: somebody of another branch, the lines spread evenly."""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta

from sqlmodel import Session, col, select

from webapp import events
from webapp.branches.queries import members as branches
from webapp.branches.queries.members import Member
from webapp.core import clock
from webapp.core.access import SYSTEM
from webapp.draws.models import DrawEntry
from webapp.rulebook.figures import rule
from webapp.spot_checks import sharing
from webapp.spot_checks.models import SpotCheckLine, SpotCheckRecusal
from webapp.spot_checks.services import hands


def assign(session: Session, *, gone: Collection[int] = ()) -> int:
    """Give every line that waits for somebody who may look at it a reviewer; return how many.

    A reviewer who may not any more (left, came to the branch, has a hand in it) is replaced;
    nobody of ``gone`` gets anything. Lines that nobody may look at keep waiting.
    """
    waiting, load = [], Counter[int]()
    members = [one for one in branches.members(session) if one.account_id not in gone]
    for line in _open(session):
        may = who_may(session, line, members)
        if line.reviewer_id in may:
            load[line.reviewer_id or 0] += 1
        else:
            waiting.append((line, may))
    away = branches.away(session, clock.now())
    choices = [(may - away) or may for _line, may in waiting]
    given = sharing.share(choices, load)
    changed = 0
    for (line, _may), account_id in zip(waiting, given, strict=True):
        changed += _give(session, line, account_id)
    session.flush()
    _tell(session, {one for one in given if one is not None})
    return changed


def who_may(session: Session, line: SpotCheckLine, members: Collection[Member]) -> set[int]:
    """Return the accounts that may look at a line, of the ``members`` in service."""
    recused = session.exec(
        select(SpotCheckRecusal.account_id).where(SpotCheckRecusal.line_id == line.id)
    )
    barred = hands.involved(session, line) | set(recused)
    return {
        one.account_id
        for one in members
        if one.branch_id != line.branch_id and one.account_id not in barred
    }


def days_to_look() -> timedelta:
    """Return how long somebody has to look at a line."""
    return timedelta(days=rule("spot_check_days", on=clock.today()))


def _open(session: Session) -> list[SpotCheckLine]:
    """Return the lines nobody has looked at, as they were drawn."""
    return list(
        session.exec(
            select(SpotCheckLine)
            .outerjoin(DrawEntry, col(DrawEntry.id) == SpotCheckLine.draw_entry_id)
            .where(col(SpotCheckLine.selected), col(SpotCheckLine.finding).is_(None))
            .order_by(col(SpotCheckLine.check_id), col(DrawEntry.rank), col(SpotCheckLine.id))
            .with_for_update(of=SpotCheckLine)
            .execution_options(populate_existing=True)
        )
    )


def _give(session: Session, line: SpotCheckLine, account_id: int | None) -> bool:
    if line.reviewer_id == account_id:
        return False
    line.reviewer_id = account_id
    line.due_on = clock.today() + days_to_look()
    session.add(line)
    return account_id is not None


def _tell(session: Session, account_ids: set[int]) -> None:
    if account_ids:
        key = f"spot-check:{clock.now():%Y%m%d%H%M}"
        told = events.AccountsConcerned(tuple(sorted(account_ids)), key)
        events.announce(session, SYSTEM, told)
