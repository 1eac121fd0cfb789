"""Accepted piecework and hires as the tests of statements need them, written at any moment."""

import itertools
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from tests import factories
from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.vocabulary import Kind
from webapp.matches.lifecycle import MatchState
from webapp.matches.models import Match
from webapp.piecework.ledger import passbook, posting
from webapp.piecework.ledger.posting import AccountType, Move, Slot
from webapp.piecework.lifecycle import AssignmentState
from webapp.piecework.models.assignment import Assignment, AssignmentMember, Delivery, Inspection
from webapp.piecework.models.ledger import EntryKind
from webapp.piecework.models.order import Mode, PieceworkOrder
from webapp.piecework.models.passbook import PassbookKind
from webapp.residents.models import Resident
from webapp.statements.models import StatementRequest

_keys = itertools.count()


def key() -> str:
    """Return a fresh key of a posting."""
    return f"statement-{next(_keys)}"


def make_order(session: Session) -> PieceworkOrder:
    """Return an order that work can be posted to."""
    employer = factories.make_employer(session)
    opening = factories.make_opening(session, kind=Kind.PIECEWORK, employer_id=employer.id)
    order = PieceworkOrder(
        opening_id=opening.id,
        employer_id=employer.id,
        mode=Mode.SUPPLIED,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    session.add(order)
    session.flush()
    return order


def make_assignment(
    session: Session, order: PieceworkOrder, members: list[Resident], rate_fen: int
) -> Assignment:
    """Return an assignment of the members' household, on which they are named."""
    row = Assignment(
        order_id=order.id,
        household_id=members[0].household_id,
        state=AssignmentState.WORKING,
        pieces=1000,
        due=clock.today() + timedelta(days=30),
        rate_fen=rate_fen,
        claimed_at=clock.now(),
        updated_at=clock.now(),
        idempotency_key=key(),
    )
    session.add(row)
    session.flush()
    for one in members:
        session.add(AssignmentMember(assignment_id=row.id, resident_id=one.id, age=40))
    session.flush()
    return row


def accept(
    session: Session, inspector: Account, assignment: Assignment, pieces: int, at: datetime
) -> Inspection:
    """Hand in and accept pieces at a moment: ledgers, inspection, passbook."""

    def slot(account_type: AccountType) -> Slot:
        return Slot(account_type, assignment_id=assignment.id)

    pay = pieces * (assignment.rate_fen or 0)
    where = {"order_id": assignment.order_id, "assignment_id": assignment.id}
    with clock.frozen(at):
        handed_in = posting.post(
            session, SYSTEM, kind=EntryKind.SUBMIT, idempotency_key=key(), **where,
            moves=[Move(slot(AccountType.MADE), slot(AccountType.PENDING), pieces)],
        )  # fmt: skip
        delivery = Delivery(
            assignment_id=assignment.id, number=next(_keys), pieces=pieces, inspected=True,
            submitted_at=at, entry_id=handed_in.id,
        )  # fmt: skip
        session.add(delivery)
        session.flush()
        entry = posting.post(
            session, SYSTEM, kind=EntryKind.INSPECT, idempotency_key=key(), **where,
            moves=[
                Move(slot(AccountType.PENDING), slot(AccountType.ACCEPTED), pieces),
                Move(slot(AccountType.PAYABLE), Slot(AccountType.RECEIVABLE), pay),
            ],
        )  # fmt: skip
        inspection = Inspection(
            delivery_id=delivery.id, accepted=pieces, rework=0, rejected=0,
            inspector_id=inspector.id, at=at, entry_id=entry.id, **where,
        )  # fmt: skip
        session.add(inspection)
        session.flush()
        passbook.write(
            session, assignment, PassbookKind.INSPECT, entry_id=entry.id,
            tranche=delivery.number, accepted=pieces, rework=0, rejected=0, unit="条",
            pay_fen=pay,
        )  # fmt: skip
    return inspection


def undo(session: Session, inspection: Inspection) -> None:
    """Reverse an inspection, as its own service does."""
    entry = posting.reverse(
        session, SYSTEM, entry_id=inspection.entry_id, idempotency_key=key(), note="点错了"
    )
    inspection.reversed_by_id = entry.id
    session.add(inspection)
    session.flush()


def make_hire(session: Session, resident: Resident, boss: Account, **overrides: Any) -> Match:
    """Return a job that somebody was hired for 100 days ago, by an employer ``boss`` acts for."""
    employer = factories.make_employer(session, member=boss, **overrides.pop("employer", {}))
    opening = factories.make_opening(session, employer_id=employer.id)
    factories.give_consent(session, resident.id, employer.id)
    return factories.make_match(
        session,
        resident_id=resident.id,
        opening_id=opening.id,
        **{
            "state": MatchState.HIRED,
            "start_date": clock.today() - timedelta(days=100),
            **overrides,
        },
    )


def boss_of(session: Session) -> Account:
    """Return an account that acts for employers."""
    return factories.make_account(session, role=Role.EMPLOYER)


def self_of(resident: Resident) -> Actor:
    """Return a resident as they act themselves."""
    return Actor(resident.account_id, Role.RESIDENT, resident.name, resident_id=resident.id)


def months_ago(months: int) -> date:
    """Return the first day of the month so many months ago."""
    today = clock.today()
    year, month = divmod(12 * today.year + today.month - 1 - months, 12)
    return date(year, month + 1, 1)


def newest_request() -> Any:
    """Return the statement of the request that was written last."""
    return select(StatementRequest).order_by(col(StatementRequest.id).desc()).limit(1)
