"""Leave for one telephone to mark one meeting without network: given, claimed once, ended.

What is sent later carries the grant's token and is signed with the telephone's own key (ECDSA over
P-256, SHA-256), whose private half its browser never hands out: a token alone, copied to another
telephone, opens nothing.
"""

import base64
import binascii
import hashlib
import secrets
from datetime import timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from flask_babel import gettext as _
from sqlmodel import Session, col, select, update

from webapp.core import audit, clock, request_keys
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden, Gone, NotFound, Refused
from webapp.rulebook.figures import rule
from webapp.training import policy
from webapp.training.lifecycle import RunState
from webapp.training.models.devices import AttendanceGrant
from webapp.training.services import codes
from webapp.training.services.attendance import get_meeting

# The list goes onto a telephone no earlier than this before its meeting.
BEFORE = timedelta(hours=24)
CLAIM_WITHIN = timedelta(minutes=15)
_HALF = 32  # bytes of each of the two numbers of a signature


def give(session: Session, actor: Actor, *, meeting_id: int, holder: str) -> AttendanceGrant:
    """Give leave to one telephone for one meeting; ``holder`` is whose it is.

    It has to be claimed within :data:`CLAIM_WITHIN`. Raises :class:`Conflict` more than a day
    before the meeting, after it, and when the run is cancelled.
    """
    if not policy.can_manage(actor) or actor.account_id is None:
        raise Forbidden
    meeting, run = get_meeting(session, meeting_id)
    now = clock.now()
    if run.state is RunState.CANCELLED:
        raise Conflict(_("这一期不办了。"))
    if meeting.starts_at - BEFORE > now:
        raise Conflict(_("名单只在上课前一天之内存到手机上，到时候再来。"))
    if meeting.ends_at < now:
        raise Conflict(_("这次课上完了，请在网上的名单里补记。"))
    hours = rule("attendance_grant_hours", on=clock.today())
    row = AttendanceGrant(
        meeting_id=meeting_id,
        holder=holder,
        granted_at=now,
        granted_by_id=actor.account_id,
        claim_until=now + CLAIM_WITHIN,
        expires_at=meeting.ends_at + timedelta(hours=hours),
    )
    session.add(row)
    session.flush()
    audit.record(session, "attendance_grant.give", row)
    return row


def by_claim(session: Session, code: str) -> AttendanceGrant:
    """Return the grant a claim code is of; raise :class:`NotFound` for any other text."""
    number, _dash, rest = code.partition("-")
    known = None
    if rest and number.isascii() and number.isdecimal() and len(number) < 10:
        known = session.get(AttendanceGrant, int(number))
    if known is None or not codes.is_same(codes.claim_code(known), code):
        raise NotFound
    return known


def claim(session: Session, actor: Actor, *, code: str, public_key: str) -> tuple[int, str]:
    """Bind a grant to the telephone that has this key; return its id and token.

    ``actor`` is who gave it. The token is shown here alone; the first telephone gets it, another
    one is refused. Raises :class:`Gone` when the code ran out or the grant was taken back.
    """
    grant = by_claim(session, code)
    if not policy.can_manage(actor) or actor.account_id != grant.granted_by_id:
        raise Forbidden
    _read_key(public_key)
    token = secrets.token_urlsafe(32)
    claimed = session.exec(
        update(AttendanceGrant)
        .where(
            col(AttendanceGrant.id) == grant.id,
            col(AttendanceGrant.token_hash).is_(None),
            col(AttendanceGrant.revoked_at).is_(None),
            col(AttendanceGrant.claim_until) >= clock.now(),
        )
        .values(token_hash=_digest(token), public_key=public_key, claimed_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:
        raise Gone(_("这个码用过了，或者过了时间。请让工作人员再给一次。"))
    audit.record(session, "attendance_grant.claim", grant)
    return grant.id, token


def opened_by(session: Session, *, token: str, body: str, signature: str) -> AttendanceGrant:
    """Return the grant that a telephone's sending belongs to, or refuse it.

    Raises :class:`NotFound` for an unknown token, :class:`Forbidden` when another key signed
    ``body``, :class:`Gone` when the grant has ended.
    """
    grant = session.exec(
        select(AttendanceGrant).where(AttendanceGrant.token_hash == _digest(token))
    ).first()
    if grant is None:
        raise NotFound
    if not _signed(grant.public_key or "", body, signature):
        raise Forbidden
    if has_ended(grant):
        raise Gone
    return grant


def has_ended(grant: AttendanceGrant) -> bool:
    """Whether nothing more is taken under the grant."""
    over = grant.expires_at <= clock.now()
    return over or grant.revoked_at is not None or grant.wiped_at is not None


def revoke(session: Session, actor: Actor, *, grant_id: int) -> AttendanceGrant:
    """Take a grant back: what the telephone sends from now on is refused; it deletes its list."""
    if not policy.can_manage(actor):
        raise Forbidden
    if session.get(AttendanceGrant, grant_id) is None:
        raise NotFound
    done = session.exec(
        update(AttendanceGrant)
        .where(
            col(AttendanceGrant.id) == grant_id,
            col(AttendanceGrant.revoked_at).is_(None),
            col(AttendanceGrant.wiped_at).is_(None),
        )
        .values(revoked_at=clock.now(), revoked_by_id=actor.account_id)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise Conflict(_("已经收回了，或者那台手机已经删掉了名单。"))
    row = session.get_one(AttendanceGrant, grant_id, populate_existing=True)
    audit.record(session, "attendance_grant.revoke", row)
    return row


def note_wiped(session: Session, grant: AttendanceGrant) -> None:
    """Note that the telephone deletes its copy; it may send nothing more."""
    grant.wiped_at = clock.now()
    session.add(grant)
    session.flush()
    audit.record(session, "attendance_grant.wipe", grant)


def mark_key(grant: AttendanceGrant, key: str) -> str:
    """Return a tap's key as the mark in the list keeps it: of each telephone another one."""
    return request_keys.scoped(f"grant:{grant.id}", key)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _read_key(text: str) -> ec.EllipticCurvePublicKey:
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error) as error:
        raise Refused from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise Refused
    return key


def _signed(public_key: str, body: str, signature: str) -> bool:
    """Whether the key made this signature: base64 of both numbers, as browsers write it."""
    try:
        raw = base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        return False
    if len(raw) != 2 * _HALF:
        return False
    numbers = int.from_bytes(raw[:_HALF]), int.from_bytes(raw[_HALF:])
    try:
        _read_key(public_key).verify(
            encode_dss_signature(*numbers), body.encode(), ec.ECDSA(SHA256())
        )
    except InvalidSignature:
        return False
    return True
