"""Read one row by the confirmed columns: values, or what cannot be read and in which column."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from webapp.core.spreadsheets.rows import Row
from webapp.imports.models import ImportKind
from webapp.imports.readers.cells import CROSSES, TICKS, Reading, Unreadable
from webapp.imports.readers.columns import bare
from webapp.imports.readers.couples import split
from webapp.imports.readers.defaults import Defaults
from webapp.imports.readers.fields import FIELDS
from webapp.imports.readers.remarks import complete
from webapp.imports.readers.standing import Said, Standing
from webapp.imports.readers.table import Skipped, Table, shown_text

NO_DEFAULTS = Defaults()
_TOTAL = re.compile(r"(?:本页)?(?:合计|总计|小计|共计|累计|总数|人数)(?:[:：(（]?.*|\d.*)?")
_NOTE = re.compile(
    r"(?:说明|备注|注|附|[填制报]表|填报|登记|经办|复核|审核|审批|统计|负责|联系|社区|村|居委会|户主|单位)"
    r"(?:单位|负责|经办)?(?:人|员|日期|时间|单位|说明|须知)*\d*(?:[(（]?(?:签[字名章]|盖章)[)）]?)?[:：].*"
    r"|(?:填表说明|填写说明|说明|备注|注意事项|填表须知)|.{0,12}(?:签[字名章]|盖章|见附[页件表]).{0,8}"
)
_SAMPLE = re.compile(
    r"[(（【]?(?:填写)?(?:示例|样例|范例|例如?|举例|示范)(?:$|[)）】:：].*)"
    r"|.*[(（](?:示例|样例|例)[)）]|示例.*"
)
#: What a row of a person has, even one whose name was forgotten.
_TELLING = ("id_number", "phone", "birth", "age", "sex", "unit_address", "flat")
_ASKED_WORK = re.compile(r"^(?:是否)?(?:已经?)?(?:就业|上班|有工作)(?:与否)?$")
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
    sheet: str = ""

    def __str__(self) -> str:
        where = _("第 %(row)d 行", row=self.row)
        if self.sheet:
            where = _("“%(sheet)s”第 %(row)d 行", sheet=self.sheet, row=self.row)
        return _(
            "%(where)s，%(column)s：%(what)s", where=where, column=self.column, what=self.message
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

    ``notes`` is what staff should know of it, ``said`` where the person of a row stands;
    ``described`` are the fields that were read from the description, not from their column,
    ``defaulted`` those that were chosen for the whole file; ``doubts`` are the notes by field.
    """

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    described: list[str] = field(default_factory=list)
    defaulted: list[str] = field(default_factory=list)
    doubts: dict[str, list[str]] = field(default_factory=dict)
    said: Said = field(default_factory=lambda: Said(Standing.UNKNOWN))

    @property
    def number(self) -> int:
        """The row's number on the screen."""
        return self.row.number

    def note(self, key: str, text: str) -> None:
        """Keep what staff should know of one field of the row."""
        if text not in self.notes:
            self.notes.append(text)
        self.doubts.setdefault(key, []).append(text)

    def default(self, key: str, value: Any) -> None:
        """Take what was chosen for the whole file where the row leaves a field open."""
        if value and not self.values.get(key):
            self.values[key] = value
            self.defaulted.append(key)

    def written(self, key: str) -> str:
        """Return what the cell of a field shows, empty where it has no column."""
        return line_of(self.row.cell(self.columns[key])) if key in self.columns else ""

    def refuse(self, key: str, message: str, *, kind: ImportKind, code: str = "") -> RowRefused:
        """Return the refusal of this row because of one field."""
        column = self.headers.get(key) or str(FIELDS[kind][key].label)
        return RowRefused([Fault(self.number, column, message, code, self.row.sheet)], self)


def read_rows(
    table: Table,
    kind: ImportKind,
    columns: dict[str, int],
    today: date,
    defaults: Defaults = NO_DEFAULTS,
) -> Iterator[ReadRow | RowRefused | Skipped]:
    """Yield each row below the header: read, refused, or skipped because it holds no record."""
    for row in table.rows:
        why = _holds_none(row, kind, columns)
        if why:
            yield Skipped(row.number, why, row.sheet)
            continue
        people = split(row, columns) if kind is ImportKind.RESIDENTS else [(row, {})]
        for part, beside in people:
            try:
                yield _read(part, table, kind, columns, today, beside, defaults)
            except RowRefused as refused:
                yield refused


