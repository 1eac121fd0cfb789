"""Workbooks that the portal hands out: empty templates, and the rows that were refused."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from webapp.core.labels import labels_of
from webapp.core.spreadsheets.rows import Row
from webapp.core.spreadsheets.writing import saved, text_cells
from webapp.core.vocabulary import Reach, Sex
from webapp.imports.models import ImportKind
from webapp.imports.readers.cells import Unreadable, words
from webapp.imports.readers.fields import FIELDS
from webapp.imports.readers.rows import Fault
from webapp.imports.readers.table import Table

_ROWS_WITH_LISTS = 2000

# What a template asks for, with one example; the rest can still be imported from other tables.
_EXAMPLES: dict[ImportKind, dict[str, str]] = {
    ImportKind.VACANCIES: {
        "title": "小区保洁员",
        "employer": "重庆某某物业有限公司",
        "category": "保洁",
        "pay": "2800-3200元/月",
        "place": "重庆市/九龙坡区/华岩镇",
        "address": "华龙大道8号",
        "education": "不限",
        "headcount": "2",
        "valid_until": "2026-12-31",
        "hours": "周一至周六 8:00-12:00 14:00-18:00",
        "description": "打扫楼道和电梯，工具由单位准备，买五险。",
        "skills": "打扫卫生",
        "certificates": "",
        "contact_name": "王女士",
        "phone": "023-68000000",
    },
    ImportKind.RESIDENTS: {
        "name": "示例某",
        "sex": "女",
        "birth": "1975-03-08",
        "unit_address": "3栋2单元-501",
        "phone": "13800000000",
        "education": "初中",
        "wanted": "保洁、家政",
        "skills": "打扫卫生、做饭",
        "experience": "家政保洁3年；餐馆洗碗1年",
        "certificates": "健康证",
        "limits": "搬重东西、上夜班",
        "available": "周一至周五 8:30-16:30",
        "reach": "九龙坡区内",
        "min_pay": "2500",
        "situation": "",
        "id_number": "",
        "allowance": "",
        "disability": "",
    },
}
_SCHOOLING = ["不限", "小学", "初中", "高中", "中专", "大专", "本科"]


def _lists(kind: ImportKind) -> dict[str, list[str]]:
    if kind is ImportKind.VACANCIES:
        return {"education": _SCHOOLING}
    return {
        "sex": [str(word) for word in labels_of(Sex).values()],
        "education": ["没上过学", *_SCHOOLING[1:]],
        "reach": [str(word) for word in labels_of(Reach).values()],
        "allowance": ["是", "否"],
    }


def template(kind: ImportKind) -> bytes:
    """Return an .xlsx to fill in: header, one example row, lists to choose from, instructions."""
    book = Workbook()
    sheet: Any = book.active  # a new workbook has one sheet
    sheet.title = _("招聘信息") if kind is ImportKind.VACANCIES else _("居民名单")
    examples = _EXAMPLES[kind]
    for column, key in enumerate(examples, start=1):
        head = sheet.cell(1, column, _header(kind, key))
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="F3D9A4")
        sheet.cell(2, column, examples[key])
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = 18
        sheet.column_dimensions[letter].number_format = "@"
        choices = _lists(kind).get(key)
        if choices:
            rule = DataValidation("list", formula1=f'"{",".join(choices)}"', allow_blank=True)
            rule.showErrorMessage = False  # other words are read too
            rule.add(f"{letter}2:{letter}{_ROWS_WITH_LISTS}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"
    _add_instructions(book, kind)
    return saved(book)


def _header(kind: ImportKind, key: str) -> str:
    label = str(FIELDS[kind][key].label)
    return label.split("（")[0]


def _add_instructions(book: Workbook, kind: ImportKind) -> None:
    lines = [
        _("一行写一条。第 2 行是例子，填之前删掉。"),
        _("不知道的格子空着，不要编。不要用公式，不要合并单元格。"),
    ]
    if kind is ImportKind.VACANCIES:
        lines += [
            _(
                "一定要有：职位名称。工钱写成“3000-4500元/月”“18元/小时”“0.35元/个”，没定就写“面议”。"
            ),
            _("人数写数字。写“若干”“不限”的，先按 1 人。"),
            _("不要写性别、年龄、民族、婚育等限制：法律不许，导入时也不录。"),
            _("导入后等社区审核，审过才会放出来。"),
        ]
    else:
        lines += [
            _("一定要有：姓名、门牌（像 3栋2单元-501）。"),
            _("名单上的人都要本人同意。身份证号、低保、残疾要本人另外同意，没有就空着。"),
            _("身份证号那一列请设成“文本”，不然末几位会丢。"),
            _("“不能做的”只写做不了的事，像“搬重东西”，不写病名。"),
            _("几样东西用顿号隔开；几段工作用分号隔开，后面写几年。"),
        ]
    sheet = book.create_sheet(_("填表说明"))
    sheet.column_dimensions["A"].width = 90
    for number, text in enumerate(lines, start=1):
        sheet.cell(number, 1, text).alignment = Alignment(wrap_text=True)


def refused_rows(table: Table, refused: Iterable[tuple[Row, Sequence[Fault]]]) -> bytes:
    """Return an .xlsx of the refused rows, every cell as it was, each with why it was refused.

    A cell that could not be read is marked and carries the reason as a comment. The first two
    columns are left out when the file is handed in again. It holds personal data: only who
    handed the file in may have it.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("没导入的行"))
    sheet.append(text_cells(sheet, [_("原来第几行"), _("为什么没收"), *table.headers]))
    for row, faults in refused:
        why = "；".join(
            f"{one.column}：{one.message}" if one.column else one.message for one in faults
        )
        values = [_as_written(value) for value in row.cells]
        values += [None] * (len(table.headers) - len(values))
        place = f"{row.sheet} {row.number}" if row.sheet else str(row.number)
        cells = text_cells(sheet, [place, why, *values])
        _mark(cells[2:], table.headers, faults)
        sheet.append(cells)
    return saved(book)


def _mark(cells: Sequence[Any], headers: Sequence[str], faults: Sequence[Fault]) -> None:
    for fault in faults:
        for cell, header in zip(cells, headers, strict=False):
            if header and header == fault.column:
                cell.fill = PatternFill("solid", fgColor="F8D7DA")
                cell.comment = Comment(fault.message, _("富民"))


def _as_written(value: Any) -> Any:
    """Return a cell's value: numbers and days stay what they are, the rest is text."""
    if value is None or isinstance(value, (bool, int, float, date, time, timedelta)):
        return value
    try:
        return words(value)
    except Unreadable as error:
        return f"（{error.message}）"
