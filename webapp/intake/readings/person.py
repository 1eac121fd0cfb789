"""A paragraph about one person → the values of the registration form, beside the words read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from webapp.core.labels import label, labels_of
from webapp.core.vocabulary import Demand
from webapp.engine import extraction
from webapp.engine.extraction import ReadPerson
from webapp.imports.readers import resident_cells
from webapp.imports.readers.cells import Reading, Unreadable
from webapp.intake.readings.facts import Fact, fact, fact_at
from webapp.intake.readings.free_hours import FreeHours, choose
from webapp.residents import sensitive_words as sensitive
from webapp.residents.unit_address import normalise_unit_address

_ADDRESS = re.compile(
    r"(?<!\d)\d{1,3}\s*(?:栋|幢|号楼)\s*(?:\d{1,2}\s*单元)?[\s\-—]*\d{1,4}\s*[室号]?(?!\d)"
    r"|(?<![\d-])\d{1,3}-\d{1,2}-\d{1,4}(?![\d-])"
)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_MOST_JOBS = 20
_NAME, _PHRASE, _PHRASES, _TITLE, _SITUATION = 40, 60, 30, 60, 200


@dataclass(frozen=True)
class PastJob:
    """What somebody has done; ``months`` is how long, ``None`` when not said."""

    title: str
    months: int | None


@dataclass(frozen=True)
class PersonReading:
    """What a paragraph says: ``values`` fill the form, ``facts`` stand beside its fields.

    ``sensitive`` are facts that wait for a consent of their own; ``looking`` is false for
    somebody who says they want no work now.
    """

    values: dict[str, Any]
    facts: dict[str, Fact]
    jobs: list[PastJob]
    sensitive: dict[str, str]
    looking: bool

    @property
    def doubts(self) -> int:
        """How many fields somebody has to look at."""
        return sum(bool(one.doubt) for one in self.facts.values())


def read(text: str, *, today: date) -> PersonReading | None:
    """Return what a paragraph says of a person, ``None`` when it says nothing."""
    found = extraction.read_person(text)
    if found.is_empty:
        return None
    born, born_doubt = _born(found, today)
    address, address_span = _unit_address(text)
    free = choose(sensitive.without((found.hours or "").replace(extraction.APART, "，")))
    wanted, skills, certificates = (
        _phrases(one) for one in (found.wanted, found.skills, found.certificates)
    )
    phone = found.phone or ""
    mobile = phone if _MOBILE.fullmatch(phone) else ""
    jobs = _jobs(found)
    pay = None if found.min_pay_month is None else round(found.min_pay_month)
    values = {
        "name": (found.name or "")[:_NAME],
        "unit_address": address,
        "phone": mobile,
        "contact_note": "" if mobile else phone,
        "birth_date": born,
        "sex": found.sex,
        "education": found.education,
        "wanted": wanted,
        "skills": skills,
        "certificates": certificates,
        "limits": list(found.limits),
        "free": free.key,
        "situation": free.words[:_SITUATION],
        "reach": found.reach,
        "min_pay": pay,
    }
    unsaid = _("没说")
    facts = {
        "name": fact(
            text, _("姓名"), found.name or "", phrases=[found.name or ""], doubt=_name_doubt(found)
        ),
        "unit_address": fact_at(
            text, _("门牌"), address, address_span, doubt="" if address else _("没说，请问一下")
        ),
        "phone": fact(text, _("电话"), phone, phrases=[phone], doubt=_phone_doubt(phone, mobile)),
        "birth_date": fact(
            text, _("出生"), str(born or ""), phrases=_born_phrases(found), doubt=born_doubt
        ),
        "sex": fact(text, _("性别"), label(found.sex), phrases=[label(found.sex)]),
        "education": fact(
            text,
            _("上过什么学"),
            label(found.education),
            phrases=[label(found.education)],
            doubt="" if found.education else unsaid,
        ),
        "wanted": fact(
            text,
            _("想做啥"),
            "、".join(wanted),
            phrases=wanted,
            doubt="" if wanted else _("没说，请问想做啥"),
        ),
        "skills": fact(
            text, _("会做啥"), "、".join(skills), phrases=skills, doubt="" if skills else unsaid
        ),
        "certificates": fact(text, _("证"), "、".join(certificates), phrases=certificates),
        "limits": _limits(found),
        "free": _free(text, found, free),
        "reach": Fact(
            _("能走多远"), label(found.reach), doubt=_("请核对") if found.reach else unsaid
        ),
        "min_pay": Fact(
            _("最少要挣"), str(pay or ""), doubt="" if pay is None else _("请和本人核对")
        ),
    }
    return PersonReading(values, facts, jobs, sensitive.find(text), found.looking)


def _phrases(phrases: Iterable[str]) -> list[str]:
    kept = [one[:_PHRASE] for one in phrases if not sensitive.is_sensitive(one)]
    return kept[:_PHRASES]


def _jobs(found: ReadPerson) -> list[PastJob]:
    jobs = {
        title[:_TITLE]: PastJob(title[:_TITLE], None if years is None else round(years * 12))
        for title, years in found.experience
        if title and not sensitive.is_sensitive(title)
    }
    return list(jobs.values())[:_MOST_JOBS]


def _name_doubt(found: ReadPerson) -> str:
    if not found.name:
        return _("没说，请问一下")
    return "" if 2 <= len(found.name) <= 4 and found.name[0] not in "小老阿" else _("不像全名")


def _phone_doubt(phone: str, mobile: str) -> str:
    if not phone:
        return _("没说")
    return "" if mobile else _("不是手机号，放在“怎么联系”里")


def _born(found: ReadPerson, today: date) -> tuple[date | None, str]:
    """Return the latest day of birth that the year or the age allows, and why it is unsure."""
    try:
        if found.birth_year is not None:
            born = resident_cells.birth(str(found.birth_year), Reading(today))
            return (born.day if born else None), _("只说了年份，先按那年最后一天，请看身份证改")
        if found.age is not None:
            born = resident_cells.age(str(found.age), Reading(today))
            return (born.day if born else None), _("只说了年纪，先按今天的生日算，请看身份证改")
    except Unreadable:
        pass
    return None, _("没说")


def _born_phrases(found: ReadPerson) -> list[str]:
    if found.birth_year is not None:
        year = str(found.birth_year)
        return [f"{year}年", f"{year[2:]}年"]
    return [] if found.age is None else [f"{found.age}岁", f"{found.age}"]


def _unit_address(text: str) -> tuple[str, list[extraction.Span]]:
    for match in _ADDRESS.finditer(text):
        usual = normalise_unit_address(match[0])
        if usual:
            return usual, [match.span()]
    return "", []


def _limits(found: ReadPerson) -> Fact:
    words = labels_of(Demand)
    told = "、".join(str(words[one]) for one in found.limits if one in words)
    return Fact(_("做不了的"), told, doubt=_("请和本人核对") if told else "")


def _free(text: str, found: ReadPerson, free: FreeHours) -> Fact:
    if not found.hours:
        return Fact(_("啥时候有空"), "", doubt=_("没说，先按随时都行"))
    doubt = "" if free.exact else _("请核对是不是这段时间")
    if not free.key:
        doubt = _("读不成钟点，请选一个")
    return fact(text, _("啥时候有空"), free.words, phrases=[found.hours], doubt=doubt)
