"""Who is in the demo's piecework: a company, two members of staff, and families."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.core.access import Actor, Role
from webapp.employers.models import EmployerMember
from webapp.piecework.queries.assignments import may_work
from webapp.piecework.services.claims import ADULT
from webapp.residents.models import Household, Resident

COMPANY = "13800000006"
STAFF = ("13800000003", "13800000007")
FAMILIES = ("13800000001", "13800000005")


@dataclass(frozen=True)
class Cast:
    """The company, members of staff, and families as (household, who acts, adults).

    ``staff`` settle and inspect, ``cashier`` pays out.
    """

    company: Actor
    staff: tuple[Actor, Actor]
    cashier: Actor
    families: list[tuple[int, Actor, list[int]]]


def find_cast(session: Session) -> Cast:
    """Return the people of the demo's orders."""
    accounts = {
        one.phone: one
        for one in session.exec(
            select(Account).where(col(Account.phone).in_([COMPANY, *STAFF, *FAMILIES]))
        )
    }
    employer_id = session.exec(
        select(EmployerMember.employer_id).where(EmployerMember.account_id == accounts[COMPANY].id)
    ).one()
    staff = [_actor(accounts[phone]) for phone in STAFF]
    company = _actor(accounts[COMPANY], employer_id=employer_id)
    families = []
    for phone in FAMILIES:
        resident = session.exec(
            select(Resident).where(Resident.account_id == accounts[phone].id)
        ).one()
        families.append((resident.household_id, _actor(accounts[phone], resident_id=resident.id)))
    own = [home for home, _who in families]
    others = session.exec(
        select(Household.id).where(col(Household.id).not_in(own)).order_by(col(Household.id))
    ).all()
    families += [(home, staff[0]) for home in others[10:40:5]]
    told = [
        (home, who, [one.id for one in may_work(session, home, least=ADULT)][:2])
        for home, who in families
    ]
    adults = [one for one in told if one[2]]
    return Cast(company, (staff[0], staff[1]), _third(session, staff[0]), adults)


def _third(session: Session, first: Actor) -> Actor:
    """Return another member of the first one's branch."""
    others = (
        select(Account)
        .where(Account.branch_id == first.branch_id, col(Account.phone).not_in(STAFF))
        .order_by(col(Account.id))
    )
    return _actor(session.exec(others.limit(1)).one())


def _actor(
    account: Account, *, employer_id: int | None = None, resident_id: int | None = None
) -> Actor:
    return Actor(
        account_id=account.id,
        role=Role(account.role),
        name=account.name,
        branch_id=account.branch_id,
        employer_id=employer_id,
        resident_id=resident_id,
    )
