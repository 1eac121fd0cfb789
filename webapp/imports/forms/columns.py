"""Forms of imports: the file, and what its columns mean."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Optional

from webapp.core import clock
from webapp.core.formfields import DayField, KeyedForm, as_choices, at_most, clean, required
from webapp.core.labels import labels_of
from webapp.core.spreadsheets.letters import column_letter
from webapp.core.vocabulary import Education, PayUnit, Reach
from webapp.imports.models import ImportKind
from webapp.imports.readers.columns import lacking
from webapp.imports.readers.defaults import Defaults
from webapp.imports.readers.fields import FIELDS, SENSITIVE
from webapp.imports.readers.summary import Summary
from webapp.openings.services.editing import longest_days
from webapp.residents.forms.registration import CHANNELS

KINDS = as_choices(
    [
        (ImportKind.VACANCIES.value, _("招聘信息表")),
        (ImportKind.RESIDENTS.value, _("居民名单")),
    ]
)
PREFIX = "column-"
_LONGEST_ID = 9  # digits


class UploadForm(FlaskForm):
    """A file, and what its rows are."""

    kind = RadioField(_("这张表是什么"), choices=KINDS, validators=[required(_("请选一种"))])
    file = FileField(
        _("选文件"),
        description=_(".xlsx 或 .csv，最多 8 MB、2 万行。标题行在哪一行、列的先后都没关系"),
        validators=[FileRequired(_("请选一个文件"))],
        render_kw={"accept": ".xlsx,.csv"},
    )


class MendedForm(UploadForm):
    """The refused rows of a file, handed in again; what they are is known."""

    mends = HiddenField()

    @property
    def mends_id(self) -> int | None:
        """The file whose refused rows these are, if the form says so."""
        text = self.mends.data or ""
        good = text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID
        return int(text) if good else None


class HeaderForm(KeyedForm):
    """Which row holds the headers, of the rows that the page shows."""

    header = RadioField(_("标题在哪一行"), validators=[required(_("请选一行"))])

    def __init__(self, table: Summary, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.header.choices = as_choices((str(n), "") for n in range(len(table.top)))


class VacanciesForm(FlaskForm):
    """What is asked besides the columns of a list of vacancies."""

    employer = StringField(
        _("没写单位的行，算哪家单位的"),
        description=_("可以写新单位，之后再核实；不填的话，审核的时候再补"),
        filters=[clean],
        validators=[at_most(80)],
        render_kw={"list": "employers", "maxlength": 80},
    )
    valid_until = DayField(
        _("没写有效期的行，招到哪天为止"),
        description=_("不填的话，审核的时候再定"),
        validators=[Optional()],
    )
    education = SelectField(
        _("没写学历的行，最低学历算"),
        description=_("问过单位再选；不选的话，审核的时候再补"),
        validators=[Optional()],
    )
    pay_unit = SelectField(
        _("工钱只写了数目的行，按什么算"),
        description=_("一千以上的当作一个月的；不选的话，看不懂的不导入"),
        validators=[Optional()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = {**labels_of(Education), "none": gettext("不限学历")}
        self.education.choices = as_choices([("", gettext("先空着")), *levels.items()])
        units = [
            (value, gettext("按%(unit)s", unit=word)) for value, word in labels_of(PayUnit).items()
        ]
        self.pay_unit.choices = as_choices([("", gettext("先空着")), *units])

    def validate_valid_until(self, field: Field) -> None:
        """Refuse a day gone by and one too far ahead: nothing could be published."""
        longest = longest_days()
        if field.data is not None and field.data < clock.today():
            raise ValidationError(gettext("这一天已经过了"))
        if field.data is not None and field.data > clock.today() + timedelta(days=longest):
            raise ValidationError(gettext("最多 %(n)d 天以后，到期可以再续", n=longest))


class ResidentsForm(FlaskForm):
    """What is asked besides the columns of a list of residents: their consents, who serves them."""

    branch_id = SelectField(_("名单上的人由哪个支部服务"), coerce=int)
    building = StringField(
        _("没写楼栋的行，都是几栋"),
        description=_("像：3栋。一栋楼一张表的填这里"),
        filters=[clean],
        validators=[at_most(10)],
    )
    reach = SelectField(_("没写能走多远的行，算"), validators=[Optional()])
    seeking = RadioField(
        _("没写想不想找活路的人"),
        choices=as_choices([("y", _("照样给他们推荐")), ("n", _("先不推荐，问过再说"))]),
        default="y",
        validators=[required(_("请选一种"))],
    )
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach.choices = as_choices([("", gettext("先空着")), *labels_of(Reach).items()])

    def validate_building(self, field: Field) -> None:
        """Refuse what names no building."""
        if field.data and not re.search(r"\d", field.data):
            raise ValidationError(gettext("请写几栋，像：3栋"))


def mapping_form(
    table: Summary,
    kind: ImportKind,
    chosen: dict[str, int],
    branches: Sequence[tuple[int, str]],
    options: dict[str, Any],
) -> Any:
    """Return the form with one select for each column, ``chosen`` (field → column) preset.

    ``options`` are what was chosen for all rows when the form was filled in before.

    ``branches`` are those that may serve the people of a list, the usual one first.
    """
    base = VacanciesForm if kind is ImportKind.VACANCIES else ResidentsForm
    by_column = {column: key for key, column in chosen.items()}
    meanings = [(key, field.label) for key, field in FIELDS[kind].items()]
    choices = as_choices([("", _("不导入")), *meanings])
    selects = {
        f"{PREFIX}{column}": SelectField(
            column_label(table, column),
            description=_example_words(table, column),
            choices=choices,
            default=by_column.get(column, ""),
            validators=[Optional()],
        )
        for column in table.shown
    }
    form: Any = type("MappingForm", (base,), selects)(data=_preset(options))
    if kind is ImportKind.RESIDENTS:
        form.branch_id.choices = as_choices(branches)
    return form


def _preset(options: dict[str, Any]) -> dict[str, Any]:
    """Return the fields as :func:`options` said them; another file needs its people's consent."""
    if not options:
        return {}
    held = Defaults.from_json(options.get("defaults", options))
    found: dict[str, Any] = {
        "employer": held.employer,
        "valid_until": held.valid_until,
        "education": held.education or "",
        "pay_unit": held.pay_unit or "",
        "building": held.building,
        "reach": held.reach or "",
        "seeking": "y" if held.seeking else "n",
    }
    consent = options.get("consent")
    if consent:
        again = bool(options.get("asked_again"))
        found |= {"channel": consent["channel"], "note": consent["note"], "consent": not again}
        found |= {"sensitive": consent["sensitive"] and not again}
        found["branch_id"] = options.get("branch_id")
    return found


