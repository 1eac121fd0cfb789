"""Codes that stand on screens and paper: of a person at one meeting, of a list, of a grant.

Each is the beginning of an HMAC-SHA-256 over what it is for, so that nothing needs to be stored,
nobody can make one, and one says nothing about the person. It holds for the one meeting that is
part of it.
"""

import hmac

from webapp.core import crypto
from webapp.training.models.devices import AttendanceGrant

# What people read out and type is digits; what a telephone reads has no signs that look alike.
_DIGITS, _SIGNS = "0123456789", "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_PERSON_LENGTH, _SHEET_LENGTH, _CLAIM_LENGTH = 8, 4, 24


def person_code(meeting_id: int, enrolment_id: int) -> str:
    """Return the code a learner shows at the door of one meeting.

    Eight digits: whoever may mark could tap the name as well, so it keeps out mistakes and last
    week's picture, and need not resist guessing by machines.
    """
    return _code(f"person:{meeting_id}:{enrolment_id}", _PERSON_LENGTH)


def sheet_code(meeting_id: int) -> str:
    """Return the code printed on the list of a meeting, typed in with what stands on it."""
    return _code(f"sheet:{meeting_id}", _SHEET_LENGTH)


def claim_code(grant: AttendanceGrant) -> str:
    """Return what a telephone claims a grant with: its number, a dash, and 118 bits."""
    purpose = f"claim:{grant.id}:{grant.granted_at.isoformat()}"
    return f"{grant.id}-{_code(purpose, _CLAIM_LENGTH, _SIGNS)}"


def plain(typed: str) -> str:
    """Return a code as it is compared, however it was typed."""
    return "".join(char for char in typed.upper() if char.isascii() and char.isalnum())


def is_same(code: str, typed: str) -> bool:
    """Whether a code was typed, in a time that does not tell how much of it was right."""
    return hmac.compare_digest(plain(code), plain(typed))


def _code(purpose: str, length: int, of: str = _DIGITS) -> str:
    number, signs = int.from_bytes(crypto.mac(f"attendance:{purpose}")), []
    for _sign in range(length):
        number, rest = divmod(number, len(of))
        signs.append(of[rest])
    return "".join(signs)
