"""The demo community's people and openings: shares, validity, variety, determinism."""

import datetime
import re
from collections import Counter
from functools import cache

import pytest
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from matching.records import Demand, Education, Experience, Kind, Opening, Reach, Seeker
from webapp.core.vocabulary import PayUnit
from webapp.demo.content import ESTATE, DemoWindow, read, window_text
from webapp.demo.handwork_stories import PACES, STORIES
from webapp.demo.openings.catalogue import openings
from webapp.demo.openings.organisations import admin, branches, employers
from webapp.demo.openings.record import DemoOpening
from webapp.demo.people.community import DemoHousehold, DemoResident, community
from webapp.piecework.hourly_rate import hourly_from
from webapp.rulebook import danger, figures

TODAY = datetime.date(2026, 3, 2)
LOGINS = {f"1380000000{digit}" for digit in range(1, 8)}
FORBIDDEN = re.compile(
    "押金|保证金|收费|收取|报名费|服装费|扣证|扣押|抵押|男性|女性|限男|限女|男士|女士|男女不限|"
    "已婚|未婚|已育|未育|本地户口|户籍|汉族|乙肝|五官端正|形象好|岁以下|周岁以内|身体健康|残疾勿"
)
# Wage floors of Chongqing, yuan: the lowest a demo vacancy may offer.
FLOORS = {"月": 2330, "小时": 23, "天": 184}


@cache
def households() -> list[DemoHousehold]:
    return list(community(TODAY))


@cache
def residents() -> list[DemoResident]:
    return [member for household in households() for member in household.members]


@cache
def all_openings() -> list[DemoOpening]:
    return list(openings(TODAY))


def age(person: DemoResident) -> int:
    born = person.birth_date
    return TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day))


def rows(windows: tuple[DemoWindow, ...]) -> list[dict[str, str]]:
    return [vars(window) for window in windows]


def share(count: float, whole: float) -> float:
    return count / whole


def test_the_estates_published_shares_hold() -> None:
    tenures = Counter(household.tenure for household in households())
    assert len(households()) == 2000
    assert share(tenures["廉租房"], 2000) == pytest.approx(0.166, abs=0.002)
    assert share(tenures["经济适用房"], 2000) == pytest.approx(0.749, abs=0.002)
    assert sum(h.on_allowance for h in households()) == 250
    assert share(sum(h.divorced for h in households()), 2000) == pytest.approx(0.2, abs=0.005)
    disabled = sum(person.disability is not None for person in residents())
    assert share(disabled, len(residents())) == pytest.approx(0.02, abs=0.003)
    without_phone = sum(person.phone is None for person in residents())
    assert share(without_phone, len(residents())) == pytest.approx(0.12, abs=0.01)


def test_residents_are_of_working_age_with_a_handful_of_minors() -> None:
    ages = [age(person) for person in residents()]
    assert 2400 <= len(ages) <= 2600
    assert min(ages) >= 16
    assert max(ages) <= 64
    assert 4 <= sum(value < 18 for value in ages) <= 15
    low_schooling = {"none", "primary", "junior_high"}
    assert share(sum(p.education in low_schooling for p in residents()), len(ages)) > 0.6


@pytest.mark.parametrize("seed", [3, 4])
def test_shares_hold_for_other_seeds_and_sizes(seed: int) -> None:
    some = list(community(TODAY, seed=seed, households=400))
    assert len(some) == len({household.code for household in some}) == 400
    assert sum(household.on_allowance for household in some) == 50
    assert all(household.members for household in some)


def test_too_few_households_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        next(community(TODAY, households=1))


def test_same_seed_and_day_give_the_same_content() -> None:
    assert list(community(TODAY)) == households()
    assert list(openings(TODAY)) == all_openings()
    assert list(community(TODAY, seed=1, households=50)) != households()[:50]
    assert list(openings(TODAY, seed=1)) != all_openings()


def test_the_demo_logins_come_first() -> None:
    first, second = residents()[0], households()[1].members[0]
    assert (first.name, first.phone, age(first), first.limits) == (
        "陈桂芳",
        "13800000001",
        47,
        ("lifting",),
    )
    assert first.available == (DemoWindow("12345", "08:30", "16:30"),)
    assert (first.education, first.reach, first.min_pay) == ("junior_high", "street", 2000)
    assert (second.name, second.phone, age(second)) == ("张建国", "13800000005", 55)
    assert set(second.limits) == {"lifting", "heights"}
    assert [e.phone for e in employers()[:2]] == ["13800000002", "13800000006"]
    assert employers()[0].name == "重庆暖邻家政服务有限公司"
    staff = {m.phone: m.name for branch in branches() for m in branch.members if m.login}
    assert staff == {"13800000003": "李晓梅", "13800000007": "王志强"}
    assert admin().phone == "13800000004"


