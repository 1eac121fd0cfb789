"""Take back a consent with all that rests on it; end the service and erase the file."""

from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, delete, select, update

from webapp import events
from webapp.accounts import service as accounts
from webapp.complaints.models import EmployerComplaint
from webapp.contacts.models import Contact
from webapp.core import audit, clock
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.employment.models import EmploymentSpell
from webapp.employment.services import contract_photos
from webapp.engine.models import SuggestionRequest
from webapp.matches.lifecycle import WITH_EMPLOYER
from webapp.matches.models import (
    EvidenceRequest,
    Impression,
    InterviewWish,
    Match,
    MatchEvent,
    OfferEvidence,
)
from webapp.matches.services import withdraw_all, withdraw_from_employer
from webapp.matches.services.transitions import lock_resident
from webapp.messages.services import own_data
from webapp.official_facts import service as official_facts
from webapp.official_facts.models import OfficialFact
from webapp.piecework.services import payees
from webapp.residents import policy
from webapp.residents.lifecycle import ResidentAction
from webapp.residents.models import (
    Consent,
    ConsentPurpose,
    Experience,
    JoinRequest,
    Resident,
)
from webapp.residents.services import consents, registration
from webapp.rights.models import PolicyClaim, PolicyFinding
from webapp.standing_services.services import own_data as visit_data
from webapp.statements.models import WageConfirmation
from webapp.statements.services import issuing
from webapp.tickets.services import long_case_data
from webapp.tickets.services import own_data as ticket_data
from webapp.training.models.demand import DemandGain
from webapp.training.models.invitations import InvitationStop
from webapp.training.services import enrolments
from webapp.trials.services import retention
from webapp.ventures.services import applying as ventures
from webapp.ventures.services import own_data as venture_data

ERASED_NAME = "已注销"
# Columns erased when the service ends, with the values they get.
_ERASED: dict[str, Any] = {
    "phone": None,
    "contact_note": "",
    "birth_date": None,
    "sex": None,
    "education": None,
    "reach": None,
    "min_pay_fen": None,
    "situation": "",
}
_EMPTIED = ("wanted", "skills", "certificates", "limits", "kinds", "available")


def withdraw_consent(
    session: Session, actor: Actor, *, resident_id: int, consent_id: int
) -> Consent:
    """Withdraw one consent with all that rests on it, at once; once withdrawn it stays so.

    What is under way with an employer who may not look any more is withdrawn; the sensitive
    facts are erased. The consents the service itself rests on end with it: :func:`leave`.
    """
    consent = session.get(Consent, consent_id)
    resident = session.get(Resident, resident_id)
    if consent is None or resident is None or consent.resident_id != resident_id:
        raise NotFound
    if not policy.can_edit(actor, resident):
        raise Forbidden
    if consent.purpose in consents.ENDING:
        raise Conflict(_("收回这一条就是停用服务，请走「停用服务」那一步"))
    lock_resident(session, resident_id)  # nothing is handed in on it meanwhile
    session.refresh(consent)
    if consent.withdrawn_at is not None:
        return consent
    consent.withdrawn_at = clock.now()
    session.add(consent)
    session.flush()
    audit.record(session, "consent.withdraw", consent, purpose=consent.purpose)
    if consent.purpose is ConsentPurpose.SENSITIVE:
        consents.erase_sensitive(session, resident_id=resident_id)
        official_facts.forget_grounds(session, resident_id=resident_id)
        events.announce(session, actor, events.FactsErased(resident_id))
    if consent.employer_id is not None:
        withdraw_from_employer(
            session, actor, resident_id=resident_id, employer_id=consent.employer_id
        )
    return consent


def leave(session: Session, actor: Actor, *, resident_id: int) -> Resident:
    """End the service for a person: erase the file, end what is under way, close the account.

    The name stays only where an employer took part: those records have to be kept, as trial
    days are without their reasons.
    """
    resident = registration.get_resident(session, actor, resident_id)
    if not policy.can_end(actor, resident):
        raise Forbidden
    own_matches = select(Match.id).where(Match.resident_id == resident.id)
    enrolments.withdraw_all(session, actor, resident_id=resident.id)
    ventures.withdraw_all(session, actor, resident_id=resident.id)
    venture_data.erase(session, resident_id=resident.id)
    visit_data.end_all(session, resident_id=resident.id)
    long_case_data.end_all(session, resident_id=resident.id)
    withdraw_all(session, actor, resident_id=resident.id)
    consents.withdraw_every(session, resident_id=resident.id)
    consents.erase_sensitive(session, resident_id=resident.id)
    payees.erase(session, resident_id=resident.id)
    events.announce(session, actor, events.FactsErased(resident.id))
    own_data.erase(session, resident_id=resident.id)
    retention.restrict(session, resident_id=resident.id)
    contract_photos.forget(session, session.exec(own_matches).all())
    issuing.erase(session, resident_id=resident.id)
    ticket_data.erase(session, actor, resident_id=resident.id, account_id=resident.account_id)
    # What they complained of stays on the employer's file, without them.
    session.exec(
        update(EmployerComplaint)
        .where(col(EmployerComplaint.resident_id) == resident.id)
        .values(resident_id=None, filed_by_id=None)
    )
    for table in (
        EmploymentSpell,
        DemandGain,
        Experience,
        Impression,
        InvitationStop,
        JoinRequest,
        OfficialFact,
        PolicyClaim,
        PolicyFinding,
        SuggestionRequest,
        WageConfirmation,
    ):
        session.exec(delete(table).where(col(table.resident_id) == resident.id))
    registration.move(session, resident, ResidentAction.LEAVE)
    # Triggers keep these for whoever is here.
    for kept in (Contact, OfferEvidence, EvidenceRequest):
        session.exec(delete(kept).where(col(kept.resident_id) == resident.id))
    session.exec(delete(InterviewWish).where(col(InterviewWish.match_id).in_(own_matches)))
    for column, value in _ERASED.items():
        setattr(resident, column, value)
    for column in _EMPTIED:
        setattr(resident, column, [])
    if not _dealt_with_employers(session, resident.id):
        resident.name = ERASED_NAME
    session.add(resident)
    if resident.account_id:
        accounts.close_account(session, resident.account_id, name=resident.name)
    audit.record(session, "resident.leave", resident)
    return resident


def _dealt_with_employers(session: Session, resident_id: int) -> bool:
    reached = select(Match.id).where(
        Match.resident_id == resident_id,
        (col(Match.state).in_(WITH_EMPLOYER)) | (col(Match.previous_state).in_(WITH_EMPLOYER)),
    )
    steps = (
        select(MatchEvent.id)
        .join(Match, col(Match.id) == MatchEvent.match_id)
        .where(
            Match.resident_id == resident_id,
            col(MatchEvent.to_state).in_(WITH_EMPLOYER)
            | col(MatchEvent.from_state).in_(WITH_EMPLOYER),
        )
    )
    return bool(session.exec(reached).first() or session.exec(steps).first())
