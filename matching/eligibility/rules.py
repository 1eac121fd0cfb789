"""The hard rules: which openings a seeker may be matched with at all, and why not.

No score overrides them. Unknown facts exclude nothing; where they would matter they are a gap to
ask about. :class:`matching.eligibility.index.EligibilityIndex` applies the same rules to many
pairs at once.

Age limits: 禁止使用童工规定 (nobody under 16), 未成年工特殊保护规定 and 劳动法 art. 64 (no
hazardous work under 18).
"""

from collections.abc import Iterable
from functools import lru_cache

from matching.eligibility import certificates, hours, places
from matching.records import Demand, Education, Kind, Note, Opening, Reach, Seeker
from matching.text.normalise import normalise, squeeze

WORKING_AGE = 16
ADULT_AGE = 18

# The order in which broken rules are listed.
RULES = ("age", "demand", "certificate", "education", "hours", "place", "kind", "full")

DEMAND_LABELS = {
    Demand.STANDING: "久站",
    Demand.WALKING: "多走路",
    Demand.LIFTING: "搬重物",
    Demand.STAIRS: "爬楼梯",
    Demand.OUTDOORS: "在户外干活",
    Demand.HEIGHTS: "登高",
    Demand.NIGHT: "上夜班",
    Demand.FINE_HAND: "做精细手工",
    Demand.TWO_HANDS: "双手操作",
    Demand.EYESIGHT: "好视力",
    Demand.HEARING: "好听力",
    Demand.SPEECH: "说话交流",
    Demand.READING: "认字看字",
    Demand.SMARTPHONE: "用智能手机",
    Demand.CUSTOMER_CONTACT: "接待顾客",
}
EDUCATION_LABELS = {
    Education.NONE: "没上过学",
    Education.PRIMARY: "小学",
    Education.JUNIOR_HIGH: "初中",
    Education.SENIOR_HIGH: "高中",
    Education.VOCATIONAL: "中专或技校",
    Education.COLLEGE: "大专",
    Education.BACHELOR: "本科",
}
KIND_LABELS = {
    Kind.VACANCY: "招聘岗位",
    Kind.PIECEWORK: "手工订单",
    Kind.COURSE: "培训",
    Kind.VENTURE: "创业项目",
}
REACH_TEXTS = {
    Reach.HOME: "只能在家做，这份活要出门",
    Reach.ESTATE: "这里不在自家小区",
    Reach.STREET: "这里不在自家的街道或镇",
    Reach.DISTRICT: "这里不在自家的区县",
    Reach.CITY: "这里不在自家的城市",
}


@lru_cache(maxsize=4096)
def demand_key(word: str) -> str:
    """Return one form for all spellings of a demand or limit; empty when nothing is named."""
    return squeeze(word) or normalise(word)


_BARRED_UNDER_18 = {demand_key(Demand.HEIGHTS): "登高", demand_key(Demand.NIGHT): "上夜班"}
_LABEL_OF_KEY = {demand_key(demand): word for demand, word in DEMAND_LABELS.items()}


def demand_keys(words: Iterable[str]) -> frozenset[str]:
    """Return the distinct demands named, blank ones left out."""
    return frozenset(map(demand_key, words)) - {""}


def minor_restrictions(opening: Opening) -> list[str]:
    """Return, in Chinese, what bars those under 18 from the opening; empty when nothing does."""
    asked = demand_keys(opening.demands)
    found = [word for key, word in _BARRED_UNDER_18.items() if key in asked]
    if opening.hazardous:
        found.append("有危险的作业")
    if hours.overlaps_night(hours.fixed_windows(opening.hours, flexible=opening.flexible)):
        found.append("晚上十点到早上六点的班")
    return found


def _check_age(seeker: Seeker, opening: Opening) -> str | None:
    if seeker.age is None or seeker.age >= ADULT_AGE:
        return None
    if seeker.age < WORKING_AGE:
        return "未满16周岁不能参加工作"
    barred = minor_restrictions(opening)
    return f"有{'、'.join(barred)}，未满18周岁不能做" if barred else None


def _check_demands(seeker: Seeker, opening: Opening) -> str | None:
    limits = demand_keys(seeker.limits)
    unmet = {
        key: _LABEL_OF_KEY.get(key, word.strip())
        for word in opening.demands
        if (key := demand_key(word)) and key in limits
    }
    return f"需要{'、'.join(unmet.values())}，登记过做不了" if unmet else None


