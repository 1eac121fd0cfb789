"""Whose work a hire or a ticket was, and who had a hand in it or is kin: they never look at it."""

from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from webapp.accounts.models import Account
from webapp.branches.models import Branch
from webapp.branches.queries.members import secretary_of
from webapp.core.access import Role
from webapp.employment.models import ContractPhoto
from webapp.matches.lifecycle import MatchAction
from webapp.matches.models import Match, MatchEvent
from webapp.openings.models import Opening
from webapp.residents.models import Household, Resident
from webapp.spot_checks.models import SpotCheckLine
from webapp.tickets.models.steps import TicketEvent
from webapp.tickets.models.tickets import Ticket

# Who of the branches is named first answers for a hire.
_WHOSE = (MatchAction.CONFIRM, MatchAction.SUGGEST_OWN, MatchAction.HIRE, MatchAction.OFFER)


@dataclass(frozen=True)
class Whose:
    """The branch whose work it was, and the member of it, if one can be named."""

    branch_id: int
    member_id: int | None


def whose_hire(session: Session, match_id: int) -> Whose:
    """Return whose work a hire was.

    Who confirmed the suggestion last; else who suggested, noted the hire or made the offer; else
    who answers for the household or the opening; else the secretary of the branch for work.
    """
    match = session.get_one(Match, match_id)
    acted = session.exec(
        select(MatchEvent.action, Account.id, Account.branch_id)
        .join(Account, col(Account.id) == MatchEvent.account_id)
        .where(MatchEvent.match_id == match_id, Account.role == Role.STAFF)
        .order_by(col(MatchEvent.id).desc())
    ).all()
    for action in _WHOSE:
        for done, account_id, branch_id in acted:
            if done == action and branch_id is not None:
                return Whose(branch_id, account_id)
    answering = (
        session.exec(
            select(Account)
            .join(Household, col(Household.responsible_id) == Account.id)
            .join(Resident, col(Resident.household_id) == Household.id)
            .where(Resident.id == match.resident_id)
        ).first()
        or session.exec(
            select(Account)
            .join(Opening, col(Opening.responsible_id) == Account.id)
            .where(Opening.id == match.opening_id)
        ).first()
    )
    if answering is not None and answering.branch_id is not None:
        return Whose(answering.branch_id, answering.id)
    branch_id = session.exec(
        select(Branch.id).order_by(col(Branch.serves_all).desc(), col(Branch.id))
    ).first()
    return Whose(branch_id or 0, secretary_of(session, branch_id or 0))


def whose_ticket(session: Session, ticket_id: int) -> Whose:
    """Return whose work a ticket was: the branch in the lead, and its owner."""
    ticket = session.get_one(Ticket, ticket_id)
    return Whose(ticket.branch_id or 0, ticket.owner_id)


def involved(session: Session, line: SpotCheckLine) -> set[int]:
    """Return the accounts of all who had a hand in it, or live with whom it is about."""
    if line.match_id is not None:
        found = _of_match(session, session.get_one(Match, line.match_id))
    elif line.ticket_id is not None:
        found = _of_ticket(session, session.get_one(Ticket, line.ticket_id))
    else:
        found = set()
    return {one for one in {*found, line.member_id} if one is not None}


def _of_match(session: Session, match: Match) -> set[int | None]:
    resident = session.get_one(Resident, match.resident_id)
    household = session.get_one(Household, resident.household_id)
    opening = session.get_one(Opening, match.opening_id)
    acted = session.exec(
        select(MatchEvent.account_id).where(MatchEvent.match_id == match.id).distinct()
    )
    added = session.exec(
        select(ContractPhoto.added_by_id).where(ContractPhoto.match_id == match.id).distinct()
    )
    return {
        *acted,
        *added,
        household.responsible_id,
        opening.responsible_id,
        *_living_in(session, household.id),
    }


def _of_ticket(session: Session, ticket: Ticket) -> set[int | None]:
    acted = session.exec(
        select(TicketEvent.actor_id).where(TicketEvent.ticket_id == ticket.id).distinct()
    )
    found = {
        *acted,
        ticket.owner_id,
        ticket.backup_id,
        ticket.about_account_id,
        ticket.filed_by_id,
        ticket.published_by_id,
        ticket.reporter_account_id,
    }
    if ticket.resident_id is not None:
        resident = session.get_one(Resident, ticket.resident_id)
        found |= _living_in(session, resident.household_id)
    return found


def _living_in(session: Session, household_id: int) -> set[int]:
    """Return the accounts of a household's people, by account or by number."""
    people = select(Resident.account_id).where(Resident.household_id == household_id)
    numbers = select(Resident.phone).where(Resident.household_id == household_id)
    return set(
        session.exec(
            select(Account.id).where(
                or_(col(Account.id).in_(people), col(Account.phone).in_(numbers))
            )
        )
    )
