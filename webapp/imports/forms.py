"""Forms of imports: the file, and what its columns mean."""

import re
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from openpyxl.utils import get_column_letter
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from webapp.core.formfields import as_choices, at_most, clean, required
from webapp.imports.models import ImportKind
from webapp.imports.readers.columns import Table, lacking
from webapp.imports.readers.fields import FIELDS, SENSITIVE
from webapp.residents.forms.registration import CHANNELS

KINDS = as_choices(
    [
        (ImportKind.VACANCIES.value, _("招聘信息表")),
        (ImportKind.RESIDENTS.value, _("居民名单")),
    ]
)
PREFIX = "column-"
_LIKE_ID_NUMBER = re.compile(r"\d{15}")


class UploadForm(FlaskForm):
    """A file, and what its rows are."""

    kind = RadioField(_("这张表是什么"), choices=KINDS, validators=[required(_("请选一种"))])
    file = FileField(
        _("选文件"),
        description=_(".xlsx 或 .csv，最多 8 MB、2 万行。标题行在哪一行、列的先后都没关系"),
        validators=[FileRequired(_("请选一个文件"))],
        render_kw={"accept": ".xlsx,.csv"},
    )


class VacanciesForm(FlaskForm):
    """What is asked besides the columns of a list of vacancies."""

    employer = StringField(
        _("没写单位的行，算哪家单位的"),
        description=_("可以写新单位，之后再核实；不填的话，审核的时候再补"),
        filters=[clean],
        validators=[at_most(80)],
        render_kw={"list": "employers", "maxlength": 80},
    )


class ResidentsForm(FlaskForm):
    """What is asked besides the columns of a list of residents: their consents."""

    consent = BooleanField(
        _("已取得本人同意：名单上每个人都同意使用就业服务，并由社区代办"),
        validators=[required(_("没有取得本人同意的人，请先从表里删掉"))],
    )
    sensitive = BooleanField(
        _("已取得本人另外同意：社区可以记录身份证、低保、残疾信息，用来申报补贴")
    )
    channel = RadioField(_("本人怎么说的"), choices=CHANNELS, validators=[required(_("请选一种"))])
    note = TextAreaField(
        _("同意的情况"),
        description=_("谁去问的、哪天问的，一两句"),
        filters=[clean],
        validators=[required(_("请写一两句")), at_most(200)],
    )


def mapping_form(table: Table, kind: ImportKind, guessed: dict[str, int]) -> Any:
    """Return the form with one select for each column, the guess chosen.

    Examples of what looks like a sensitive fact are not shown.
    """
    hidden = {column for key, column in guessed.items() if key in SENSITIVE}
    base = VacanciesForm if kind is ImportKind.VACANCIES else ResidentsForm
    by_column = {column: key for key, column in guessed.items()}
    meanings = [(key, field.label) for key, field in FIELDS[kind].items()]
    choices = as_choices([("", _("不导入")), *meanings])
    selects = {
        f"{PREFIX}{column}": SelectField(
            column_label(table, column),
            description=_example_words(table, column, hidden),
            choices=choices,
            default=by_column.get(column, ""),
            validators=[Optional()],
        )
        for column in shown_columns(table)
    }
    form: type[FlaskForm] = type("MappingForm", (base,), selects)
    return form()


def shown_columns(table: Table) -> list[int]:
    """Return the columns with a header or a value."""
    width = len(table.headers)
    filled = {n for row in table.rows for n, value in enumerate(row.cells) if value is not None}
    return [n for n in range(width) if table.headers[n] or n in filled]


def column_label(table: Table, column: int) -> str:
    """Return a column's letter with its header."""
    letter = get_column_letter(column + 1)
    return gettext("%(letter)s 列：%(header)s", letter=letter, header=table.headers[column] or "—")


def chosen_columns(form: Any, table: Table, kind: ImportKind) -> dict[str, int] | None:
    """Return field key → column as chosen, or ``None`` with messages beside the fields.

    Call it after the form's own validation.
    """
    columns: dict[str, int] = {}
    good = True
    for column in shown_columns(table):
        select = form[f"{PREFIX}{column}"]
        if not select.data:
            continue
        if select.data in columns:
            other = column_label(table, columns[select.data])
            select.errors = [*select.errors, gettext("和“%(other)s”选了同一样", other=other)]
            good = False
        columns.setdefault(select.data, column)
    missing = lacking(table, kind, columns)
    if missing:
        message = gettext("还没选哪一列是：%(what)s", what="、".join(missing))
        form.form_errors.append(message)
        good = False
    if SENSITIVE & set(columns) and kind is ImportKind.RESIDENTS and not form.sensitive.data:
        message = gettext("身份证、低保、残疾要本人另外同意；没有的话，把这几列选成“不导入”")
        form.sensitive.errors = [message]
        good = False
    return {key: columns[key] for key in FIELDS[kind] if key in columns} if good else None


def _example_words(table: Table, column: int, hidden: set[int]) -> str:
    examples = table.examples(column)
    if any(_LIKE_ID_NUMBER.search(text) for text in examples) or (examples and column in hidden):
        return gettext("有内容，这里不显示")
    return gettext("像：%(examples)s", examples=" ｜ ".join(examples)) if examples else ""
