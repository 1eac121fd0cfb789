"""Certificates: issued with a pass, signed, found by their code, revoked with a reason."""

import hashlib
import hmac
import secrets
import unicodedata

from flask_babel import gettext as _
from sqlalchemy import func
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock, receipt_codes, signing
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.core.formatting import mask_name
from webapp.core.labels import label
from webapp.employers.models import Employer
from webapp.openings.models import Opening
from webapp.residents.models import Resident
from webapp.training import policy
from webapp.training.lifecycle import WAS_THERE, NewsKind
from webapp.training.models.courses import ClassMeeting, Course, CourseRun
from webapp.training.models.enrolments import Enrolment
from webapp.training.models.results import Attendance, Certificate
from webapp.training.services.transitions import tell


def issue(session: Session, actor: Actor, enrolment: Enrolment) -> Certificate:
    """Write and sign the certificate of somebody who passed; the course is locked by the caller."""
    run = session.get_one(CourseRun, enrolment.run_id or 0)
    course = session.get_one(Course, run.course_id)
    opening = session.get_one(Opening, course.opening_id)
    employer = session.get(Employer, opening.employer_id) if opening.employer_id else None
    resident = session.get_one(Resident, enrolment.resident_id)
    code = receipt_codes.fresh()
    there, held = attendance_of(session, enrolment)
    salt = secrets.token_hex(16)
    content = {
        "code": code,
        "number": f"FM{clock.today().year}-{enrolment.id:05d}",
        "name": mask_name(resident.name),
        "name_digest": name_digest(salt, resident.name),
        "course": opening.title,
        "level": label(course.level),
        "class_hours": str(course.class_hours or ""),
        "provider": course.provider or (employer.name if employer else _("华龙家园社区富民支部")),
        "began": clock.local(run.starts_at).date().isoformat(),
        "ended": clock.local(run.ends_at).date().isoformat(),
        "attended": f"{there}/{held}",
        "skills": "、".join(course.skills),
        "certificates": "、".join(course.certificates),
        "issued": clock.today().isoformat(),
    }
    row = Certificate(
        enrolment_id=enrolment.id,
        number=content["number"],
        code=code,
        name_salt=salt,
        content=content,
        signature=str(signing.sign_json(content)),
        issued_on=clock.today(),
        issued_by_id=actor.account_id or 0,
    )
    session.add(row)
    session.flush()
    audit.record(session, "certificate.issue", row)
    return row


def name_digest(salt: str, name: str) -> str:
    """Return what binds a certificate to a whole name: the SHA-256 of salt and name.

    Blanks and width do not count: people type a name from paper.
    """
    plain = "".join(unicodedata.normalize("NFKC", name).split())
    return hashlib.sha256(f"{salt}:{plain}".encode()).hexdigest()


def is_holder(row: Certificate, name: str) -> bool | None:
    """Whether the certificate was issued to this name; ``None`` for one that binds no name."""
    if not row.name_salt:
        return None
    return hmac.compare_digest(row.content["name_digest"], name_digest(row.name_salt, name))


def attendance_of(session: Session, enrolment: Enrolment) -> tuple[int, int]:
    """Return at how many meetings somebody was, of how many; late marks count once seen."""
    there = session.exec(
        select(func.count(col(Attendance.id))).where(
            Attendance.enrolment_id == enrolment.id,
            col(Attendance.presence).in_(WAS_THERE),
            (~col(Attendance.is_late)) | col(Attendance.seen_at).is_not(None),
        )
    ).one()
    held = session.exec(
        select(func.count(col(ClassMeeting.id))).where(ClassMeeting.run_id == enrolment.run_id)
    ).one()
    return there, held


def revoke(session: Session, actor: Actor, *, certificate_id: int, reason: str) -> Certificate:
    """Say that a certificate no longer stands, and why; once and for good."""
    if not policy.can_manage(actor):
        raise Forbidden
    row = session.get(Certificate, certificate_id)
    if row is None:
        raise NotFound
    done = session.exec(
        update(Certificate)
        .where(col(Certificate.id) == certificate_id, col(Certificate.revoked_at).is_(None))
        .values(revoked_at=clock.now(), revoked_by_id=actor.account_id, revoke_reason=reason)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("已经作废了。"))
    session.refresh(row)
    audit.record(session, "certificate.revoke", row)
    enrolment = session.get_one(Enrolment, row.enrolment_id)
    words = _(
        "结业证 %(number)s 作废了：%(why)s。有疑问打社区电话。", number=row.number, why=reason
    )
    tell(session, enrolment, NewsKind.REVOKED, words, key=f"revoked:{row.id}")
    return row


def by_code(session: Session, code: str) -> Certificate | None:
    """Return the certificate with this code, however it is typed; ``None`` for none."""
    plain = receipt_codes.plain(code)
    if plain is None:
        return None
    return session.exec(select(Certificate).where(Certificate.code == plain)).first()


def is_ours(row: Certificate) -> bool:
    """Whether the signature is one of ours over exactly this content."""
    try:
        return signing.verify_json(row.content, signing.Signature.parse(row.signature))
    except ValueError:
        return False


def own_certificate(session: Session, actor: Actor, certificate_id: int) -> tuple[Certificate, str]:
    """Return a certificate with its holder's whole name, for the holder and staff alone."""
    found = session.exec(
        select(Certificate, Resident)
        .join(Enrolment, col(Enrolment.id) == Certificate.enrolment_id)
        .join(Resident, col(Resident.id) == Enrolment.resident_id)
        .where(Certificate.id == certificate_id)
    ).first()
    if found is None or not policy.can_enrol(actor, resident_id=found[1].id):
        raise NotFound
    return found[0], found[1].name
