"""A read row of a list of residents → a resident's file, the sensitive facts apart."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from webapp.core import clock
from webapp.core.formatting import age_on
from webapp.core.vocabulary import Sex
from webapp.imports.models import ImportKind
from webapp.imports.readers.defaults import Defaults
from webapp.imports.readers.remarks import presentable
from webapp.imports.readers.resident_cells import Birth, Job
from webapp.imports.readers.rows import NO_DEFAULTS, ReadRow
from webapp.imports.readers.spells import ReadSpell, read_spell
from webapp.imports.readers.standing import Standing
from webapp.residents import idnumber
from webapp.residents.forms.fields import YOUNGEST
from webapp.residents.models import ResidentState
from webapp.residents.unit_address import UnknownUnitAddress, known_unit_address

_KIND = ImportKind.RESIDENTS
_LONGEST_SITUATION = 200
#: What becomes of somebody who wants no suggestions now.
_STATES = {
    Standing.EMPLOYED: ResidentState.EMPLOYED,
    Standing.RETIRED: ResidentState.PAUSED,
    Standing.MOVED: ResidentState.LEFT,
}


@dataclass(frozen=True)
class Person:
    """One resident: where they live, the columns of the file, past jobs, sensitive facts, and
    what they do now where the list says that they are in work or retired.

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
    spell: ReadSpell | None = None


def read_person(
    row: ReadRow,
    *,
    pepper: bytes,
    today: date,
    as_of: date | None = None,
    defaults: Defaults = NO_DEFAULTS,
) -> Person:
    """Return the person in a row; raise ``RowRefused`` without name or unit address, or under 16.

    Somebody who was under 16 on the day of the list, ``as_of``, is asked for again. ``pepper``
    keeps the keys from telling identity numbers to whoever reads the database.
    """
    values = row.values
    if len(values["name"]) < 2:
        raise row.refuse("name", _("没有写姓名"), kind=_KIND)
    unit_address = _unit_address(row)
    number = values.get("id_number")
    birth = _birth(row, number)
    counted_on = min(as_of or today, today)
    if birth and (age_on(birth.day, counted_on) or 0) < YOUNGEST:
        where = next((key for key in ("birth", "age") if values.get(key)), "id_number")
        now = (age_on(birth.day, today) or 0) >= YOUNGEST
        message = _("填表时不满 16 岁，请重新问过") if now else _("不满 16 岁，还不能登记")
        raise row.refuse(where, message, kind=_KIND, code="under_16")
    if birth and not birth.exact:
        row.note(
            "birth" if values.get("birth") else "age", _("出生日期不全，先按最晚的一天记，请核对")
        )
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
        "state": _state(row, defaults),
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
        spell=read_spell(row, on=counted_on),
    )


def person_key(
    id_number: str | None, name: str, birth: str, unit_address: str, *, pepper: bytes
) -> str:
    """Return the keyed digest (hex) of the identity number, or else of the rest."""
    content = f"id:{id_number}" if id_number else f"person:{name}|{birth}|{unit_address}"
    return hmac.new(pepper, content.encode(), hashlib.sha256).hexdigest()


def _unit_address(row: ReadRow) -> str:
    values, door = row.values, row.values["door"]
    where = next((key for key in ("unit_address", "building", "flat") if key in values), "name")
    if not door.is_whole:
        raise row.refuse(where, _("没有写门牌，或者看不懂"), kind=_KIND)
    try:
        return known_unit_address(door.address, on=clock.today())
    except UnknownUnitAddress as unknown:
        message = _("“%(what)s”：%(why)s", what=door.address[:30], why=unknown.message)
        raise row.refuse(where, message, kind=_KIND) from unknown


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
    said, left_out = presentable(row.values.get("situation") or "")
    if left_out:
        row.note("situation", _("备注里有身体或低保、残疾的话，没有记进“情况”"))
    parts = [said, _("空闲时间：%(words)s", words=free_words) if free_words else ""]
    text = "；".join(part for part in parts if part)
    if len(text) > _LONGEST_SITUATION:
        message = _("加起来太长了，最多 %(n)d 个字", n=_LONGEST_SITUATION)
        raise row.refuse("situation", message, kind=_KIND)
    return text


def _state(row: ReadRow, defaults: Defaults) -> ResidentState:
    """Return whether suggestions are wanted, and say so where they are not."""
    standing = row.said.standing
    state = _STATES.get(standing, ResidentState.SEEKING)
    unasked = standing is Standing.UNKNOWN and not row.said.why_not
    if unasked and not defaults.seeking:
        state = ResidentState.PAUSED
        row.defaulted.append("status")
    if standing is Standing.UNKNOWN and row.said.why_not:
        state = ResidentState.PAUSED
    if state is not ResidentState.SEEKING:
        row.note("status", _("录成“%(state)s”，先不推荐活路", state=state.label))
    return state
