"""Codes that stand on paper for somebody or something: not to be guessed, easy to read out."""

import secrets

# No letters or digits that are taken for one another on paper.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12


def fresh() -> str:
    """Return a new code of :data:`LENGTH` signs (59 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _sign in range(LENGTH))


def plain(typed: str) -> str | None:
    """Return a code however it was typed, ``None`` for what cannot be one.

    >>> plain(" 2345-6789-abcd "), plain("2345")
    ('23456789ABCD', None)
    """
    code = "".join(sign for sign in typed.upper() if sign.isalnum())
    return code if len(code) == LENGTH else None
