"""The copy of all that is kept about a person, for themself."""

from datetime import date, datetime
from enum import Enum
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, SQLModel, col, select

from webapp.accounts.models import Account, LoginSession
from webapp.bookmarks.models import Bookmark, SearchAlert
from webapp.complaints.models import EmployerComplaint
from webapp.core import models
from webapp.core.access import Actor
from webapp.employment.models import ContractPhoto, EmploymentSpell, HireTerms
from webapp.matches.lifecycle import SHOWN_TO_RESIDENT, MatchAction
from webapp.matches.models import (
    EvidenceRequest,
    InterviewWish,
    Match,
    MatchEvent,
    OfferEvidence,
    RefusalRemark,
)
from webapp.matches.reason_codes import RemarkVerdict
from webapp.messages.services import own_data
from webapp.official_facts.models import OfficialFact
from webapp.openings.models import Opening
from webapp.piecework.models.payee import PayeeAccount
from webapp.residents.models import (
    Consent,
    Experience,
    Household,
    JoinRequest,
    SensitiveRecord,
)
from webapp.residents.services import registration
from webapp.rights.models import PolicyClaim, PolicyFinding
from webapp.standing_services.services import own_data as visit_data
from webapp.statements.models import StatementAgreement, StatementRequest, WageConfirmation
from webapp.statements.queries import statements_of
from webapp.tickets.services import long_case_data
from webapp.tickets.services import own_data as ticket_data
from webapp.training.models.courses import Course, CourseRun
from webapp.training.models.devices import DeviceMark
from webapp.training.models.enrolments import Enrolment, EnrolmentEvent, TrainingNews
from webapp.training.models.invitations import CourseInvitation, InvitationStop
from webapp.training.models.results import Assessment, Attendance, Certificate
from webapp.trials.models import TrialDay
from webapp.ventures.services import own_data as venture_data

SECRETS = {"password_hash", "idempotency_key"}
# What would tell somebody who asked whether anybody lives at the address, and who objected.
HIDDEN_OF_REQUESTS = {
    "household_id",
    "state",
    "told_at",
    "approved_at",
    "approved_by_id",
    "objected_by_id",
    "decided_at",
    "decided_by_id",
    "note",
}
# Of a trial day: what the employer told the branch, and which member decided.
KEPT_OF_TRIALS = {"employer_words", "employer_why", "decided_by_id"}


def export(session: Session, actor: Actor, *, resident_id: int) -> dict[str, Any]:
    """Return all that is kept about a person, as JSON values.

    Secrets (the password's hash) and what staff have not yet confirmed are left out. It says
    of itself that not taking a suggestion is no refusal of work, whoever it is handed to.
    """
    resident = registration.get_resident(session, actor, resident_id)
    own = {"resident_id": resident.id}
    matches = session.exec(
        select(Match, Opening.title)
        .join(Opening, col(Opening.id) == Match.opening_id)
        .where(Match.resident_id == resident.id, col(Match.state).in_(SHOWN_TO_RESIDENT))
        .order_by(col(Match.id))
    ).all()
    steps = session.exec(
        select(MatchEvent)
        .where(col(MatchEvent.match_id).in_([match.id for match, _title in matches]))
        .order_by(col(MatchEvent.id))
    )
    remarks = session.exec(
        select(RefusalRemark)
        .where(
            col(RefusalRemark.match_id).in_([match.id for match, _title in matches]),
            RefusalRemark.verdict == RemarkVerdict.RELEASED,
        )
        .order_by(col(RefusalRemark.id))
    )
    account = session.get(Account, resident.account_id) if resident.account_id else None
    deeds = session.exec(
        select(models.AuditEvent, Account.name)
        .outerjoin(Account, col(Account.id) == models.AuditEvent.account_id)
        .where(models.AuditEvent.subject == f"resident:{resident.id}")
        .order_by(col(models.AuditEvent.id))
    )
    return {
        "about": _(
            "这是本人的全部资料。没有选、没有回话、撤回的推荐、没有学完的课、没有接着做的试岗都不是拒绝工作，我们不报给办低保的和别的部门。"
        ),
        "account": _plain(account, leave_out=SECRETS) if account else None,
        "sign_ins": [
            _plain(row, leave_out={"token_digest"})
            for row in _rows(session, LoginSession, account_id=resident.account_id)
        ],
        "resident": _plain(resident),
        "household": _plain(session.get_one(Household, resident.household_id)),
        "bookmarks": [
            _plain(row) for row in _rows(session, Bookmark, account_id=resident.account_id)
        ],
        "search_alerts": [
            _plain(row) for row in _rows(session, SearchAlert, account_id=resident.account_id)
        ],
        "join_requests": [
            _plain(row, leave_out=HIDDEN_OF_REQUESTS) for row in _rows(session, JoinRequest, **own)
        ],
        "experience": [_plain(row) for row in _rows(session, Experience, **own)],
        "employment": [_plain(row) for row in _rows(session, EmploymentSpell, **own)],
        "official_facts": [
            _plain(row, leave_out={"recorded_by_id", "withdrawn_by_id"})
            for row in _rows(session, OfficialFact, **own)
        ],
        "sensitive": [
            _plain(row, leave_out={"allowance_code"})
            for row in _rows(session, SensitiveRecord, **own)
        ],
        "consents": [_plain(row) for row in _rows(session, Consent, **own)],
        "payee_accounts": [_plain(row) for row in _rows(session, PayeeAccount, **own)],
        "matches": [
            {**_plain(match, leave_out={"score", "position"}), "opening": title}
            for match, title in matches
        ],
        "match_steps": [_plain(row, leave_out=_kept_back(row)) for row in steps],
        "interview_wishes": [
            _plain(row, leave_out={"asked_by_id", "settled_by_id"})
            for row in session.exec(
                select(InterviewWish)
                .where(col(InterviewWish.match_id).in_([match.id for match, _title in matches]))
                .order_by(col(InterviewWish.id))
            )
        ],
        "offers": [
            _plain(row, leave_out={"resident_id"}) for row in _rows(session, OfferEvidence, **own)
        ],
        "offers_printed": [
            _plain(row, leave_out={"resident_id", "account_id"})
            for row in _rows(session, EvidenceRequest, **own)
        ],
        "remarks": [
            {"match": row.match_id, "text": row.text, "at": row.written_at.isoformat()}
            for row in remarks
        ],
        "courses": _courses(session, resident.id),
        "contracts": [
            _plain(row, leave_out={"recorded_by_id"})
            for row in session.exec(
                select(HireTerms)
                .where(col(HireTerms.match_id).in_([match.id for match, _title in matches]))
                .order_by(col(HireTerms.id))
            )
        ],
        "contract_pictures": [
            _plain(row, leave_out={"stored", "added_by_id"})
            for row in session.exec(
                select(ContractPhoto)
                .where(col(ContractPhoto.match_id).in_([match.id for match, _title in matches]))
                .order_by(col(ContractPhoto.id))
            )
        ],
        "policy_claims": [
            _plain(row, leave_out={"updated_by_id"}) for row in _rows(session, PolicyClaim, **own)
        ],
        "policies_found": [
            _plain(row, leave_out={"account_id"}) for row in _rows(session, PolicyFinding, **own)
        ],
        "trial_days": [
            _plain(row, leave_out=KEPT_OF_TRIALS) for row in _rows(session, TrialDay, **own)
        ],
        "long_cases": long_case_data.copy_for(session, resident_id=resident.id),
        "standing_services": visit_data.copy_for(session, resident_id=resident.id),
        "ventures": venture_data.copy_for(session, resident_id=resident.id),
        "wages": [
            _plain(row, leave_out={"confirmed_by_id"})
            for row in _rows(session, WageConfirmation, **own)
        ],
        "statements": [
            _plain(row, leave_out={"issued_by_id", "revoked_by_id"})
            for row in statements_of(session, resident.id)
        ],
        "statement_requests": [_plain(row) for row in _rows(session, StatementRequest, **own)],
        "statement_agreements": [
            _plain(row, leave_out={"recorded_by_id"})
            for row in _rows(session, StatementAgreement, **own)
        ],
        "messages": own_data.copy_for(session, resident_id=resident.id),
        "complaints": [
            _plain(row, leave_out={"handled_by_id"})
            for row in _rows(session, EmployerComplaint, **own)
        ],
        "tickets": ticket_data.copy_for(
            session, resident_id=resident.id, account_id=resident.account_id
        ),
        "what_was_done": [
            {"at": row.at.isoformat(), "by": by, "action": row.action, "details": row.details}
            for row, by in deeds
        ],
    }


