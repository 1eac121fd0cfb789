"""Fields that several forms of matches have."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField, TimeField, ValidationError
from wtforms.validators import NumberRange, Optional

from webapp.core import clock
from webapp.core.formfields import FURTHEST, YuanField, at_most, tidy

NOTE = 200


def note_field(label: Any, *, description: Any = "") -> StringField:
    """Return a field for a sentence or two."""
    return StringField(label, description=description, filters=[tidy], validators=[at_most(NOTE)])


def yuan_field(label: Any) -> YuanField:
    """Return a field for an amount of pay in yuan."""
    return YuanField(
        label,
        places=2,
        validators=[Optional(), NumberRange(min=1, max=200000, message=_("请填 1 到 200000 元"))],
    )


def fen(amount: Decimal | None) -> int | None:
    """Return an amount in yuan as fen."""
    return None if amount is None else round(amount * 100)


def soon(_form: FlaskForm, field: Any) -> None:
    """Refuse a day that is over or more than a year away."""
    if field.data is not None and not clock.today() <= field.data <= clock.today() + FURTHEST:
        raise ValidationError(gettext("请填今天以后、一年以内的日子"))


def near(_form: FlaskForm, field: Any) -> None:
    """Refuse a day that is more than a year away, before or after."""
    if field.data is not None and abs(field.data - clock.today()) > FURTHEST:
        raise ValidationError(gettext("日子离今天太远了，请再看看"))


class HourField(TimeField):
    """A time of day; validation messages in Chinese."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time; keep what was typed when it is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("时间不对，请像 14:30 这样填")) from error
