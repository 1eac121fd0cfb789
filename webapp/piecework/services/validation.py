"""Check whole numbers and texts that people typed; the messages are for them to read."""

from flask_babel import gettext as _

from webapp.core.errors import BadField

MOST_PIECES = 10_000_000
MOST_MATERIAL = 1_000_000_000
MOST_FEN = 1_000_000_000


def whole(value: object, field: str, *, least: int = 1, most: int = MOST_PIECES) -> int:
    """Return ``value`` when it is a whole number in range; raise :class:`BadField` otherwise."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadField(field, _("请填整数"))
    if value < least:
        if least == 0:
            raise BadField(field, _("不能是负数"))
        raise BadField(field, _("至少要 %(n)d", n=least))
    if value > most:
        raise BadField(field, _("数目太大了，最多 %(n)d", n=most))
    return value


def words(value: str, field: str, *, most: int = 300) -> str:
    """Return the text without blanks around it; raise :class:`BadField` when empty or too long."""
    text = value.strip()
    if not text:
        raise BadField(field, _("请写明原因"))
    if len(text) > most:
        raise BadField(field, _("太长了，最多 %(n)d 个字", n=most))
    return text
