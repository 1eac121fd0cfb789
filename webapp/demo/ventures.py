"""Stalls of the demo: what each is, several that people want, and three cases on their way.

A couple's fish stall is open with visits and months, a flower stall waits for its draw, a breakfast
spot's list is to be frozen, a mending corner is offered to somebody, and one case is overdue.
All through the real services, each step on its day.
"""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.core.vocabulary import Kind
from webapp.demo.act_as import act_as
from webapp.demo.content import read
from webapp.demo.training import FIRST, SECOND, staff_actor
from webapp.draws.lifecycle import SeedSource
from webapp.employment.lifecycle import Evidence, SpellKind
from webapp.employment.services import spells
from webapp.guides.trades import Site, Trade
from webapp.openings.fields import OpeningFields
from webapp.openings.lifecycle import OpeningState
from webapp.openings.models import Opening
from webapp.openings.services import editing
from webapp.residents.models import Resident, ResidentState
from webapp.ventures.lifecycle import Allocation
from webapp.ventures.models.ventures import RentPeriod, Venture
from webapp.ventures.overdue import month_before, month_of
from webapp.ventures.services import applying, keeping, posting, rounds, visits
from webapp.ventures.services.keeping import Month, PlanTerms

DRAWN, TO_FREEZE, OFFERED = "花卉盆栽摊", "早餐车点位", "缝补改衣摊"
_BY_POINTS = frozenset({"社区小卖部", "手机维修小柜台", TO_FREEZE})
_UNLIMITED = frozenset({"代驾和跑腿队", "社区团购自提点", "手工花艺直播间"})
_MENTOR = "谭世平"
_OPENED = 118  # days ago
_PLAN = PlanTerms(
    what="鲫鱼、草鱼、花鲢，代杀",
    sold_where="社区菜市场C区8号",
    buyers="早上买菜的老人，下班的街坊，两家小饭馆",
    unit="斤",
    cost_fen=950,
    price_fen=1350,
    fixed_fen=98000,
    days=29,
    expected=45,
    start_fen=1150000,
    own_fen=600000,
    family_fen=400000,
    credit_fen=150000,
)
# What came in, went out and was left at each month's end, in yuan, the oldest first.
_MONTHS = ((14260, 12030, 3900), (16880, 13410, 7370), (17450, 13620, 10700))
_VISITS: tuple[tuple[int, str, str], ...] = (
    (105, "池子换了新水泵，鱼养得住。秤在柜台上，标签清楚。", "把每天卖多少记在本子上"),
    (74, "天热死了十几斤，夫妻两个轮流守夜换水。", "问市场能不能装遮阳网"),
    (41, "遮阳网装好了。两家小饭馆固定来拿草鱼。", "账上分开放进货的钱"),
    (12, "过冬的鱼多备了一池，腊月订单有三张。", "过年前再看一次存货"),
)


def write(session: Session) -> None:
    """Describe the stalls and write the cases; called once, in one transaction."""
    staff = staff_actor(session)
    with act_as(session, SYSTEM, clock.now() - timedelta(days=21)):
        by_title = _describe(session)
    people = _people(session)
    _couple(session, staff)
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


def _couple(session: Session, staff: Actor) -> None:
    """Write the couple's fish stall: a place nobody else wanted, open since the summer."""
    pair = _pair(session)
    mentor = _member(session, _MENTOR)
    if pair is None or mentor is None:
        return
    wife, husband = pair
    began = clock.now() - timedelta(days=_OPENED + 40)
    with act_as(session, staff, began):
        venture_id, case_id = _posted_and_applied(session, staff, wife)
    with act_as(session, staff, began + timedelta(days=12)):
        rounds.freeze(session, staff, venture_id=venture_id)
        applying.accept(session, staff, case_id=case_id)
        keeping.ask_mentor(session, staff, case_id=case_id, account_id=mentor.account_id or 0)
    with act_as(session, mentor, began + timedelta(days=13)):
        keeping.answer_as_mentor(session, mentor, case_id=case_id, yes=True)
    for number, step in enumerate(("place_contract", "business_licence", "scales", "power_safety")):
        with act_as(session, staff, began + timedelta(days=15 + 5 * number)):
            keeping.note_licence(session, staff, case_id=case_id, key=step, done_on=clock.today())
    with act_as(session, mentor, began + timedelta(days=34)):
        keeping.write_plan(session, mentor, case_id=case_id, terms=_PLAN)
    with act_as(session, staff, clock.now() - timedelta(days=_OPENED)):
        keeping.open_business(
            session,
            staff,
            case_id=case_id,
            opened_on=clock.today(),
            evidence=Evidence.LICENCE,
        )
        spells.record(
            session,
            staff,
            resident_id=husband,
            kind=SpellKind.SELF_EMPLOYED,
            starts_on=clock.today(),
            evidence=Evidence.LICENCE,
            words="夫妻鱼摊，市场C区8号",
        )
    for number, (days, note, following) in enumerate(_VISITS):
        with act_as(session, mentor, clock.now() - timedelta(days=days)):
            visits.note_visit(
                session,
                mentor,
                case_id=case_id,
                visited_on=clock.today(),
                note=note,
                next_step=following,
                next_on=None,
                idempotency_key=f"d{number:031x}",
            )
    _months(session, staff, case_id)
    with act_as(session, SYSTEM, clock.now() - timedelta(hours=2)):
        visits.check_survival(session)


