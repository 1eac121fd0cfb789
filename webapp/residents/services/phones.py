"""Use cases of a resident's number: proven by a code sent to it, or by staff."""

import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, delete, select, update

from webapp.accounts import service as accounts
from webapp.accounts import throttle
from webapp.accounts.models import Account
from webapp.core import audit, clock, rate_limits
from webapp.core.access import Actor
from webapp.core.errors import Conflict, Forbidden
from webapp.notices import outbox
from webapp.residents import policy
from webapp.residents.models import PhoneChannel, PhoneCode, Resident
from webapp.residents.services.registration import get_resident

VALID = timedelta(minutes=10)
TRIES = 5
DIGITS = 6


def is_proven(session: Session, resident: Resident) -> bool:
    """Whether the person may be dealt with as the one they say they are.

    Staff act for somebody without an account, so nothing rests on a number there.
    """
    return resident.assisted or accounts.is_verified(session, resident.account_id)


def send_code(session: Session, actor: Actor, *, address: str) -> None:
    """Send a code to the actor's own number; an earlier one is void.

    Raises :class:`Conflict` when the number is proven or no channel reaches people, and
    ``TooMany`` when codes were asked for too often.
    """
    account = accounts.get_account(session, actor.account_id)
    if account.phone_verified_at is not None:
        raise Conflict(_("您的手机号已经核对过了"))
    if not outbox.people_channels(session):
        raise Conflict(_("现在发不了短信，请到社区窗口核对，或者请社区回拨"))
    rate_limits.take(session, throttle.of_phone_codes(account.id, account.phone, address))
    issue_code(
        session,
        account,
        purpose="code",
        text=lambda code: _(
            "验证码 %(code)s，10 分钟内有效。不是您要的，不用理，别告诉别人。", code=code
        ),
    )


def check_code(session: Session, actor: Actor, *, code: str) -> bool:
    """Count a try and return whether it is the code; then the number is proven.

    Raises :class:`Conflict` when no code stands: run out, or tried five times. The caller
    commits a wrong try too, so that it counts.
    """
    account = accounts.get_account(session, actor.account_id)
    fits = try_code(session, account, code)
    if fits is None:
        raise Conflict(_("验证码过期了，或者试的次数太多，请重新发一个"))
    if fits:
        accounts.verify_phone(session, account, channel=PhoneChannel.CODE)
    return fits


def issue_code(
    session: Session, account: Account, *, purpose: str, text: Callable[[str], str]
) -> None:
    """Send a fresh code to the account's number; an earlier one is void.

    ``purpose`` begins the key of the notice, ``text`` words it around the code.
    """
    code = "".join(secrets.choice("0123456789") for _digit in range(DIGITS))
    session.exec(delete(PhoneCode).where(col(PhoneCode.account_id) == account.id))
    row = PhoneCode(
        account_id=account.id, code=code, sent_at=clock.now(), expires_at=clock.now() + VALID
    )
    session.add(row)
    session.flush()
    outbox.put_urgent(
        session,
        key=f"{purpose}:{secrets.token_hex(8)}",
        account_id=account.id,
        to=account.phone,
        text=text(code),
        expires_at=row.expires_at,
    )
    audit.record(session, "account.send_code", account)


def try_code(session: Session, account: Account, code: str) -> bool | None:
    """Count a try and return whether it is the account's code, which is then spent.

    ``None`` when no code stands: run out, or tried five times.
    """
    counted = session.exec(
        update(PhoneCode)
        .where(
            col(PhoneCode.account_id) == account.id,
            col(PhoneCode.tries) < TRIES,
            col(PhoneCode.expires_at) > clock.now(),
        )
        .values(tries=col(PhoneCode.tries) + 1)
    )
    if counted.rowcount != 1:
        return None
    sent = session.exec(select(PhoneCode.code).where(PhoneCode.account_id == account.id)).one()
    if not hmac.compare_digest(sent.encode(), code.encode()):
        audit.record(session, "account.code_wrong", account)
        return False
    session.exec(delete(PhoneCode).where(col(PhoneCode.account_id) == account.id))
    return True


def verify_by_staff(
    session: Session, actor: Actor, *, resident_id: int, channel: PhoneChannel
) -> Account:
    """Record that staff heard or saw the number's owner; again changes nothing."""
    resident = get_resident(session, actor, resident_id)
    if not policy.can_verify_phone(actor, resident) or channel is PhoneChannel.CODE:
        raise Forbidden
    account = accounts.get_account(session, resident.account_id)
    accounts.verify_phone(session, account, channel=channel)
    audit.record(session, "resident.verify_phone", resident, channel=channel)
    return account