def _kept_back(step: MatchEvent) -> set[str]:
    """Return what the copy leaves out of a step: of older refusals words that nobody has read."""
    return {"shown", "reason"} if step.action == MatchAction.REFUSE else {"shown"}


def _courses(session: Session, resident_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return a person's enrolments, their steps and what they were told of them."""
    own = session.exec(
        select(Enrolment, Opening.title)
        .join(Course, col(Course.id) == Enrolment.course_id)
        .join(Opening, col(Opening.id) == Course.opening_id)
        .where(Enrolment.resident_id == resident_id)
        .order_by(col(Enrolment.id))
    ).all()
    runs = select(CourseRun).where(
        col(CourseRun.id).in_([one.run_id for one, _title in own if one.run_id])
    )
    of_own = [one.id for one, _title in own]

    def told(table: Any, leave_out: set[str], *where: Any) -> list[dict[str, Any]]:
        rows = select(table).where(table.enrolment_id.in_(of_own), *where).order_by(table.id)
        return [_plain(row, leave_out=leave_out) for row in session.exec(rows)]

    return {
        "enrolments": [{**_plain(one), "course": title} for one, title in own],
        "runs": [
            {"run": run.id, "starts_at": _json(run.starts_at), "ends_at": _json(run.ends_at)}
            for run in session.exec(runs)
        ],
        "steps": told(EnrolmentEvent, {"account_id"}),
        "attendance": told(Attendance, {"client_key", "grant_id", "marked_by_id", "seen_by_id"}),
        "taps": told(DeviceMark, {"client_key", "grant_id", "undoes", "settled_by_id"}),
        "results": told(
            Assessment,
            {"entered_by_id", "confirmed_by_id"},
            col(Assessment.confirmed_at).is_not(None),
        ),
        "certificates": told(Certificate, {"issued_by_id", "revoked_by_id"}),
        "news": told(TrainingNews, {"key", "told_by_id"}),
        "invitations": told(CourseInvitation, {"invited_by_id"}),
        "no_invitations": [
            _plain(row, leave_out={"noted_by_id"})
            for row in _rows(session, InvitationStop, resident_id=resident_id)
        ],
    }


def _rows(session: Session, table: type[SQLModel], **equal: Any) -> list[Any]:
    if None in equal.values():
        return []
    return list(session.exec(select(table).filter_by(**equal).order_by(table.id)))  # type: ignore[attr-defined]


def _plain(row: SQLModel, *, leave_out: set[str] | None = None) -> dict[str, Any]:
    hidden = leave_out or set()
    columns = [name for name in type(row).model_fields if name not in hidden]
    return {name: _json(getattr(row, name)) for name in columns}


def _json(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, list) else value
