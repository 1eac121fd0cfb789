"""Who may do what with a match."""

from typing import Protocol

from webapp.core.access import Actor, Permission
from webapp.employers.lifecycle import EmployerState
from webapp.matches.lifecycle import SHOWN_TO_RESIDENT, WITH_EMPLOYER, MatchState
from webapp.matches.reason_codes import Channel


def can_decide(actor: Actor) -> bool:
    """Whether the actor decides on suggestions and may record what others said by phone."""
    return actor.may(Permission.MATCH_DECIDE)


def is_own(actor: Actor, *, resident_id: int) -> bool:
    """Whether the actor is this resident: what staff may do for others they do elsewhere."""
    return actor.may(Permission.MATCH_ANSWER) and actor.resident_id == resident_id


def can_answer(actor: Actor, *, resident_id: int) -> bool:
    """Whether the actor answers for this resident: themselves, or staff who were told."""
    return is_own(actor, resident_id=resident_id) or can_decide(actor)


def can_see_own(actor: Actor, *, resident_id: int, state: MatchState) -> bool:
    """Whether the actor sees this match as their own: nothing before staff handed it on."""
    return is_own(actor, resident_id=resident_id) and state in SHOWN_TO_RESIDENT


def can_see_applicant(
    actor: Actor,
    *,
    employer_id: int | None,
    employer_state: EmployerState | None,
    state: MatchState,
    consent: bool,
) -> bool:
    """Whether the actor sees this applicant: of their own openings, and only with consent.

    An employer whose papers staff have not seen, or found wanting, sees nobody.
    """
    return (
        actor.may(Permission.MATCH_HIRE)
        and employer_id is not None
        and actor.employer_id == employer_id
        and employer_state is EmployerState.VERIFIED
        and state in WITH_EMPLOYER
        and consent
    )


def can_read_as_staff(actor: Actor, *, branch_id: int, state: MatchState) -> bool:
    """Whether the actor is staff of the resident's branch and staff have handed the match on."""
    own_branch = actor.may(Permission.MATCH_DECIDE) and actor.branch_id == branch_id
    return own_branch and state in SHOWN_TO_RESIDENT


class Reachable(Protocol):
    """What tells how a resident can be told: a file, or a line of a list."""

    @property
    def assisted(self) -> bool: ...

    @property
    def phone(self) -> str | None: ...


def channels_to(resident: Reachable) -> list[Channel]:
    """Return the ways in which this resident can be told, the usual one first."""
    if not resident.assisted:
        return [Channel.PAGE, Channel.PHONE, Channel.IN_PERSON]
    if resident.phone:
        return [Channel.PHONE, Channel.IN_PERSON]
    return [Channel.IN_PERSON]


def reaching(resident: Reachable, channel: Channel) -> Channel:
    """Return ``channel`` if it reaches this resident, else the usual way to them."""
    ways = channels_to(resident)
    return channel if channel in ways else ways[0]
