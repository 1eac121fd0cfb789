"""Whom a line of work lets one telephone: a resident or an employer, and what it is about."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from webapp.core.access import Actor
from webapp.core.errors import NotFound
from webapp.employers import policy as employers
from webapp.employers.models import Employer
from webapp.matches.services.access import visible_match
from webapp.matches.services.transitions import get_opening
from webapp.openings.models import Opening
from webapp.residents import policy as residents
from webapp.residents.models import Resident
from webapp.residents.services.registration import get_resident


@dataclass(frozen=True)
class Party:
    """One side of a call: ``resident`` or ``employer``, and the match or opening it is about."""

    resident: Resident | None = None
    employer: Employer | None = None
    match_id: int | None = None
    opening: Opening | None = None

    @property
    def name(self) -> str:
        """Whom one rings up."""
        return self.resident.name if self.resident else self.employer.name if self.employer else ""

    @property
    def side(self) -> str:
        """The column that names the side on a contact."""
        return "resident_id" if self.resident else "employer_id"

    @property
    def about(self) -> str:
        """The column that names on a contact what it is about; the side for nothing else."""
        if self.match_id is not None:
            return "match_id"
        return "opening_id" if self.opening is not None else self.side

    @property
    def about_id(self) -> int:
        """The id that :attr:`about` holds."""
        own = self.resident or self.employer
        about = self.match_id or (self.opening.id if self.opening else own.id if own else None)
        return about or 0

    def may_call(self, actor: Actor) -> bool:
        """Whether the number is shown whole: who looks after the person, or checks employers."""
        if self.resident is not None:
            return residents.cares_for(actor, self.resident)
        return employers.can_verify(actor)


def party(session: Session, actor: Actor, called: str, id_: int) -> Party:
    """Return who is telephoned; raise :class:`NotFound` for nobody the actor may see."""
    return PARTIES[called](session, actor, id_)


def _resident(session: Session, actor: Actor, id_: int) -> Party:
    return Party(resident=get_resident(session, actor, id_))


def _employer(session: Session, actor: Actor, id_: int) -> Party:
    return Party(employer=_employer_of(session, id_))


def _opening(session: Session, actor: Actor, id_: int) -> Party:
    opening = session.get(Opening, id_)
    if opening is None:
        raise NotFound
    return Party(employer=_employer_of(session, opening.employer_id), opening=opening)


def _applicant(session: Session, actor: Actor, id_: int) -> Party:
    match = visible_match(session, actor, id_)
    return Party(resident=get_resident(session, actor, match.resident_id), match_id=match.id)


def _hirer(session: Session, actor: Actor, id_: int) -> Party:
    match = visible_match(session, actor, id_)
    opening = get_opening(session, match)
    return Party(employer=_employer_of(session, opening.employer_id), match_id=match.id)


def _employer_of(session: Session, employer_id: int | None) -> Employer:
    found = session.get(Employer, employer_id) if employer_id else None
    if found is None:
        raise NotFound
    return found


# The word in the address → whom it means. Of a match one rings up the person or the employer.
PARTIES: dict[str, Callable[[Session, Actor, int], Party]] = {
    "resident": _resident,
    "employer": _employer,
    "opening": _opening,
    "applicant": _applicant,
    "hirer": _hirer,
}