def _holds_none(row: Row, kind: ImportKind, columns: dict[str, int]) -> str:
    """Return why a row is no person or vacancy but a total, a note or a heading; else nothing."""
    around = columns.get("around")  # written into every row
    filled = [n for n, value in enumerate(row.cells) if value is not None and n != around]
    first = re.sub(r"\s+", "", shown_text(row.cell(filled[0])))
    if _TOTAL.fullmatch(first):
        return _("像是合计")
    if len(filled) <= _FEW and _NOTE.fullmatch(first):
        return _("像是说明或签名")
    named = columns.get("name" if kind is ImportKind.RESIDENTS else "title")
    name = re.sub(r"\s+", "", shown_text(row.cell(named))) if named is not None else ""
    if _SAMPLE.fullmatch(first) or _SAMPLE.fullmatch(name):
        return _("像是填表的例子")
    if not set(filled) & set(columns.values()):
        return _("要导入的列都是空的")
    if len(filled) == 1:
        may_be_named = (
            filled[0] == named
            and len(first) <= _LONGEST_NAME[kind]
            and not first.isdigit()
            and not _SENTENCE.search(first)
        )
        if not may_be_named:
            return _("只有一格有字，像是标题或说明")
    if kind is ImportKind.RESIDENTS and not name and len(filled) <= _FEW:
        told = (row.cell(columns[key]) for key in _TELLING if key in columns)
        if all(value is None for value in told):
            return _("没有姓名，像是说明")
    return ""


def _read(
    row: Row,
    table: Table,
    kind: ImportKind,
    columns: dict[str, int],
    today: date,
    beside: dict[str, Any],
    defaults: Defaults,
) -> ReadRow:
    """Read the cells; one of a column that nobody needs is noted and left out if unreadable.

    ``beside`` stood beside the name and fills what has no column.
    """
    faults: list[Fault] = []
    read = ReadRow(row, columns=columns)
    read.headers = {key: table.headers[column] for key, column in columns.items()}
    for key, column in columns.items():
        field_ = FIELDS[kind][key]
        header = read.headers[key] or str(field_.label)
        counted_on = (table.as_of or today) if key == "age" else today
        known = len(read.notes)
        reading = Reading(
            today=counted_on,
            header=read.headers[key],
            per_unit=defaults.per_unit,
            notes=read.notes,
        )
        try:
            read.values[key] = field_.read(row.cell(column), reading)
        except Unreadable as error:
            if field_.needed:
                faults.append(Fault(row.number, header, error.message, error.code, row.sheet))
            else:
                reading.note(_("“%(column)s”看不懂，没有录入", column=header))
        if read.notes[known:]:
            read.doubts[key] = read.notes[known:]
    if kind is ImportKind.RESIDENTS:
        read.default("default_building", defaults.building)
        _complete(read, columns, beside)
        read.default("reach", defaults.reach)
        if read.said.dead:
            faults.append(
                Fault(row.number, "", _("写着人已经不在了，请核对"), "deceased", row.sheet)
            )
    if faults:
        raise RowRefused(faults, read)
    return read


def _complete(read: ReadRow, columns: dict[str, int], beside: dict[str, Any]) -> None:
    texts = {key: line_of(read.row.cell(column)) for key, column in columns.items()}
    texts = {key: text for key, text in texts.items() if text}
    if _ASKED_WORK.search(bare(read.headers.get("status", ""))) and "status" in texts:
        texts["status"] = _answered(texts["status"])
    read.values["sex"] = read.values.get("sex") or beside.get("sex")
    read.values["beside_phone"] = beside.get("phone", "")
    read.values["shares_phone"] = beside.get("shares_phone", False)
    read.said = complete(read.values, texts)


def _answered(text: str) -> str:
    """Return what a yes or no below 已就业 says; other words say it themselves."""
    if text in TICKS or text in {"是", "有", "已"}:
        return _("已就业")
    return _("未就业") if text in CROSSES or text in {"否", "无", "没有", "未"} else text


def line_of(value: Any) -> str:
    """Return what a cell shows with full-width characters made usual."""
    return unicodedata.normalize("NFKC", shown_text(value))
