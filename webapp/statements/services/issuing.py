"""Statements themselves: written and signed once, found by their code, revoked with a reason."""

import secrets
import unicodedata
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, col, delete, select, update

from webapp.core import audit, clock, signing
from webapp.core.access import Actor
from webapp.core.canonical import canonical
from webapp.core.errors import Conflict, NotFound, Refused
from webapp.residents.models import Household, Resident
from webapp.statements import earnings, policy
from webapp.statements.models import EarningsStatement, StatementAgreement, StatementRequest

# No letters or digits that are taken for one another on paper.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12


def issue(
    session: Session, actor: Actor, request: StatementRequest, people: Sequence[Resident]
) -> EarningsStatement:
    """Write and sign a statement for people who all agreed; the caller has made sure of it."""
    since = request.from_month
    if request.household_id is None:
        earned = earnings.of_person(session, people[0].id, since=since)
        address = ""
    else:
        ids = [one.id for one in people]
        earned = earnings.of_household(session, request.household_id, ids, since=since)
        address = session.get_one(Household, request.household_id).unit_address
    if not earned.total_fen:
        raise Refused(_("这段时间账上没有工钱，开不出证明。换长一点的时间试试。"))
    code = "".join(secrets.choice(_ALPHABET) for _digit in range(CODE_LENGTH))
    today = clock.today()
    content: dict[str, Any] = {
        "kind": "earnings_statement",
        "issuer": "华龙家园社区富民支部",
        "code": code,
        "number": f"GQ{today.year}-{request.id:05d}",
        "scope": request.scope.value,
        "names": [_nfc(one.name) for one in people],
        "address": _nfc(address),
        "from": since.isoformat(),
        "to": today.isoformat(),
        "piecework": [[month, fen] for month, fen in earned.piecework.items()],
        "wages": [[one.month, _nfc(one.employer), _nfc(one.name), one.fen] for one in earned.wages],
        "piecework_fen": earned.piecework_fen,
        "wages_fen": earned.wages_fen,
        "total_fen": earned.total_fen,
        "joint_fen": earned.joint_fen,
        "issued": today.isoformat(),
        "note": "只写账上有的和单位确认的，也可能显示收入超过低保线",
    }
    row = EarningsStatement(
        request_id=request.id,
        number=content["number"],
        code=code,
        content=content,
        signature=str(signing.sign_json(content)),
        total_fen=earned.total_fen,
        issued_on=today,
        issued_by_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    audit.record(session, "statement.issue", row)
    return row


def file_of(row: EarningsStatement) -> bytes:
    """Return the file that ``check_statement.py`` checks: content and signature, canonical JSON.

    Every byte counts: the script refuses a text that is written otherwise, even if it says the
    same.
    """
    return canonical({"content": row.content, "signature": row.signature})


def own(session: Session, actor: Actor, statement_id: int) -> EarningsStatement:
    """Return a statement for an adult who agreed to it, or staff who act for one; else 404."""
    row = session.get(EarningsStatement, statement_id)
    if row is not None and any(
        policy.can_speak_for(actor, one) for one in people_of(session, row.request_id)
    ):
        return row
    raise NotFound


def people_of(session: Session, request_id: int) -> list[Resident]:
    """Return who agreed to a request."""
    rows = (
        select(Resident)
        .join(StatementAgreement, col(StatementAgreement.resident_id) == Resident.id)
        .where(StatementAgreement.request_id == request_id)
        .order_by(col(Resident.id))
    )
    return list(session.exec(rows))


def revoke(session: Session, actor: Actor, *, statement_id: int, reason: str) -> EarningsStatement:
    """Say that a statement no longer stands, and why; once and for good."""
    row = own(session, actor, statement_id)
    done = session.exec(
        update(EarningsStatement)
        .where(col(EarningsStatement.id) == row.id, col(EarningsStatement.revoked_at).is_(None))
        .values(revoked_at=clock.now(), revoked_by_id=actor.account_id, revoke_reason=reason)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("已经作废了。"))
    session.refresh(row)
    audit.record(session, "statement.revoke", row)
    return row


def by_code(session: Session, code: str) -> EarningsStatement | None:
    """Return the statement with this code, however it is typed; ``None`` for none."""
    plain = "".join(char for char in code.upper() if char.isalnum())
    if len(plain) != CODE_LENGTH:
        return None
    return session.exec(select(EarningsStatement).where(EarningsStatement.code == plain)).first()


def is_ours(row: EarningsStatement) -> bool:
    """Whether the signature is one of ours over exactly this content."""
    try:
        return signing.verify_json(row.content, signing.Signature.parse(row.signature))
    except ValueError:
        return False


def erase(session: Session, *, resident_id: int) -> None:
    """Drop every request the person took part in, with its statement: their service has ended."""
    part_of = select(StatementAgreement.request_id).where(
        StatementAgreement.resident_id == resident_id
    )
    session.exec(
        delete(StatementRequest).where(
            col(StatementRequest.id).in_(part_of)
            | (col(StatementRequest.resident_id) == resident_id)
        )
    )


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
