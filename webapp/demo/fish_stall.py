"""The couple's fish stall of the demo: a place nobody else wanted, open since the summer."""

from datetime import date, timedelta
from itertools import pairwise

from sqlmodel import Session, col, select

from webapp.accounts.models import Account
from webapp.core import clock
from webapp.core.access import SYSTEM, Actor, Role
from webapp.demo.act_as import act_as
from webapp.demo.content import read
from webapp.employment.lifecycle import Evidence, SpellKind
from webapp.employment.services import spells
from webapp.guides.trades import Site, Trade
from webapp.openings.fields import OpeningFields
from webapp.residents.models import Resident, ResidentState
from webapp.ventures.models.ventures import RentPeriod
from webapp.ventures.overdue import month_before, month_of
from webapp.ventures.services import applying, keeping, mentors, posting, records, rounds, visits
from webapp.ventures.services.records import Month, PlanTerms

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


def write(session: Session, staff: Actor) -> None:
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
        mentors.ask_mentor(session, staff, case_id=case_id, account_id=mentor.account_id or 0)
    with act_as(session, mentor, began + timedelta(days=13)):
        mentors.answer_as_mentor(session, mentor, case_id=case_id, yes=True)
    for number, step in enumerate(("place_contract", "business_licence", "scales", "power_safety")):
        with act_as(session, staff, began + timedelta(days=15 + 5 * number)):
            records.note_licence(session, staff, case_id=case_id, key=step, done_on=clock.today())
    with act_as(session, mentor, began + timedelta(days=34)):
        records.write_plan(session, mentor, case_id=case_id, terms=_PLAN)
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
            records.note_month(
                session,
                staff,
                case_id=case_id,
                month=Month(first, came_in * 100, went_out * 100, left * 100),
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