def column_label(table: Summary, column: int) -> str:
    """Return a column's letter with its header."""
    if column >= table.letters:  # of a further table of the file, or what stood around one
        return table.headers[column] or "—"
    letter = column_letter(column + 1)
    return gettext("%(letter)s 列：%(header)s", letter=letter, header=table.headers[column] or "—")


def chosen_columns(form: Any, table: Summary, kind: ImportKind) -> dict[str, int] | None:
    """Return field key → column as chosen, or ``None`` with messages beside the fields.

    Call it after the form's own validation.
    """
    columns: dict[str, int] = {}
    good = True
    for column in table.shown:
        select = form[f"{PREFIX}{column}"]
        if not select.data:
            continue
        if select.data in columns:
            other = column_label(table, columns[select.data])
            select.errors = [*select.errors, gettext("和“%(other)s”选了同一样", other=other)]
            good = False
        columns.setdefault(select.data, column)
    held = bool(kind is ImportKind.RESIDENTS and form.building.data)
    missing = lacking(len(table.headers), kind, columns, building=held)
    if missing:
        message = gettext("还没选哪一列是：%(what)s", what="、".join(missing))
        form.form_errors.append(message)
        good = False
    if SENSITIVE & set(columns) and kind is ImportKind.RESIDENTS and not form.sensitive.data:
        message = gettext("身份证、低保、残疾要本人另外同意；没有的话，把这几列选成“不导入”")
        form.sensitive.errors = [message]
        good = False
    return {key: columns[key] for key in FIELDS[kind] if key in columns} if good else None


def _example_words(table: Summary, column: int) -> str:
    examples = table.examples[str(column)]
    if examples is None:
        return gettext("有内容，这里不显示")
    return gettext("像：%(examples)s", examples=" ｜ ".join(examples)) if examples else ""


def options(form: Any) -> dict[str, Any]:
    """Return what a valid form says of all rows, as JSON values."""
    if "consent" not in form:
        chosen = Defaults(
            employer=form.employer.data or "",
            valid_until=form.valid_until.data,
            education=Education(form.education.data) if form.education.data else None,
            pay_unit=PayUnit(form.pay_unit.data) if form.pay_unit.data else None,
        )
        return {"defaults": chosen.as_json()}
    chosen = Defaults(
        building=form.building.data or "",
        reach=Reach(form.reach.data) if form.reach.data else None,
        seeking=form.seeking.data != "n",
    )
    return {
        "defaults": chosen.as_json(),
        "branch_id": form.branch_id.data,
        "consent": {
            "channel": form.channel.data,
            "note": form.note.data,
            "sensitive": form.sensitive.data,
        },
    }
