"""Read one row by the confirmed columns: values, or what cannot be read and in which column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from webapp.core.spreadsheets import Row
from webapp.imports.models import ImportKind
from webapp.imports.readers.cells import Reading, Unreadable
from webapp.imports.readers.columns import Skipped, Table, shown_text
from webapp.imports.readers.fields import FIELDS

_TOTAL = re.compile(r"(?:本页)?(?:合计|总计|小计|共计|累计|总数|人数)(?:[:：(（]?.*|\d.*)?")
_NOTE = re.compile(
    r"(?:说明|备注|注|附|填表|制表|审核|审批|统计|负责|联系)(?:人|日期|时间|单位|说明|须知)*\d*[:：].*"
    r"|(?:填表说明|填写说明|说明|备注|注意事项|填表须知)"
)
_FEW = 4  # filled cells; more of them are a row, whatever it begins with
_SENTENCE = re.compile(r"[，。；：、,;:!！?？]")
_LONGEST_NAME = {ImportKind.RESIDENTS: 4, ImportKind.VACANCIES: 15}


@dataclass(frozen=True)
class Fault:
    """Why a row is refused: its number on the screen, the column's header, and a sentence.

    ``code`` names the kind of fault where a program wants to tell them apart.
    """

    row: int
    column: str
    message: str
    code: str = ""

    def __str__(self) -> str:
        return _(
            "第 %(row)d 行，%(column)s：%(what)s",
            row=self.row,
            column=self.column,
            what=self.message,
        )


class RowRefused(Exception):
    """Nothing of a row is imported; ``faults`` has everything that is wrong with it.

    ``read`` has what could be read all the same.
    """

    def __init__(self, faults: list[Fault], read: "ReadRow") -> None:
        super().__init__(faults)
        self.faults = faults
        self.read = read


@dataclass
class ReadRow:
    """A row whose cells could all be read; ``values`` by field key, cells without a column absent.

    ``notes`` is what staff should know of it.
    """

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The row's number on the screen."""
        return self.row.number

    def refuse(self, key: str, message: str, *, kind: ImportKind, code: str = "") -> RowRefused:
        """Return the refusal of this row because of one field."""
        column = self.headers.get(key) or str(FIELDS[kind][key].label)
        return RowRefused([Fault(self.number, column, message, code)], self)


def read_rows(
    table: Table, kind: ImportKind, columns: dict[str, int], today: date
) -> Iterator[ReadRow | RowRefused | Skipped]:
    """Yield each row below the header: read, refused, or skipped because it holds no record."""
    for row in table.rows:
        why = _holds_none(row, kind, columns)
        if why:
            yield Skipped(row.number, why)
            continue
        try:
            yield _read(row, table, kind, columns, today)
        except RowRefused as refused:
            yield refused


def _holds_none(row: Row, kind: ImportKind, columns: dict[str, int]) -> str:
    """Return why a row is no person or vacancy but a total, a note or a heading; else nothing."""
    filled = [column for column, value in enumerate(row.cells) if value is not None]
    first = re.sub(r"\s+", "", shown_text(row.cell(filled[0])))
    if _TOTAL.fullmatch(first):
        return _("像是合计")
    if len(filled) <= _FEW and _NOTE.fullmatch(first):
        return _("像是说明或签名")
    if not any(row.cell(column) is not None for column in columns.values()):
        return _("要导入的列都是空的")
    if len(filled) == 1:
        named = columns.get("name" if kind is ImportKind.RESIDENTS else "title")
        may_be_named = (
            filled[0] == named
            and len(first) <= _LONGEST_NAME[kind]
            and not first.isdigit()
            and not _SENTENCE.search(first)
        )
        if not may_be_named:
            return _("只有一格有字，像是标题或说明")
    return ""


def _read(
    row: Row, table: Table, kind: ImportKind, columns: dict[str, int], today: date
) -> ReadRow:
    """Read the cells; one of a column that nobody needs is noted and left out if unreadable."""
    faults: list[Fault] = []
    read = ReadRow(row)
    read.headers = {key: table.headers[column] for key, column in columns.items()}
    for key, column in columns.items():
        field_ = FIELDS[kind][key]
        header = read.headers[key] or str(field_.label)
        reading = Reading(today=today, header=read.headers[key], notes=read.notes)
        try:
            read.values[key] = field_.read(row.cell(column), reading)
        except Unreadable as error:
            if field_.needed:
                faults.append(Fault(row.number, header, error.message, error.code))
            else:
                reading.note(_("“%(column)s”看不懂，没有录入", column=header))
    if faults:
        raise RowRefused(faults, read)
    return read
