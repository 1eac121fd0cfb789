"""Stalls of the demo: what each is, several that people want, and three cases on their way.

A couple's fish stall is open with visits and months, a flower stall waits for its draw, a breakfast
spot's list is to be frozen, a mending corner is offered to somebody, and one case is overdue.
All through the real services, each step on its day.
"""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor
from webapp.core.vocabulary import Kind
from webapp.demo import fish_stall
from webapp.demo.act_as import act_as
from webapp.demo.content import read
from webapp.demo.training import FIRST, SECOND, staff_actor
from webapp.draws.lifecycle import SeedSource
from webapp.guides.trades import Site, Trade
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.services import editing
from webapp.residents.models import Resident, ResidentState
from webapp.ventures.lifecycle import Allocation
from webapp.ventures.models.ventures import RentPeriod, Venture
from webapp.ventures.services import applying, posting, rounds

DRAWN, TO_FREEZE, OFFERED = "花卉盆栽摊", "早餐车点位", "缝补改衣摊"
_BY_POINTS = frozenset({"社区小卖部", "手机维修小柜台", TO_FREEZE})
_UNLIMITED = frozenset({"代驾和跑腿队", "社区团购自提点", "手工花艺直播间"})


def write(session: Session) -> None:
    """Describe the stalls and write the cases; called once, in one transaction."""
    staff = staff_actor(session)
    with act_as(session, SYSTEM, clock.now() - timedelta(days=21)):
        by_title = _describe(session)
    people = _people(session)
    fish_stall.write(session, staff)
    if DRAWN in by_title:
        _enter(session, staff, by_title[DRAWN], [FIRST, *people[:5]], closes=1)
        _freeze(session, staff, by_title[DRAWN])
    if TO_FREEZE in by_title:
        _enter(session, staff, by_title[TO_FREEZE], people[5:9], closes=1)
    if OFFERED in by_title:
        _enter(session, staff, by_title[OFFERED], [FIRST], closes=1)
        _freeze(session, staff, by_title[OFFERED])
    with act_as(session, staff, clock.now() - timedelta(days=4)):
        resident_id = _resident(session, SECOND)
        if resident_id is not None:
            _idea(session, staff, resident_id, "在楼下修鞋修伞", Trade.REPAIR, Site.STREET)
    if people:  # nobody has looked after this one for weeks
        with act_as(session, staff, clock.now() - timedelta(days=52)):
            title = "上门给老人理发"
            _idea(session, staff, int(people[-1]), title, Trade.HAIRCUT, Site.DOOR)


def _describe(session: Session) -> dict[str, int]:
    """Give every stall that people have seen its terms; return title → id."""
    texts = {row["title"]: row["stall"] for row in read("ventures")}
    found = {}
    openings = session.exec(
        select(Opening).where(
            Opening.kind == Kind.VENTURE,
            col(Opening.published_at).is_not(None),
            col(Opening.title).in_(texts),
        )
    ).all()
    for opening in openings:
        venture = posting.ensure_venture(session, opening)
        _fill(venture, opening, texts[opening.title])
        session.add(venture)
        if opening.state is OpeningState.PUBLISHED and venture.places:
            found[opening.title] = venture.id
    return found


def _fill(venture: Venture, opening: Opening, stall: dict[str, Any]) -> None:
    venture.trade, venture.site = Trade(stall["trade"]), Site(stall["site"])
    venture.sells, venture.season, venture.risks = stall["sells"], stall["season"], stall["risks"]
    venture.rent_fen, venture.rent_to = stall["rent"] * 100, stall["rent_to"]
    venture.rent_period = RentPeriod(stall["period"])
    venture.deposit_fen = stall["deposit"] * 100
    if stall["deposit"]:
        venture.deposit_to = stall["rent_to"]
        venture.deposit_back = "不做了，水电结清当月退"
    venture.stock_fen, venture.stock_words = stall["stock"] * 100, stall["stock_words"]
    venture.earn_min_fen = opening.pay_month_min_fen
    venture.earn_max_fen = opening.pay_month_max_fen
    venture.earn_source = "示例，照这一行常见的写，还没有问过人"
    venture.plan = stall["plan"]
    opening.demands = stall["demands"]
    if opening.title in _BY_POINTS:
        venture.allocation = Allocation.POINTS
    elif opening.title in _UNLIMITED:
        venture.allocation = Allocation.OPEN


def _people(session: Session) -> list[str | int]:
    """Return the ids of people who look for something to do and whom staff act for."""
    return list(
        session.exec(
            select(Resident.id)
            .where(
                Resident.state == ResidentState.SEEKING,
                col(Resident.account_id).is_(None),
                col(Resident.birth_date) < date(2000, 1, 1),
                col(Resident.id) % 7 == 3,
            )
            .order_by(col(Resident.id))
            .limit(12)
        ).all()
    )


def _enter(
    session: Session, staff: Actor, venture_id: int, people: list[str | int], *, closes: int
) -> None:
    """Have people apply within the last days; entries closed ``closes`` days ago."""
    opening_id = session.get_one(Venture, venture_id).opening_id
    for number, who in enumerate(people):
        resident_id = _resident(session, who)
        if resident_id is None:
            continue
        with act_as(session, staff, clock.now() - timedelta(days=closes + 6 - number)):
            applying.apply(session, staff, venture_id=venture_id, resident_id=resident_id)
    with act_as(session, SYSTEM, clock.now() - timedelta(days=closes)):
        opening = session.get_one(Opening, opening_id)
        opening.valid_until = clock.today()
        session.add(opening)
    with act_as(session, SYSTEM, clock.now()):
        editing.expire_openings(session)


def _resident(session: Session, who: str | int) -> int | None:
    """Return the person with this number or id."""
    if isinstance(who, int):
        return who
    query = select(Resident.id).join(Account, col(Account.id) == Resident.account_id)
    return session.exec(query.where(Account.phone == who)).first()


def _freeze(session: Session, staff: Actor, venture_id: int) -> None:
    with act_as(session, staff, clock.now() - timedelta(hours=3)):
        rounds.freeze(
            session,
            staff,
            venture_id=venture_id,
            source=SeedSource.SSQ,
            day=SeedSource.SSQ.next_day(clock.today()),
        )


def _idea(
    session: Session, staff: Actor, resident_id: int, title: str, trade: Trade, site: Site
) -> None:
    applying.bring_idea(
        session, staff, resident_id=resident_id, title=title, trade=trade, site=site
    )
