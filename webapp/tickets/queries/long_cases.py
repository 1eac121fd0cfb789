"""What pages show of long cases; what a kind of case usually took, counted over ended ones."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from webapp.accounts.models import Account
from webapp.branches.models.rota import MemberAbsence
from webapp.core import clock
from webapp.core.access import Actor
from webapp.core.memo import built_once
from webapp.residents.models import Household, Resident
from webapp.rulebook.figures import rule
from webapp.tickets.long_case_lifecycle import (
    LongCaseKind,
    LongCaseState,
    PaperKind,
    PaperState,
    StepKind,
)
from webapp.tickets.models.long_cases import LongCase, LongCasePaper, LongCaseStep

C = LongCase
LEAST_CASES = 3  # of fewer nothing is said: it would be one person's story
LEAST_AMONG = 2  # what one case alone had is not usual
NEWEST_CASES = 200  # how many that ended are counted


@dataclass(frozen=True)
class Line:
    """One case as lists show it; ``phone`` is empty where there is none."""

    case: LongCase
    name: str
    address: str
    phone: str
    owner: str
    backup: str

    @property
    def days_late(self) -> int:
        """How many days ago the next errand was to be made; 0 when it is not late."""
        return max((clock.today() - self.case.next_on).days, 0) if self.case.next_on else 0


@dataclass(frozen=True)
class Usual:
    """What ``n`` cases of a kind that ended had in common: errands that followed, papers missing.

    Each with the number of cases that had it. Empty for fewer than :data:`LEAST_CASES`.
    """

    n: int
    steps: list[tuple[StepKind, int]]
    papers: list[tuple[PaperKind, int]]


def statement() -> Any:
    """Return the statement of cases with whose they are and who works on them, to be narrowed."""
    owner, backup = aliased(Account), aliased(Account)
    return (
        select(
            C,
            col(Resident.name).label("resident_name"),
            col(Household.unit_address),
            col(Resident.phone).label("resident_phone"),
            col(owner.name).label("owner"),
            col(backup.name).label("backup"),
        )
        .join(owner, col(owner.id) == C.owner_id)
        .join(backup, col(backup.id) == C.backup_id)
        .outerjoin(Resident, col(Resident.id) == C.resident_id)
        .outerjoin(Household, col(Household.id) == Resident.household_id)
    )


def line_of(row: Any) -> Line:
    """Return a row of :func:`statement` as pages show it."""
    case: LongCase = row.LongCase
    return Line(
        case=case,
        name=row.resident_name or case.outside_name or "",
        address=row.unit_address or "",
        phone=row.resident_phone or case.outside_phone or "",
        owner=row.owner,
        backup=row.backup,
    )


def to_do(actor: Actor) -> Any:
    """Return the statement of errands that wait for the actor, the longest overdue first.

    One's own from their day on; as the backup some days later, or with the owner on leave; as the
    branch's secretary some days after that.
    """
    today = clock.today()
    return _to_do(
        actor,
        to_backup=today - timedelta(days=rule("long_case_backup_days", on=today)),
        to_secretary=today - timedelta(days=rule("long_case_secretary_days", on=today)),
    )


@built_once
def _to_do(actor: Actor, *, to_backup: date, to_secretary: date) -> Any:
    today = clock.today()
    on_leave = exists().where(
        col(MemberAbsence.account_id) == C.owner_id,
        col(MemberAbsence.from_on) <= today,
        col(MemberAbsence.until_on) >= today,
        col(MemberAbsence.cancelled_at).is_(None),
    )
    secretary = exists().where(
        col(Account.id) == actor.account_id,
        col(Account.branch_id) == C.branch_id,
        col(Account.is_secretary),
    )
    late = or_(col(C.next_on) <= to_backup, on_leave)
    return (
        statement()
        .where(
            col(C.state) == LongCaseState.OPEN,
            col(C.branch_id) == actor.branch_id,
            col(C.next_on) <= today,
            or_(
                col(C.owner_id) == actor.account_id,
                and_(col(C.backup_id) == actor.account_id, late),
                and_(secretary, col(C.next_on) <= to_secretary),
            ),
        )
        .order_by(col(C.next_on), col(C.id))
    )


def of_branch(branch_id: int | None, state: LongCaseState) -> Any:
    """Return the statement of a branch's cases in one state: the next errand, or the end, first."""
    return (
        statement()
        .where(col(C.branch_id) == branch_id, col(C.state) == state)
        .order_by(col(C.next_on), col(C.ended_at).desc(), col(C.id))
    )


def one(session: Session, case_id: int) -> Line:
    """Return one case that the caller has made sure may be seen."""
    return line_of(session.execute(statement().where(col(C.id) == case_id)).one())


