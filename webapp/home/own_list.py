"""All a resident waits for as one list by date; the page puts first what needs an answer."""

from collections.abc import Iterator

from sqlmodel import Session

from webapp.complaints.service import of_resident as complaints_of
from webapp.core.access import Actor
from webapp.home import own_lines as lines
from webapp.home.own_lines import OwnLine
from webapp.matches.lifecycle import ENDS_AT_INTEREST, MatchState
from webapp.matches.queries.own_matches import MatchCard
from webapp.piecework.lifecycle import OVER, AssignmentState
from webapp.piecework.queries.assignments import list_assignments
from webapp.piecework.services.access import own_membership
from webapp.residents.models import Resident
from webapp.residents.queries import own_request, requests_to
from webapp.standing_services import queries as standing_services
from webapp.statements.queries import asked_of
from webapp.tickets.queries import long_cases
from webapp.tickets.queries import one as tickets
from webapp.training.queries.own import own_courses
from webapp.trials.queries import own_under_way
from webapp.ventures.queries.own import own_cases


def own_list(
    session: Session, actor: Actor, resident: Resident, matches: list[MatchCard]
) -> list[OwnLine]:
    """Return what a resident waits for, by date; ``matches`` are their own, read already."""
    found = [line for line in _lines(session, actor, resident, matches) if line is not None]
    return sorted(found, key=lambda line: line.order)


def _lines(
    session: Session, actor: Actor, resident: Resident, matches: list[MatchCard]
) -> Iterator[OwnLine | None]:
    for card in matches:
        if card.state is not MatchState.INTERESTED or card.kind not in ENDS_AT_INTEREST:
            yield lines.match(card)  # the others go on as a place in a course, as a stall
    yield from map(lines.trial, own_under_way(session, resident.id))
    yield from map(lines.course, own_courses(session, resident.id))
    yield from map(lines.venture, own_cases(session, resident.id))
    home = own_membership(session, actor)
    if home is not None:
        under_way = [state for state in AssignmentState if state not in OVER]
        yield from map(
            lines.piecework,
            list_assignments(
                session, household_id=home.household_id, since=home.since, states=under_way
            ),
        )
    yield from map(lines.ticket, tickets.own_open(session, actor))
    yield from map(lines.long_case, long_cases.of_resident(session, resident.id))
    yield from map(lines.visit, standing_services.of_resident(session, resident.id))
    yield from map(lines.complaint, complaints_of(session, resident.id))
    yield from map(lines.asked_to_join, requests_to(session, resident))
    asking = own_request(session, resident.id)
    if asking is not None:
        yield lines.own_join(asking)
    asked = asked_of(session, resident)
    if asked is not None:
        yield lines.statement(asked)
