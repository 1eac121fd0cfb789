"""Certificates: whether a required one is held, however both are spelt.

A name consists of a trade or class and one of many words for "certificate" (证, 作业证, 操作证,
证明, 资格证, 证书 …), in any order, with or without brackets. Only the trade or class is compared.

Driving classes follow the annex 准驾车型及代号 of 机动车驾驶证申领和使用规定 (公安部令第162号,
in force from 1 April 2022), column 准予驾驶的其他准驾车型.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from matching.text.normalise import normalise, squeeze

# Each class with all it includes, also indirectly (C1→C2, C3; C3→C4).
DRIVING_INCLUDES = {
    name: frozenset(included.split())
    for name, included in {
        "a1": "a3 b1 b2 c1 c2 c3 c4 m",
        "a2": "b1 b2 c1 c2 c3 c4 c6 m",
        "a3": "c1 c2 c3 c4",
        "b1": "c1 c2 c3 c4 m",
        "b2": "c1 c2 c3 c4 m",
        "c1": "c2 c3 c4",
        "c2": "",
        "c3": "c4",
        "c4": "",
        "c5": "",
        "c6": "",
        "d": "e f",
        "e": "f",
        "f": "",
        "m": "",
        "n": "",
        "p": "",
    }.items()
}
_VEHICLES = {
    "大型客车": "a1",
    "重型牵引挂车": "a2",
    "牵引车": "a2",
    "城市公交车": "a3",
    "中型客车": "b1",
    "大型货车": "b2",
    "小型汽车": "c1",
    "小型自动挡汽车": "c2",
    "低速载货汽车": "c3",
    "三轮汽车": "c4",
    "残疾人专用小型自动挡载客汽车": "c5",
    "轻型牵引挂车": "c6",
    "普通三轮摩托车": "d",
    "普通二轮摩托车": "e",
    "轻便摩托车": "f",
    "轮式专用机械车": "m",
    "轮式自行机械车": "m",
    "无轨电车": "n",
    "有轨电车": "p",
}
# A required licence without a class is met by any class of motor car.
_CAR_CLASSES = frozenset(name for name in DRIVING_INCLUDES if name[0] in "abc" and name != "c6")

_LICENCE = re.compile(r"驾驶执照|驾驶证|驾驶本|驾照|驾证|驾驶资格证")
_CLASS = re.compile(r"[abc][1-6]|[defmnp]")
_CLASSES_ALONE = re.compile(r"(?:[abc][1-6])+(?:证|照|本)?|[defmnp](?:照|本)")
_LICENCE_FILLER = re.compile(
    r"中华人民共和国|机动车|汽车(?!$)|准驾车型|及?以上|类型?|型|级|照|证|本|手动挡|持有?|有效"
)
_NOUN = re.compile(
    r"特种作业(?:人员)?|从业人员|从业(?=资格)|(?:操作|作业|上岗|职业)?资格证书?|(?:操作|作业|上岗)证书?"
    r"|证明书?|证书|证件|合格证明?书?|执照|证"
)
_NOUN_AT_END = re.compile(r"(?:作业|操作|上岗|资格|合格|驾驶|驾?照)+$")
_NOUN_AT_START = re.compile(r"^(?:持有?|具有|具备|有效的?)")
# Longer names of the same medical certificate.
_HEALTH = re.compile(
    r"^(?:食品|餐饮|食品药品|公共场所|食品生产经营|预防性)?健康(?:体检|检查)?(?:合格)?$"
)
_LIST = re.compile(r"[、,;+|]|以及|(?<=[证照书明])和")
_EITHER = re.compile(r"或者?|/")
_LICENCE_PREFIX = "驾驶:"

# Canonical forms, any of which is enough.
Alternatives = frozenset[str]


def _licence_form(text: str) -> str | None:
    """Return ``驾驶:`` and the classes, or ``None`` if this is no driving licence."""
    licence = _LICENCE.search(text)
    if not licence and not _CLASSES_ALONE.fullmatch(text):
        return None
    rest = _LICENCE.sub("", text)
    if rest.removeprefix("机动车") in _VEHICLES:
        return _LICENCE_PREFIX + _VEHICLES[rest.removeprefix("机动车")]
    rest = _LICENCE_FILLER.sub("", rest)
    classes = _CLASS.findall(rest)
    if not _CLASS.sub("", rest).removesuffix("汽车"):
        return _LICENCE_PREFIX + "".join(sorted(set(classes)))
    # 叉车驾驶证, 拖拉机驾驶证 and the outdated class without a number (B照) are no classes.
    return None


@lru_cache(maxsize=16384)
def canonical_form(name: str) -> str:
    """Return one form for all spellings of a certificate; empty when nothing is named.

    The form is for comparing, not for display: the characters of the trade are sorted, since
    their order carries no meaning here.

    >>> canonical_form("電工操作證") == canonical_form("电工证") != canonical_form("低压电工证")
    True
    >>> canonical_form("機動車駕駛證（C1）"), canonical_form("驾照 c1")
    ('驾驶:c1', '驾驶:c1')
    """
    text = squeeze(name)
    driving = _licence_form(text)
    if driving is not None:
        return driving
    core = _NOUN_AT_END.sub("", _NOUN.sub("", _NOUN_AT_START.sub("", text)))
    if _HEALTH.match(core):
        core = "健康"
    # A name without a trade (操作证) is still a requirement.
    return "".join(sorted(core)) or text


def _licence_classes(form: str) -> frozenset[str]:
    return frozenset(_CLASS.findall(form.removeprefix(_LICENCE_PREFIX)))


@lru_cache(maxsize=16384)
def _granted_forms(held: str) -> frozenset[str]:
    """Return every canonical form covered by one held certificate."""
    forms: set[str] = set()
    for one in _LIST.split(_EITHER.sub("、", normalise(held))):
        form = canonical_form(one)
        forms.add(form)
        classes = _licence_classes(form) if form.startswith(_LICENCE_PREFIX) else frozenset()
        if all(name in DRIVING_INCLUDES for name in classes):
            for name in classes:
                wider = DRIVING_INCLUDES[name] | {name}
                forms |= {_LICENCE_PREFIX + included for included in wider}
                if wider & _CAR_CLASSES:
                    forms.add(_LICENCE_PREFIX)
    return frozenset(forms - {""})


@lru_cache(maxsize=16384)
def _required_forms(asked: str) -> tuple[Alternatives, ...]:
    sets: list[Alternatives] = []
    for part in _LIST.split(normalise(asked)):
        forms = {canonical_form(one) for one in _EITHER.split(part)} - {""}
        single = next(iter(forms)) if len(forms) == 1 else ""
        if single.startswith(_LICENCE_PREFIX) and len(_licence_classes(single)) > 1:
            sets += [
                frozenset({_LICENCE_PREFIX + name}) for name in sorted(_licence_classes(single))
            ]
        elif forms:
            sets.append(frozenset(forms))
    return tuple(sets)


def granted_forms(held: Iterable[str]) -> frozenset[str]:
    """Return every canonical form covered by the held certificates."""
    return frozenset().union(*map(_granted_forms, held))


def required_forms(asked: Iterable[str]) -> frozenset[Alternatives]:
    """Return the requirements: sets of canonical forms, one of each has to be held."""
    return frozenset(forms for one in asked for forms in _required_forms(one))


def holds(held: Iterable[str], asked: str) -> bool:
    """Return whether the held certificates cover the required one; a blank one is always held.

    >>> holds(["A2驾驶证"], "C1驾照"), holds(["C1"], "B2"), holds([], "健康证")
    (True, False, False)
    """
    forms = granted_forms(held)
    return all(alternatives & forms for alternatives in _required_forms(asked))
