"""What the columns of a spreadsheet can mean.

What people call them in their headers stands in ``data/import_headers.csv``.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _

from webapp.imports.models import ImportKind
from webapp.imports.readers import cells, resident_cells, vacancy_cells, wish_cells
from webapp.imports.readers.cells import Reader

TABLE = Path(__file__).resolve().parents[3] / "data" / "import_headers.csv"


@dataclass(frozen=True)
class Field:
    """One meaning: its key, its words on the page, how a cell is read.

    ``sensitive`` facts need the separate consent and never appear in a message. A cell that
    cannot be read refuses its row when the field is ``needed``: without it, or with half of it,
    the record would say something false. Else the row comes in without it, with a note.
    """

    key: str
    label: Any
    read: Reader
    sensitive: bool = False
    needed: bool = True


_VACANCIES = (
    Field("title", _("职位名称"), vacancy_cells.title),
    Field("employer", _("用人单位"), cells.short(80)),
    Field("category", _("职位类别"), cells.short(60), needed=False),
    Field("pay", _("薪资待遇"), vacancy_cells.pay),
    Field("place", _("工作地区"), vacancy_cells.place),
    Field("address", _("详细地址"), cells.short(120), needed=False),
    Field("sex", _("性别要求（不录入）"), vacancy_cells.sex, needed=False),
    Field("age", _("年龄要求（不录入）"), vacancy_cells.age, needed=False),
    Field("education", _("学历要求"), vacancy_cells.education),
    Field("headcount", _("招聘人数"), vacancy_cells.headcount),
    Field("posted", _("发布日期"), vacancy_cells.posted, needed=False),
    Field("valid_until", _("有效期"), vacancy_cells.valid_until, needed=False),
    Field("description", _("职位描述"), cells.long(4000)),
    Field("requirements", _("任职要求"), cells.long(2000)),
    Field("benefits", _("福利"), cells.long(1000), needed=False),
    Field("hours", _("工作时间"), vacancy_cells.hours),
    Field("skills", _("要会什么"), cells.phrases),
    Field("certificates", _("要什么证"), cells.phrases),
    Field("contact_name", _("联系人"), cells.short(40), needed=False),
    Field("phone", _("联系电话"), cells.short(100), needed=False),
    Field("notes", _("备注"), cells.long(1000), needed=False),
)

_RESIDENTS = (
    Field("name", _("姓名"), resident_cells.name),
    Field("sex", _("性别"), resident_cells.sex),
    Field("birth", _("出生日期"), resident_cells.birth),
    Field("age", _("年龄"), resident_cells.age),
    Field("id_number", _("身份证号（要另外同意）"), resident_cells.id_number, sensitive=True),
    Field("phone", _("电话"), resident_cells.phone, needed=False),
    Field("unit_address", _("门牌"), resident_cells.unit_address),
    Field("building", _("栋（分列时）"), cells.short(10)),
    Field("unit", _("单元（分列时）"), cells.short(10)),
    Field("flat", _("房号（分列时）"), cells.short(10)),
    Field("household", _("户号（不录入）"), cells.short(40), needed=False),
    Field("relation", _("和户主的关系（不录入）"), cells.short(40), needed=False),
    Field("education", _("文化程度"), resident_cells.education, needed=False),
    Field("status", _("就业情况"), cells.short(150), needed=False),
    Field("work", _("现在做什么"), cells.short(150), needed=False),
    Field("since", _("哪天开始工作的"), resident_cells.since, needed=False),
    Field("wanted", _("想做的工作"), wish_cells.jobs, needed=False),
    Field("skills", _("会做的"), wish_cells.abilities, needed=False),
    Field("experience", _("工作经历"), resident_cells.experience, needed=False),
    Field("certificates", _("证书"), wish_cells.certificates, needed=False),
    Field("limits", _("不能做的"), wish_cells.limits),
    Field("health", _("身体情况（只取不能做的）"), cells.short(200), needed=False),
    Field("demands", _("对工作的要求"), cells.short(200), needed=False),
    Field("answers", _("问过能不能做的"), cells.short(200), needed=False),
    Field("available", _("空闲时间"), wish_cells.available, needed=False),
    Field("reach", _("能走多远"), wish_cells.reach, needed=False),
    Field("min_pay", _("最低工资"), wish_cells.min_pay, needed=False),
    Field("situation", _("情况、备注"), cells.short(300), needed=False),
    Field("allowance", _("低保（要另外同意）"), wish_cells.fact, sensitive=True),
    Field("disability", _("残疾（要另外同意）"), wish_cells.fact, sensitive=True),
    Field("around", _("表名和小标题"), cells.short(100), needed=False),
)

FIELDS: dict[ImportKind, dict[str, Field]] = {
    ImportKind.VACANCIES: {field.key: field for field in _VACANCIES},
    ImportKind.RESIDENTS: {field.key: field for field in _RESIDENTS},
}
"""The fields of each kind by key, in the order of the page."""

SENSITIVE = frozenset(field.key for field in _RESIDENTS if field.sensitive)


@cache
def known_headers(kind: ImportKind) -> dict[str, tuple[str, ...]]:
    """Return the headers seen for each field of a kind, the surest first."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == kind]
    return {row["field"]: tuple(row["headers"].split("|")) for row in rows}


def missing(kind: ImportKind, columns: dict[str, int], *, building: bool = False) -> list[str]:
    """Return the labels of what a file must have and ``columns`` has not."""
    if kind is ImportKind.VACANCIES:
        return [] if "title" in columns else [str(FIELDS[kind]["title"].label)]
    lacking = [] if "name" in columns else [str(FIELDS[kind]["name"].label)]
    # The sheet's name may be the building's.
    known = building or bool({"building", "around"} & set(columns))
    if "unit_address" not in columns and not ("flat" in columns and known):
        lacking.append(str(FIELDS[kind]["unit_address"].label))
    return lacking
