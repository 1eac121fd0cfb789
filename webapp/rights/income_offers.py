"""What a job, some piecework or one's own plan pays a month, and where that is known from."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session, select

from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.core.formatting import pay_words, yuan
from webapp.core.vocabulary import Kind, PayUnit
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.presentation import pay_of
from webapp.piecework.hourly_rate import Hourly
from webapp.piecework.queries import hourly_rates
from webapp.piecework.queries.orders import order_by_opening
from webapp.rights.income_path import Interval
from webapp.rulebook.figures import rule
from webapp.ventures.models.ventures import Venture

_ASKED = frozenset({Kind.VACANCY, Kind.PIECEWORK, Kind.VENTURE})
# Who is applying, or works there already, asks about an opening that takes nobody any more.
_ONCE_PUBLIC = frozenset(
    {OpeningState.PUBLISHED, OpeningState.PAUSED, OpeningState.EXPIRED, OpeningState.CLOSED}
)


@dataclass(frozen=True)
class Offer:
    """The work that is looked at; ``opening`` is None for a plan of one's own.

    ``hourly``: what an hour brings, where hours are asked for. ``pay`` is a month's, as far as it
    is written; ``pay_words`` how it is written, ``pay_from`` where a stall's is known from.
    ``start_cost``: deposit and first stock of a stall, as far as they are written.
    """

    kind: Kind
    title: str
    opening: Opening | None = None
    pay: Interval | None = None
    pay_words: str = ""
    hourly: Hourly | None = None
    pay_from: str = ""
    start_cost: Interval | None = None

    @property
    def asks_pay(self) -> bool:
        """Whether the person has to say what it brings: it is written nowhere."""
        return self.pay is None and self.hourly is None

    @property
    def asks_start(self) -> bool:
        """Whether it costs something before it brings anything."""
        return self.kind is Kind.VENTURE and self.start_cost is None


def own_plan() -> Offer:
    """Return a plan of the person's own: a stall, a job they found themselves."""
    return Offer(Kind.VENTURE, _("我自己的打算"))


def of_opening(session: Session, opening_id: int) -> Offer:
    """Return what an opening pays that is or was public; ``NotFound`` for others, and courses."""
    opening = session.get(Opening, opening_id)
    if (
        opening is None
        or opening.kind not in _ASKED
        or opening.published_at is None
        or opening.state not in _ONCE_PUBLIC
    ):
        raise NotFound
    if opening.kind is Kind.VENTURE:
        return _of_venture(session, opening)
    hourly = None
    if opening.kind is Kind.PIECEWORK:
        order = order_by_opening(session, opening.id)
        hourly = hourly_rates.hourly(session, order) if order else None
    return Offer(
        kind=opening.kind,
        title=opening.title,
        opening=opening,
        pay=month_pay(opening.pay_month_min_fen, opening.pay_month_max_fen),
        pay_words=pay_of(opening) or "",
        hourly=hourly,
    )


def _of_venture(session: Session, opening: Opening) -> Offer:
    """Return a stall: what is left a month as written, rent paid; deposit and stock come first."""
    venture = session.exec(select(Venture).where(Venture.opening_id == opening.id)).first()
    if venture is None:
        return Offer(Kind.VENTURE, opening.title, opening)
    first = [one for one in (venture.deposit_fen, venture.stock_fen) if one is not None]
    whole = len(first) == 2  # one of them alone would make the beginning look cheap
    return Offer(
        kind=Kind.VENTURE,
        title=opening.title,
        opening=opening,
        pay=month_pay(venture.earn_min_fen, venture.earn_max_fen),
        pay_words=pay_words(venture.earn_min_fen, venture.earn_max_fen, PayUnit.MONTH)
        if venture.earn_source
        else "",
        pay_from=venture.earn_source,
        start_cost=Interval(sum(first), sum(first)) if whole else None,
    )


def month_pay(low: int | None, high: int | None) -> Interval | None:
    """Return a month's pay from what is written; ``None`` when nothing is.

    One figure alone is never taken as exact: by the house's rule it may come out lower.
    """
    if low is None and high is None:
        return None
    if low is None:
        return Interval(0, high)
    if low == high:
        swing = rule("income_path_pay_swing", on=clock.today())
        return Interval(low * (100 - swing) // 100, high)
    return Interval(low, high)


def hourly_pay(hourly: Hourly, hours: tuple[int, int], days: tuple[int, int]) -> Interval:
    """Return what so many hours on so many days a month bring, from the slowest to the fastest."""
    return Interval(hourly.slow_fen * hours[0] * days[0], hourly.fast_fen * hours[1] * days[1])


def source_words(offer: Offer, typed: Any) -> str:
    """Return where the pay is known from."""
    if offer.hourly is not None:
        return _(
            "%(n)d 个人试做量出来的：一小时 %(slow)s 到 %(fast)s 元，乘上您点的小时和天数。"
            "照一直有活做算；没有活的月份就没有。",
            n=offer.hourly.timings,
            slow=yuan(offer.hourly.slow_fen),
            fast=yuan(offer.hourly.fast_fen),
        )
    if offer.pay_from:
        return _("摊位上写的，除去租金剩的：%(from_)s。旺季淡季不一样。", from_=offer.pay_from)
    if offer.pay is not None:
        return _(
            "招聘上写的：%(pay)s。只写一个数的，往少了算一点。扣不扣个人那份社保，要问单位。",
            pay=offer.pay_words,
        )
    return _("您自己估的。") if typed else _("没有写明，请问清楚。")