def of_ticket(session: Session, ticket_id: int) -> int | None:
    """Return the id of the case that a ticket became, ``None`` for none."""
    return session.execute(select(col(C.id)).where(col(C.ticket_id) == ticket_id)).scalar()


@dataclass(frozen=True)
class Outline:
    """What a case's own person may read without its words: kind, next step, papers missing."""

    kind: LongCaseKind
    next_kind: StepKind | None
    next_on: date | None
    missing: list[PaperKind]


def outline_of(session: Session, ticket_id: int) -> Outline | None:
    """Return the outline of the case that a ticket became, ``None`` for none."""
    row = session.execute(
        select(col(C.id), col(C.kind), col(C.next_kind), col(C.next_on)).where(
            col(C.ticket_id) == ticket_id
        )
    ).first()
    if row is None:
        return None
    missing = session.execute(
        select(col(LongCasePaper.kind))
        .where(col(LongCasePaper.case_id) == row.id, col(LongCasePaper.state) == PaperState.MISSING)
        .order_by(col(LongCasePaper.id))
    ).scalars()
    return Outline(row.kind, row.next_kind, row.next_on, list(missing))


def of_resident(session: Session, resident_id: int | None) -> list[Line]:
    """Return a resident's cases, those open first."""
    rows = session.execute(
        statement()
        .where(col(C.resident_id) == resident_id)
        .order_by(col(C.state) == LongCaseState.ENDED, col(C.id).desc())
    )
    return [line_of(row) for row in rows]


def steps_of(session: Session, case_id: int) -> list[Any]:
    """Return a case's errands as (row, name of who made it), the newest first."""
    rows = session.execute(
        select(LongCaseStep, col(Account.name).label("who"))
        .join(Account, col(Account.id) == LongCaseStep.by_id)
        .where(col(LongCaseStep.case_id) == case_id)
        .order_by(col(LongCaseStep.day).desc(), col(LongCaseStep.id).desc())
    )
    return list(rows)


def papers_of(session: Session, case_id: int) -> list[LongCasePaper]:
    """Return the papers of a case in the order they were asked for."""
    query = select_rows(LongCasePaper).where(LongCasePaper.case_id == case_id)
    return list(session.exec(query.order_by(col(LongCasePaper.id))).all())


def usual(session: Session, kind: LongCaseKind, last: StepKind | None) -> Usual:
    """Return what usually followed an errand of kind ``last`` (``None``: came first), what lacked.

    Counted over the newest cases of the kind that ended, of all branches; two queries more. Kinds
    of errands and papers alone are read, nobody's words.
    """
    ended = list(
        session.execute(
            select(col(C.id))
            .where(col(C.kind) == kind, col(C.state) == LongCaseState.ENDED)
            .order_by(col(C.ended_at).desc())
            .limit(NEWEST_CASES)
        ).scalars()
    )
    if len(ended) < LEAST_CASES:
        return Usual(len(ended), [], [])
    steps: dict[int, list[StepKind]] = {}
    for case_id, step in session.execute(
        select(col(LongCaseStep.case_id), col(LongCaseStep.kind))
        .where(col(LongCaseStep.case_id).in_(ended))
        .order_by(col(LongCaseStep.case_id), col(LongCaseStep.day), col(LongCaseStep.id))
    ):
        steps.setdefault(case_id, []).append(step)
    lacked = session.execute(
        select(col(LongCasePaper.case_id), col(LongCasePaper.kind))
        .where(col(LongCasePaper.case_id).in_(ended), col(LongCasePaper.was_missing))
        .distinct()
    )
    followed = (step for taken in steps.values() for step in followers(taken, last))
    return Usual(
        len(ended),
        _common(followed, leave_out={StepKind.OTHER}),
        _common((kind for _case_id, kind in lacked), leave_out={PaperKind.OTHER}),
    )


def followers(taken: list[StepKind], last: StepKind | None) -> set[StepKind]:
    """Return which errands came right after one of kind ``last`` in a case; the first for none.

    >>> S = StepKind
    >>> sorted(followers([S.ASK, S.APPLY, S.ASK, S.COURT], S.ASK))
    [<StepKind.APPLY: 'apply'>, <StepKind.COURT: 'court'>]
    """
    if last is None:
        return set(taken[:1])
    pairs = pairwise(taken)
    return {after for before, after in pairs if before is last and after is not last}


def _common(found: Iterable[Any], *, leave_out: set[Any]) -> list[tuple[Any, int]]:
    counted = Counter(one for one in found if one not in leave_out)
    order = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].value))
    return [(one, count) for one, count in order if count >= LEAST_AMONG][:3]
