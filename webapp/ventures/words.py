"""Money and places of ventures in words."""

from flask_babel import gettext as _

from webapp.core.formatting import yuan
from webapp.ventures.models.ventures import Venture


def rent_words(venture: Venture) -> str:
    """Return rent with its period and to whom it is paid; empty where nothing is said."""
    if venture.rent_fen is None or venture.rent_period is None:
        return ""
    if venture.rent_fen == 0:
        return _("不收租金")
    return _(
        "%(n)s 元/%(per)s，交给%(who)s",
        n=yuan(venture.rent_fen),
        per=venture.rent_period.label,
        who=venture.rent_to,
    )


def deposit_words(venture: Venture) -> str:
    """Return the deposit with who keeps it and when it comes back."""
    if venture.deposit_fen is None:
        return ""
    if venture.deposit_fen == 0:
        return _("不收押金")
    return _(
        "%(n)s 元，交给%(who)s；%(back)s",
        n=yuan(venture.deposit_fen),
        who=venture.deposit_to,
        back=venture.deposit_back,
    )


def stock_words(venture: Venture) -> str:
    """Return what the first stock is and costs."""
    amount = "" if venture.stock_fen is None else _("大约 %(n)s 元", n=yuan(venture.stock_fen))
    return "；".join(part for part in (venture.stock_words, amount) if part)


def earn_words(venture: Venture) -> str:
    """Return what may be left a month; never without where it is known from."""
    low, high = venture.earn_min_fen, venture.earn_max_fen
    if low is None or high is None or not venture.earn_source:
        return ""
    return _("%(low)s–%(high)s 元/月", low=yuan(low), high=yuan(high))
