"""Telephones that everybody may call: an office's or one of duty, never somebody's own."""

from flask_babel import gettext as _
from sqlmodel import Session, select

from webapp.accounts.models import Account
from webapp.core.errors import BadField
from webapp.core.formfields import squeeze_digits


def refuse_own(session: Session, phone: str, *, field: str) -> None:
    """Raise ``BadField`` for a number that somebody signs in with."""
    number = squeeze_digits(phone)
    if number and session.exec(select(Account.id).where(Account.phone == number)).first():
        raise BadField(field, _("这是某个人自己的手机号，请写办公室或者值班的电话"))
