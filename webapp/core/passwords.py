"""Password hashing (argon2id) and what makes a password acceptable."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask_babel import gettext as _
from zxcvbn.frequency_lists import FREQUENCY_LISTS

MIN_LENGTH, MAX_LENGTH = 8, 128
#: In place of a hash: an account whose owner has set no password yet. Nothing fits it.
NOT_SET = ""

_hasher = PasswordHasher()


def fault(password: str, phone: str = "") -> str | None:
    """Return why ``password`` cannot be used, in Chinese, or ``None`` when it can."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        return _("密码要 8 到 128 个字符")
    if password.casefold() in _common() or len(set(password)) < 3 or (phone and phone in password):
        return _("这个密码太容易被猜到，换一个吧")
    return None


def hash_password(password: str) -> str:
    """Return the argon2id hash; takes tens of milliseconds, so never inside a transaction."""
    return _hasher.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Return whether ``password`` fits; none fits an unknown account or one without a password.

    It takes the same time for all of them.
    """
    try:
        return _hasher.verify(password_hash or _nobody(), password) and bool(password_hash)
    except (VerifyMismatchError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    # Leaked passwords by frequency, and the runs of digits people here type.
    digits = "01234567890123456789"
    runs = {digits[i : i + n] for n in range(8, 11) for i in range(10)}
    return frozenset(FREQUENCY_LISTS["passwords"]) | runs | {run[::-1] for run in runs}


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
