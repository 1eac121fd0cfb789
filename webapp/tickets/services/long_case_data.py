"""Read what a case is about with a reason; the person's copy, what is erased; who takes it over."""

from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, SQLModel, col, select, update

from webapp.branches.services.pairs import count_pairs, hand_over_pairs
from webapp.core import audit
from webapp.core.access import Actor
from webapp.events import MemberDutiesAsked, MemberLeaves
from webapp.tickets.long_case_lifecycle import CaseReadReason, LongCaseOutcome, LongCaseState
from webapp.tickets.models.long_cases import LongCase, LongCasePaper, LongCaseStep
from webapp.tickets.services.long_cases import finish, worked_on

_KEPT_BACK = {"owner_id", "backup_id", "opened_by_id", "by_id", "changed_by_id", "idempotency_key"}
_OPEN = col(LongCase.state) == LongCaseState.OPEN


def read(session: Session, actor: Actor, *, case_id: int, reason: CaseReadReason) -> LongCase:
    """Let a member who works on it read its words; each reading is in the audit trail."""
    case = worked_on(session, actor, case_id)
    audit.record(session, "long_case.read", case, reason=reason.value)
    if case.resident_id is not None:  # in the copy of their data they see who read
        subject = f"resident:{case.resident_id}"
        audit.record(session, "resident.long_case_read", subject, reason=reason.value)
    return case


def copy_for(session: Session, *, resident_id: int) -> list[dict[str, Any]]:
    """Return a person's long cases, each with its errands and papers, as JSON values."""
    cases = session.exec(
        select(LongCase).where(LongCase.resident_id == resident_id).order_by(col(LongCase.id))
    ).all()
    ids = [case.id for case in cases]
    kept: dict[int, dict[str, list[Any]]] = {id_: {"steps": [], "papers": []} for id_ in ids}
    tables: tuple[tuple[str, Any], ...] = (("steps", LongCaseStep), ("papers", LongCasePaper))
    for name, table in tables:
        rows = select(table).where(col(table.case_id).in_(ids)).order_by(col(table.id))
        for row in session.exec(rows):
            kept[row.case_id][name].append(_plain(row))
    return [{**_plain(case), **kept[case.id]} for case in cases]


def end_all(session: Session, *, resident_id: int) -> None:
    """End the cases of somebody who leaves, and erase their words."""
    open_ones = select(LongCase).where(LongCase.resident_id == resident_id, _OPEN)
    for case in session.exec(open_ones.order_by(col(LongCase.id))).all():
        finish(session, case, LongCaseOutcome.GIVEN_UP, "")
    erase_words(session, resident_id=resident_id)


def erase_words(session: Session, *, resident_id: int) -> None:
    """Erase what was written of somebody; that errands were made, and which, stays as a count."""
    ids = list(session.exec(select(LongCase.id).where(LongCase.resident_id == resident_id)))
    emptied: tuple[tuple[Any, Any, dict[str, str]], ...] = (
        (LongCase, LongCase.id, {"about": "", "next_words": "", "outcome_words": ""}),
        (LongCaseStep, LongCaseStep.case_id, {"place": "", "met": "", "came_of": ""}),
    )
    for table, column, values in emptied:
        session.exec(
            update(table)
            .where(col(column).in_(ids))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
    session.expire_all()


def name_duties(session: Session, actor: Actor, event: MemberDutiesAsked) -> None:
    """Add how many open cases a member works on or stands in for."""
    event.add(_("要跑很多趟的事"), count_pairs(session, event.account_id, LongCase, _OPEN))


def take_over(session: Session, actor: Actor, event: MemberLeaves) -> int:
    """Put the successor in the member's place; return in how many cases."""
    return hand_over_pairs(session, event, LongCase, _OPEN)


def _plain(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude=_KEPT_BACK)
