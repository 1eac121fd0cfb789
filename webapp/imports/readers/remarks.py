"""What the free words of a row add to its columns: 腰不好不能重活 is no matter of one column.

All texts of a row are read as pasted texts are. A column's own answer comes first; words only
fill what it leaves open. Sensitive facts go where those of their columns go.
"""

import re
from typing import Any

from flask_babel import gettext as _

from webapp.core.vocabulary import Education
from webapp.engine import extraction
from webapp.imports.readers.doors import Door, read_door
from webapp.imports.readers.resident_cells import first_number, whose
from webapp.imports.readers.sections import read_section
from webapp.imports.readers.standing import Said, Standing, read_standing
from webapp.imports.readers.wish_cells import known_reach
from webapp.residents.sensitive_words import find

#: Fields whose words are read, in this order.
TEXTS = ("health", "demands", "situation", "answers", "status", "work", "limits", "available")
#: Those that speak of the past, too; what somebody does now (读大学) is not finished.
_OWN = ("health", "demands", "situation", "answers")
#: Fields whose brackets add something: 手工活（在家做）.
_BRACKETED = ("wanted", "skills")
_GRADE = re.compile(
    r"(?:视力|听力|言语|语言|肢体|智力|精神|多重|[一-龥]{0,2}残疾?)[^，,。；;（(]{0,2}?[一二三四1-4]级"
    r"|[一二三四1-4]级(?:视力|听力|言语|肢体|智力|精神)?残疾?"
)
_DENIED_ALLOWANCE = re.compile(r"(?:不是|非|没有|没得|未享受|停了?|取消)低保|低保(?:停|取消|没)")
_ALLOWANCE = re.compile(r"低保(?!证明)")
_UNWANTED = re.compile(r"不(?:想|找|考虑|用|做|需要|愿)|专心")
_BRACKET = re.compile(r"[(（]([^()（）]*)[)）]")
_ILLNESS = re.compile(
    r"病|高血压|糖尿|风湿|手术|搭(?:过)?桥|癌|瘤|中风|偏瘫|瘫|怀孕|腰(?!鼓)|劳损|骨折|残|聋|哑|盲|抑郁|透析|哮喘|心脏"
)
_CLAUSE = re.compile(r"[^，,。；;\n]+")
_PIECE = re.compile(r"[，,。；;、\s]+")


def complete(values: dict[str, Any], texts: dict[str, str]) -> Said:
    """Fill what the words of a row say into ``values``; return where the person stands.

    ``texts`` holds the row's cells as they read, by field; ``values`` what was read of them.
    """
    _complete_door(values, texts)
    remark = "。".join(texts[key] for key in TEXTS if texts.get(key))
    in_brackets = [one for key in _BRACKETED for one in _BRACKET.findall(texts.get(key, ""))]
    found = extraction.read_remark("。".join([remark, *in_brackets]))
    said = _standing(values, texts)
    looking = said.standing is Standing.LOOKING
    if looking and not values.get("wanted") and not values.get("skills") and remark:
        person = extraction.read_person(remark)
        values["wanted"], values["skills"] = list(person.wanted), list(person.skills)
        found = extraction.read_remark(remark)
    own = extraction.read_remark("。".join(texts[key] for key in _OWN if texts.get(key)))
    known = values.get("limits") or []
    values["limits"] = list(dict.fromkeys([*known, *found.limits]))
    held = values.get("certificates") or []
    values["certificates"] = [*held, *(one for one in found.certificates if one not in held)]
    values["education"] = values.get("education") or _schooling(own.education, texts)
    if looking:
        pieces = [*_PIECE.split(texts.get("demands", "")), *in_brackets]
        told = next((one for one in map(known_reach, pieces) if one), None)
        values["reach"] = values.get("reach") or told or found.reach
        if values.get("min_pay") is None and found.min_pay_month and "min_pay" not in texts:
            values["min_pay"] = round(found.min_pay_month * 100)
    _complete_facts(values, texts, remark)
    _complete_phone(values, texts)
    return said


def _schooling(read: Education | None, texts: dict[str, str]) -> Education | None:
    return None if texts.get("education") else read


def _complete_door(values: dict[str, Any], texts: dict[str, str]) -> None:
    around = read_section(texts.get("around", ""))
    chosen = values.pop("default_building", None)
    building = _number(values.get("building")) or around.building or _number(chosen)
    unit = _number(values.get("unit")) or around.unit
    known = Door(building, unit, values.get("flat") or None)
    text = values.get("unit_address") or values.get("flat") or ""
    values["door"] = (read_door(text, known) if text else None) or Door()


def _number(text: str | None) -> str | None:
    """Return the number of a building or staircase as a column has it: 9, 9栋, 九号楼."""
    section = read_section(f"{text}栋") if text else None
    found = re.search(r"\d+", (section.building if section else "") or text or "")
    return found[0].lstrip("0") or None if found else None


def _standing(values: dict[str, Any], texts: dict[str, str]) -> Said:
    wish = texts.get("wanted", "")
    declines = bool(wish) and not values.get("wanted") and bool(_UNWANTED.search(wish))
    wishes = bool(values.get("wanted")) or _is_open(wish)
    told = "；".join(
        texts[key] for key in ("status", "situation", "demands", "health") if texts.get(key)
    )
    said = read_standing(
        told=told,
        work=texts.get("work", ""),
        around=texts.get("around", ""),
        wishes=wishes and not declines,
        declines=declines,
    )
    return said._replace(why_not=said.why_not or wish) if declines else said


def _is_open(wish: str) -> bool:
    """Whether somebody takes anything: 不限, 随便, 钱多就行."""
    return bool(re.search(r"不限|随便|都行|都可以|就行|安排|不挑", wish))


def _complete_facts(values: dict[str, Any], texts: dict[str, str], remark: str) -> None:
    if not values.get("disability"):
        grade = _GRADE.search(remark)
        told = grade[0] if grade else find(remark).get("disability")
        values["disability"] = told or values.get("disability")
    if values.get("allowance") is None:
        if _DENIED_ALLOWANCE.search(remark):
            values["allowance"] = ""
        elif _ALLOWANCE.search(remark) or read_section(texts.get("around", "")).low_income:
            values["allowance"] = _("低保")


def _complete_phone(values: dict[str, Any], texts: dict[str, str]) -> None:
    beside = values.pop("beside_phone", "")
    shares = values.pop("shares_phone", False)
    said = texts.get("phone", "")
    if beside and not first_number(said):
        digits = first_number(beside) or ""
        mobile = digits if re.fullmatch(r"1\d{10}", digits) else None
        values["phone"] = (mobile, "" if mobile else beside)
        said = beside
    number = first_number(said)
    values["number"] = number
    values["number_of"] = ("shared" if shares else whose(said)) if number else None


def presentable(text: str) -> tuple[str, bool]:
    """Return a remark without what it says of illness or allowance, and whether anything fell out.

    What somebody cannot do was taken from them; the illness itself is not kept.
    """
    clauses = _CLAUSE.findall(text)
    kept = [
        one.strip()
        for one in clauses
        if not _ILLNESS.search(one) and not _ALLOWANCE.search(one) and not find(one)
    ]
    return "，".join(kept), len(kept) < len(clauses)
