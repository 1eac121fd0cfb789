"""A forgotten password: a code to the proven number, then a new password; or at the counter."""

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from webapp import events
from webapp.accounts import service as accounts
from webapp.accounts import throttle
from webapp.accounts.models import Account
from webapp.core import clock, rate_limits
from webapp.core.access import SYSTEM, Role
from webapp.notices import outbox
from webapp.residents.services import phones

#: Who may help themselves; members of staff and admins see more, and are let in by an admin.
ROLES = (Role.RESIDENT, Role.EMPLOYER)


def send_code(session: Session, *, phone: str, address: str) -> None:
    """Send a code to a number that is proven to be somebody's; else do nothing, and say nothing.

    An account whose number was merely typed in is never let in by it: whoever opened it may be
    somebody else. Raises ``TooMany`` in either case when codes were asked for too often.
    """
    rate_limits.take(session, throttle.of_recovery(phone, address))
    account = _owner(session, phone)
    if account is None or not outbox.people_channels(session):
        return
    phones.issue_code(
        session,
        account,
        purpose="recovery",
        text=lambda code: _(
            "换密码的验证码 %(code)s，10 分钟内有效。不是您要的，不用理，别告诉别人。", code=code
        ),
    )


def set_password(session: Session, *, phone: str, code: str, password_hash: str) -> str | None:
    """Count a try; where it is the code, set the password and return a fresh session's token.

    All other sessions end and the owner is told. ``None`` for a wrong, stale or spent code and
    for a number that is nobody's, all the same. The caller commits a wrong try too.
    """
    account = _owner(session, phone)
    if account is None or not phones.try_code(session, account, code):
        return None
    token = accounts.recover(session, account_id=account.id, password_hash=password_hash)
    key = f"password:{account.id}:{clock.now():%Y%m%d%H%M%S}"
    events.announce(session, SYSTEM, events.AccountsConcerned((account.id,), key))
    return token


def _owner(session: Session, phone: str) -> Account | None:
    return session.exec(
        select(Account).where(
            Account.phone == phone,
            col(Account.phone_verified_at).is_not(None),
            col(Account.enabled),
            col(Account.role).in_(ROLES),
        )
    ).first()