def test_the_four_branches_have_named_members() -> None:
    assert [branch.name for branch in branches()] == [
        "富民支部",
        "便民支部",
        "安民支部",
        "乐民支部",
    ]
    assert all(len(branch.members) >= 3 and branch.office for branch in branches())


def test_id_numbers_are_well_formed_and_agree_with_the_person() -> None:
    numbers = [person.id_number for person in residents()]
    assert len(set(numbers)) == len(numbers)
    for person in residents():
        assert mod_11_2.is_valid(person.id_number)
        assert person.id_number[6:14] == f"{person.birth_date:%Y%m%d}"
        assert int(person.id_number[16]) % 2 == (person.sex == "male")


def test_doors_and_phones_are_nobody_elses() -> None:
    codes = [household.code for household in households()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"\d+栋\d单元-\d{3,4}", code) for code in codes)
    phones = [person.phone for person in residents() if person.phone]
    phones += [employer.phone for employer in employers()]
    phones += [m.phone for b in branches() for m in b.members if m.phone]
    assert len(set(phones)) == len(phones)
    assert all(re.fullmatch(r"199\d{8}", phone) for phone in phones if phone not in LOGINS)


def test_every_resident_is_a_valid_seeker() -> None:
    for number, person in enumerate(residents()):
        Seeker(
            id=number,
            wanted=list(person.wanted),
            skills=list(person.skills),
            certificates=list(person.certificates),
            experience=[Experience(title=t, employer=e, years=y) for t, e, y in person.experience],
            education=Education(person.education),
            age=age(person),
            reach=Reach(person.reach),
            available=None if person.available is None else rows(person.available),
            limits=[Demand(limit) for limit in person.limits],
            min_pay=person.min_pay,
            kinds=[Kind(kind) for kind in person.kinds],
        )
        assert person.wanted
        assert person.skills
        assert person.situation
        assert len(person.situation) <= 200


def test_stories_agree_with_themselves() -> None:
    for person in residents():
        worked = sum(years for _, _, years in person.experience)
        assert worked <= age(person) - 15
        assert person.phone or "smartphone" in person.limits
        assert person.education != "none" or "reading" in person.limits
        assert (person.disability is None) == (person.disability_level is None)
        if "night" in person.limits:
            assert not any("夜" in wish for wish in person.wanted)
        if person.carer_of and person not in residents()[:2]:
            assert person.available is not None
            assert not any("住家" in wish or "夜" in wish for wish in person.wanted)
        if person.reach == "home" and person.kinds:
            assert "piecework" in person.kinds


def test_situations_hold_no_sensitive_fact() -> None:
    # They stand beside the profile in the clear; allowance, divorce and diagnoses do not belong.
    for person in residents():
        assert not re.search("低保|离婚|离异|残疾|病|截肢|吃药|高血压", person.situation)


def test_couples_and_families_are_plausible() -> None:
    for household in households():
        ages = sorted((age(member) for member in household.members), reverse=True)
        assert len(ages) in range(1, 5)
        if household.divorced and len(ages) > 1:
            assert ages[0] - ages[1] >= 18


def test_people_do_not_look_copied() -> None:
    profiles = Counter((p.wanted, p.skills, p.experience) for p in residents())
    copies = sum(count for count in profiles.values() if count > 1)
    assert copies <= 0.01 * len(residents())
    assert len({wish for p in residents() for wish in p.wanted}) >= 150
    assert len({skill for p in residents() for skill in p.skills}) >= 200
    assert len({title for p in residents() for title, _, _ in p.experience}) >= 120
    assert len(read("names")["surnames"]) >= 80
    assert len({p.name for p in residents()}) > 0.9 * len(residents())


def test_openings_have_the_promised_numbers_and_variety() -> None:
    kinds = Counter(opening.kind for opening in all_openings())
    assert kinds == {"vacancy": 200, "piecework": 35, "course": 35, "venture": 30}
    assert len(read("vacancies")) >= 120
    descriptions = [opening.description for opening in all_openings()]
    assert len(set(descriptions)) == len(descriptions)
    assert len({opening.key for opening in all_openings()}) == 300
    piecework = [o for o in all_openings() if o.kind == "piecework"]
    assert sum(o.employer == "qiaoshou" for o in piecework) >= 8


def test_every_opening_is_a_valid_record() -> None:
    keys = {employer.key for employer in employers()}
    for opening in all_openings():
        Opening(
            id=opening.key,
            kind=Kind(opening.kind),
            title=opening.title,
            description=opening.description,
            place=opening.place,
            skills=list(opening.skills),
            certificates=list(opening.certificates),
            education=Education(opening.education) if opening.education else None,
            demands=[Demand(demand) for demand in opening.demands],
            hours=rows(opening.hours),
            capacity=opening.headcount,
            teaches=list(opening.teaches),
            pay={"text": opening.pay_text},
        )
        assert opening.employer in keys
        assert 2 <= len(opening.description.splitlines()) <= 6
        assert opening.place.startswith("重庆市/")
        assert opening.headcount >= 1
        assert opening.pay_text
        assert opening.hours or opening.flexible
        assert bool(opening.teaches) == (opening.kind == "course")


