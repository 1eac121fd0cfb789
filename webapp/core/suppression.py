"""Small counts are not shown: they would identify people."""

from flask_babel import gettext as _

FEW = 5


def few(number: int) -> int | None:
    """Return ``number``, or ``None`` for 1 to 4."""
    return None if 0 < number < FEW else number


def told(number: int | None) -> str:
    """Return a count in words, as :func:`few` left it."""
    return _("少于 %(n)d", n=FEW) if number is None else str(number)
