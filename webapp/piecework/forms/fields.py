"""Fields of piecework's forms: whole numbers within bounds, yuan to the fen, and words."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from webapp.core.errors import AppError, Incomplete
from webapp.core.formfields import (
    ChecksField,
    DayField,
    KeyedForm,
    WholeNumberField,
    as_choices,
    required,
    tidy,
)
from webapp.piecework.services.claims import birth_field
from webapp.residents.models import Resident

_YUAN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
MOST_YUAN = 10_000_000


class PieceworkForm(KeyedForm):
    """A form that shows what a service refused; ``suffixes`` are units by field name."""

    suffixes: dict[str, Any] = {}

    def shown(self) -> list[Any]:
        """Return the fields a person sees, in order."""
        return [one for one in self if one.type not in {"HiddenField", "CSRFTokenField"}]

    def tell(self, error: AppError, *, usual: str = "") -> None:
        """Put what a service refused beside the field it is about (``usual`` if it says none)."""
        if isinstance(error, Incomplete):
            self.form_errors.extend(fault.message for fault in error.faults)
            return
        name = str(getattr(error, "field", usual))
        name = name if name in self else name.removesuffix("_fen")
        if name in self:
            self[name].errors = [*self[name].errors, error.message]
        else:
            self.form_errors.append(error.message or gettext("这一步现在不能做"))


class YuanField(StringField):
    """Money as people write it, in yuan with at most two decimals; ``data`` is fen, or None."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, render_kw={"inputmode": "decimal", "maxlength": 14}, **kwargs)
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        if self.data is None:
            return ""
        return f"{self.data // 100}" + (f".{self.data % 100:02d}" if self.data % 100 else "")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the amount exactly, without binary fractions; empty is none."""
        if not valuelist:
            return
        self.typed = valuelist[0]
        text = unicodedata.normalize("NFKC", valuelist[0]).strip().replace(",", "")
        self.data = None
        if not text:
            return
        if not _YUAN.fullmatch(text):
            raise ValueError(gettext("请填钱数，像 3 或 0.35，最多两位小数"))
        whole, _dot, rest = text.partition(".")
        self.data = int(whole) * 100 + int(rest.ljust(2, "0") or 0)


def yuan_field(label: Any, *, least: int = 0, needed: bool = True, hint: Any = "") -> YuanField:
    """Return a field for money; ``least`` in fen."""
    told = _("请填钱数，不能太大") if not least else _("请填钱数，要大于零，不能太大")
    return YuanField(
        label,
        description=hint,
        validators=[
            required(_("请填钱数")) if needed else Optional(),
            NumberRange(least, MOST_YUAN * 100, message=told),
        ],
    )


def number_field(
    label: Any, least: int, most: int, *, needed: bool = True, hint: Any = "", default: Any = None
) -> WholeNumberField:
    """Return a field for a whole number within bounds."""
    told = _("请填 %(least)s 到 %(most)s 之间的整数", least=f"{least:,}", most=f"{most:,}")
    return WholeNumberField(
        label,
        description=hint,
        default=default,
        validators=[
            required(_("请填数目")) if needed else Optional(),
            NumberRange(least, most, message=told),
        ],
        render_kw={"inputmode": "numeric"},
    )


def words_field(label: Any, *, most: int = 300, needed: bool = True, hint: Any = "") -> Any:
    """Return a field for a few sentences."""
    return TextAreaField(
        label,
        description=hint,
        filters=[tidy],
        validators=[
            *([required(_("请写一句"))] if needed else []),
            Length(max=most, message=_("最多 %(most)d 个字", most=most)),
        ],
    )


class WorkersForm(PieceworkForm):
    """Who of a household does the work; :func:`asking_ages` adds a birth date for those unknown."""

    members = ChecksField(
        _("谁来做"), coerce=int, validators=[required(_("请选谁来做，至少一个人"))]
    )
    asked: Mapping[int, str] = {}

    @property
    def birth_dates(self) -> dict[int, date]:
        """The birth dates told, by resident id."""
        return {id_: self[name].data for id_, name in self.asked.items() if self[name].data}


def asking_ages(kind: type[WorkersForm], people: Sequence[Resident]) -> Any:
    """Return such a form for a household; it asks the birth date of those of whom none is known."""
    unknown = [one for one in people if one.birth_date is None]
    asked = {one.id: birth_field(one.id) for one in unknown}
    fields = {
        asked[one.id]: DayField(
            _("%(name)s的出生日期", name=one.name),
            validators=[Optional()],
            description=_("要做这个活就得填，社区要看满没满 16 岁"),
        )
        for one in unknown
    }
    form = type(kind.__name__, (kind,), {**fields, "asked": asked})()
    form.members.choices = as_choices((one.id, one.name) for one in people)
    return form


def line_field(
    label: Any, *, most: int, needed: bool = False, hint: Any = "", kw: Any = None
) -> StringField:
    """Return a field for a few words on one line."""
    checks: Sequence[Any] = [required(_("这一项要填"))] if needed else []
    return StringField(
        label,
        description=hint,
        filters=[tidy],
        validators=[*checks, Length(max=most, message=_("最多 %(most)d 个字", most=most))],
        render_kw=kw,
    )
