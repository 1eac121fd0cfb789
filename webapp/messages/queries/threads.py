"""Fetch threads through the actor's scope: what is not theirs to read is not there (404)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlmodel import Session, col

from webapp.accounts.models import Account
from webapp.core.access import Actor
from webapp.core.errors import NotFound
from webapp.core.vocabulary import Kind
from webapp.employers.lifecycle import EmployerState
from webapp.employers.models import Employer
from webapp.matches import policy as match_policy
from webapp.matches.lifecycle import SHOWN_TO_RESIDENT, WITH_EMPLOYER
from webapp.matches.models import Match
from webapp.matches.services.access import consent_stands, standing_consent
from webapp.messages.models import ContactAgreement, MessageThread, Side
from webapp.openings.models import Opening
from webapp.residents.models import Consent, Resident, ResidentState

# A number goes to an employer when it is proven: the account's; staff wrote down an assisted one.
_PROVEN_PHONE = case(
    (col(Resident.account_id).is_(None), col(Resident.phone)),
    (col(Account.phone_verified_at).is_not(None), col(Account.phone)),
)


@dataclass(frozen=True)
class ThreadView:
    """One match's thread as one reader of it sees it.

    ``thread`` is ``None`` before the first word. ``employer_in``: the employer can read along
    at present. ``agreed`` are the sides whose agreement to exchange numbers stands.
    """

    match: Match
    row: MessageThread | None
    side: Side
    resident_name: str
    resident_phone: str | None
    resident_account_id: int | None
    gone: bool
    branch_id: int
    opening_title: str
    kind: Kind
    employer_id: int | None
    employer_name: str
    employer_contact: str
    employer_phone: str
    employer_in: bool
    agreed: frozenset[Side]

    @property
    def assisted(self) -> bool:
        """Whether staff read and write for the resident."""
        return self.resident_account_id is None

    @property
    def contacts_open(self) -> bool:
        """Whether both sides agreed and may see each other's number."""
        return self.employer_in and {Side.RESIDENT, Side.EMPLOYER} <= self.agreed


def get_thread(
    session: Session, actor: Actor, match_id: int, *, locked: bool = False
) -> ThreadView:
    """Return the thread of a match if the actor may read it; raise :class:`NotFound` otherwise.

    ``locked`` keeps other writers from the match until the end of the transaction.
    """
    if locked:
        session.execute(select(col(Match.id)).where(col(Match.id) == match_id).with_for_update())
    row = session.execute(
        select(
            Match,
            MessageThread,
            col(Resident.name).label("resident_name"),
            _PROVEN_PHONE.label("resident_phone"),
            col(Resident.account_id).label("account_id"),
            col(Resident.state).label("resident_state"),
            col(Resident.branch_id).label("branch_id"),
            col(Opening.title).label("title"),
            col(Opening.kind),
            col(Opening.employer_id).label("employer_id"),
            col(Employer.name).label("employer_name"),
            col(Employer.contact_name).label("employer_contact"),
            col(Employer.phone).label("employer_phone"),
            col(Employer.state).label("employer_state"),
            standing_consent(Consent.given_at).scalar_subquery().label("consent_at"),
        )
        .join(Opening, col(Opening.id) == Match.opening_id)
        .join(Resident, col(Resident.id) == Match.resident_id)
        .outerjoin(Account, col(Account.id) == Resident.account_id)
        .outerjoin(Employer, col(Employer.id) == Opening.employer_id)
        .outerjoin(MessageThread, col(MessageThread.match_id) == Match.id)
        .where(col(Match.id) == match_id)
    ).first()
    side = _side(actor, row) if row is not None else None
    if row is None or side is None:
        raise NotFound
    return ThreadView(
        match=row.Match,
        row=row.MessageThread,
        side=side,
        resident_name=row.resident_name,
        resident_phone=row.resident_phone,
        resident_account_id=row.account_id,
        gone=row.resident_state is ResidentState.LEFT,
        branch_id=row.branch_id,
        opening_title=row.title,
        kind=row.kind,
        employer_id=row.employer_id,
        employer_name=row.employer_name or "",
        employer_contact=row.employer_contact or "",
        employer_phone=row.employer_phone or "",
        employer_in=_employer_in(row),
        agreed=_agreed(session, row.MessageThread, row.consent_at),
    )


def employer_reads() -> ColumnElement[bool]:
    """Return the condition that the opening's employer may read the match's thread at present.

    For queries that join :class:`Match`, :class:`Opening` and :class:`Employer`.
    """
    return and_(
        col(Employer.state) == EmployerState.VERIFIED,
        col(Match.state).in_(WITH_EMPLOYER),
        consent_stands(),
    )


def read_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a match's thread is the actor's to read.

    For queries that join :class:`Match`, :class:`Opening`, :class:`Resident` and, outer,
    :class:`Employer`.
    """
    ways = []
    if actor.resident_id is not None:
        ways.append(col(Match.resident_id) == actor.resident_id)
    elif actor.employer_id is not None:
        ways.append(and_(col(Opening.employer_id) == actor.employer_id, employer_reads()))
    elif actor.is_staff:
        ways.append(col(Resident.branch_id) == actor.branch_id)
    return and_(col(Match.state).in_(SHOWN_TO_RESIDENT), or_(False, *ways))


def _side(actor: Actor, row: Any) -> Side | None:
    match = row.Match
    if match_policy.can_see_own(actor, resident_id=match.resident_id, state=match.state):
        return Side.RESIDENT
    if match_policy.can_see_applicant(
        actor,
        employer_id=row.employer_id,
        employer_state=row.employer_state,
        state=match.state,
        consent=row.consent_at is not None,
    ):
        return Side.EMPLOYER
    if match_policy.can_read_as_staff(actor, branch_id=row.branch_id, state=match.state):
        return Side.STAFF
    return None


def _employer_in(row: Any) -> bool:
    return (
        row.employer_state is EmployerState.VERIFIED
        and row.Match.state in WITH_EMPLOYER
        and row.consent_at is not None
    )


def _agreed(
    session: Session, thread: MessageThread | None, consent_at: datetime | None
) -> frozenset[Side]:
    """Return whose agreements stand; those older than the present consent ended with the last."""
    if thread is None or consent_at is None:
        return frozenset()
    rows = session.execute(
        select(col(ContactAgreement.side)).where(
            col(ContactAgreement.thread_id) == thread.id,
            col(ContactAgreement.withdrawn_at).is_(None),
            col(ContactAgreement.given_at) >= consent_at,
        )
    )
    return frozenset(rows.scalars())