def _posted_and_applied(session: Session, staff: Actor, resident_id: int) -> tuple[int, int]:
    """Post the couple's stall as it was then; return it and the case."""
    stall = next(row["stall"] for row in read("ventures") if row["title"] == "社区菜市场鱼摊")
    venture = posting.post_venture(
        session,
        staff,
        fields=OpeningFields(
            title="社区菜市场C区8号鱼摊",
            description="老摊主回老家，水池、柜台都在。夫妻两个做最合适，一个守摊一个进货。",
            place="重庆市/九龙坡区/华岩镇/华龙家园",
            address="社区菜市场C区8号",
            demands=stall["demands"],
            valid_until=clock.today() + timedelta(days=10),
        ),
        terms=posting.VentureTerms(
            trade=Trade.FISH,
            site=Site.MARKET,
            sells=stall["sells"],
            rent_fen=stall["rent"] * 100,
            rent_period=RentPeriod.MONTH,
            rent_to=stall["rent_to"],
            deposit_fen=stall["deposit"] * 100,
            deposit_to=stall["rent_to"],
            deposit_back="不做了，水电结清当月退",
            stock_fen=stall["stock"] * 100,
            stock_words=stall["stock_words"],
            risks=stall["risks"],
            season=stall["season"],
            plan="大门 C6 C7 [C8] C9",
        ),
        idempotency_key="demo-couples-stall",
        note="租金、押金照市场管理处的合同写，社区去看过",
    )
    case = applying.apply(session, staff, venture_id=venture.id, resident_id=resident_id)
    return venture.id, case.id


def _months(session: Session, staff: Actor, case_id: int) -> None:
    """Write the last whole months, two by the person's word and one that staff saw."""
    month = month_of(clock.today())
    months = []
    for _number in _MONTHS:
        month = month_before(month)
        months.append(month)
    for first, (came_in, went_out, left) in zip(reversed(months), _MONTHS, strict=True):
        with act_as(session, staff, clock.now() - timedelta(hours=5)):
            keeping.note_month(
                session,
                staff,
                case_id=case_id,
                month=Month(first, came_in * 100, went_out * 100, left * 100),
            )


def _idea(
    session: Session, staff: Actor, resident_id: int, title: str, trade: Trade, site: Site
) -> None:
    applying.bring_idea(
        session, staff, resident_id=resident_id, title=title, trade=trade, site=site
    )


def _pair(session: Session) -> tuple[int, int] | None:
    """Return a woman and a man of one household who both look for something to do."""
    rows = session.exec(
        select(Resident.household_id, Resident.id, Resident.sex)
        .where(
            Resident.state == ResidentState.SEEKING,
            col(Resident.account_id).is_(None),
            col(Resident.birth_date).between(date(1966, 1, 1), date(1990, 1, 1)),
        )
        .order_by(col(Resident.household_id), col(Resident.id))
    ).all()
    for (home, one, sex), (other_home, other, other_sex) in pairwise(rows):
        if home == other_home and {sex, other_sex} == {"female", "male"}:
            return (one, other) if sex == "female" else (other, one)
    return None


def _member(session: Session, name: str) -> Actor | None:
    row = session.exec(
        select(Account).where(Account.name == name, Account.role == Role.STAFF)
    ).first()
    if row is None:
        return None
    return Actor(
        account_id=row.id, role=Role.STAFF, name=row.name, branch_id=row.branch_id, serves_all=True
    )
