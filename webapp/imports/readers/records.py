"""What was read of a row, for programs (``--json``) and for the preview."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from webapp.core.formatting import age_on, hours_words, yuan
from webapp.core.labels import LabelledEnum
from webapp.core.vocabulary import Demand
from webapp.engine.records import ReadPay
from webapp.imports.models import ImportKind
from webapp.imports.readers.fields import FIELDS, SENSITIVE
from webapp.imports.readers.remarks import presentable
from webapp.imports.readers.resident_cells import Birth, Job
from webapp.imports.readers.rows import ReadRow
from webapp.imports.readers.standing import Said
from webapp.imports.readers.table import shown_text

_FEN = 100
_LIKE_ID_NUMBER = re.compile(r"\d{14,}[\dXx]")
_LONGEST_RAW = 120
_ID_ERRORS = {
    "id_checksum": "checksum",
    "id_length": "length",
    "id_date": "date",
    "id_damaged": "digits_lost",
    "id_scientific": "scientific",
}
#: What is read and not recorded: it only serves to understand the rest.
_NOT_STORED = {
    ImportKind.VACANCIES: {"sex", "age"},
    ImportKind.RESIDENTS: {
        *("building", "unit", "flat", "household", "relation", "around", "health"),
        *("demands", "answers"),
    },
}
_SAME_REFUSAL = {"id_scientific": "id_damaged"}
_LOST = {"digits_lost", "scientific"}
_REFUSALS = (*_ID_ERRORS, "under_16", "duplicate", "deceased")
_NO_ALLOWANCE = re.compile(r"残疾|零就业|单亲|失业|重病|大病|无$|一般")


def record(
    kind: ImportKind,
    values: dict[str, Any],
    *,
    said: Said,
    codes: list[str],
    id_text: str,
    today: date,
    described: Sequence[str] = (),
) -> dict[str, Any]:
    """Return a row as one flat JSON object; what is not known is null.

    ``codes`` are those of the row's faults, ``id_text`` the identity number as it was typed,
    ``described`` the fields that were read from the description.
    """
    if kind is ImportKind.VACANCIES:
        return {**_vacancy(values), "from_description": list(described)}
    return _person(values, said, codes, id_text, today)


def _person(
    values: dict[str, Any], said: Said, codes: list[str], id_text: str, today: date
) -> dict[str, Any]:
    birth, age = values.get("birth"), values.get("age")
    pay = values.get("min_pay")
    id_error = next((_ID_ERRORS[code] for code in codes if code in _ID_ERRORS), None)
    refusal = next((code for code in codes if code in _REFUSALS), None)
    return {
        "name": values.get("name") or None,
        "sex": values.get("sex"),
        "age": age_on(age.day, today) if age else None,
        "birth": (birth.written or None) if birth else None,
        "id_number": (id_text or None) if id_error not in _LOST else None,
        "id_error": id_error,
        "phone": values.get("number"),
        "phone_of": values.get("number_of"),
        "unit_address": values["door"].written if values["door"].is_whole else None,
        "education": values.get("education"),
        "skills": values.get("skills") or [],
        "wanted": values.get("wanted") or [],
        "certificates": values.get("certificates") or [],
        "min_pay_month": pay / _FEN if pay is not None else None,
        "limits": values.get("limits") or [],
        "reach": values.get("reach"),
        "low_income": _low_income(values),
        "disability": values.get("disability") or None,
        "status": said.standing.value,
        "not_looking": said.why_not or None,
        "refuse": _SAME_REFUSAL.get(refusal or "", refusal),
    }


def _low_income(values: dict[str, Any]) -> bool | None:
    said = values.get("allowance")
    if said and "低保" not in said and _NO_ALLOWANCE.search(said):
        return None  # 困难类型: another hardship
    return None if said is None else bool(said)


def _vacancy(values: dict[str, Any]) -> dict[str, Any]:
    pay_text, pay = values.get("pay") or ("", ReadPay())
    place, address = values.get("place") or ("", "")
    hours_words, hours = values.get("hours") or ("", None)
    until = values.get("valid_until")
    return {
        "title": values.get("title") or None,
        "employer": values.get("employer") or None,
        "category": values.get("category") or None,
        "headcount": values.get("headcount"),
        "pay_text": pay_text or None,
        "pay_min": pay.min_fen / _FEN if pay.min_fen is not None else None,
        "pay_max": pay.max_fen / _FEN if pay.max_fen is not None else None,
        "pay_unit": pay.unit,
        "place": place or None,
        "address": values.get("address") or address or None,
        "education": values.get("education"),
        "certificates": values.get("certificates") or [],
        "skills": values.get("skills") or [],
        "hours": hours or [],
        "hours_words": hours_words or None,
        "valid_until": until.isoformat() if isinstance(until, date) else None,
        "description": values.get("description") or None,
        "contact_name": values.get("contact_name") or None,
        "phone": values.get("phone") or None,
    }


def cells_of(
    kind: ImportKind, read: ReadRow, values: dict[str, Any], columns: dict[str, int]
) -> list[dict[str, Any]]:
    """Return what stands in a row beside what was read of it, for the preview.

    One ``{"label", "raw", "text", "origin", "doubts"}`` a field that says something, in the
    order of the page. ``origin`` is ``file``, ``default`` or ``described``; sensitive facts are
    hidden, ``doubts`` say why a person should look.
    """
    found = []
    for key, field in FIELDS[kind].items():
        raw = shown_text(read.row.cell(columns[key])) if key in columns else ""
        raw = _without_secrets(raw) if kind is ImportKind.RESIDENTS else raw
        value = values.get("spell") if key == "work" else values.get(key)
        text = "" if key in _NOT_STORED[kind] else _words_of(key, value)
        if key in SENSITIVE:
            raw, text = _("（不显示）") if raw else "", _("有，加密保存") if text else ""
        origin = "file"
        if key in read.defaulted:
            origin = "default"
        elif key in read.described:
            origin = "described"
        doubts = read.doubts.get(key, [])
        if raw or text or doubts:
            raw = raw if len(raw) <= _LONGEST_RAW else raw[: _LONGEST_RAW - 1] + "…"
            label = str(field.label).split("（")[0]
            found.append(
                {"label": label, "raw": raw, "text": text, "origin": origin, "doubts": doubts}
            )
    return found


def _without_secrets(text: str) -> str:
    """Return a cell's text without identity numbers, illness, allowance and disability."""
    text = _LIKE_ID_NUMBER.sub(_("（号码不显示）"), text)
    said, left_out = presentable(text)
    return _("%(said)s（有的话不显示）", said=said) if left_out else text


def _words_of(key: str, value: Any) -> str:
    if key == "min_pay" and value is not None:
        return _("%(n)s 元", n=yuan(value))
    return _as_text(value)


def _as_text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, LabelledEnum):
        return value.label
    if isinstance(value, Birth):
        return value.day.isoformat() if value.exact else _("%(day)s（按最晚算）", day=value.day)
    if isinstance(value, Job):
        return f"{value.title} {_('%(n)s 个月', n=value.months) if value.months else ''}".strip()
    if isinstance(value, ReadPay):
        return ""
    if isinstance(value, timedelta):
        return _("%(n)s 天", n=value.days)
    if isinstance(value, dict):
        return hours_words([value])
    if isinstance(value, (list, tuple)):
        return "、".join(text for text in (_as_text(one) for one in value) if text)
    if isinstance(value, str) and not isinstance(value, StrEnum) and value in _DEMANDS:
        return _DEMANDS[value]
    return value.isoformat() if isinstance(value, date) else str(value)


_DEMANDS = {one.value: one.label for one in Demand}
