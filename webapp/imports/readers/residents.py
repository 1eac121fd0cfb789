"""A read row of a list of residents → a resident's file, the sensitive facts apart."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.formatting import age_on
from webapp.core.vocabulary import Sex
from webapp.imports.models import ImportKind
from webapp.imports.readers.resident_cells import Birth, Job
from webapp.imports.readers.rows import ReadRow
from webapp.residents import idnumber
from webapp.residents.forms.fields import YOUNGEST
from webapp.residents.unit_address import UnknownUnitAddress, known_unit_address

_KIND = ImportKind.RESIDENTS
_LONGEST_SITUATION = 200
_BUILDING = re.compile(r"(?:栋|幢|号楼|#楼|#)$")


@dataclass(frozen=True)
class Person:
    """One resident: where they live, the columns of the file, past jobs, sensitive facts.

    ``key`` lets one person in once: made of the identity number, or of name, birth and
    unit address.
    """

    number: int
    unit_address: str
    key: str
    columns: dict[str, Any]
    jobs: list[Job] = field(default_factory=list)
    sensitive: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_person(row: ReadRow, *, pepper: bytes, today: date) -> Person:
    """Return the person in a row; raise ``RowRefused`` without name or unit address, or under 16.

    ``pepper`` keeps the keys from telling identity numbers to whoever reads the database.
    """
    values = row.values
    if len(values["name"]) < 2:
        raise row.refuse("name", _("没有写姓名"), kind=_KIND)
    unit_address = _unit_address(row)
    number = values.get("id_number")
    birth = _birth(row, number)
    if birth and (age_on(birth.day, today) or 0) < YOUNGEST:
        where = next((key for key in ("birth", "age") if values.get(key)), "id_number")
        raise row.refuse(where, _("不满 16 岁，还不能登记"), kind=_KIND, code="under_16")
    if birth and not birth.exact:
        row.notes.append(_("出生日期不全，先按最晚的一天记，请核对"))
    phone, contact = values.get("phone", (None, ""))
    free_words, windows = values.get("available", ("", []))
    columns = {
        "name": values["name"],
        "sex": values.get("sex") or (_sex(number) if number else None),
        "birth_date": birth.day if birth else None,
        "phone": phone,
        "contact_note": contact,
        "education": values.get("education"),
        "wanted": values.get("wanted", []),
        "skills": values.get("skills", []),
        "certificates": values.get("certificates", []),
        "limits": values.get("limits", []),
        "available": windows,
        "reach": values.get("reach"),
        "min_pay_fen": values.get("min_pay"),
        "situation": _situation(row, free_words),
    }
    exact = birth.day.isoformat() if birth and birth.exact else ""
    return Person(
        number=row.number,
        unit_address=unit_address,
        key=person_key(number, values["name"], exact, unit_address, pepper=pepper),
        columns=columns,
        jobs=values.get("experience", []),
        sensitive={
            name: values[name]
            for name in ("id_number", "allowance", "disability")
            if values.get(name)
        },
        notes=row.notes,
    )


def person_key(
    id_number: str | None, name: str, birth: str, unit_address: str, *, pepper: bytes
) -> str:
    """Return the keyed digest (hex) of the identity number, or else of the rest."""
    content = f"id:{id_number}" if id_number else f"person:{name}|{birth}|{unit_address}"
    return hmac.new(pepper, content.encode(), hashlib.sha256).hexdigest()


def _unit_address(row: ReadRow) -> str:
    values = row.values
    unit_address: str | None = values.get("unit_address", "")
    where = "unit_address" if "unit_address" in values else "building"
    if not unit_address and values.get("building") and values.get("flat"):
        building = _BUILDING.sub("", values["building"])
        unit = values.get("unit", "").removesuffix("单元")
        parts = (f"{building}栋", f"{unit}单元" if unit else "", values["flat"])
        try:
            unit_address = known_unit_address("".join(parts), on=clock.today())
        except UnknownUnitAddress as unknown:
            raise row.refuse(where, unknown.message, kind=_KIND) from unknown
    if not unit_address:
        raise row.refuse(where, _("没有写门牌，或者看不懂"), kind=_KIND)
    return unit_address


def _birth(row: ReadRow, id_number: str | None) -> Birth | None:
    told: Birth | None = row.values.get("birth")
    if id_number:
        day = idnumber.birth_date(id_number)
        if told and told.exact and day and told.day != day:
            raise row.refuse("birth", _("出生日期和身份证号对不上"), kind=_KIND)
        if day:
            return Birth(day, exact=True, written=day.isoformat())
    return told or row.values.get("age")


def _sex(id_number: str) -> Sex:
    # GB 11643: the seventeenth digit is odd for men.
    return Sex.MALE if int(id_number[16]) % 2 else Sex.FEMALE


def _situation(row: ReadRow, free_words: str) -> str:
    said = row.values.get("situation", "")
    parts = [said, _("空闲时间：%(words)s", words=free_words) if free_words else ""]
    text = "；".join(part for part in parts if part)
    if len(text) > _LONGEST_SITUATION:
        message = _("加起来太长了，最多 %(n)d 个字", n=_LONGEST_SITUATION)
        raise row.refuse("situation", message, kind=_KIND)
    return text
