"""Wages that employers of the demo confirmed, one that is wrong, and one statement.

All through the real services, each step on its day.
"""

from datetime import timedelta

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import Actor, Role
from webapp.core.vocabulary import Kind, PayUnit
from webapp.demo.act_as import act_as
from webapp.demo.training import staff_actor
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer, EmployerMember
from webapp.matches.lifecycle import TAKEN
from webapp.matches.models import Match
from webapp.matches.services.access import consent_stands
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.statements.lifecycle import StatementScope
from webapp.statements.services import requests, wages

_FIRST = "13800000001"  # whose statement is signed, from the passbook
_MADE = "13800000006"  # whose hires come first
_MOST, _MONTHS, _LEAST_FEN = 6, 3, 2_600_00


def write(session: Session) -> None:
    """Write them; called once, in one transaction. Fewer where the community is smaller."""
    staff = staff_actor(session)
    hires = session.exec(
        select(Match, Opening, EmployerMember.account_id)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(Employer, col(Employer.id) == Opening.employer_id)
        .join(EmployerMember, col(EmployerMember.employer_id) == Employer.id)
        .join(Account, col(Account.id) == EmployerMember.account_id)
        .where(
            col(Match.state).in_(TAKEN),
            Opening.kind == Kind.VACANCY,
            Employer.state == EmployerState.VERIFIED,
            consent_stands(),
        )
        .order_by(col(Account.phone) != _MADE, col(Match.start_date), col(Match.id))
        .limit(_MOST)
    ).all()
    written = []
    for number, (match, opening, account_id) in enumerate(hires):
        boss = Actor(account_id, Role.EMPLOYER, employer_id=opening.employer_id)
        whole = [one for one in wages.months_of(match) if one != clock.today().replace(day=1)]
        for month in whole[:_MONTHS] or wages.months_of(match)[:1]:
            with act_as(session, boss, clock.now() - timedelta(days=1)):
                row = wages.confirm(
                    session,
                    boss,
                    match_id=match.id,
                    month=month,
                    amount_fen=_amount(opening) + 3_500 * number + 5_000 * (month.month % 3),
                )
                written.append((row.id, match.resident_id))
    if written:
        wage_id, _resident = written[-1]
        with act_as(session, staff, clock.now()):
            wages.object_to(session, staff, wage_id=wage_id, words="少发了两天加班的钱")
    _state(session)


def _amount(opening: Opening) -> int:
    monthly = opening.pay_unit is PayUnit.MONTH
    return (opening.pay_min_fen if monthly else None) or _LEAST_FEN


def _state(session: Session) -> None:
    """Have who signs in first ask for a statement of their own."""
    person = session.exec(
        select(Resident)
        .join(Account, col(Account.id) == Resident.account_id)
        .where(Account.phone == _FIRST)
    ).first()
    if person is None:
        return
    actor = Actor(person.account_id, Role.RESIDENT, person.name, resident_id=person.id)
    with act_as(session, actor, clock.now()):
        requests.ask(session, actor, resident_id=person.id, scope=StatementScope.PERSON, months=6)