def _check_certificates(seeker: Seeker, opening: Opening) -> str | None:
    missing = {
        certificates.canonical_form(asked): asked.strip()
        for asked in opening.certificates
        if not certificates.holds(seeker.certificates, asked)
    }
    return f"需要{'、'.join(missing.values())}，资料里还没有" if missing else None


def _check_education(seeker: Seeker, opening: Opening) -> str | None:
    asked, has = opening.education, seeker.education
    if asked is None or has is None or has.rank >= asked.rank:
        return None
    return f"要求{EDUCATION_LABELS[asked]}以上学历，登记的是{EDUCATION_LABELS[has]}"


def _check_hours(seeker: Seeker, opening: Opening) -> str | None:
    asked = hours.fixed_windows(opening.hours, flexible=opening.flexible)
    if hours.covers(seeker.available, asked):
        return None
    return "上班时间有一部分没有空"


def _check_place(seeker: Seeker, opening: Opening) -> str | None:
    if opening.at_home or seeker.reach is None:
        return None
    if places.within_reach(seeker.home, seeker.reach, opening.place) is not False:
        return None
    where = f"地点在{opening.place.strip()}，" if opening.place and opening.place.strip() else ""
    return where + REACH_TEXTS[seeker.reach]


def _check_kind(seeker: Seeker, opening: Opening) -> str | None:
    if not seeker.kinds or opening.kind in seeker.kinds:
        return None
    wanted = "、".join(KIND_LABELS[kind] for kind in dict.fromkeys(seeker.kinds))
    return f"这是{KIND_LABELS[opening.kind]}，只想看{wanted}"


def _check_capacity(seeker: Seeker, opening: Opening) -> str | None:  # noqa: ARG001 (one shape for all rules)
    return "名额已满" if opening.capacity <= 0 else None


_CHECKS = (
    _check_age,
    _check_demands,
    _check_certificates,
    _check_education,
    _check_hours,
    _check_place,
    _check_kind,
    _check_capacity,
)


def broken_rules(seeker: Seeker, opening: Opening) -> list[Note]:
    """Return every hard rule the pair breaks, in the order of :data:`RULES`.

    Each note has the rule as its code and a Chinese sentence with the fact. An empty list means
    that the opening may be suggested.
    """
    return [
        Note(code=code, text=text)
        for code, check in zip(RULES, _CHECKS, strict=True)
        if (text := check(seeker, opening))
    ]


def is_eligible(seeker: Seeker, opening: Opening) -> bool:
    """Return whether the pair breaks no hard rule."""
    return not any(check(seeker, opening) for check in _CHECKS)


_PATH_REACHES = frozenset({Reach.ESTATE, Reach.STREET, Reach.DISTRICT, Reach.CITY})


def unknown_gaps(seeker: Seeker, opening: Opening) -> list[Note]:
    """Return the unknown facts that could break a hard rule.

    Age always could, since nobody under 16 may work.
    """
    gaps = []
    if seeker.age is None:
        gaps.append(Note(code="unknown_age", text="还不知道年龄"))
    if seeker.education is None and opening.education is not None and opening.education.rank:
        asked = EDUCATION_LABELS[opening.education]
        text = f"要求{asked}以上学历，还不知道学历"
        gaps.append(Note(code="unknown_education", text=text))
    if seeker.available is None and hours.fixed_windows(opening.hours, flexible=opening.flexible):
        text = "上班时间固定，还不知道什么时候有空"
        gaps.append(Note(code="unknown_available", text=text))
    if not opening.at_home:
        gaps += _unknown_place_gaps(seeker, opening)
    return gaps


def _unknown_place_gaps(seeker: Seeker, opening: Opening) -> list[Note]:
    gaps = []
    place_known = bool(places.split_path(opening.place))
    by_path = seeker.reach is None or seeker.reach in _PATH_REACHES
    if by_path and place_known and not places.split_path(seeker.home):
        gaps.append(Note(code="unknown_home", text="还不知道住在哪里，不清楚远不远"))
    if seeker.reach is None:
        gaps.append(Note(code="unknown_reach", text="还不知道最远能去哪里上班"))
    elif by_path and not place_known:
        gaps.append(Note(code="unknown_place", text="没写明地点，要先问清楚远不远"))
    return gaps
