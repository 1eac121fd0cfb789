"""Use cases of complaints against employers: file one, handle one. Only staff see them all."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import case, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select, update

from webapp.complaints.lifecycle import ComplaintKind, ComplaintOutcome, ComplaintState
from webapp.complaints.models import EmployerComplaint
from webapp.core import audit, clock
from webapp.core.access import Actor, Permission
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.core.memo import built_once
from webapp.employers.models import Employer
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.rulebook.figures import rule

MOST_OPEN = 5  # of one resident: more than that is a matter to talk about in person


def complained_of(session: Session, actor: Actor, *, opening_id: int) -> tuple[Opening, Employer]:
    """Return the opening a resident complains of and its employer; only once it was public."""
    found = session.exec(
        select(Opening, Employer)
        .join(Employer, col(Employer.id) == Opening.employer_id)
        .where(Opening.id == opening_id, col(Opening.published_at).is_not(None))
    ).first()
    if found is None or actor.resident_id is None:
        raise NotFound
    return found


def file_complaint(
    session: Session,
    actor: Actor,
    *,
    employer_id: int,
    kind: ComplaintKind,
    words: str,
    opening_id: int | None = None,
) -> EmployerComplaint:
    """Write a complaint down: a resident's own, or what staff have seen or been told.

    Raises ``Conflict`` for a resident with too many open ones.
    """
    by_staff = actor.may(Permission.EMPLOYER_VERIFY)
    if not by_staff and actor.resident_id is None:
        raise Forbidden
    if session.get(Employer, employer_id) is None:
        raise NotFound
    if not by_staff and _open_count(session, actor.resident_id) >= MOST_OPEN:
        raise Conflict(_("您有 %(n)d 件还在办，请直接打社区电话或到服务大厅说", n=MOST_OPEN))
    complaint = EmployerComplaint(
        employer_id=employer_id,
        opening_id=opening_id,
        resident_id=actor.resident_id,
        filed_by_id=actor.account_id,
        kind=kind,
        words=words,
        created_at=clock.now(),
    )
    session.add(complaint)
    session.flush()
    audit.record(session, "complaint.file", complaint, kind=kind)
    return complaint


def handle_complaint(
    session: Session, actor: Actor, *, complaint_id: int, outcome: ComplaintOutcome, answer: str
) -> EmployerComplaint:
    """Note how a complaint ended and what its writer is told; once."""
    if not actor.may(Permission.EMPLOYER_VERIFY):
        raise Forbidden
    complaint = session.get(EmployerComplaint, complaint_id)
    if complaint is None:
        raise NotFound
    handle = (
        update(EmployerComplaint)
        .where(
            col(EmployerComplaint.id) == complaint_id,
            col(EmployerComplaint.state) == ComplaintState.OPEN,
        )
        .values(
            state=ComplaintState.HANDLED,
            outcome=outcome,
            answer=answer,
            handled_at=clock.now(),
            handled_by_id=actor.account_id,
        )
    )
    if session.exec(handle).rowcount != 1:
        raise Conflict(_("刚才已经有人办了这一件，请刷新后再看"))
    session.refresh(complaint)
    audit.record(session, "complaint.handle", complaint, outcome=outcome)
    return complaint


def answer_days() -> int:
    """Return within how many days whoever complained is answered."""
    return rule("complaint_answer_days", on=clock.today())


def of_resident(session: Session, resident_id: int | None) -> list[Any]:
    """Return (complaint, employer's name) of one resident, newest first."""
    statement = (
        select(EmployerComplaint, Employer.name)
        .join(Employer, col(Employer.id) == EmployerComplaint.employer_id)
        .where(EmployerComplaint.resident_id == resident_id)
        .order_by(col(EmployerComplaint.id).desc())
        .limit(50)
    )
    return list(session.exec(statement).all())


@built_once
def in_order(*, state: ComplaintState | None = None, employer_id: int | None = None) -> Any:
    """Return the statement of staff's list: open ones first, the longest waiting on top."""
    waiting = col(EmployerComplaint.state) == ComplaintState.OPEN
    statement: Any = (
        select_columns(
            col(EmployerComplaint.id),
            col(EmployerComplaint.kind),
            col(EmployerComplaint.state),
            col(EmployerComplaint.outcome),
            col(EmployerComplaint.created_at),
            col(Employer.name).label("employer"),
            col(Resident.name).label("resident"),
        )
        .join(Employer, col(Employer.id) == EmployerComplaint.employer_id)
        .outerjoin(Resident, col(Resident.id) == EmployerComplaint.resident_id)
        .order_by(
            case((waiting, 0), else_=1),
            case((waiting, col(EmployerComplaint.created_at))),
            col(EmployerComplaint.id).desc(),
        )
    )
    if state is not None:
        statement = statement.where(col(EmployerComplaint.state) == state)
    if employer_id is not None:
        statement = statement.where(col(EmployerComplaint.employer_id) == employer_id)
    return statement


def open_complaints() -> Any:
    """Return the statement of what waits to be handled."""
    return in_order(state=ComplaintState.OPEN)


def _open_count(session: Session, resident_id: int | None) -> int:
    statement = (
        select(func.count())
        .select_from(EmployerComplaint)
        .where(
            EmployerComplaint.resident_id == resident_id,
            EmployerComplaint.state == ComplaintState.OPEN,
        )
    )
    return session.exec(statement).one()