def test_a_few_openings_have_expired() -> None:
    expired = [o for o in all_openings() if o.published_days_ago > o.valid_days]
    assert 5 <= len(expired) <= 20
    assert all(o.published_days_ago <= 120 for o in all_openings())


@pytest.mark.parametrize("field", ["title", "description", "pay_text"])
def test_no_opening_holds_a_forbidden_text(field: str) -> None:
    for opening in all_openings():
        assert not FORBIDDEN.search(getattr(opening, field)), (opening.title, field)


def test_pay_is_never_below_the_floor() -> None:
    for opening in (o for o in all_openings() if o.kind == "vacancy"):
        per = {"小时": "小时", "天": "天"}
        unit = next((u for word, u in per.items() if word in opening.pay_text), "月")
        least = min(float(figure) for figure in re.findall(r"\d+", opening.pay_text))
        assert least >= FLOORS[unit], opening.pay_text


def test_work_barred_to_minors_says_so() -> None:
    for opening in all_openings():
        barred = opening.hazardous or {"night", "heights"} & set(opening.demands)
        past_midnight = any(window.end <= window.start for window in opening.hours)
        assert opening.min_age == 18 or not (barred or past_midnight), opening.title
        assert "night" in opening.demands or not past_midnight


def test_employers_carry_valid_credit_codes() -> None:
    codes = [employer.credit_code for employer in employers()]
    assert 65 <= len(codes) == len(set(codes))
    assert all(uscc.is_valid(code) for code in codes)
    assert 3 <= sum(not employer.verified for employer in employers()) <= 8
    assert len({employer.name for employer in employers()}) == len(codes)


def test_dates_in_texts_follow_the_day() -> None:
    later = list(openings(TODAY + datetime.timedelta(days=30)))
    courses = [o.description for o in all_openings() if o.kind == "course"]
    assert courses != [o.description for o in later if o.kind == "course"]


@pytest.mark.parametrize(
    ("windows", "text"),
    [
        ((DemoWindow("1234567", "22:00", "06:00"),), "每天22:00—次日6:00"),
        ((DemoWindow("67", "09:00", "18:00"),), "周六、日9:00—18:00"),
        (
            (DemoWindow("123456", "10:00", "14:00"), DemoWindow("123456", "16:30", "21:00")),
            "周一至周六10:00—14:00，16:30—21:00",
        ),
        ((DemoWindow("134567", "13:30", "21:30"),), "周一、三、四、五、六、日13:30—21:30"),
    ],
)
def test_hours_read_as_people_write_them(windows: tuple[DemoWindow, ...], text: str) -> None:
    assert window_text(windows) == text


def test_fault_27_every_piece_of_work_pays_what_one_can_believe() -> None:
    """At home 8 to 16 yuan an hour, slow to fast; at the centre never below the floor."""
    floor = figures.pay_floor(PayUnit.HOUR, ESTATE, on=TODAY)
    assert floor is not None
    for row in read("piecework"):
        middle = float(row["rate"]) * 3600 / row["seconds"]
        if row["at_home"]:
            assert 8 <= middle / max(PACES) <= middle / min(PACES) <= 16, row["title"]
        else:
            assert floor.value / 100 <= middle <= 26, row["title"]
    for story in STORIES:
        hourly = hourly_from(story.rate, [(s, n) for s, n in story.timings])
        assert 800 <= hourly.slow_fen < hourly.middle_fen < hourly.fast_fen <= 1600, story.title
        assert hourly.middle_seconds == story.seconds  # what is timed is what is said


def test_fault_27_no_goods_stand_at_two_prices() -> None:
    titles = [row["title"] for row in read("piecework")]
    assert len(set(titles)) == len(titles)
    orders = [one for one in all_openings() if one.kind == "piecework"]
    assert sorted(one.title for one in orders) == sorted(titles)
    rates = {row["title"]: row["rate"] for row in read("piecework")}
    for order in orders:
        assert re.findall(r"[0-9.]+", order.pay_text) == [rates[order.title]]
        assert "一小时" in order.description
    assert all(round(float(rates[one.goods]) * 100) == one.rate for one in STORIES)
    assert len({one.goods for one in STORIES}) == len(STORIES)


def test_fault_27_seasons_words_and_conditions_fit() -> None:
    openings = list(all_openings())
    assert not any("月饼" in one.title for one in openings)  # the demo is loaded in any month
    for one in openings:
        if one.kind == "vacancy" and one.certificates:
            assert "没做过的可以教" not in one.description, one.title
    said = [fault for story in STORIES for fault in story.faults]
    assert len(set(said)) == len(said)
    assert not any(danger.find(one.description) for one in openings if one.kind == "piecework")
