"""A read row of a list of vacancies → the columns of an opening that waits for review."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from webapp.core.place_names import read_place
from webapp.engine.records import ReadPay
from webapp.imports.models import ImportKind
from webapp.imports.readers.cells import mobile
from webapp.imports.readers.defaults import Defaults
from webapp.imports.readers.descriptions import fill_from_description
from webapp.imports.readers.rows import NO_DEFAULTS, ReadRow

_KIND = ImportKind.VACANCIES
_LONGEST_DESCRIPTION = 4000
_LONGEST_PAY = 80
_LONGEST_PHONE = 20
_LONGEST_REASON = 200
_STALE = timedelta(days=180)
_AT_HOME = re.compile(r"在家|居家|带回家|拿回家")


@dataclass(frozen=True)
class Vacancy:
    """One vacancy: the employer as written (perhaps nothing), and an opening's columns.

    ``notes`` is what had to be decided for the writer.
    """

    number: int
    employer: str
    contact_name: str
    phone: str
    columns: dict[str, Any]
    notes: list[str]

    @cached_property
    def key(self) -> str:
        """The digest that lets one vacancy in once: employer, title, pay, place, description."""
        return vacancy_key(self.employer, self.columns)


def read_vacancy(row: ReadRow, *, defaults: Defaults = NO_DEFAULTS, today: date) -> Vacancy:
    """Return the vacancy in a row; raise ``RowRefused`` when it lacks a title or is too long.

    What the columns leave open is filled from the description.
    A validity that is over is left open for staff to set, an old 发布日期 is noted; a condition
    of sex or age is noted and not taken over.
    """
    values = row.values
    title = values["title"]
    if not title:
        raise row.refuse("title", _("没有写职位名称"), kind=_KIND)
    fill_from_description(row)
    row.default("education", defaults.education)
    pay_text, pay = values.get("pay", ("", ReadPay()))
    path, address, at_home = _where(values)
    hours_text, windows = values.get("hours", ("", []))
    description = _description(values, hours_text if windows is None else "", pay_text)
    if len(description) > _LONGEST_DESCRIPTION:
        where = "description" if "description" in values else "requirements"
        message = _("加起来太长了，最多 %(n)d 个字", n=_LONGEST_DESCRIPTION)
        raise row.refuse(where, message, kind=_KIND)
    if (pay_text or "pay" in values) and pay.unit is None:
        row.note("pay", _("没写工钱数目，发布前要问清"))
    row.default("employer", defaults.employer)
    employer = values.get("employer", "")
    until = _valid_until(row, today)
    if until is None and defaults.valid_until:
        row.defaulted.append("valid_until")
        until = defaults.valid_until
    if not employer:
        row.note("employer", _("没写单位，发布前要补"))
        if values.get("contact_name") or values.get("phone"):
            row.note("phone", _("没写单位，联系人和电话没有录入"))
    columns = {
        "title": title,
        "category": values.get("category", ""),
        "description": description,
        "place": path,
        "address": address,
        "at_home": at_home,
        "skills": values.get("skills", []),
        "certificates": values.get("certificates", []),
        "education": values.get("education"),
        "hours": windows or [],
        "pay_text": pay_text
        if len(pay_text) <= _LONGEST_PAY
        else pay_text[: _LONGEST_PAY - 1] + "…",
        "pay_min_fen": pay.min_fen,
        "pay_max_fen": pay.max_fen,
        "pay_unit": pay.unit,
        "pay_month_min_fen": pay.month_min_fen,
        "pay_month_max_fen": pay.month_max_fen,
        "headcount": values["headcount"],
        "valid_until": until,
    }
    columns["state_reason"] = _reason(row.notes)
    return Vacancy(
        number=row.number,
        employer=employer,
        contact_name=values.get("contact_name", ""),
        phone=_phone(values.get("phone", "")),
        columns=columns,
        notes=row.notes,
    )


def vacancy_key(employer: str, columns: dict[str, Any]) -> str:
    """Return the SHA-256 of what makes a vacancy the same one, whatever the spelling.

    Headcount, dates and conditions are not in it: the same vacancy put up again a month later,
    or for more people, is the same.
    """
    content = [employer, *(columns[name] for name in ("title", "pay_text", "place", "description"))]
    plain = [re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(part))) for part in content]
    return hashlib.sha256(json.dumps([part.casefold() for part in plain]).encode()).hexdigest()


def _where(values: dict[str, Any]) -> tuple[str, str, bool]:
    path, narrower = values.get("place", ("", ""))
    address = values.get("address", "")
    at_home = bool(_AT_HOME.search(f"{path} {narrower}"))
    if at_home:
        path, narrower = "", ""
    if not path and address:
        path = read_place(address).path
    return path, address or narrower, at_home


def _phone(text: str) -> str:
    return text if len(text) <= _LONGEST_PHONE else mobile(text) or text[:_LONGEST_PHONE]


def _description(values: dict[str, Any], hours: str, pay_text: str) -> str:
    parts = [
        ("", values.get("description", "")),
        (_("任职要求"), values.get("requirements", "")),
        (_("工作时间"), hours),
        (_("待遇"), pay_text if len(pay_text) > _LONGEST_PAY else ""),
        (_("福利"), values.get("benefits", "")),
        (_("备注"), values.get("notes", "")),
    ]
    return "\n".join(f"{label}：{text}" if label else text for label, text in parts if text)


def _valid_until(row: ReadRow, today: date) -> date | None:
    posted, until = row.values.get("posted"), row.values.get("valid_until")
    if posted and posted < today - _STALE:
        row.note("posted", _("发布日期已过半年，先问单位还招不招"))
    if isinstance(until, timedelta):
        until = (posted or today) + until
    if until and until < today:
        row.note("valid_until", _("有效期已过，由社区重新定"))
        return None
    return until


def _reason(notes: list[str]) -> str:
    """Return the notes as reviewers see them beside the opening."""
    text = _("表格导入：%(notes)s", notes="；".join(notes)) if notes else ""
    return text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 1] + "…"
