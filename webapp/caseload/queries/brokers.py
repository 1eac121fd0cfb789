"""What labour brokers look after: employers, the openings posted meanwhile, places filled."""

from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.branches.models import Branch, MemberProfile
from webapp.core.access import Role
from webapp.core.vocabulary import Kind
from webapp.employers.models import Employer, EmployerBroker
from webapp.openings.models import Opening


@dataclass
class BrokerLine:
    """A broker of a branch; ``brought`` are the published vacancies of that time."""

    account_id: int
    name: str
    branch: str
    employers: list[Employer] = field(default_factory=list)
    brought: list[Opening] = field(default_factory=list)

    @property
    def places(self) -> int:
        """How many places these openings had in all."""
        return sum(one.headcount for one in self.brought)

    @property
    def filled(self) -> int:
        """How many of these places are filled."""
        return sum(min(one.hired_count, one.headcount) for one in self.brought)


def broker_lines(session: Session) -> list[BrokerLine]:
    """Return the brokers in service by branch and name, with what they look after and brought."""
    lines: dict[int, BrokerLine] = {}
    people = session.exec(
        select(Account.id, Account.name, Branch.name)
        .join(Branch, col(Branch.id) == Account.branch_id)
        .join(MemberProfile, col(MemberProfile.account_id) == Account.id)
        .where(MemberProfile.broker, Account.enabled, Account.role == Role.STAFF)
        .order_by(col(Branch.id), Account.name, col(Account.id))
    )
    for account_id, name, branch in people:
        lines[account_id] = BrokerLine(account_id, name, branch)
    kept = session.exec(
        select(EmployerBroker, Employer)
        .join(Employer, col(Employer.id) == EmployerBroker.employer_id)
        .where(col(EmployerBroker.until).is_(None))
        .order_by(Employer.name)
    )
    for row, employer in kept:
        if row.account_id in lines:
            lines[row.account_id].employers.append(employer)
    brought = session.exec(
        select(EmployerBroker.account_id, Opening)
        .join(Opening, col(Opening.employer_id) == EmployerBroker.employer_id)
        .where(
            Opening.kind == Kind.VACANCY,
            col(Opening.published_at).is_not(None),
            Opening.created_at >= EmployerBroker.since,
            col(EmployerBroker.until).is_(None)
            | (col(Opening.created_at) < col(EmployerBroker.until)),
        )
        .order_by(col(Opening.created_at).desc(), col(Opening.id))
    )
    for account_id, opening in brought:
        if account_id in lines:
            lines[account_id].brought.append(opening)
    return list(lines.values())
