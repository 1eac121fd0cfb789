"""What the demo's residents do at present, as staff found it out on their rounds.

Not quite half are in work, well below the goal; many of those look for something better, and
some files nobody has asked about yet. Who was hired through the portal has it on record already.
"""

from datetime import date, datetime, timedelta
from random import Random

from sqlmodel import Session, col, select

from webapp.core import clock
from webapp.core.formatting import age_on
from webapp.core.vocabulary import Sex
from webapp.employment.lifecycle import Evidence, Origin, SpellKind
from webapp.employment.models import EmploymentSpell
from webapp.employment.queries import recorded
from webapp.residents.models import Household, Resident, ResidentState

K, E = SpellKind, Evidence

# How many of a hundred people are at what: kind, weight, what it is, what shows it.
_LIVES: tuple[tuple[SpellKind, int, tuple[str, ...], tuple[Evidence, ...]], ...] = (
    (
        K.FOUND_ALONE,
        30,
        (
            "物流园分拣，月月打卡发钱",
            "小区门口餐馆洗碗",
            "工地上贴瓷砖，跟着老乡干",
            "超市收银",
            "给两家人做钟点工",
            "公交站保洁",
            "汽配厂流水线",
            "跑外卖",
        ),
        (E.PAYSLIP, E.CONTRACT, E.SOCIAL_INSURANCE, E.PAYSLIP, E.VISIT_NOTE),
    ),
    (
        K.SELF_EMPLOYED,
        9,
        ("农贸市场卖菜", "早上卖豆浆油条", "修鞋配钥匙", "夫妻开小面馆", "收废品", "小卖部"),
        (E.LICENCE, E.VISIT_NOTE, E.VISIT_NOTE),
    ),
    (K.PUBLIC_POST, 4, ("街道公益岗，巡楼", "社区绿化养护"), (E.CONTRACT, E.SOCIAL_INSURANCE)),
    (K.CARING, 13, ("带孙子，接送幼儿园", "照看卧床的老人", "小的还没上学"), (E.VISIT_NOTE,)),
    (K.LOOKING, 22, ("想找近一点的", "零工做完了，还没着落", "想学了再找"), (E.VISIT_NOTE,)),
    (K.RETIRED, 5, ("领养老金了",), (E.PAPER, E.SOCIAL_INSURANCE)),
    (K.UNABLE, 3, ("要静养，证明看过",), (E.PAPER,)),
    (K.AWAY, 3, ("在外省打工，过年才回来", "跟儿子住主城"), (E.VISIT_NOTE,)),
    (K.STUDYING, 2, ("职高", "技校二年级"), (E.PAPER,)),
)
_SAID = 0.08  # told by the person alone, not yet seen
_UNASKED = 0.09
_EARLIEST_PENSION = {Sex.FEMALE: 50, Sex.MALE: 55}
_STUDENTS_UNTIL = 22


def write(session: Session) -> None:
    """Write one present spell for most residents of whom nothing is on record; called once."""
    rng = Random(20261130)  # noqa: S311 - invented lives, no secret
    people = session.exec(
        select(Resident, Household.responsible_id)
        .join(Household, col(Household.id) == Resident.household_id)
        .where(col(Resident.state) != ResidentState.LEFT, col(Resident.id).not_in(recorded()))
        .order_by(col(Resident.id))
    )
    session.add_all(
        _spell(rng, resident, member)
        for resident, member in people.all()
        if rng.random() >= _UNASKED
    )
    session.flush()


def _spell(rng: Random, resident: Resident, member_id: int | None) -> EmploymentSpell:
    today = clock.today()
    age = age_on(resident.birth_date, today) or 40
    fitting = [one for one in _LIVES if _fits(one[0], age, resident.sex)]
    kind, _weight, places, shown = rng.choices(fitting, [one[1] for one in fitting])[0]
    said = rng.random() < _SAID and resident.account_id is not None
    known_since = clock.local(resident.created_at).date()
    told_on = _between(rng, known_since, today)
    return EmploymentSpell(
        resident_id=resident.id,
        kind=kind,
        starts_on=_between(
            rng, min(max(told_on - timedelta(days=900), _grown(resident)), told_on), told_on
        ),
        evidence=E.OWN_WORD if said else rng.choice(shown),
        words=rng.choice(places),
        origin=Origin.SELF if said else Origin.STAFF,
        recorded_at=_noon(told_on),
        recorded_by_id=resident.account_id if said else member_id,
        verified_at=None if said else _noon(told_on),
        verified_by_id=None if said else member_id,
    )


def _fits(kind: SpellKind, age: int, sex: Sex | None) -> bool:
    if kind is K.RETIRED:
        return age >= _EARLIEST_PENSION[sex or Sex.MALE]
    if kind is K.STUDYING:
        return age <= _STUDENTS_UNTIL
    return age >= 16 or kind is K.LOOKING


def _grown(resident: Resident) -> date:
    born = resident.birth_date
    return date.min if born is None else born.replace(year=born.year + 16, day=1)


def _between(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, max((last - first).days, 0)))


def _noon(day: date) -> datetime:
    return clock.end_of_day(day) - timedelta(hours=12)
