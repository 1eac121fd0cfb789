"""Forms of the rule book: a new figure, a new rule of wording, a text to try."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DecimalField, Field, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange

from webapp.core import clock
from webapp.core.formfields import DayField, PhrasesField, choices, clean, required, tidy
from webapp.rulebook.models import DangerCode, Severity, WordingCode

_MOST = 10_000_000


class FigureForm(FlaskForm):
    """What a figure is from a day on."""

    value = DecimalField(
        _("改成多少"),
        validators=[
            InputRequired(_("请填一个数")),
            NumberRange(0, _MOST, message=_("请填 0 到 10000000 的数")),
        ],
        render_kw={"inputmode": "decimal", "maxlength": 12},
    )
    since = DayField(
        _("从哪一天起"),
        validators=[required(_("请填日期"))],
        description=_("只能是今天或以后。以前的不改，当时怎么定的就怎么留着"),
    )
    source = StringField(
        _("哪里规定的"),
        filters=[tidy],
        validators=[
            required(_("请写明哪里规定的")),
            Length(max=300, message=_("最多 %(max)d 个字")),
        ],
        description=_("文件名、文号、哪一条，照原文写"),
    )

    def __init__(self, unit: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit

    def validate_value(self, field: Field) -> None:
        """Refuse figures that are no numbers, and parts of what cannot be parted."""
        if not field.data.is_finite():
            raise ValidationError(gettext("请填一个数"))
        if self.unit != "fen" and field.data != field.data.to_integral_value():
            raise ValidationError(gettext("请填整数"))

    def validate_since(self, field: Field) -> None:
        """Refuse days gone by: what was decided then was decided by the old figure."""
        if field.data is not None and field.data < clock.today():
            raise ValidationError(gettext("只能从今天或以后算起"))

    @property
    def stored(self) -> int:
        """The figure as it is kept: money in fen."""
        scale = 100 if self.unit == "fen" else 1
        return int((Decimal(self.value.data) * scale).quantize(Decimal(1), ROUND_HALF_UP))


class StillHoldsForm(FlaskForm):
    """A figure still holds: looked up when, where, and when to look again."""

    day = DayField(_("哪一天核对的"), validators=[required(_("请填日期"))])
    source = StringField(
        _("照什么核对的"),
        filters=[tidy],
        validators=[
            required(_("请写明照什么核对的")),
            Length(max=300, message=_("最多 %(max)d 个字")),
        ],
        description=_("文件名、文号，或者打电话问了哪里"),
    )
    next_on = DayField(_("下次哪一天再看"), validators=[required(_("请填日期"))])


class WordingForm(FlaskForm):
    """Phrases to look for in openings from today on."""

    phrases = PhrasesField(
        _("查哪些话"),
        most=20,
        longest=40,
        description=_("一行一句，照原话写。中间可以用“……”代替最多六个字，像：包……高薪"),
    )
    code = SelectField(_("哪一类"), choices=choices(WordingCode))
    severity = RadioField(_("查到怎么办"), choices=choices(Severity), default=Severity.FLAG.value)
    says = StringField(
        _("对写的人怎么说"),
        filters=[clean],
        validators=[required(_("请写一句话")), Length(max=120, message=_("最多 %(max)d 个字"))],
        description=_("像：不能向求职的人收费"),
    )
    source = StringField(
        _("哪里规定的"),
        filters=[tidy],
        validators=[
            required(_("请写明哪里规定的")),
            Length(max=200, message=_("最多 %(max)d 个字")),
        ],
    )

    def validate_phrases(self, field: Field) -> None:
        """Refuse nothing at all, and phrases so short that they stand everywhere."""
        if not field.data:
            raise ValidationError(gettext("请写至少一句"))
        if any(len(phrase.replace("…", "").replace(".", "").strip()) < 2 for phrase in field.data):
            raise ValidationError(gettext("每句至少两个字，太短的到处都是"))


class DangerForm(FlaskForm):
    """A word of dangerous goods to look for in orders from today on."""

    word = StringField(
        _("查哪个词"),
        filters=[tidy],
        validators=[
            required(_("请写一个词")),
            Length(min=2, max=20, message=_("两个字到二十个字")),
        ],
        description=_("一样东西的名字，像：清漆"),
    )
    code = SelectField(_("怎么危险"), choices=choices(DangerCode))
    source = StringField(
        _("哪里规定的"),
        filters=[tidy],
        validators=[
            required(_("请写明哪里规定的")),
            Length(max=200, message=_("最多 %(max)d 个字")),
        ],
    )


class EndForm(FlaskForm):
    """Nothing but the token: confirm a figure, end a rule."""
