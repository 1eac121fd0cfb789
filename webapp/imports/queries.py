"""What the review of a whole file shows: how many openings stand where, and which."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.labels import LabelledEnum
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.employers.policy import is_checked
from webapp.employers.services.checks import check_days
from webapp.imports.lifecycle import Readiness
from webapp.imports.models import ImportedRow
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening

LACKS = ("employer", "description", "town", "education", "pay_text", "headcount", "valid_until")
_MOST_EMPLOYERS = 100


class Group(LabelledEnum):
    """Where an imported opening stands; each is in one of these, or ended otherwise."""

    READY = "ready", "可以放出去"
    LACKING = "lacking", "还差内容"
    FLAGGED = "flagged", "要单独看"
    UNVERIFIED = "unverified", "单位还没核实"
    HELD = "held", "先不放"
    STALE = "stale", "改过，要再看一遍"
    OUT = "out", "已经放出去"


@dataclass(frozen=True)
class Wanted:
    """Which openings of a file are listed: of a group, lacking something, of an employer, by words.

    Without a group it is all that wait for review and are not held.
    """

    group: Group | None = None
    lack: str = ""
    employer_id: int | None = None
    words: str = ""

    def as_arguments(self) -> dict[str, Any]:
        """Return what an address or a job has of it."""
        found = {
            "group": self.group.value if self.group else "",
            "lack": self.lack,
            "employer": self.employer_id or "",
            "q": self.words,
        }
        return {name: value for name, value in found.items() if value}

    @classmethod
    def of(cls, arguments: Any) -> "Wanted":
        """Return what an address or a job asks for; what makes no sense is left out."""
        group, lack = arguments.get("group") or "", arguments.get("lack") or ""
        employer = str(arguments.get("employer") or "")
        return cls(
            Group(group) if group in set(Group) else None,
            lack if lack in LACKS else "",
            int(employer) if employer.isascii() and employer.isdigit() and len(employer) < 10
            else None,
            str(arguments.get("q") or "").strip()[:80],
        )  # fmt: skip


def checked_employers(session: Session, batch_id: int) -> list[int]:
    """Return the employers of a file whose papers count today."""
    named = select(Opening.employer_id).join(ImportedRow, _joined()).where(_of(batch_id))
    verified = select(Employer).where(
        col(Employer.id).in_(named), Employer.state == EmployerState.VERIFIED
    )
    today, days = clock.today(), check_days()
    found = session.exec(verified.order_by(col(Employer.id)))
    return [one.id for one in found if is_checked(one, on=today, days=days)]


def count_groups(session: Session, batch_id: int, checked: list[int]) -> dict[str, int]:
    """Return how many openings of a file are in each group, and lack each field."""
    columns = [
        func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(name)
        for name, condition in [
            *((group.value, _in_group(group, checked)) for group in Group),
            *((f"lacks_{field}", and_(_waits(), _lacks(field))) for field in LACKS),
        ]
    ]
    query = select_columns(*columns).select_from(ImportedRow).join(Opening, _joined())
    return dict(session.execute(query.where(_of(batch_id))).one()._mapping)


def listed(batch_id: int, wanted: Wanted, checked: list[int]) -> Select[Any]:
    """Return the statement of the openings asked for, in the order of the file."""
    query: Any = (
        select_columns(
            col(Opening.id),
            col(Opening.title),
            col(Opening.pay_text),
            col(Opening.valid_until),
            col(Opening.state),
            col(Employer.name).label("employer"),
            col(ImportedRow.row),
            col(ImportedRow.lacks),
            col(ImportedRow.flags),
            col(ImportedRow.held),
        )
        .select_from(ImportedRow)
        .join(Opening, _joined())
        .outerjoin(Employer, col(Employer.id) == col(Opening.employer_id))
        .where(*_conditions(batch_id, wanted, checked))
        .order_by(col(ImportedRow.row), col(Opening.id))
    )
    statement: Select[Any] = query
    return statement


def ids_of(session: Session, batch_id: int, wanted: Wanted, checked: list[int]) -> list[int]:
    """Return the ids of the openings asked for, in the order of the file."""
    query = (
        select(Opening.id)
        .join(ImportedRow, _joined())
        .outerjoin(Employer, col(Employer.id) == col(Opening.employer_id))
        .where(*_conditions(batch_id, wanted, checked))
    )
    return list(session.exec(query.order_by(col(ImportedRow.row), col(Opening.id))))


def unverified_employers(session: Session, batch_id: int, checked: list[int]) -> list[Any]:
    """Return the employers that keep openings of a file back, those with the most first."""
    number = func.count(col(Opening.id)).label("openings")
    query = (
        select_columns(
            col(Employer.id), col(Employer.name), col(Employer.state), col(Employer.phone), number
        )
        .join(Opening, col(Opening.employer_id) == col(Employer.id))
        .join(ImportedRow, _joined())
        .where(_of(batch_id), _waits(), col(Employer.id).not_in(checked))
        .group_by(col(Employer.id), col(Employer.name), col(Employer.state), col(Employer.phone))
        .order_by(number.desc(), col(Employer.id))
    )
    return list(session.execute(query.limit(_MOST_EMPLOYERS)).all())


def _conditions(batch_id: int, wanted: Wanted, checked: list[int]) -> list[ColumnElement[bool]]:
    found = [_of(batch_id)]
    if wanted.group:
        found.append(_in_group(wanted.group, checked))
    else:
        found.append(and_(_waits(), ~col(ImportedRow.held)))
    if wanted.lack:
        found.append(_lacks(wanted.lack))
    if wanted.employer_id:
        found.append(col(Opening.employer_id) == wanted.employer_id)
    if wanted.words:
        named = col(Employer.name).contains(wanted.words, autoescape=True)
        found.append(or_(col(Opening.title).contains(wanted.words, autoescape=True), named))
    return found


def _in_group(group: Group, checked: list[int]) -> ColumnElement[bool]:
    held, fresh = col(ImportedRow.held), col(ImportedRow.seen) == col(Opening.updated_at)
    known = col(Opening.employer_id).in_(checked)
    looked_at = and_(_waits(), ~held, fresh)
    ready = col(ImportedRow.readiness) == Readiness.READY
    return {
        Group.READY: and_(looked_at, ready, known),
        Group.UNVERIFIED: and_(looked_at, ready, ~known),
        Group.LACKING: and_(looked_at, col(ImportedRow.readiness) == Readiness.LACKING),
        Group.FLAGGED: and_(looked_at, col(ImportedRow.readiness) == Readiness.FLAGGED),
        Group.HELD: and_(_waits(), held),
        Group.STALE: and_(_waits(), ~held, or_(col(ImportedRow.seen).is_(None), ~fresh)),
        Group.OUT: col(Opening.state) == OpeningState.PUBLISHED,
    }[group]


def _of(batch_id: int) -> ColumnElement[bool]:
    return col(ImportedRow.batch_id) == batch_id


def _joined() -> ColumnElement[bool]:
    return col(Opening.id) == col(ImportedRow.opening_id)


def _waits() -> ColumnElement[bool]:
    return col(Opening.state) == OpeningState.SUBMITTED


def _lacks(field: str) -> ColumnElement[bool]:
    return col(ImportedRow.lacks).contains(f" {field} ", autoescape=True)
